"""The clerk of an entrusted enterprise: guide, receive, digitise, return (the four duties), slips and minutes."""

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import FormData

from lienthong.dossiers import deliveries, entrusted, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables.portal import SendingSlip
from lienthong.portal.deps import Services, services
from lienthong.portal.filing_pages import form_of
from lienthong.portal.helper_pages import OUTCOMES, bundle_choices
from lienthong.portal.helper_rights import require_clerk
from lienthong.portal.pages import go, page
from lienthong.portal.text import date_time, money, translator
from lienthong.web.language import current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/uy-thac")


@router.get("")
def board(request: Request, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Response:
    """The four duties on one page."""
    clerk = require_clerk(user)
    language = current_language(request)
    organisation = given.rules.organisation(clerk.organisation_id)
    t = translator(language)
    with read_scope(given.database) as session:
        waiting = [_slip(one) for one in entrusted.waiting(session, clerk.organisation_id)]
        lists = [
            {"number": one.number, "at": date_time(one.created_at)}
            for one in entrusted.open_minutes(session, clerk.organisation_id)
        ]
        recent = [_slip(one) for one in entrusted.recent(session, clerk.organisation_id, 20)]
        returns = [
            {
                "order": delivery.order_number,
                "number": delivery.tracking_number or "–",
                "state": t(f"post.state.{delivery.state}"),
                "receiver": tracking.masked(dossier.applicant_name),
                "address": delivery.address,
            }
            for delivery, dossier in deliveries.to_return(session)
        ]
    context = {
        "organisation": organisation.name_vi if language == "vi" else organisation.name_en,
        "decision": organisation.decision,
        "bundles": bundle_choices(given, language),
        "outcomes": OUTCOMES,
        "waiting": waiting,
        "lists": lists,
        "recent": recent,
        "returns": returns,
        "tariffs": given.rules.tariffs,
    }
    return page(request, "entrusted.html", user, context)


def _slip(slip: SendingSlip) -> dict[str, object]:
    return {
        "number": slip.number,
        "applicant": slip.applicant_name,
        "received": date_time(slip.received_at),
        "papers": sum(int(paper["count"]) for paper in slip.papers),
        "fee": money(slip.fee),
        "filed": slip.dossier_id is not None,
        "listed": slip.minutes_id is not None,
    }


@router.get("/phieu/{number:path}")
def slip_pdf(number: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Response:
    """The sending slip to print and to sign."""
    clerk = require_clerk(user)
    with read_scope(given.database) as session:
        slip = entrusted.slip_by_number(session, number)
        if slip is None or slip.organisation_id != clerk.organisation_id:
            raise problem_for_status(404)
        return stored_pdf(given.store, slip.storage_key)


def stored_pdf(store: Store, key: str) -> Response:
    """A PDF of the store. Raises the 404 problem when there is none (yet)."""
    if not key:
        raise problem_for_status(404)
    return Response(store.get(key), media_type="application/pdf")


@router.post("/bien-ban")
def bring(
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
) -> Response:
    """Put the ticked slips on hand-over minutes."""
    clerk = require_clerk(user)
    numbers = [str(number) for number in form.getlist("slip")]
    if not numbers:
        return go("/uy-thac", "entrusted.choose")
    with session_scope(given.database) as session:
        minutes = entrusted.bring(session, clerk, numbers, given.now).number
    return go("/uy-thac", "entrusted.minutes_written", number=minutes)


@router.post("/tra")
def return_result(
    order: str = Form(""),
    receiver: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """The fourth duty: the result was handed over, and who signed for it."""
    clerk = require_clerk(user)
    if len(receiver.strip()) < 2:
        return go("/uy-thac", "entrusted.who_signed")
    with session_scope(given.database) as session:
        open_orders = {delivery.order_number for delivery, _ in deliveries.to_return(session, 1000)}
        if order not in open_orders:
            raise problem_for_status(404)
        deliveries.returned(session, order, clerk.name, receiver.strip(), given.now)
    return go("/uy-thac", "entrusted.returned")
