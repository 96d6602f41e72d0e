"""The four duties of an entrusted enterprise such as the post: guide, receive, digitise, return (QĐ 45/2016).

A clerk checks the papers with the applicant, scans them and writes a sending slip. The legal time of filing is when
the desk signs the hand-over minutes: only then the dossiers are filed, all of one list in one go.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from lienthong.dossiers import assistance, audit
from lienthong.dossiers.assistance import HelperKind
from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.numbering import next_paper_number
from lienthong.dossiers.papers import long_date, moment, money, render
from lienthong.dossiers.portal_rules import PortalRules
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Dossier
from lienthong.dossiers.tables.portal import HandoverMinutes, SendingSlip

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Received:
    """What a clerk took in for one applicant; ``papers`` names each paper with its number of pages or files."""

    draft_id: str
    bundle_id: str
    title: str
    authority: str
    applicant_name: str
    applicant_phone: str
    applicant_address: str
    papers: tuple[tuple[str, int], ...]
    fee: int


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who acts for which organisation."""

    user_id: int
    name: str
    organisation_id: str


def receive(
    session: Session, store: Store, rules: PortalRules, clerk: Clerk, received: Received, now: datetime
) -> SendingSlip:
    """Write the sending slip (Phiếu gửi hồ sơ) of one applicant, once a draft."""
    earlier = session.exec(select(SendingSlip).where(SendingSlip.draft_id == received.draft_id)).first()
    if earlier is not None:
        return earlier
    number = next_paper_number(session, "{serial}/PGHS", clerk.organisation_id, now)
    content = render("sending-slip", _slip_data(rules, clerk, received, number, now), now)
    slip = SendingSlip(
        number=number,
        organisation_id=clerk.organisation_id,
        clerk_user_id=clerk.user_id,
        draft_id=received.draft_id,
        bundle_id=received.bundle_id,
        applicant_name=received.applicant_name,
        applicant_phone=received.applicant_phone,
        papers=[{"name": name, "count": count} for name, count in received.papers],
        fee=received.fee,
        received_at=now,
        storage_key=store.put(content, PDF).key,
    )
    session.add(slip)
    session.flush()
    audit.record(session, f"user:{clerk.user_id}", "sending-slip-written", number, {"bundle": slip.bundle_id}, now)
    return slip


def _slip_data(rules: PortalRules, clerk: Clerk, received: Received, number: str, now: datetime) -> dict[str, object]:
    organisation = rules.organisation(clerk.organisation_id)
    return {
        "parent": "Dịch vụ bưu chính công ích",
        "body": organisation.name_vi,
        "number": number,
        "date": long_date(now),
        "code": number,
        "title_vi": "PHIẾU GỬI HỒ SƠ",
        "title_en": "Sending slip",
        "form": "QĐ 45/2016/QĐ-TTg",
        "applicant": received.applicant_name,
        "phone": received.applicant_phone,
        "address": received.applicant_address,
        "content": received.title,
        "authority": received.authority,
        "papers": [{"name": name, "count": count} for name, count in received.papers],
        "fee": money(received.fee),
        "received": moment(now),
        "officer": clerk.name,
    }


def waiting(session: Session, organisation_id: str) -> list[SendingSlip]:
    """Slips of an organisation that are in no hand-over minutes yet, oldest first."""
    statement = select(SendingSlip).where(
        SendingSlip.organisation_id == organisation_id, col(SendingSlip.minutes_id).is_(None)
    )
    return list(session.exec(statement.order_by(col(SendingSlip.received_at))).all())


def bring(session: Session, clerk: Clerk, slip_numbers: Sequence[str], now: datetime) -> HandoverMinutes:
    """Put waiting slips on new hand-over minutes (Biên bản giao nhận); the desk signs them later."""
    chosen = [slip for slip in waiting(session, clerk.organisation_id) if slip.number in set(slip_numbers)]
    if not chosen:
        raise NotFound("slips", "Hãy chọn ít nhất một phiếu gửi.", "Choose at least one sending slip.")
    minutes = HandoverMinutes(
        number=next_paper_number(session, "{serial}/BBGN", clerk.organisation_id, now),
        organisation_id=clerk.organisation_id,
        clerk_user_id=clerk.user_id,
        created_at=now,
    )
    session.add(minutes)
    session.flush()
    for slip in chosen:
        slip.minutes_id = minutes.id
        session.add(slip)
    audit.record(session, f"user:{clerk.user_id}", "minutes-written", minutes.number, {"slips": len(chosen)}, now)
    session.flush()
    return minutes


