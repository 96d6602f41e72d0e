"""``lienthong stop``: end what ``lienthong up`` started, gently."""

import os
import signal
import time
from pathlib import Path

from lienthong.settings import settings

WAIT_SECONDS = 30


def running_pid(var_dir: Path) -> int | None:
    """The process id that ``up`` wrote, if that process lives."""
    try:
        pid = int((var_dir / "up.pid").read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


def run(_arguments: list[str]) -> int:
    """0 when nothing runs any more."""
    pid = running_pid(settings().var_dir)
    if pid is None:
        print("Nothing is running.")
        return 0
    os.kill(pid, signal.SIGTERM)
    for _ in range(WAIT_SECONDS * 10):
        if running_pid(settings().var_dir) is None:
            print("Stopped.")
            return 0
        time.sleep(0.1)
    print(f"Expected process {pid} to end within {WAIT_SECONDS} s, but it did not.")
    return 1
