"""``lienthong logs [PROCESS]``: the last lines each process wrote."""

from lienthong.settings import settings

LINES = 30


def run(arguments: list[str]) -> int:
    """Print the tail of every log in ``var/log``, or of the named ones."""
    folder = settings().var_dir / "log"
    files = [file for file in sorted(folder.glob("*.log")) if not arguments or file.stem in arguments]
    if not files:
        print(f"There is no log of {arguments or 'any process'} in '{folder}'.")
        return 1
    for file in files:
        print(f"── {file.name}")
        print("\n".join(file.read_text(errors="replace").splitlines()[-LINES:]))
    return 0
