"""The batches of the web process, made once; the schedule that starts those whose time has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, FastAPI
from starlette.requests import Request

from lienthong.redeploy.batch import Batches, BatchFiles, Schedule


def batches_of(app: FastAPI) -> Batches:
    """The batches below the data folder of the settings."""
    state = app.state
    if not hasattr(state, "batches"):
        files = BatchFiles(state.settings.var_dir / "redeploy")
        state.batches = Batches(files, state.orchestration, job_retries=state.settings.job_retries)
    return cast(Batches, state.batches)


@contextmanager
def scheduled_batches(app: FastAPI) -> Iterator[None]:
    """Start scheduled batches while the block lasts."""
    schedule = Schedule(lambda: batches_of(app), lambda: datetime.now(UTC))
    schedule.start()
    try:
        yield
    finally:
        schedule.stop()


def _batches(request: Request) -> Batches:
    return batches_of(request.app)


BatchesDep = Annotated[Batches, Depends(_batches)]
