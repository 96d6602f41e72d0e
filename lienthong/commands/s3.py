"""``lienthong s3``: serves documents by the S3 protocol on this machine (SeaweedFS), on loopback, without telemetry."""

import json
import os
import sys
from pathlib import Path

from lienthong.settings import Settings, settings


def write_identities(chosen: Settings) -> Path:
    """The one identity that may use the store, readable by the owner alone."""
    file = chosen.var_dir.resolve() / "s3-identities.json"
    credentials = [{"accessKey": chosen.s3_access_key, "secretKey": chosen.s3_secret_key}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    identity = {"name": "lienthong", "credentials": credentials, "actions": actions}
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump({"identities": [identity]}, out)
    return file


def arguments(chosen: Settings, identities: Path) -> list[str]:
    """What SeaweedFS is told: S3 on the port of the settings, everything else on the ports after it."""
    port = chosen.s3_port
    inner = (
        "master.port", "volume.port", "filer.port", "s3.port.grpc", "master.port.grpc", "volume.port.grpc",
        "filer.port.grpc", "admin.port", "admin.port.grpc",
    )  # fmt: skip
    ports = [f"-{name}={port + offset}" for offset, name in enumerate(inner, start=1)]
    return [
        "mini", f"-dir={chosen.var_dir.resolve() / 's3'}", "-ip=127.0.0.1", f"-ip.bind={chosen.bind_host}",
        f"-s3.port={port}", *ports, f"-s3.config={identities}", "-s3.port.iceberg=0", "-s3.port.lance=0",
        "-master.telemetry=false", "-admin.ui=false", "-webdav=false",
    ]  # fmt: skip


def run(_arguments: list[str]) -> int:
    """Become the SeaweedFS process of this environment; never returns unless it cannot start."""
    chosen = settings()
    (chosen.var_dir / "s3").mkdir(parents=True, exist_ok=True)
    program = Path(sys.executable).parent / "weed"
    os.execv(program, [str(program), *arguments(chosen, write_identities(chosen))])
