"""``lienthong web``: portal, API and staff app, in one process or several beside one another."""

import uvicorn

from lienthong.composition import create_web
from lienthong.settings import Settings, count_together, settings

GRACEFUL_S = 5


def run(_arguments: list[str]) -> int:
    """Serve on the web port of the settings until told to stop."""
    chosen = settings()
    if chosen.web_processes == 1:
        _serve(chosen, create_web(chosen))
        return 0
    count_together(chosen.var_dir / "run" / "web-metrics")
    _serve(chosen, "lienthong.composition:create_web_from_settings", workers=chosen.web_processes, factory=True)
    return 0


def _serve(chosen: Settings, application: object, workers: int | None = None, factory: bool = False) -> None:
    uvicorn.run(
        application,  # type: ignore[arg-type]
        host=chosen.bind_host,
        port=chosen.web_port,
        log_level="warning",
        access_log=False,
        workers=workers,
        factory=factory,
        timeout_graceful_shutdown=GRACEFUL_S,  # the tasklist's streams of changes never end by themselves
    )
