"""Public pages without an account: indicators with formula and data, time and fees, open data."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from lienthong.dossiers.database import read_scope
from lienthong.portal import indicators, open_data
from lienthong.portal.bundles import fee_items, fee_text, limit_text
from lienthong.portal.catalogue_pages import linked_limit
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import page
from lienthong.portal.text import date_time
from lienthong.web.language import current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, optional_user

router = APIRouter(prefix="/cong-khai")


@router.get("")
def board(request: Request, user: CurrentUser | None = Depends(optional_user)) -> Response:
    """What is public."""
    return page(request, "public.html", user, {})


@router.get("/chi-so")
def figures(
    request: Request,
    nam: int = 0,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """The indicators of a year, each with its formula, mark and the numbers behind it."""
    language = current_language(request)
    year = nam or given.now.year
    known = indicators.of_year(given.database, given.law, given.settings.var_dir, year, given.now)
    with read_scope(given.database) as session:
        voices = indicators.voices(session)
    context = {
        "year": year,
        "years": range(given.now.year, given.now.year - 4, -1),
        "known": known,
        "groups": indicators.shown(known, language) if known else [],
        "computed": date_time(known.computed_at) if known else "",
        "voices": voices,
    }
    return page(request, "public_figures.html", user, context)


@router.get("/thoi-han-phi")
def times_and_fees(
    request: Request,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """Time alone and linked, and fees, of every procedure, each with its mark."""
    language = current_language(request)
    on = given.now.date()
    rows = []
    for bundle in given.law.bundles(on):
        law = given.law.under_bundle(bundle)
        procedures = [law.procedure(code, on) for code in bundle.procedures]
        rows.append(
            {
                "id": bundle.id,
                "title": bundle.title_vi if language == "vi" else bundle.title_en,
                "decision": bundle.decision,
                "procedures": [
                    {
                        "code": one.code,
                        "name": one.name_vi if language == "vi" else one.name_en,
                        "alone": limit_text(one, language),
                        "linked": linked_limit(bundle, one.code, language),
                        "basis": one.basis,
                        "mark": one.mark,
                    }
                    for one in procedures
                ],
                "fees": [
                    {
                        "name": item.name_vi if language == "vi" else item.name_en,
                        "text": fee_text(item),
                        "mark": item.mark,
                    }
                    for item in fee_items(law, bundle, given.settings.bpmn_dir, on)
                ],
            }
        )
    return page(request, "public_times.html", user, {"bundles": rows})


@router.get("/du-lieu-mo")
def datasets(request: Request, user: CurrentUser | None = Depends(optional_user)) -> Response:
    """The open data sets."""
    return page(request, "public_data.html", user, {"sets": open_data.SETS})


@router.get("/du-lieu-mo/{name}.{kind}")
def dataset(name: str, kind: str, given: Services = Depends(services)) -> Response:
    """One data set as CSV or JSON, with its licence and day."""
    if name not in open_data.SETS or kind not in ("csv", "json"):
        raise problem_for_status(404)
    with read_scope(given.database) as session:
        rows = open_data.rows(name, session, given.law, given.rules, given.settings.bpmn_dir, given.now)
    if kind == "csv":
        return open_data.csv_answer(open_data.as_csv(rows), f"{name}.csv")
    return JSONResponse({"dataset": name, "day": f"{given.now:%Y-%m-%d}", "licence": "CC BY 4.0", "rows": rows})
