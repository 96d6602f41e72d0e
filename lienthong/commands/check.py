"""``lienthong check FILE…``: what the engine would refuse, before it is asked."""

from pathlib import Path

from lienthong.commands.models import SUFFIXES
from lienthong.redeploy.check import check_model


def run(arguments: list[str]) -> int:
    """0 when no file has a problem; folders are searched for model files."""
    if not arguments:
        print("Expected files or folders to check, but got none: lienthong check bpmn/")
        return 2
    named = [Path(argument) for argument in arguments]
    files = [file for path in named for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    files = [file for file in files if file.suffix in SUFFIXES]
    count = 0
    for file in files:
        for problem in check_model(file.name, file.read_bytes()):
            count += 1
            print(f"{file}: {problem.element_id}: {problem.message} [{problem.rule}]")
    print(f"{len(files)} files, {count} problems")
    return 1 if count else 0
