"""File a bundle in three steps: details, papers, check and send. Here the first: who files, and the questions."""

from collections.abc import AsyncIterator
from typing import Any, get_args

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from lienthong.dossiers.database import read_scope
from lienthong.dossiers.law_records import Bundle
from lienthong.portal import prefill, questions
from lienthong.portal.bundles import question_view
from lienthong.portal.catalogue_pages import bundle_view, known_bundle
from lienthong.portal.deps import Services, services
from lienthong.portal.drafts import Behalf, Draft
from lienthong.portal.filing_form import RELATIONS, fill_draft
from lienthong.portal.helper_rights import may_file
from lienthong.portal.pages import go, page
from lienthong.portal.text import translator
from lienthong.web.language import Language, current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/nop-ho-so")


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """Dependency: the posted form, read before the route runs in its thread, its files closed afterwards."""
    async with request.form() as form:
        yield form


@router.get("/{bundle_id}")
def ask(
    request: Request,
    bundle_id: str,
    draft: str = "",
    cho: str = "self",
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """The first step, filled in with what is already held, or with an earlier ``draft``; ``cho``: for whom."""
    bundle = known_bundle(given, bundle_id)
    earlier = given.drafts.load(draft, user.id)
    kept = earlier if earlier is not None and earlier.bundle_id == bundle_id else None
    behalf: Behalf = cho if cho in get_args(Behalf) else "self"  # type: ignore[assignment]  # just checked
    if not may_file(user, behalf):
        raise problem_for_status(403)
    if not given.law.takes_local_filings(given.now.date()) and behalf != "enterprise":
        return page(request, "filing_closed.html", user, {"bundle": bundle_view(given, bundle_id, _lang(request))})
    if kept is None:
        with read_scope(given.database) as session:
            filled = prefill.fresh(given, session, user.id, bundle, behalf)
    else:
        filled = kept
    return questions_page(request, given, user, filled, [], kept is not None, 200)


def _lang(request: Request) -> Language:
    return current_language(request)


def questions_page(
    request: Request, given: Services, user: CurrentUser, draft: Draft, problems: list[str], kept: bool, status: int
) -> Response:
    """The first step for this draft."""
    language = _lang(request)
    view = bundle_view(given, draft.bundle_id, language)
    shown = applying(given, known_bundle(given, draft.bundle_id), draft.options)
    context = {
        "bundle": view,
        "questions": [{**question, "applies": question["name"] in shown} for question in view["questions"]],
        "draft": draft,
        "relations": RELATIONS,
        "may_choose": draft.behalf in ("self", "proxy"),
        "problems": problems,
        "step": "questions",
        "kept": kept,
    }
    return page(request, "filing_questions.html", user, context, status)


def applying(given: Services, bundle: Bundle, options: dict[str, Any]) -> set[str]:
    """The questions that apply under these answers."""
    return questions.relevant(given.law, bundle, given.settings.bpmn_dir, options, given.now.date())


@router.post("/{bundle_id}/cau-hoi")
def which_questions(
    bundle_id: str,
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
    user: CurrentUser = Depends(current_user),
) -> Response:
    """For the script: the names of the questions that apply under the answers so far."""
    bundle = known_bundle(given, bundle_id)
    return JSONResponse({"applies": sorted(applying(given, bundle, _answers(bundle, form)))})


def _answers(bundle: Bundle, form: FormData) -> dict[str, Any]:
    """The answers that can be read as they stand."""
    found: dict[str, Any] = {}
    for question in bundle.questions:
        text = str(form.get(f"q_{question.name}", ""))
        value: Any = {"true": True, "false": False}.get(text, text)
        if question.kind == "integer":
            value = int(text) if text.isdigit() and len(text) < 10 else None
        if question.accepts(value):
            found[question.name] = value
    return found


@router.post("/{bundle_id}")
def answer(
    request: Request,
    bundle_id: str,
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
) -> Response:
    """Keep the answers in the draft that was gone back to, or in a new one; or show what to mend or to answer yet."""
    language = _lang(request)
    bundle = known_bundle(given, bundle_id)
    earlier = given.drafts.load(str(form.get("draft", "")), user.id)
    kept = earlier is not None and earlier.bundle_id == bundle_id
    draft = earlier if earlier is not None and kept else _new(given, user, bundle)
    shown = applying(given, bundle, _answers(bundle, form))
    draft.options = dict(bundle.defaults())
    asked = [question_view(question, language) for question in bundle.questions if question.name in shown]
    problems = fill_draft(draft, form, asked, translator(language))
    if not may_file(user, draft.behalf):
        raise problem_for_status(403)
    if problems:
        return questions_page(request, given, user, draft, problems, kept, 422)
    given.drafts.save(draft, given.now)
    return go(f"/nop-ho-so/{bundle_id}/giay-to/{draft.id}")


def _new(given: Services, user: CurrentUser, bundle: Bundle) -> Draft:
    """A new draft that knows where its prefilled fields are from."""
    with read_scope(given.database) as session:
        return prefill.fresh(given, session, user.id, bundle)


def own_draft(draft_id: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Draft:
    """Dependency: the signed-in person's draft of that id, or 404."""
    draft = given.drafts.load(draft_id, user.id)
    if draft is None:
        raise problem_for_status(404)
    return draft
