"""Online dossiers before and after the start of a scheme, counted by the database (youth scheme: told of +64 % [S])."""

from datetime import date, timedelta

from sqlmodel import Session, col, func, select

from lienthong.dossiers.errors import Invalid
from lienthong.dossiers.statistics.figure import figure
from lienthong.dossiers.statistics.late_rows import bounds
from lienthong.dossiers.statistics.records import Period, PeriodKind
from lienthong.dossiers.statistics.timely import GROWTH, Change
from lienthong.dossiers.tables import Dossier

LONGEST_DAYS = 1_830


def change_since(session: Session, start: date, days: int) -> Change:
    """Online dossiers filed in ``days`` days before ``start`` and as many from it on, by the clocks of Viet Nam."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid("days", f"Số ngày từ 1 đến {LONGEST_DAYS}.", f"The days are from 1 to {LONGEST_DAYS}.")
    span = timedelta(days=days)
    before = _filed(session, start - span, start - timedelta(days=1))
    after = _filed(session, start, start + span - timedelta(days=1))
    return Change(start, days, before, after, figure(GROWTH, 100 * (after - before), before, 1, []))


def _filed(session: Session, first: date, last: date) -> int:
    begin, end = bounds(Period(PeriodKind.MONTH, first, last))
    wanted = (Dossier.channel == "online", col(Dossier.filed_at) >= begin, col(Dossier.filed_at) < end)
    return int(session.exec(select(func.count()).select_from(Dossier).where(*wanted)).one())
