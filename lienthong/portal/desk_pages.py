"""Plain pages for staff beside the staff app: sign hand-over minutes, answer petitions and objections."""

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlmodel import Session

from lienthong.dossiers import audit, entrusted, petitions
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Dossier, Role, User
from lienthong.dossiers.tables.portal import Petition, SendingSlip
from lienthong.portal.deps import Services, services
from lienthong.portal.entrusted_pages import stored_pdf
from lienthong.portal.helper_rights import own_authorities
from lienthong.portal.pages import go, page
from lienthong.portal.petition_pages import petition_view
from lienthong.portal.sending_pages import file_draft, uploads_of
from lienthong.portal.text import date_time
from lienthong.web.language import current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, require_staff

router = APIRouter(prefix="/can-bo")
answering = require_staff(*petitions.ANSWERING)
receiving = require_staff(Role.RECEPTION)


def require_answerable(session: Session, code: str, user: CurrentUser) -> Petition:
    """A petition that this member of staff answers; another's answers as if it did not exist."""
    found = petitions.get(session, code)
    own = own_authorities(user)
    if own is not None and found.authority_id not in own:
        raise problem_for_status(404)
    return found


@router.get("/phan-anh")
def petition_list(
    request: Request,
    tat_ca: str = "",
    user: CurrentUser = Depends(answering),
    given: Services = Depends(services),
) -> Response:
    """What own authorities have to answer, the one due first at the top."""
    language = current_language(request)
    with read_scope(given.database) as session:
        found = petitions.to_answer(session, own_authorities(user), open_only=not tat_ca)
        rows = [petition_view(given, one, language) for one in found]
    return page(request, "desk_petitions.html", user, {"petitions": rows, "all": bool(tat_ca)})


@router.get("/phan-anh/{code}")
def petition_one(
    request: Request, code: str, user: CurrentUser = Depends(answering), given: Services = Depends(services)
) -> Response:
    """One petition with the form for its answer; the view is in the audit, as it shows who sent it."""
    with session_scope(given.database) as session:
        found = require_answerable(session, code, user)
        audit.record(session, user.username, "petition-viewed", code, {}, given.now)
        dossier = session.get(Dossier, found.dossier_id) if found.dossier_id else None
        view = {
            **petition_view(given, found, current_language(request)),
            "author": found.author_name,
            "phone": found.author_phone,
            "dossier": "" if dossier is None else dossier.code,
        }
    return page(request, "desk_petition.html", user, {"petition": view, "outcomes": petitions.OUTCOMES})


@router.post("/phan-anh/{code}")
def answer(
    code: str,
    text: str = Form(""),
    outcome: str = Form(""),
    user: CurrentUser = Depends(answering),
    given: Services = Depends(services),
) -> Response:
    """Answer it; the author is told."""
    if len(text.strip()) < 10 or outcome not in petitions.OUTCOMES:
        return go(f"/can-bo/phan-anh/{code}", "petition.answer_short")
    with session_scope(given.database) as session:
        require_answerable(session, code, user)
        petitions.answer(session, code, text, outcome, user.username, given.now)  # type: ignore[arg-type]
    return go("/can-bo/phan-anh", "petition.answered", code=code)


@router.get("/bien-ban")
def minutes_list(
    request: Request, user: CurrentUser = Depends(receiving), given: Services = Depends(services)
) -> Response:
    """Hand-over minutes that wait for the desk's signature."""
    with read_scope(given.database) as session:
        rows = [
            {
                "number": one.number,
                "at": date_time(one.created_at),
                "organisation": given.rules.organisation(one.organisation_id).name_vi,
                "slips": [
                    {"number": slip.number, "applicant": slip.applicant_name, "papers": slip.papers}
                    for slip in entrusted.slips_of(session, one.id)
                ],
            }
            for one in entrusted.open_minutes(session)
        ]
    return page(request, "desk_minutes.html", user, {"minutes": rows})


@router.post("/bien-ban")
def sign(
    request: Request,
    number: str = Form(""),
    user: CurrentUser = Depends(receiving),
    given: Services = Depends(services),
) -> Response:
    """Sign: from this moment the dossiers are filed."""
    language = current_language(request)
    with read_scope(given.database) as session:
        minutes = entrusted.minutes_by_number(session, number)
        slips = entrusted.slips_of(session, minutes.id)
        drafts = {slip.id: given.drafts.load(slip.draft_id, slip.clerk_user_id) for slip in slips}
    papers = {slip_id: uploads_of(given, draft) for slip_id, draft in drafts.items() if draft is not None}
    with session_scope(given.database) as session:

        def file(slip: SendingSlip) -> Dossier:
            draft = drafts[slip.id]
            if draft is None:
                raise problem_for_status(404)
            return file_draft(session, given, draft, user, papers[slip.id], language)

        desk = (user.id, session.get_one(User, user.id).display_name)
        entrusted.sign_minutes(session, given.store, given.rules, number, desk, file, given.now)
    for draft in drafts.values():
        if draft is not None:
            given.drafts.discard(draft.id)
    return go("/can-bo/bien-ban", "entrusted.signed", number=number)


@router.get("/bien-ban/{number:path}")
def minutes_pdf(number: str, _: CurrentUser = Depends(receiving), given: Services = Depends(services)) -> Response:
    """The signed minutes."""
    with read_scope(given.database) as session:
        return stored_pdf(given.store, entrusted.minutes_by_number(session, number).storage_key)
