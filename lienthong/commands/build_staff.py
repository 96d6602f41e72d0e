"""Build the staff app with the Node that pip brought; only when sources, lock or Node changed."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

STAFF = Path(__file__).resolve().parents[1] / "staff"
INPUTS = ("package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json")


def node_directory() -> Path:
    """The folder that holds ``node`` and ``npm`` of this environment."""
    return Path(sys.executable).parent


def node_version() -> str:
    """The version of the environment's Node, which is needed for building alone."""
    answer = subprocess.run([node_directory() / "node", "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def sources_hash(version: str) -> str:
    """One hash over everything the build reads."""
    digest = hashlib.sha256(version.encode())
    files = (
        [STAFF / name for name in INPUTS] + sorted((STAFF / "src").rglob("*")) + sorted((STAFF / "public").rglob("*"))
    )
    for file in files:
        if file.is_file():
            digest.update(str(file.relative_to(STAFF)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def build_needed(wanted: str) -> bool:
    """Whether the built app is missing or was built from something else."""
    stamp = STAFF / "dist" / ".hash"
    return not stamp.is_file() or stamp.read_text() != wanted


def build(version: str, wanted: str) -> None:
    """Install the locked packages without their scripts, and build."""
    environment = {**os.environ, "PATH": f"{node_directory()}{os.pathsep}{os.environ.get('PATH', '')}"}
    lock = hashlib.sha256((STAFF / "package-lock.json").read_bytes()).hexdigest() + version
    installed = STAFF / "node_modules" / ".lock-hash"
    if not installed.is_file() or installed.read_text() != lock:
        print(f"→ Fetching the packages of the staff app (Node {version}, for building alone)", flush=True)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=STAFF, env=environment, check=True)
        installed.write_text(lock)
    print("→ Building the staff app", flush=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=STAFF, env=environment, check=True)
    (STAFF / "dist" / ".hash").write_text(wanted)


def run(arguments: list[str]) -> int:
    """``lienthong build-staff [--force]``: 0 when the built app is up to date."""
    version = node_version()
    wanted = sources_hash(version)
    if "--force" in arguments:
        shutil.rmtree(STAFF / "dist", ignore_errors=True)
    if not build_needed(wanted):
        return 0
    try:
        build(version, wanted)
    except subprocess.CalledProcessError as failure:
        command = failure.cmd
        print(f"Expected the staff app to build, but {command} ended with {failure.returncode}.", file=sys.stderr)
        return 1
    return 0
