"""One clock for web and workers: the workers see the engine's time with every job and leave the difference here.

So a clock that somebody pinned or moved reaches the portal's pages too, whichever process serves them. The row is
read at most once a second.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from sqlalchemy.engine import Engine
from sqlmodel import Session

from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import Counter

NAME: Final = "engine-clock-difference-ms"
LOOK_AGAIN_S: Final = 1.0
SMALLEST_MS: Final = 5000


def publish(session: Session, difference_ms: int) -> bool:
    """Leave the difference of the engine's clock to this machine's; True when it changed."""
    row = session.get(Counter, NAME) or Counter(name=NAME, value=0)
    if abs(row.value - difference_ms) < SMALLEST_MS and (difference_ms or not row.value):
        return False
    row.value = difference_ms
    session.add(row)
    session.flush()
    return True


def difference_ms(session: Session) -> int:
    """The difference that was left last, in milliseconds."""
    row = session.get(Counter, NAME)
    return 0 if row is None else row.value


class DomainClock:
    """The engine's time as a process without jobs of its own knows it."""

    def __init__(
        self,
        database: Engine,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._wall, self._ticks = database, wall, ticks
        self._difference = timedelta(0)
        self._read_at: float | None = None
        self._lock = Lock()

    def __call__(self) -> datetime:
        """Now."""
        with self._lock:
            if self._read_at is None or self._ticks() - self._read_at >= LOOK_AGAIN_S:
                self._read_at = self._ticks()
                with read_scope(self._database) as session:
                    self._difference = timedelta(milliseconds=difference_ms(session))
        return self._wall() + self._difference
