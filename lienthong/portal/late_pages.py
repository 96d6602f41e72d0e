"""The published late lists, by month and year: bodies and persons that were late, never an applicant."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from lienthong.dossiers import late_lists
from lienthong.dossiers.database import read_scope
from lienthong.portal import open_data
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import page
from lienthong.portal.text import date_time
from lienthong.web.language import current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, optional_user

router = APIRouter(prefix="/cong-khai")


@router.get("/tre-han")
def late(
    request: Request,
    thang: str = "",
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """The published late list of a month (``2026-10``) or year (``2026``); without one, the newest."""
    with read_scope(given.database) as session:
        periods = late_lists.periods(session)
        year, month = _period(thang or (periods[0].name if periods else ""))
        shown = late_lists.published(session, given.law, year, month) if year else None
    context = {
        "periods": periods,
        "list": shown,
        "published": date_time(shown.published_at) if shown else "",
        "asked": thang,
        "english": current_language(request) == "en",
    }
    return page(request, "public_late.html", user, context, 404 if thang and shown is None else 200)


def _period(name: str) -> tuple[int, int | None]:
    """The year and month of a period's name; (0, None) for none."""
    year, _, month = name.partition("-")
    if not year.isdigit() or (month and not month.isdigit()):
        return 0, None
    return int(year), int(month) if month else None


@router.get("/tre-han/{name}.{kind}")
def late_file(name: str, kind: str, given: Services = Depends(services)) -> Response:
    """A published late list as CSV or JSON."""
    year, month = _period(name)
    with read_scope(given.database) as session:
        shown = late_lists.published(session, given.law, year, month) if year else None
    if shown is None or kind not in ("csv", "json"):
        raise problem_for_status(404)
    if kind == "csv":
        return open_data.csv_answer(late_lists.as_csv(shown), f"tre-han-{name}.csv")
    rows = open_data.plain(shown)
    return JSONResponse(rows)
