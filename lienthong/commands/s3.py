"""``lienthong s3``: SeaweedFS in one process, bound to this machine, with one identity from the settings."""

import json
import os
import sys
from pathlib import Path

from lienthong.settings import Settings

GRPC_OFFSET = 10000


def identity(settings: Settings) -> str:
    """The S3 configuration: one identity that may do everything, nobody else anything."""
    credentials = [{"accessKey": settings.s3_access_key, "secretKey": settings.s3_secret_key}]
    allowed = ["Admin", "Read", "Write", "List", "Tagging"]
    return json.dumps({"identities": [{"name": "lienthong", "credentials": credentials, "actions": allowed}]})


def command(settings: Settings, configuration: Path) -> list[str]:
    """SeaweedFS's command line; its inner ports follow the S3 port, their gRPC ports lie 10000 above."""
    s3 = settings.s3_port
    flags = {
        "dir": settings.var_dir.resolve() / "s3",
        "ip": settings.bind_host,
        "ip.bind": settings.bind_host,
        "s3.port": s3,
        "s3.port.grpc": s3 + GRPC_OFFSET,
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.config": configuration,
        "master.port": s3 + 1,
        "volume.port": s3 + 2,
        "filer.port": s3 + 3,
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 1024,
        "admin.ui": "false",
        "webdav": "false",
        "volume.preStopSeconds": 1,
    }
    return [str(Path(sys.executable).parent / "weed"), "mini", *(f"-{name}={value}" for name, value in flags.items())]


def run(_arguments: list[str]) -> int:
    """Become SeaweedFS; never returns."""
    settings = Settings()
    folder = settings.var_dir / "run"
    folder.mkdir(parents=True, exist_ok=True)
    (settings.var_dir / "s3").mkdir(parents=True, exist_ok=True)
    configuration = folder / "s3.json"
    descriptor = os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(identity(settings))
    line = command(settings, configuration)
    os.execv(line[0], line)
