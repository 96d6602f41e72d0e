"""A new draft filled in with what is held, and for each field where it is from."""

from sqlmodel import Session, col, select

from lienthong.dossiers import profiles
from lienthong.dossiers.law_records import Bundle
from lienthong.dossiers.tables import Dossier, User
from lienthong.portal.deps import Services
from lienthong.portal.drafts import Behalf, Draft

FIELDS = ("applicant_name", "applicant_personal_number", "applicant_phone", "applicant_email", "applicant_address")


def fresh(given: Services, session: Session, user_id: int, bundle: Bundle, behalf: Behalf = "self") -> Draft:
    """A draft with the usual answers; one's own details only when one files for oneself."""
    draft = given.drafts.new(user_id, bundle.id, given.now)
    draft.options, draft.behalf = dict(bundle.defaults()), behalf
    if behalf != "self":
        return draft
    user = session.get_one(User, user_id)
    profile = profiles.of_user(session, user_id)
    if number := profiles.proven_number(session, user_id):
        fill(draft, {"applicant_name": user.display_name, "applicant_personal_number": number}, "identity")
    account = {
        "applicant_name": user.display_name,
        "applicant_personal_number": user.personal_number,
        "applicant_phone": user.phone,
        "applicant_email": profile.email,
        "applicant_address": profile.address,
        "organisation_name": profile.organisation_name,
    }
    fill(draft, account, "account")
    earlier = last_dossier(session, user_id)
    if earlier is not None:
        fill(draft, {name: getattr(earlier, name) for name in (*FIELDS, "organisation_name")}, earlier.code)
    return draft


def last_dossier(session: Session, user_id: int) -> Dossier | None:
    """The dossier that the account filed last."""
    statement = select(Dossier).where(Dossier.applicant_user_id == user_id).order_by(col(Dossier.filed_at).desc())
    return session.exec(statement.limit(1)).first()


def fill(draft: Draft, values: dict[str, str], source: str) -> None:
    """Fill what is still empty, and note where it is from."""
    for name, value in values.items():
        if value and not getattr(draft, name):
            setattr(draft, name, value)
            draft.sources[name] = source


def from_dossier(given: Services, dossier: Dossier, user_id: int, bundle: Bundle) -> Draft:
    """A draft that renews what an earlier dossier asked for, with its answers where they still fit."""
    draft = given.drafts.new(user_id, bundle.id, given.now)
    draft.options = dict(bundle.defaults())
    for question in bundle.questions:
        value = dossier.options.get(question.name)
        if value is not None and question.accepts(value):
            draft.options[question.name] = value
    fill(draft, {name: getattr(dossier, name) for name in (*FIELDS, "organisation_name")}, dossier.code)
    if dossier.delivery in ("online", "desk", "post"):
        draft.delivery = dossier.delivery  # type: ignore[assignment]  # one of the three, as just checked
    return draft