def minutes_by_number(session: Session, number: str) -> HandoverMinutes:
    """One list, or ``NotFound``."""
    found = session.exec(select(HandoverMinutes).where(HandoverMinutes.number == number)).first()
    if found is None:
        raise NotFound("minutes", "Không có biên bản này.", "There are no such minutes.")
    return found


def slips_of(session: Session, minutes_id: str) -> list[SendingSlip]:
    """The slips on one list, by number."""
    statement = select(SendingSlip).where(SendingSlip.minutes_id == minutes_id).order_by(col(SendingSlip.number))
    return list(session.exec(statement).all())


def open_minutes(session: Session, organisation_id: str | None = None) -> list[HandoverMinutes]:
    """Lists that no desk has signed yet (None: of all organisations), oldest first."""
    statement = select(HandoverMinutes).where(col(HandoverMinutes.signed_at).is_(None))
    if organisation_id is not None:
        statement = statement.where(HandoverMinutes.organisation_id == organisation_id)
    return list(session.exec(statement.order_by(col(HandoverMinutes.created_at))).all())


def sign_minutes(
    session: Session,
    store: Store,
    rules: PortalRules,
    number: str,
    desk: tuple[int, str],
    file: Callable[[SendingSlip], Dossier],
    now: datetime,
) -> HandoverMinutes:
    """The desk signs: every slip's draft is filed now, and the minutes are written. ``desk``: user id and name."""
    minutes = minutes_by_number(session, number)
    if minutes.signed_at is not None:
        raise Conflict("signed", "Biên bản đã được ký.", "The minutes are signed already.")
    slips = slips_of(session, minutes.id)
    rows = []
    for slip in slips:
        dossier = file(slip)
        slip.dossier_id = dossier.id
        session.add(slip)
        assistance.record(
            session, dossier, HelperKind.ENTERPRISE, slip.clerk_user_id, now, organisation_id=slip.organisation_id
        )
        papers = sum(int(paper["count"]) for paper in slip.papers)
        rows.append({"slip": slip.number, "code": dossier.code, "applicant": slip.applicant_name, "papers": papers})
    content = render("handover-minutes", _minutes_data(rules, minutes, rows, desk[1], now), now)
    minutes.desk_user_id, minutes.signed_at = desk[0], now
    minutes.storage_key = store.put(content, PDF).key
    session.add(minutes)
    audit.record(session, f"user:{desk[0]}", "minutes-signed", number, {"dossiers": len(rows)}, now)
    session.flush()
    return minutes


def _minutes_data(
    rules: PortalRules, minutes: HandoverMinutes, rows: list[dict[str, object]], desk_name: str, now: datetime
) -> dict[str, object]:
    organisation = rules.organisation(minutes.organisation_id)
    return {
        "parent": "Dịch vụ bưu chính công ích",
        "body": organisation.name_vi,
        "number": minutes.number,
        "date": long_date(now),
        "code": minutes.number,
        "title_vi": "BIÊN BẢN GIAO NHẬN HỒ SƠ",
        "title_en": "Minutes of handing over dossiers",
        "form": "QĐ 45/2016/QĐ-TTg",
        "rows": rows,
        "signed": moment(now),
        "officer": desk_name,
    }


def slip_by_number(session: Session, number: str) -> SendingSlip | None:
    """A sending slip, for whoever holds it."""
    return session.exec(select(SendingSlip).where(SendingSlip.number == number)).first()


def slip_with_phone(session: Session, number: str, digits: str) -> SendingSlip | None:
    """A slip for whoever knows its number and the last four digits of its phone."""
    slip = slip_by_number(session, number)
    phone = "".join(filter(str.isdigit, slip.applicant_phone)) if slip else ""
    return slip if slip is not None and len(digits) == 4 and phone[-4:] == digits else None


def recent(session: Session, organisation_id: str, limit: int = 50) -> list[SendingSlip]:
    """The newest slips of an organisation."""
    statement = select(SendingSlip).where(SendingSlip.organisation_id == organisation_id)
    return list(session.exec(statement.order_by(col(SendingSlip.received_at).desc()).limit(limit)).all())
