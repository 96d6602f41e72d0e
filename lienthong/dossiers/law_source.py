"""The law as it is now, for processes that run for months: files once, edits as soon as somebody applies one.

``LawSource.current`` looks at a version stamp in the database at most once a second; only when it has moved are the
edits read and laid over the files anew.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final, Self

from pydantic import PrivateAttr
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from lienthong.dossiers.database import read_scope
from lienthong.dossiers.law import Law, OfBundle
from lienthong.dossiers.law_overlay import CALENDAR_KINDS, effective, overlay, with_calendar
from lienthong.dossiers.tables import Counter, EditState, LawEdit

STAMP: Final = "law-edits"
CHECK_S: Final = 1.0


class LawBook:
    """The law of the files with every applied edit: gives the law of any moment, each laid out once."""

    def __init__(self, base: Law, edits: Sequence[LawEdit]) -> None:
        self._base, self._edits = base, list(edits)
        self._laid: dict[tuple[str, ...], EditedLaw] = {}

    def at(self, moment: datetime) -> "EditedLaw":
        """The law that holds for what happens at a moment."""
        fitting = [edit for edit in self._edits if effective(edit, moment)]
        key = tuple(edit.id for edit in fitting)
        if key not in self._laid:
            self._laid[key] = EditedLaw.of_book(self, overlay(self._base, fitting))
        return self._laid[key]

    @property
    def days(self) -> list[LawEdit]:
        """The edits of the calendar, which hold for every dossier."""
        return [edit for edit in self._edits if edit.kind in CALENDAR_KINDS]


class EditedLaw(Law):
    """A law that knows its book, and so the law under which an earlier dossier runs."""

    _book: LawBook | None = PrivateAttr(default=None)

    @classmethod
    def of_book(cls, book: LawBook, law: Law) -> "EditedLaw":
        """The laid-out law with its book."""
        edited = cls.model_validate(dict(law))
        edited._book = book
        return edited

    def under(self, dossier: OfBundle) -> Self:
        """The law of the dossier's version as it stood when the dossier was filed; the calendar is the present one."""
        filed_at: Any = getattr(dossier, "filed_at", None)
        if self._book is None or not isinstance(filed_at, datetime):
            return super().under(dossier)
        then = with_calendar(self._book.at(filed_at), self.calendar)
        bundle = then.bundle(dossier.bundle_id, dossier.bundle_version)
        return then.under_bundle(bundle)  # type: ignore[return-value]


class LawSource:
    """The present law of one process; safe to share between threads."""

    def __init__(self, database: Engine, base: Law, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._base, self._clock = database, base, clock
        self._lock = Lock()
        self._stamp = 0
        self._looked_at: float | None = None
        self._book = LawBook(base, ())

    def current(self, now: datetime | None = None) -> Law:
        """The law that holds now (or at the moment that a pinned clock tells)."""
        with self._lock:
            instant = self._clock()
            if self._looked_at is None or instant - self._looked_at >= CHECK_S:
                self._refresh()
                self._looked_at = instant
            return self._book.at(now or datetime.now(UTC))

    def _refresh(self) -> None:
        with read_scope(self._database) as session:
            counter = session.get(Counter, STAMP)
            stamp = 0 if counter is None else counter.value
            if stamp != self._stamp:
                self._book = LawBook(self._base, applied(session))
                self._stamp = stamp


def applied(session: Session) -> list[LawEdit]:
    """Every applied edit in the order of application."""
    statement = select(LawEdit).where(LawEdit.state == EditState.APPLIED)
    edits = list(session.exec(statement.order_by(col(LawEdit.position))).all())
    for edit in edits:
        session.expunge(edit)  # a book outlives the session that read it
    return edits
