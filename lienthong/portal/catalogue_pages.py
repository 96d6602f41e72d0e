"""Find a bundle and read what it asks, costs and takes."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from lienthong.dossiers import filing
from lienthong.dossiers.law_records import Bundle, Procedure
from lienthong.portal.bundles import bundle_summary, fee_items, fee_text, limit_text, question_view, search
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import page
from lienthong.web.language import Language, current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, optional_user

router = APIRouter()


@router.get("/")
def home(
    request: Request,
    q: str = "",
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """All bundles, or those that match the search."""
    language = current_language(request)
    summaries = [bundle_summary(given.law, b, language, given.now.date()) for b in given.law.bundles(given.now.date())]
    shown = search(summaries, q) if q.strip() else summaries
    return page(request, "home.html", user, {"bundles": shown, "query": q})


@router.get("/thu-tuc/{bundle_id}")
def bundle_page(
    request: Request,
    bundle_id: str,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """One bundle: procedures with limits and legal basis, papers, fees, each with its mark."""
    return page(request, "bundle.html", user, {"bundle": bundle_view(given, bundle_id, current_language(request))})


def known_bundle(given: Services, bundle_id: str) -> Bundle:
    """The bundle of that id. Raises the 404 problem."""
    for bundle in given.law.bundles(given.now.date()):
        if bundle.id == bundle_id:
            return bundle
    raise problem_for_status(404)


def bundle_view(given: Services, bundle_id: str, language: Language) -> dict[str, Any]:
    """Everything the page of a bundle shows."""
    bundle = known_bundle(given, bundle_id)
    on = given.now.date()
    always = set(bundle.active_procedures(bundle.defaults()))
    procedures = [given.law.procedure(code, on) for code in bundle.procedures]
    names = {p.code: p.name_vi if language == "vi" else p.name_en for p in procedures}
    return {
        **bundle_summary(given.law, bundle, language, on),
        "procedures": [
            {
                "name": names[p.code],
                "limit": limit_text(p, language),
                "needs": ", ".join(sorted({names[r.satisfied_by] for r in p.components if r.satisfied_by in names})),
                "basis": p.basis,
                "mark": p.mark,
                "optional": p.code not in always,
            }
            for p in procedures
        ],
        "components": usual_papers(given, bundle, procedures, language),
        "fees": fee_views(given, bundle, language),
        "decision": bundle.decision,
        "questions": [question_view(question, language) for question in bundle.questions],
    }


def usual_papers(
    given: Services, bundle: Bundle, procedures: list[Procedure], language: Language
) -> list[dict[str, Any]]:
    """Each kind of paper once: first those that the usual answers ask for, then those that other answers may add."""
    papers: dict[str, dict[str, Any]] = {}
    usual = filing.start_draft(given.law, bundle.id, bundle.defaults()).papers()
    rules = [(paper.rule, paper.asked) for paper in usual]
    rules += [(rule, False) for procedure in procedures for rule in procedure.components if rule.satisfied_by is None]
    for rule, required in rules:
        name = rule.name_vi if language == "vi" else rule.name_en
        papers.setdefault(rule.kind, {"name": name, "required": required})
    return list(papers.values())


def fee_views(given: Services, bundle: Bundle, language: Language) -> list[dict[str, str]]:
    """The fees that dossiers of this bundle may meet."""
    found = fee_items(given.law, bundle, given.settings.bpmn_dir, given.now.date())
    return [
        {"name": item.name_vi if language == "vi" else item.name_en, "text": fee_text(item), "mark": item.mark}
        for item in found
    ]
