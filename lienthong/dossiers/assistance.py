"""Who filed for the applicant: recorded with the dossier, shown to the desk, counted for the helper's own figures."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, func, select

from lienthong.dossiers import audit, tracking
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Dossier
from lienthong.dossiers.tables.portal import Assistance, GuidanceEntry


class HelperKind(StrEnum):
    """In which right somebody files for another."""

    ENTERPRISE = "enterprise"
    YOUTH = "youth"
    PROXY = "proxy"


WORDS = {
    HelperKind.ENTERPRISE: ("Nộp qua doanh nghiệp được giao", "Filed through the entrusted enterprise"),
    HelperKind.YOUTH: ("Đoàn viên thanh niên hỗ trợ nộp", "Filed with the help of the youth union"),
    HelperKind.PROXY: ("Nộp theo ủy quyền", "Filed by a proxy"),
}


@dataclass(frozen=True, slots=True)
class HelperMonth:
    """What one helper did in a month."""

    month: str
    guided: int
    filed: int


def record(
    session: Session,
    dossier: Dossier,
    kind: HelperKind,
    helper_user_id: int,
    now: datetime,
    organisation_id: str = "",
    relation: str = "",
    authorisation_document_id: str | None = None,
) -> Assistance:
    """Note who filed this dossier for its applicant."""
    row = Assistance(
        dossier_id=dossier.id,
        kind=kind,
        helper_user_id=helper_user_id,
        organisation_id=organisation_id,
        relation=relation,
        authorisation_document_id=authorisation_document_id,
        at=now,
    )
    row = session.merge(row)
    vi, en = WORDS[kind]
    tracking.add(session, dossier.id, "assisted", f"{vi}.", f"{en}.", now)
    data = {"kind": str(kind), "organisation": organisation_id, "relation": relation}
    audit.record(session, f"user:{helper_user_id}", "dossier-assisted", dossier.code, data, now)
    session.flush()
    return row


def of_dossier(session: Session, dossier_id: str) -> Assistance | None:
    """Who filed a dossier, when it was not its applicant."""
    return session.get(Assistance, dossier_id)


def guide(
    session: Session, helper_user_id: int, organisation_id: str, bundle_id: str, outcome: str, note: str, now: datetime
) -> GuidanceEntry:
    """Note that somebody was guided; no name is kept."""
    entry = GuidanceEntry(
        helper_user_id=helper_user_id,
        organisation_id=organisation_id,
        bundle_id=bundle_id,
        outcome=outcome,
        note=note[:500],
        at=now,
    )
    session.add(entry)
    session.flush()
    return entry


def filed_by(session: Session, helper_user_id: int, limit: int = 100) -> list[tuple[Assistance, Dossier]]:
    """The dossiers that a helper filed, newest first."""
    statement = (
        select(Assistance, Dossier)
        .join(Dossier, col(Dossier.id) == col(Assistance.dossier_id))
        .where(Assistance.helper_user_id == helper_user_id)
        .order_by(col(Assistance.at).desc())
        .limit(limit)
    )
    return [(assistance, dossier) for assistance, dossier in session.exec(statement).all()]


def months_of(session: Session, helper_user_id: int) -> list[HelperMonth]:
    """What a helper did, month by month, newest first."""
    guided = session.exec(select(GuidanceEntry.at).where(GuidanceEntry.helper_user_id == helper_user_id)).all()
    filed = session.exec(select(Assistance.at).where(Assistance.helper_user_id == helper_user_id)).all()
    names = sorted({_month(at) for at in (*guided, *filed)}, reverse=True)
    return [
        HelperMonth(name, sum(_month(at) == name for at in guided), sum(_month(at) == name for at in filed))
        for name in names
    ]


def _month(at: datetime) -> str:
    return f"{local(at):%Y-%m}"


def counts(session: Session) -> dict[str, int]:
    """Dossiers filed by helpers of each kind, for the public page."""
    statement = select(Assistance.kind, func.count()).group_by(Assistance.kind)
    return {str(kind): int(count) for kind, count in session.exec(statement).all()}
