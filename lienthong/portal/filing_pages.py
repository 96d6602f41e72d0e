"""File a bundle in three steps: details, papers, check and send. Every step is kept in a draft."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import FormData, UploadFile

from lienthong.dossiers import filing
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.law_records import Bundle
from lienthong.dossiers.tables import User
from lienthong.portal.bundles import question_view
from lienthong.portal.catalogue_pages import bundle_view, known_bundle
from lienthong.portal.deps import Services, services
from lienthong.portal.drafts import Draft
from lienthong.portal.fee_preview import preview
from lienthong.portal.filing_form import fill_draft
from lienthong.portal.pages import go, page
from lienthong.portal.text import size, translator
from lienthong.reading.upload_check import UploadRefused, check_upload
from lienthong.web.language import current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/nop-ho-so")


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """Dependency: the posted form, read before the route runs in its thread, its files closed afterwards."""
    async with request.form() as form:
        yield form


@router.get("/{bundle_id}")
def questions(
    request: Request,
    bundle_id: str,
    draft: str = "",
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """The first step, filled in with what the account already holds, or with an earlier ``draft``."""
    bundle = known_bundle(given, bundle_id)
    view = bundle_view(given, bundle_id, current_language(request))
    earlier = given.drafts.load(draft, user.id)
    filled = earlier if earlier is not None and earlier.bundle_id == bundle_id else None
    context = {"bundle": view, "draft": filled or _prefilled(given, user, bundle), "step": "questions"}
    return page(request, "filing_questions.html", user, {**context, "kept": filled is not None})


def _prefilled(given: Services, user: CurrentUser, bundle: Bundle) -> Draft:
    """A new draft with what the account holds and the usual answers."""
    draft = given.drafts.new(user.id, bundle.id, given.now)
    with read_scope(given.database) as session:
        person = session.get(User, user.id)
        if person is not None:
            draft.applicant_name = person.display_name
            draft.applicant_personal_number = person.personal_number or ""
            draft.applicant_phone = person.phone or ""
    draft.options = dict(bundle.defaults())
    return draft


@router.post("/{bundle_id}")
def answer(
    request: Request,
    bundle_id: str,
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
) -> Response:
    """Keep the answers in the draft that was gone back to, or in a new one; or show what to mend."""
    language = current_language(request)
    bundle = known_bundle(given, bundle_id)
    earlier = given.drafts.load(str(form.get("draft", "")), user.id)
    kept = earlier is not None and earlier.bundle_id == bundle_id
    draft = earlier if earlier is not None and kept else given.drafts.new(user.id, bundle_id, given.now)
    asked = [question_view(question, language) for question in bundle.questions]
    problems = fill_draft(draft, form, asked, translator(language))
    if problems:
        view = bundle_view(given, bundle_id, language)
        context = {"bundle": view, "draft": draft, "problems": problems, "step": "questions", "kept": kept}
        return page(request, "filing_questions.html", user, context, 422)
    given.drafts.save(draft, given.now)
    return go(f"/nop-ho-so/{bundle_id}/giay-to/{draft.id}")


def own_draft(draft_id: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Draft:
    """Dependency: the signed-in person's draft of that id, or 404."""
    draft = given.drafts.load(draft_id, user.id)
    if draft is None:
        raise problem_for_status(404)
    return draft


def paper_views(given: Services, draft: Draft, vietnamese: bool) -> list[dict[str, Any]]:
    """Each kind of paper once, with the files that are there."""
    views = []
    for paper in filing.start_draft(given.law, draft.bundle_id, draft.options).papers():
        rule = paper.rule
        files = [
            {"id": file.id, "file_name": file.file_name, "size_text": size(file.size)}
            for file in draft.files
            if file.kind == rule.kind
        ]
        name = rule.name_vi if vietnamese else rule.name_en
        views.append(
            {"code": rule.kind, "name": name, "required": paper.asked, "files": files, "derivable": rule.derivable}
        )
    return views


def papers_page(
    request: Request, given: Services, user: CurrentUser, draft: Draft, problems: list[str], template: str, status: int
) -> Response:
    """The second or third step for this draft."""
    language = current_language(request)
    t = translator(language)
    view = bundle_view(given, draft.bundle_id, language)
    context = {
        "bundle": view,
        "draft": draft,
        "papers": paper_views(given, draft, language == "vi"),
        "problems": problems,
        "limit_mb": given.settings.upload_limit_bytes // (1024 * 1024),
        "fees": preview(given, draft, language) if template == "filing_check.html" else None,
        "step": "check" if template == "filing_check.html" else "papers",
        "answers": [
            {"label": q["label"], "text": _answer_text(q, draft.options.get(q["name"]), t)} for q in view["questions"]
        ],
    }
    return page(request, template, user, context, status)


