"""``lienthong web``: portal, API and staff app in one process."""

import uvicorn

from lienthong.composition import create_web
from lienthong.settings import settings


def run(_arguments: list[str]) -> int:
    """Serve on the web port of the settings until told to stop."""
    chosen = settings()
    uvicorn.run(create_web(chosen), host=chosen.bind_host, port=chosen.web_port, log_level="warning", access_log=False)
    return 0
