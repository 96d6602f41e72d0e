"""Filings that the National Portal pushes: signed, answered 0 (taken), 1 (known already) or -1 (not taken)."""

import json
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from connectors.errors import ConnectorFailure
from connectors.national_portal.call import NationalPortalClient
from connectors.national_portal.messages import FilingAnswer, IncomingFiling, MalformedFiling, parse_filing
from lienthong.dossiers import national_portal
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.errors import DomainError
from lienthong.dossiers.filing import Filing
from lienthong.dossiers.payments import verify_signature
from lienthong.dossiers.tables import Dossier
from lienthong.portal.callbacks import raw_body
from lienthong.portal.deps import Services, services
from lienthong.reading.refusals import UploadRefused

router = APIRouter(prefix="/lien-thong/quoc-gia")
DELIVERIES = {0: "desk", 1: "online", 2: "post"}


def portal_client(request: Request) -> NationalPortalClient:
    """The way to the National Portal, made at the first filing of this process."""
    state = request.app.state
    if getattr(state, "national_portal", None) is None:
        from prometheus_client import CollectorRegistry

        from connectors.circuit import Circuit, CircuitMetrics

        way = Circuit("national_portal", CircuitMetrics(CollectorRegistry()))
        chosen = state.settings
        state.national_portal = NationalPortalClient(chosen.national_portal_url, chosen.national_portal_secret, way)
    client: NationalPortalClient = state.national_portal
    return client


@router.post("/ho-so")
def receive(request: Request, body: bytes = Depends(raw_body), given: Services = Depends(services)) -> Response:
    """One filing; repeated, it is the same dossier and the answer is 1."""
    if not verify_signature(given.settings.national_portal_secret, body, request.headers.get("X-Signature", "")):
        return JSONResponse({"status": FilingAnswer.ERROR, "message": "X-Signature"}, 401)
    code = ""
    try:
        value = json.loads(body)
        code = str(value.get("MaHoSo", ""))[:64] if isinstance(value, dict) else ""
        incoming = parse_filing(value)
        known = _known(given, incoming.code)
        if known is not None:
            return JSONResponse({"status": FilingAnswer.DUPLICATE, "MaHoSo": known})
        asked = _filing(given, incoming, _files(portal_client(request), incoming))
        with session_scope(given.database) as session:
            dossier = national_portal.accept(session, given.store, given.law, incoming.code, asked, given.now)
            answer = {"status": FilingAnswer.ACCEPTED, "MaHoSo": dossier.code}
        return JSONResponse(answer)
    except (ValueError, MalformedFiling, ValidationError, DomainError, UploadRefused, ConnectorFailure) as failure:
        return _refuse(given, code, _words(failure))


def _refuse(given: Services, code: str, reason: str) -> Response:
    with session_scope(given.database) as session:
        national_portal.refuse(session, code, reason, given.now)
    return JSONResponse({"status": FilingAnswer.ERROR, "message": reason})


def _words(failure: Exception) -> str:
    if isinstance(failure, DomainError):
        return failure.text_vi
    if isinstance(failure, UploadRefused):
        return failure.vi
    if isinstance(failure, ValidationError):
        return "Sai: " + ", ".join(sorted({str(error["loc"][0]) for error in failure.errors()}))
    return str(failure)[:300]


def _known(given: Services, national_code: str) -> str | None:
    """The code here of a filing that was taken before."""
    with read_scope(given.database) as session:
        row = national_portal.answered(session, national_code)
        if row is None or row.dossier_id is None:
            return None
        return session.get_one(Dossier, row.dossier_id).code


def _files(portal: NationalPortalClient, incoming: IncomingFiling) -> list[FileUpload]:
    return [
        FileUpload(kind=paper.kind, file_name=paper.file_name, content=portal.file(paper.address))
        for paper in incoming.papers
    ]


def _filing(given: Services, incoming: IncomingFiling, files: list[FileUpload]) -> Filing:
    bundle = given.law.bundle(incoming.procedure, on=given.now.date())
    delivery: Any = DELIVERIES.get(incoming.delivery, "online")
    return Filing(
        filing_token=national_portal.token_of(incoming.code),
        bundle_id=bundle.id,
        applicant_name=incoming.applicant,
        applicant_personal_number=incoming.personal_number,
        applicant_phone=incoming.phone,
        applicant_email=incoming.email,
        applicant_address=incoming.address,
        organisation_name=incoming.applicant if incoming.applicant_kind == 2 else "",
        channel="online",
        delivery=delivery,
        options=incoming.options,
        files=files,
        origin="national-portal",
    )