def _answer_text(question: dict[str, Any], value: Any, t: Any) -> str:
    if isinstance(value, bool):
        return str(t("filing.yes" if value else "filing.no"))
    return next((c["label"] for c in question["choices"] if c["value"] == value), "" if value is None else str(value))


@router.get("/{bundle_id}/giay-to/{draft_id}")
def papers(
    request: Request,
    draft: Draft = Depends(own_draft),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """The second step: the papers this dossier needs."""
    return papers_page(request, given, user, draft, [], "filing_papers.html", 200)


@router.post("/{bundle_id}/giay-to/{draft_id}")
def receive_papers(
    request: Request,
    draft: Draft = Depends(own_draft),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
) -> Response:
    """Keep every good file; say of each refused one why. Then stay, or go on when nothing is missing."""
    language = current_language(request)
    t = translator(language)
    if removed := form.get("remove"):
        given.drafts.remove_file(draft, str(removed))
        given.drafts.save(draft, given.now)
        return papers_page(request, given, user, draft, [], "filing_papers.html", 200)
    problems = _keep_uploads(given, draft, form, language == "vi")
    given.drafts.save(draft, given.now)
    if form.get("go") == "check":
        problems += _missing(given, draft, language == "vi", t)
        if not problems:
            return papers_page(request, given, user, draft, [], "filing_check.html", 200)
    return papers_page(request, given, user, draft, problems, "filing_papers.html", 422 if problems else 200)


def _missing(given: Services, draft: Draft, vietnamese: bool, t: Any) -> list[str]:
    views = paper_views(given, draft, vietnamese)
    return [t("filing.missing_paper", name=view["name"]) for view in views if view["required"] and not view["files"]]


def _keep_uploads(given: Services, draft: Draft, form: FormData, vietnamese: bool) -> list[str]:
    problems = []
    known = {paper["code"] for paper in paper_views(given, draft, vietnamese)}
    for name, value in form.multi_items():
        kind = name.removeprefix("file_")
        if not isinstance(value, UploadFile) or not value.filename or kind not in known:
            continue
        try:
            content = value.file.read(given.settings.upload_limit_bytes + 1)
            checked = check_upload(value.filename, content, given.settings.upload_limit_bytes)
        except UploadRefused as refusal:
            problems.append(refusal.vi if vietnamese else refusal.en)
            continue
        given.drafts.add_file(draft, kind, checked.file_name, checked.content_type, content)
    return problems


def sent(code: str) -> Response:
    """On to the page of the dossier that was filed."""
    return go(f"/ho-so/{code}", "filing.sent", code=code)


@router.post("/{bundle_id}/gui/{draft_id}")
def send(
    request: Request,
    draft_id: str,
    truth: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """File the dossier: one transaction, one code; sending twice files once and is answered the same."""
    with read_scope(given.database) as session:
        before = filing.filed_before(session, draft_id, user.id)
        if before is not None:
            given.drafts.discard(draft_id)
            return sent(before.code)
    draft = own_draft(draft_id, user, given)
    language = current_language(request)
    t = translator(language)
    problems = _missing(given, draft, language == "vi", t)
    if truth != "yes":
        problems.append(t("filing.missing_truth"))
    if problems:
        return papers_page(request, given, user, draft, problems, "filing_check.html", 422)
    uploads = [
        FileUpload(kind=f.kind, file_name=f.file_name, content=given.drafts.content(draft, f)) for f in draft.files
    ]
    asked = filing.Filing(
        filing_token=draft.id,
        bundle_id=draft.bundle_id,
        applicant_name=draft.applicant_name,
        applicant_personal_number=draft.applicant_personal_number,
        applicant_phone=draft.applicant_phone,
        organisation_name=draft.organisation_name,
        applicant_user_id=user.id,
        channel="online",
        delivery=draft.delivery,
        language=language,
        options=draft.options,
        files=uploads,
    )
    with session_scope(given.database) as session:
        code = filing.file_dossier(session, given.store, given.law, asked, given.now).code
    given.drafts.discard(draft.id)
    return sent(code)
