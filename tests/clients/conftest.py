"""One engine process for the published clients, and their packages from the committed lock."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gateway"))
import edge_engines

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PINNED = ("package.json", "package-lock.json", ".npmrc")
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Ports:
    """Where the engine listens."""

    grpc: int
    rest: int


@pytest.fixture(scope="module")
def engine() -> Iterator[Ports]:
    """`lienthong engine` in memory, as a process of its own."""
    ports = Ports(edge_engines.free_port(), edge_engines.free_port())
    with edge_engines.engine_process(None, ports.grpc, ports.rest):
        yield ports


def _fetched(folder: Path) -> bool:
    return (folder / "node_modules").is_dir() and all(
        (folder / name).is_file() and (folder / name).read_bytes() == (HERE / name).read_bytes() for name in PINNED
    )


@pytest.fixture(scope="session")
def node_packages() -> Path:
    """The folder of the npm clients; fetched once by the environment's npm, no script of theirs run."""
    folder = ROOT / "var" / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes beside this one wait for the first to fetch
        return _fetch(folder)


def _fetch(folder: Path) -> Path:
    if _fetched(folder):
        return folder / "node_modules"
    for name in PINNED:
        shutil.copy(HERE / name, folder / name)
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        pytest.skip(f"the npm clients cannot be fetched here: {done.stderr.strip()[-200:]}")
    return folder / "node_modules"
