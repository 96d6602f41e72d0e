"""The register of dossiers of a desk (form 06 of TT 01/2018, form 07 of TT 03/2025): by year or month, PDF or CSV.

Rows are numbered through the year without a gap, so that a month goes on where the one before ended.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers.law import Law
from lienthong.dossiers.letters import place_of
from lienthong.dossiers.paper_making import signer_name
from lienthong.dossiers.papers import long_date, moment, render
from lienthong.dossiers.papers.code import paper_code
from lienthong.dossiers.papers.signing import identity, sign_pdf
from lienthong.dossiers.papers.words import DELIVERIES
from lienthong.dossiers.rules.calendar import ZONE, local
from lienthong.dossiers.rules.status import DeliveryStatus
from lienthong.dossiers.tables import Branch, Dossier, TimelineEntry
from lienthong.settings import settings

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One dossier as the register keeps it; times as papers write them, "" while they have not come."""

    number: int
    code: str
    procedure: str
    sets: str
    name: str
    contact: str
    authority: str
    received: str
    due: str
    transferred: str
    result_received: str
    returned: str
    way: str
    note: str


def rows(session: Session, law: Law, desk: str, year: int, month: int | None = None) -> list[RegisterRow]:
    """The dossiers that a desk received in a year, or those of one month with their numbers of the year."""
    first = datetime.combine(date(year, 1, 1), time(), ZONE)
    after = datetime.combine(date(year + 1, 1, 1), time(), ZONE)
    statement = select(Dossier).where(Dossier.filed_at >= first, Dossier.filed_at < after)
    ordered = session.exec(statement.order_by(col(Dossier.filed_at), col(Dossier.code)))
    own = [one for one in ordered if law.desk(one) == desk]
    numbered = [
        (number, one) for number, one in enumerate(own, 1) if month is None or local(one.filed_at).date().month == month
    ]
    found: list[RegisterRow] = []
    for start in range(0, len(numbered), _CHUNK):
        part = numbered[start : start + _CHUNK]
        keys = [one.id for _, one in part]
        branches, returned = _branches(session, keys), _returned(session, keys)
        found += [_row(law, number, one, branches.get(one.id, []), returned.get(one.id)) for number, one in part]
    return found


def _branches(session: Session, keys: Sequence[str]) -> dict[str, list[Branch]]:
    found: dict[str, list[Branch]] = {}
    for branch in session.exec(select(Branch).where(col(Branch.dossier_id).in_(keys)).order_by(Branch.procedure_code)):
        found.setdefault(branch.dossier_id, []).append(branch)
    return found


def _returned(session: Session, keys: Sequence[str]) -> dict[str, datetime]:
    statement = select(TimelineEntry.dossier_id, TimelineEntry.at).where(
        col(TimelineEntry.dossier_id).in_(keys), TimelineEntry.kind == "handed-over"
    )
    return dict(session.exec(statement).all())


def _row(law: Law, number: int, dossier: Dossier, branches: Iterable[Branch], returned: datetime | None) -> RegisterRow:
    own = list(branches)
    names = list(dict.fromkeys(law.authority(one.authority_id).name_vi for one in own))
    started = [one.started_at for one in own if one.started_at]
    ended = [one.finished_at for one in own if one.finished_at]
    handed = dossier.delivery_status == DeliveryStatus.HANDED_OVER
    late = dossier.finished_at and dossier.due_at and dossier.finished_at > dossier.due_at
    return RegisterRow(
        number=number,
        code=dossier.code,
        procedure=law.bundle(dossier.bundle_id, dossier.bundle_version).title_vi,
        sets="01",
        name=dossier.organisation_name or dossier.applicant_name,
        contact=", ".join(part for part in (dossier.applicant_address, dossier.applicant_phone) if part),
        authority="; ".join(names),
        received=moment(dossier.filed_at),
        due=moment(dossier.due_at),
        transferred=moment(min(started, default=None)),
        result_received=moment(max(ended, default=None)),
        returned=moment(returned or dossier.finished_at) if handed else "",
        way=DELIVERIES.get(dossier.delivery, dossier.delivery) if handed else "",
        note="Quá hạn" if late else "",
    )


def as_csv(found: Iterable[RegisterRow]) -> str:
    """The register as CSV with a heading line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields(RegisterRow)])
    for row in found:
        writer.writerow(asdict(row).values())
    return out.getvalue()


def as_pdf(
    law: Law, desk: str, year: int, found: Sequence[RegisterRow], now: datetime, month: int | None = None
) -> bytes:
    """The register as a signed A4 paper; ``month`` names the part of the year it holds."""
    chosen = settings()
    record = law.paper("register", _last_day(year, month))
    book = f"{month:02}/{year}" if month else f"{year}"
    code = paper_code(chosen.secret_key, "register", desk, book, now.isoformat())
    authority = law.authority(desk)
    data: Mapping[str, Any] = {
        "parent": law.authority(authority.parent_id).name_vi if authority.parent_id else "",
        "body": authority.name_vi,
        "place": place_of(law, desk),
        "date": long_date(now),
        "code": f"{desk} {book}",
        "number": record.number.replace("{serial}", book),
        "title_vi": record.title_vi,
        "title_en": record.title_en,
        "form": record.form,
        "form_set": record.form_set,
        "verify": code,
        "signer": signer_name(identity(chosen).certificate),
        "signed_at": moment(now),
        "officer": "",
        "year": str(year),
        "book": book,
        "first": found[0].received if found else "—",
        "last": found[-1].received if found else "—",
        "rows": [asdict(row) for row in found],
    }
    return sign_pdf(chosen, render("register", data, now), f"register {desk} {book}", now)


def _last_day(year: int, month: int | None) -> date:
    if month is None or month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)
