"""What must hold before anything starts: ports free, var/ writable, room on the disk. One clear line each."""

import shutil
import socket
from pathlib import Path

from lienthong.settings import Settings

NEEDED_BYTES = 1_000_000_000


def ports(settings: Settings) -> dict[str, int]:
    """The ports of one machine, by process."""
    return {
        "web": settings.web_port,
        "engine REST": settings.rest_port,
        "documents (S3)": settings.s3_port,
        "sandbox": settings.sandbox_port,
        "worker metrics": settings.worker_port,
        "engine gRPC": settings.grpc_port,
    }


def port_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody else holds the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _writable(folder: Path) -> str | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return f"Expected to write in '{folder}', but {error.strerror}: give write access or set LIENTHONG_VAR_DIR."
    return None


def problems(settings: Settings) -> list[str]:
    """Every reason not to start, in words; empty when all is well."""
    found = []
    if refusal := _writable(settings.var_dir):
        return [refusal]
    free = shutil.disk_usage(settings.var_dir).free
    if free < NEEDED_BYTES:
        found.append(
            f"Expected at least {NEEDED_BYTES // 1_000_000} MB free for '{settings.var_dir}', "
            f"but there are {free // 1_000_000} MB: free some or set LIENTHONG_VAR_DIR."
        )
    for name, port in ports(settings).items():
        if port_taken(port, settings.bind_host):
            found.append(
                f"Expected port {port} for {name} to be free, but it is taken: stop what holds it, "
                f"or move all ports at once with LIENTHONG_PORT_BASE=8500 make run."
            )
    return found
