"""The applicant's own dossiers: read, pay, supplement, withdraw, fetch documents."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from lienthong.dossiers import documents, filing, payments, ratings, reminders, supplements, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.ratings import NewRating
from lienthong.dossiers.tables import Dossier
from lienthong.portal.bundles import bundle_summary
from lienthong.portal.deps import Services, services
from lienthong.portal.dossier_views import dossier_view, row
from lienthong.portal.filing_pages import form_of
from lienthong.portal.pages import go, page
from lienthong.portal.text import date_time, translator
from lienthong.reading.upload_check import UploadRefused, check_upload
from lienthong.web.language import current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/ho-so")


def own_dossier(session: Session, code: str, user: CurrentUser) -> Dossier:
    """The signed-in person's dossier; a stranger's answers as if it did not exist."""
    dossier = tracking.by_code(session, code)
    if dossier is None or dossier.applicant_user_id != user.id:
        raise problem_for_status(404)
    return dossier


@router.get("")
def mine(request: Request, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Response:
    """All dossiers and drafts of the signed-in person."""
    language = current_language(request)
    with read_scope(given.database) as session:
        rows = [row(given.law, dossier, language) for dossier in tracking.of_user(session, user.id)]
        expiring = [
            {"id": reminder.id, "name": document.file_name, "day": f"{reminder.expires_on:%d/%m/%Y}"}
            for reminder, document in reminders.of_user(session, user.id)
        ]
    titles = {
        bundle.id: bundle_summary(given.law, bundle, language, given.now.date())["title"]
        for bundle in given.law.bundles(given.now.date())
    }
    drafts = [
        {"id": d.id, "bundle_id": d.bundle_id, "title": titles[d.bundle_id], "changed": date_time(d.changed)}
        for d in given.drafts.of_owner(user.id)
        if d.bundle_id in titles
    ]
    context = {"dossiers": rows, "drafts": drafts, "expiring": expiring}
    return page(request, "mine.html", user, context)


def _show(
    request: Request, given: Services, user: CurrentUser, code: str, problems: list[str], status: int = 200
) -> Response:
    with read_scope(given.database) as session:
        dossier = own_dossier(session, code, user)
        view = dossier_view(session, given.law, dossier, current_language(request), own=True, now=given.now)
    shown_at = date_time(given.now)
    return page(request, "dossier.html", user, {**view, "problems": problems, "shown_at": shown_at}, status)


@router.get("/{code}")
def one(
    request: Request, code: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)
) -> Response:
    """One dossier with its branches side by side."""
    return _show(request, given, user, code, [])


@router.post("/{code}/thanh-toan")
def pay(code: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Response:
    """To the payment gateway's page; only its signed callback decides what was paid."""
    with read_scope(given.database) as session:
        payment = payments.of_dossier(session, own_dossier(session, code, user).id)
        address = payment.pay_url if payment is not None and payment.status == "pending" else None
    return go(address) if address else go(f"/ho-so/{code}", "pay.not_ready")


@router.post("/{code}/bo-sung")
def supplement(
    request: Request,
    code: str,
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
    form: FormData = Depends(form_of),
) -> Response:
    """Receive what was asked for; all files are checked before any is stored."""
    language = current_language(request)
    problems: list[str] = []
    uploads = []
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile) or not value.filename:
            continue
        content = value.file.read(given.settings.upload_limit_bytes + 1)
        kind = name.removeprefix("file_")[:64] if name.startswith("file_") else "supplement"
        try:
            checked = check_upload(value.filename, content, given.settings.upload_limit_bytes)
            uploads.append(FileUpload(kind=kind, file_name=checked.file_name, content=content))
        except UploadRefused as refusal:
            problems.append(refusal.vi if language == "vi" else refusal.en)
    explanation = str(form.get("explanation", "")).strip()[:2000]
    if not uploads and not explanation and not problems:
        problems.append(translator(language)("supplement.empty"))
    if problems:
        return _show(request, given, user, code, problems, 422)
    with session_scope(given.database) as session:
        dossier = own_dossier(session, code, user)
        supplements.receive(session, given.store, given.law, dossier.code, uploads, user.username, given.now)
        if explanation:
            tracking.add(session, dossier.id, "explanation", explanation, explanation, given.now, actor=user.username)
    return go(f"/ho-so/{code}", "supplement.sent")


@router.post("/{code}/rut")
def withdraw(
    code: str,
    sure: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """Withdraw, when the applicant said twice that they want to."""
    if sure != "yes":
        return go(f"/ho-so/{code}", "withdraw.not_sure")
    with session_scope(given.database) as session:
        dossier = own_dossier(session, code, user)
        filing.withdraw(session, dossier.code, user.username, "", given.now)
    return go(f"/ho-so/{code}", "withdraw.done")


@router.post("/{code}/danh-gia")
def rate(
    code: str,
    overall: int = Form(0),
    attitude: int = Form(0),
    speed: int = Form(0),
    comment: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """What the applicant says of the finished dossier."""
    try:
        new = NewRating(overall=overall, attitude=attitude, speed=speed, comment=comment)
    except ValidationError:
        return go(f"/ho-so/{code}", "rating.incomplete")
    with session_scope(given.database) as session:
        ratings.rate(session, own_dossier(session, code, user), new, given.now)
    return go(f"/ho-so/{code}", "rating.kept")


@router.get("/{code}/tai-lieu/{document_id}")
def document(
    code: str,
    document_id: str,
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """One document of the dossier; the view is in the audit."""
    with session_scope(given.database) as session:
        dossier = own_dossier(session, code, user)
        if documents.get(session, document_id).dossier_id != dossier.id:
            raise problem_for_status(404)
        found, content = documents.content(session, given.store, document_id, user.username, given.now)
        name, content_type = found.file_name, found.content_type
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=content_type, headers=headers)
