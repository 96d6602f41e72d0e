"""For those who file for others: youth-union helpers and clerks of an entrusted enterprise, with their own figures."""

from typing import Any

from fastapi import APIRouter, Depends, Form, Request, Response

from lienthong.dossiers import assistance, documents, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import DocumentRole
from lienthong.portal.bundles import bundle_summary
from lienthong.portal.deps import Services, services
from lienthong.portal.dossier_views import row
from lienthong.portal.helper_rights import require_helper
from lienthong.portal.pages import go, page
from lienthong.portal.text import date_time
from lienthong.web.language import Language, current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/ho-tro")
OUTCOMES = ("filed", "prepared", "sent_home")


def bundle_choices(given: Services, language: Language) -> list[dict[str, Any]]:
    """The bundles to guide about or to file."""
    on = given.now.date()
    return [bundle_summary(given.law, bundle, language, on) for bundle in given.law.bundles(on)]


@router.get("")
def mine(request: Request, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Response:
    """The helper's own page: whom to help now, what was done month by month, the dossiers filed."""
    organisation_id = require_helper(user)
    language = current_language(request)
    organisation = given.rules.organisation(organisation_id)
    with read_scope(given.database) as session:
        months = assistance.months_of(session, user.id)
        filed = [
            {**row(given.law, dossier, language), "applicant": tracking.masked(dossier.applicant_name)}
            for _, dossier in assistance.filed_by(session, user.id)
        ]
    context = {
        "organisation": organisation.name_vi if language == "vi" else organisation.name_en,
        "decision": organisation.decision,
        "mark": organisation.mark,
        "bundles": bundle_choices(given, language),
        "outcomes": OUTCOMES,
        "months": months,
        "filed": filed,
    }
    return page(request, "helper.html", user, context)


@router.post("/huong-dan")
def guide(
    bundle_id: str = Form(""),
    outcome: str = Form(""),
    note: str = Form(""),
    back: str = Form("/ho-tro"),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """Note that somebody was guided; no name is kept."""
    organisation_id = require_helper(user)
    known = {bundle.id for bundle in given.law.bundles(given.now.date())}
    if bundle_id not in known or outcome not in OUTCOMES:
        return go("/ho-tro", "helper.choose")
    with session_scope(given.database) as session:
        assistance.guide(session, user.id, organisation_id, bundle_id, outcome, note.strip(), given.now)
    return go("/uy-thac" if back == "/uy-thac" else "/ho-tro", "helper.guided")


@router.get("/ho-so/{code}")
def filed(
    request: Request, code: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)
) -> Response:
    """What a helper tells the applicant after filing: the code, the date, how to follow; the name is masked."""
    require_helper(user)
    language = current_language(request)
    with read_scope(given.database) as session:
        dossier = tracking.by_code(session, code)
        helped = assistance.of_dossier(session, dossier.id) if dossier is not None else None
        if dossier is None or helped is None or helped.helper_user_id != user.id:
            raise problem_for_status(404)
        view = {
            **row(given.law, dossier, language),
            "applicant": tracking.masked(dossier.applicant_name),
            "filed_at": date_time(dossier.filed_at),
        }
    return page(request, "helper_filed.html", user, {"dossier": view})


@router.get("/ho-so/{code}/giay-tiep-nhan")
def slip(code: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Response:
    """The acceptance slip to print for the applicant; the view is in the audit."""
    require_helper(user)
    with session_scope(given.database) as session:
        dossier = tracking.by_code(session, code)
        helped = assistance.of_dossier(session, dossier.id) if dossier is not None else None
        if dossier is None or helped is None or helped.helper_user_id != user.id:
            raise problem_for_status(404)
        slips = documents.of_dossier(session, dossier.id, DocumentRole.SLIP)
        if not slips:
            raise problem_for_status(404)
        _, content = documents.content(session, given.store, slips[-1].id, user.username, given.now)
    return Response(content, media_type="application/pdf")
