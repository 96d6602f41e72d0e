"""The second step of a filing: papers by file or phone camera, page by page, or those that are held already."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData, UploadFile

from lienthong.dossiers import filing
from lienthong.dossiers.database import read_scope
from lienthong.portal.catalogue_pages import bundle_view
from lienthong.portal.deps import Services, services
from lienthong.portal.drafts import Draft
from lienthong.portal.fee_preview import preview
from lienthong.portal.filing_pages import form_of, own_draft
from lienthong.portal.held_papers import HeldPaper, held
from lienthong.portal.pages import page
from lienthong.portal.text import size, translator
from lienthong.reading.upload_check import UploadRefused, check_upload
from lienthong.web.language import current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/nop-ho-so")
AUTHORISATION = "authorisation"


def paper_views(given: Services, draft: Draft, language: str) -> list[dict[str, Any]]:
    """Each kind of paper once, with the files that are there and the held paper that could be used again."""
    vietnamese = language == "vi"
    asked = filing.start_draft(given.law, draft.bundle_id, draft.options, given.now).papers()
    offers = _offers(given, draft, {paper.rule.kind: paper.rule.valid_months for paper in asked})
    views = []
    for paper in asked:
        rule = paper.rule
        views.append(
            {
                "code": rule.kind,
                "name": rule.name_vi if vietnamese else rule.name_en,
                "required": paper.asked,
                "derivable": rule.derivable,
                "files": file_views(draft, rule.kind),
                "held": _held_view(offers.get(rule.kind), draft),
            }
        )
    return [*_authorisation(given, draft, language), *views]


def file_views(draft: Draft, kind: str) -> list[dict[str, Any]]:
    """The files of one paper, in their order."""
    own = [file for file in draft.files if file.kind == kind]
    return [
        {
            "id": file.id,
            "file_name": file.file_name,
            "size_text": size(file.size),
            "picture": file.is_picture,
            "warnings": file.warnings,
            "first": index == 0,
        }
        for index, file in enumerate(own)
    ]


def _authorisation(given: Services, draft: Draft, language: str) -> list[dict[str, Any]]:
    """The paper that shows that a proxy may file, unless law asks none of this relation."""
    if draft.behalf != "proxy":
        return []
    required = draft.relation not in given.rules.authorisation_free.relations
    name = translator("vi" if language == "vi" else "en")("filing.authorisation")
    view = {"code": AUTHORISATION, "name": name, "required": required, "derivable": False, "held": None}
    return [{**view, "files": file_views(draft, AUTHORISATION)}]


def _offers(given: Services, draft: Draft, kinds: dict[str, int | None]) -> dict[str, HeldPaper]:
    with read_scope(given.database) as session:
        found = held(session, draft.owner, draft.applicant_personal_number, kinds, given.now.date())
    return {paper.kind: paper for paper in found}


def _held_view(paper: HeldPaper | None, draft: Draft) -> dict[str, Any] | None:
    if paper is None:
        return None
    return {
        "id": paper.document_id,
        "name": paper.name,
        "dated": f"{paper.dated:%d/%m/%Y}",
        "code": paper.dossier_code,
        "expires": "" if paper.expires is None else f"{paper.expires:%d/%m/%Y}",
        "chosen": paper.document_id in draft.reused,
    }


def papers_page(
    request: Request, given: Services, user: CurrentUser, draft: Draft, problems: list[str], template: str, status: int
) -> Response:
    """The second or third step for this draft."""
    language = current_language(request)
    t = translator(language)
    view = bundle_view(given, draft.bundle_id, language)
    checking = template == "filing_check.html"
    context = {
        "bundle": view,
        "draft": draft,
        "papers": paper_views(given, draft, language),
        "problems": problems,
        "limit_mb": given.settings.upload_limit_bytes // (1024 * 1024),
        "fees": preview(given, draft, language) if checking else None,
        "tariffs": given.rules.tariffs if draft.delivery == "post" else (),
        "step": "check" if checking else "papers",
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
    """The papers this dossier needs."""
    return papers_page(request, given, user, draft, [], "filing_papers.html", 200)


@router.get("/{bundle_id}/giay-to/{draft_id}/anh/{file_id}")
def picture(file_id: str, draft: Draft = Depends(own_draft), given: Services = Depends(services)) -> Response:
    """A small picture of one page, turned as it will be handed in."""
    from lienthong.portal.paper_files import thumbnail  # image libraries only where a picture is shown

    for file in draft.files:
        if file.id == file_id and file.is_picture:
            return Response(thumbnail(given.drafts, draft, file), media_type="image/jpeg")
    raise problem_for_status(404)


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
    _change_pages(given, draft, form)
    _keep_consents(given, draft, form, language)
    problems = keep_uploads(given, draft, form, language)
    given.drafts.save(draft, given.now)
    if form.get("go") == "check":
        problems += missing(given, draft, language)
        if not problems:
            return papers_page(request, given, user, draft, [], "filing_check.html", 200)
    return papers_page(request, given, user, draft, problems, "filing_papers.html", 422 if problems else 200)


def _change_pages(given: Services, draft: Draft, form: FormData) -> None:
    """Remove, turn or move the page whose button was pressed."""
    for name, change in (
        ("remove", given.drafts.remove_file),
        ("turn", given.drafts.turn_file),
        ("move", given.drafts.move_file),
    ):
        if file_id := form.get(name):
            change(draft, str(file_id))


def _keep_consents(given: Services, draft: Draft, form: FormData, language: str) -> None:
    """Exactly the held papers that are ticked now are allowed to be used again."""
    if "papers_shown" not in form:
        return
    offered = {view["held"]["id"] for view in paper_views(given, draft, language) if view["held"]}
    draft.reused = [document_id for document_id in map(str, form.getlist("reuse")) if document_id in offered]


def missing(given: Services, draft: Draft, language: str) -> list[str]:
    """Which required papers are neither handed in nor allowed to be used again, in words."""
    t = translator("vi" if language == "vi" else "en")
    return [
        t("filing.missing_paper", name=view["name"])
        for view in paper_views(given, draft, language)
        if view["required"] and not view["files"] and not (view["held"] and view["held"]["chosen"])
    ]


def keep_uploads(given: Services, draft: Draft, form: FormData, language: str) -> list[str]:
    """Keep the good files of the form in the draft; the problems of the others in words."""
    problems = []
    known = {paper["code"] for paper in paper_views(given, draft, language)}
    for name, value in form.multi_items():
        kind = name.removeprefix("file_").removeprefix("camera_")
        if not isinstance(value, UploadFile) or not value.filename or kind not in known:
            continue
        try:
            content = value.file.read(given.settings.upload_limit_bytes + 1)
            checked = check_upload(value.filename, content, given.settings.upload_limit_bytes)
        except UploadRefused as refusal:
            problems.append(refusal.vi if language == "vi" else refusal.en)
            continue
        warnings = _warnings(content) if checked.content_type.startswith("image/") else []
        given.drafts.add_file(draft, kind, checked.file_name, checked.content_type, content, warnings)
    return problems


def _warnings(content: bytes) -> list[str]:
    from lienthong.portal.picture_quality import warnings_of  # image libraries only where a picture came

    return warnings_of(content)
