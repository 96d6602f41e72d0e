"""``lienthong backup DIR``: a copy of the engine's store while it runs; again into DIR adds what is new."""

import argparse
import sys
from pathlib import Path

from lienthong.engine.store.backup import BackupFailed, backup
from lienthong.settings import settings


def run(arguments: list[str]) -> int:
    """0 when the backup is whole."""
    parser = argparse.ArgumentParser(prog="lienthong backup", description="Copy the engine's store online.")
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="the store (default: var/engine)")
    given = parser.parse_args(arguments)
    try:
        made = backup(given.data or settings().var_dir / "engine", given.directory)
    except (BackupFailed, OSError) as error:
        print(f"lienthong backup: {error}", file=sys.stderr)
        return 1
    print(f"'{given.directory}' can be restored to every group from {made.oldest} to {made.newest}.")
    return 0
