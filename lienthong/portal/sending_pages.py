"""The third step of a filing: sign and send. One transaction, one code; sending twice files once."""

import hashlib
import json

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlmodel import Session

from lienthong.dossiers import assistance, audit, documents, entrusted, filing
from lienthong.dossiers.assistance import HelperKind
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.entrusted import Received
from lienthong.dossiers.tables import Dossier, Role
from lienthong.dossiers.tables.portal import FilingConsent
from lienthong.portal.catalogue_pages import bundle_view
from lienthong.portal.deps import Services, services
from lienthong.portal.drafts import Draft
from lienthong.portal.filing_pages import own_draft
from lienthong.portal.helper_rights import organisation_of, require_clerk
from lienthong.portal.pages import go
from lienthong.portal.paper_pages import AUTHORISATION, missing, paper_views, papers_page
from lienthong.portal.text import translator
from lienthong.web.language import Language, current_language
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/nop-ho-so")


def sent(code: str, helped: bool = False) -> Response:
    """On to the page of the dossier that was filed."""
    return go(f"/ho-tro/ho-so/{code}" if helped else f"/ho-so/{code}", "filing.sent", code=code)


@router.post("/{bundle_id}/gui/{draft_id}")
def send(
    request: Request,
    draft_id: str,
    truth: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """File the dossier, or write the sending slip when an entrusted enterprise takes it in."""
    if (before := _filed_before(given, draft_id, user)) is not None:
        given.drafts.discard(draft_id)
        return before
    draft = own_draft(draft_id, user, given)
    if draft.behalf != "enterprise":
        filing.refuse_when_closed(given.law, given.now)  # before the papers: a newer law may ask for others
    language = current_language(request)
    problems = missing(given, draft, language)
    if truth != "yes":
        problems.append(translator(language)("filing.missing_truth"))
    if problems:
        return papers_page(request, given, user, draft, problems, "filing_check.html", 422)
    if draft.behalf == "enterprise":
        return _write_slip(given, draft, user, language)
    uploads = uploads_of(given, draft)
    with session_scope(given.database) as session:
        dossier = file_draft(session, given, draft, user, uploads, language)
        code = dossier.code
    given.drafts.discard(draft.id)
    return sent(code, draft.behalf == "youth")


def _filed_before(given: Services, draft_id: str, user: CurrentUser) -> Response | None:
    """The answer to a sending that was answered before, for the person who sent it."""
    with read_scope(given.database) as session:
        dossier = filing.filed_before(session, draft_id)
        if dossier is None:
            return None
        helper = assistance.of_dossier(session, dossier.id)
        if dossier.applicant_user_id == user.id:
            return sent(dossier.code)
        if helper is not None and helper.helper_user_id == user.id:
            return sent(dossier.code, helped=True)
        return None


def uploads_of(given: Services, draft: Draft) -> list[FileUpload]:
    """The draft's papers as files, several pages of one paper joined."""
    from lienthong.portal.paper_files import uploads_of as joined  # image libraries only where papers are made

    return joined(given.drafts, draft)


def file_draft(
    session: Session, given: Services, draft: Draft, user: CurrentUser, uploads: list[FileUpload], language: Language
) -> Dossier:
    """File a draft: the dossier, who signed what, what may be used again, and who helped."""
    asked = filing.Filing(
        filing_token=draft.id,
        bundle_id=draft.bundle_id,
        applicant_name=draft.applicant_name,
        applicant_personal_number=draft.applicant_personal_number,
        applicant_phone=draft.applicant_phone,
        applicant_email=draft.applicant_email,
        applicant_address=draft.applicant_address,
        organisation_name=draft.organisation_name,
        applicant_user_id=user.id if draft.behalf in ("self", "proxy") else None,
        channel="post" if draft.behalf == "enterprise" else "online",
        delivery=draft.delivery,
        language=language,
        options=draft.options,
        files=uploads,
    )
    dossier = filing.file_dossier(session, given.store, given.law, asked, given.now)
    for document_id in draft.reused:
        consent = FilingConsent(user_id=user.id, filing_token=draft.id, document_id=document_id, given_at=given.now)
        session.add(consent)
    signed = {"digest": digest(draft, uploads), "reused": list(draft.reused)}
    audit.record(session, user.username, "dossier-signed", dossier.code, signed, given.now)
    if draft.behalf in ("proxy", "youth"):
        _record_help(session, given, draft, dossier, user)
    session.flush()
    return dossier


def digest(draft: Draft, uploads: list[FileUpload]) -> str:
    """SHA-256 over everything that was declared and handed in: what the applicant's signature stands for."""
    declared = {
        "bundle": draft.bundle_id,
        "applicant": [draft.applicant_name, draft.applicant_personal_number, draft.applicant_phone],
        "options": draft.options,
        "delivery": draft.delivery,
        "reused": draft.reused,
        "files": [[upload.kind, hashlib.sha256(upload.content).hexdigest()] for upload in uploads],
    }
    return hashlib.sha256(json.dumps(declared, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _record_help(session: Session, given: Services, draft: Draft, dossier: Dossier, user: CurrentUser) -> None:
    papers = documents.of_dossier(session, dossier.id)
    authorisation = next((document.id for document in papers if document.kind == AUTHORISATION), None)
    assistance.record(
        session,
        dossier,
        HelperKind(draft.behalf),
        user.id,
        given.now,
        organisation_id=organisation_of(user, Role.YOUTH_HELPER) if draft.behalf == "youth" else "",
        relation=draft.relation,
        authorisation_document_id=authorisation,
    )


def _write_slip(given: Services, draft: Draft, user: CurrentUser, language: Language) -> Response:
    clerk = require_clerk(user)
    bundle = bundle_view(given, draft.bundle_id, "vi")
    law_bundle = given.law.bundle(draft.bundle_id, on=given.now.date())
    papers = tuple((str(view["name"]), len(view["files"])) for view in paper_views(given, draft, "vi") if view["files"])
    received = Received(
        draft_id=draft.id,
        bundle_id=draft.bundle_id,
        title=str(bundle["title"]),
        authority=given.law.authority(law_bundle.desk).name_vi,
        applicant_name=draft.applicant_name,
        applicant_phone=draft.applicant_phone,
        applicant_address=draft.applicant_address,
        papers=papers,
        fee=given.rules.tariff(draft.zone).fee,
    )
    with session_scope(given.database) as session:
        slip = entrusted.receive(session, given.store, given.rules, clerk, received, given.now)
        number = slip.number
    return go("/uy-thac", "entrusted.slip_written", number=number)
