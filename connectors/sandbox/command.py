"""``lienthong sandbox``: plays the outward systems on the sandbox port of the settings."""

import uvicorn

from connectors.sandbox.app import create_sandbox
from lienthong.settings import settings


def run(_arguments: list[str]) -> int:
    """Serve until told to stop."""
    chosen = settings()
    uvicorn.run(
        create_sandbox(chosen), host=chosen.bind_host, port=chosen.sandbox_port, log_level="warning", access_log=False
    )
    return 0
