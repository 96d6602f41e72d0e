"""Who of the staff may look into a dossier: the one rule that every page, paper and export goes through.

A dossier is open to those who handle cases (not to designers and administrators as such) at an authority that takes
part in it: the desk, the Provincial Office, an authority of one of its branches, a body that was consulted on it, or an
authority that was given one of its tasks.
"""

from sqlmodel import Session, col, select

from lienthong.dossiers import tracking
from lienthong.dossiers.errors import Forbidden
from lienthong.dossiers.tables import Branch, Consultation, Document, Dossier, Role, Task
from lienthong.dossiers.viewers import Viewer


def taking_part(session: Session, dossier: Dossier) -> set[str]:
    """Ids of the authorities that take part in a dossier."""
    found = {str(authority) for authority in dossier.authorities.values()}
    found |= set(session.exec(select(Branch.authority_id).where(Branch.dossier_id == dossier.id)).all())
    asked = select(Consultation.asked_authority_id).where(Consultation.dossier_id == dossier.id)
    found |= set(session.exec(asked).all())
    given = select(Task.authority_id).where(Task.dossier_code == dossier.code, col(Task.hidden).is_(False))
    return found | set(session.exec(given).all())


def of_the_office(viewer: Viewer, dossier: Dossier) -> bool:
    """Whether a viewer is of the Provincial Office that oversees this dossier."""
    return (str(dossier.authorities["office"]), Role.OFFICE) in viewer.all_grants


def may_read(session: Session, viewer: Viewer, dossier: Dossier) -> bool:
    """Whether a viewer may look into a dossier."""
    return not viewer.case_authorities.isdisjoint(taking_part(session, dossier))


def require_dossier(session: Session, viewer: Viewer, code: str) -> Dossier:
    """The dossier of a code that the viewer may look into; one that is not theirs is as if it did not exist."""
    dossier = tracking.require(session, code)
    if not may_read(session, viewer, dossier):
        raise _closed()
    return dossier


def require_document(session: Session, viewer: Viewer, document: Document) -> Dossier:
    """The dossier of a paper that the viewer may look into."""
    dossier = session.get_one(Dossier, document.dossier_id)
    if not may_read(session, viewer, dossier):
        raise _closed()
    return dossier


def _closed() -> Forbidden:
    return Forbidden(
        "dossier",
        "Hồ sơ này do cơ quan khác giải quyết.",
        "This dossier is handled by other authorities.",
    )
