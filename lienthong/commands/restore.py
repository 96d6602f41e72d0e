"""``lienthong restore DIR``: a store out of a backup, at its end or as it was at a group or a time."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from lienthong.engine.store.backup import BackupFailed, position_at, restore
from lienthong.settings import settings


def run(arguments: list[str]) -> int:
    """0 when the store was made; nothing is ever overwritten."""
    parser = argparse.ArgumentParser(prog="lienthong restore", description="Make a store out of a backup.")
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="empty or new (default: var/engine)")
    parser.add_argument("--to", default=None, metavar="GROUP|TIME", help="a group of the log, or ISO time with zone")
    given = parser.parse_args(arguments)
    data = given.data or settings().var_dir / "engine"
    try:
        position = None if given.to is None else _position(given.directory, given.to)
        made = restore(given.directory, data, position)
    except (BackupFailed, OSError, ValueError) as error:
        print(f"lienthong restore: {error}", file=sys.stderr)
        return 1
    print(f"'{data}' is as it was after group {made}.")
    return 0


def _position(directory: Path, text: str) -> int:
    if text.isdigit():
        return int(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"Expected a time with its zone, like 2026-01-31T12:00:00+07:00, but got '{text}'")
    return position_at(directory, round(moment.timestamp() * 1000))
