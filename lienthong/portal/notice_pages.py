"""The notice centre of an account."""

from fastapi import APIRouter, Depends, Request, Response

from lienthong.dossiers import portal_notices
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import go, page
from lienthong.portal.text import date_time
from lienthong.web.language import current_language
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/thong-bao")


@router.get("")
def notices(
    request: Request, user: CurrentUser = Depends(current_user), given: Services = Depends(services)
) -> Response:
    """All notices, the newest first; what is new stays marked until the reader says so."""
    vietnamese = current_language(request) == "vi"
    with read_scope(given.database) as session:
        found = portal_notices.of_user(session, user.id)
    rows = [
        {
            "at": date_time(one.at),
            "text": one.text_vi if vietnamese else one.text_en,
            "link": one.link,
            "new": one.new,
        }
        for one in found
    ]
    return page(request, "notices.html", user, {"notices": rows})


@router.post("/da-doc")
def read_all(user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Response:
    """Everything up to now has been read."""
    with session_scope(given.database) as session:
        portal_notices.mark_seen(session, user.id, given.now)
    return go("/thong-bao")
