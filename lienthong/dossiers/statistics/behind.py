"""The data behind a figure, one click away: the dossiers it counts, or only those that lowered it, by page."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlmodel import Session

from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.statistics import facts
from lienthong.dossiers.statistics.dialect import dialect_of
from lienthong.dossiers.statistics.facts import BRANCHES, DOSSIERS
from lienthong.dossiers.statistics.records import Period, Scope


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of dossier codes behind a figure, and how many there are in all."""

    total: int
    codes: list[str]


_ALL: Final = "1 = 1"
_MEASURED: Final = "f.points IS NOT NULL"
_JUSTIFIED: Final = (
    "EXISTS (SELECT 1 FROM petition q WHERE q.dossier_id = f.dossier_id AND q.outcome IN ('upheld', 'partly'))"
)
_PETITIONED: Final = "EXISTS (SELECT 1 FROM petition q WHERE q.dossier_id = f.dossier_id)"
_NOT_IN_TIME: Final = (
    "EXISTS (SELECT 1 FROM petition q WHERE q.dossier_id = f.dossier_id"
    " AND (q.answered_at IS NULL OR q.answered_at > q.due_at))"
)
_UNHAPPY: Final = (
    "EXISTS (SELECT 1 FROM petition q WHERE q.dossier_id = f.dossier_id"
    " AND (q.answered_at IS NULL OR q.answered_at > q.due_at OR q.satisfied = false))"
)
_RATED: Final = "EXISTS (SELECT 1 FROM rating r WHERE r.dossier_id = f.dossier_id)"
_RATED_LOW: Final = "EXISTS (SELECT 1 FROM rating r WHERE r.dossier_id = f.dossier_id AND r.overall < 4)"
_BRANCH: Final = "EXISTS (SELECT 1 FROM {branches} b WHERE b.number = f.number {scope} AND {wanted})"
_PREDICATES: Final[dict[str, tuple[str, str]]] = {
    "early": ("f.points = 2", "1 = 0"),
    "on-time": ("f.points = 1", "1 = 0"),
    "late": ("f.points = 0", "1 = 0"),
    "online-share": (_ALL, "f.online = 0"),
    "total-time": (_MEASURED, "f.points < 2"),
    "unit-time": ("branch:b.points IS NOT NULL", "branch:b.points < 2"),
    "contacts": (_ALL, "f.supplements > 0"),
    "bodies": (_ALL, "f.visits > 0"),
    "attitude": (_MEASURED, f"(f.points < 2 OR {_JUSTIFIED})"),
    "petitions": (_PETITIONED, _NOT_IN_TIME),
    "online": (_ALL, "f.online = 1 AND f.points = 0"),
    "synced": (_ALL, "f.synced = 0"),
    "in-time": (_MEASURED, "f.points = 0"),
    "average": (_MEASURED, "f.taken > f.allowed"),
    "digital": (_ALL, "f.digital < f.components"),
    "reused": (_ALL, "f.reused = 0"),
    "service": (_ALL, "f.online = 0"),
    "payment": ("f.paid = 1", "f.paid_online = 0"),
    "answered": (_PETITIONED, _NOT_IN_TIME),
    "content-with": (_PETITIONED, _UNHAPPY),
    "survey": (_RATED, _RATED_LOW),
}


def known(name: str) -> bool:
    """Whether dossiers stand behind a figure; the parts that are judged or announced have none."""
    return name in _PREDICATES


def behind(
    session: Session, name: str, scope: Scope, span: Period, against: bool = False, limit: int = 100, offset: int = 0
) -> Behind:
    """The dossiers behind a figure of a period and scope, in the order of codes; call it in a ``report_scope``."""
    _check(name)
    facts.lay_out(session, span)
    where, values = _where(name, scope, span, against)
    count = session.connection().execute(text(f"SELECT count(*) FROM {DOSSIERS} f WHERE {where}"), values).scalar_one()
    return Behind(int(count), first(session, name, scope, span, against, limit, offset))


def first(
    session: Session, name: str, scope: Scope, span: Period, against: bool, limit: int, offset: int = 0
) -> list[str]:
    """A page of the codes, when the facts of the period lie there already."""
    _check(name)
    where, values = _where(name, scope, span, against)
    order = dialect_of(session).binary("f.code")
    page = text(f"SELECT f.code FROM {DOSSIERS} f WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset")
    codes = session.connection().execute(page, {**values, "limit": limit, "offset": offset}).scalars().all()
    return [str(code) for code in codes]


def _check(name: str) -> None:
    if not known(name):
        raise NotFound("figure", f"Không có dữ liệu sau chỉ số “{name}”.", f"No dossiers stand behind “{name}”.")


def _where(name: str, scope: Scope, span: Period, against: bool) -> tuple[str, dict[str, Any]]:
    counted, lowered = _PREDICATES[name]
    values: dict[str, Any] = {"first_month": f"{span.first:%Y-%m}", "last_month": f"{span.last:%Y-%m}"}
    inside = ""
    if scope.authority_id:
        inside += " AND b.authority_id = :authority"
        values["authority"] = scope.authority_id
    if scope.officer:
        inside += " AND b.officer = :officer"
        values["officer"] = scope.officer
    month = "filed_month" if name == "online-share" else "ended_month"
    parts = [f"f.{month} BETWEEN :first_month AND :last_month", _branch(inside, _ALL)]
    parts += [_predicate(one, inside) for one in ((counted, lowered) if against else (counted,))]
    return " AND ".join(parts), values


def _predicate(wanted: str, inside: str) -> str:
    return _branch(inside, wanted.removeprefix("branch:")) if wanted.startswith("branch:") else wanted


def _branch(inside: str, wanted: str) -> str:
    return _BRANCH.format(branches=BRANCHES, scope=inside, wanted=wanted)
