"""``lienthong reset``: delete all data of this machine, after asking."""

import shutil
import sys

from lienthong.commands.stop import running_pid
from lienthong.settings import settings


def run(arguments: list[str]) -> int:
    """0 when ``var/`` is gone, 1 when it was kept."""
    var_dir = settings().var_dir
    if running_pid(var_dir) is not None:
        print("Expected nothing to be running, but the stack is: say `make stop` first.", file=sys.stderr)
        return 1
    if not var_dir.exists():
        print(f"There is no data in '{var_dir}'.")
        return 0
    if "--yes" not in arguments:
        answer = input(f"Delete ALL dossiers, papers and accounts in '{var_dir}'? Type 'yes': ")
        if answer.strip().lower() != "yes":
            print("Nothing was deleted.")
            return 1
    shutil.rmtree(var_dir)
    print(f"'{var_dir}' was deleted.")
    return 0
