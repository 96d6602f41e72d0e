"""Papers that are held already: offered with their source, used again only with the applicant's consent.

Only papers of dossiers that the account itself filed, or of the person whom an identity provider vouches for: a
personal number that somebody merely typed opens nothing.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from lienthong.dossiers import profiles
from lienthong.dossiers.reminders import months_later
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Document, DocumentRole, Dossier

NEWEST = 400


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper of an earlier dossier, and where it is from; ``expires`` None when it does not."""

    document_id: str
    kind: str
    name: str
    dated: date
    dossier_code: str
    is_result: bool
    expires: date | None


def held(
    session: Session, user_id: int, personal_number: str, kinds: dict[str, int | None], on: date
) -> list[HeldPaper]:
    """The newest usable paper of each kind for this applicant; ``kinds`` says how many months each is good for."""
    proven = profiles.proven_number(session, user_id)
    own = Dossier.applicant_user_id == user_id
    whose = or_(own, Dossier.applicant_personal_number == proven) if proven else own
    statement = (
        select(Document, Dossier)
        .join(Dossier, col(Dossier.id) == col(Document.dossier_id))
        .where(
            whose,
            Dossier.applicant_personal_number == personal_number,
            col(Dossier.accepted_at).is_not(None),
            col(Document.kind).in_(sorted(kinds)),
            col(Document.role).in_([DocumentRole.RESULT, DocumentRole.UPLOAD]),
        )
        .order_by(col(Document.created_at).desc())
        .limit(NEWEST)
    )
    found: dict[str, HeldPaper] = {}
    for document, dossier in session.exec(statement).all():
        paper = _paper(document, dossier, kinds[document.kind])
        if paper.expires is None or paper.expires >= on:
            best = found.get(paper.kind)
            if best is None or (paper.is_result and not best.is_result):
                found[paper.kind] = paper
    return list(found.values())


def _paper(document: Document, dossier: Dossier, months: int | None) -> HeldPaper:
    dated = local(document.created_at).date()
    return HeldPaper(
        document_id=document.id,
        kind=document.kind,
        name=document.file_name,
        dated=dated,
        dossier_code=dossier.code,
        is_result=document.role == DocumentRole.RESULT,
        expires=None if months is None else months_later(dated, months),
    )
