"""Reception at the counter: known citizens, filing with scans, the slip, cash."""

import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import BaseModel, Field, ValidationError

from lienthong.api.deps import Desk, DeskDep
from lienthong.api.dossier_view import authority_name, both, iso
from lienthong.dossiers import audit, documents, filing, payments, reception, scans
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.filing import Filing
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Role
from lienthong.web.problems import Problem

router = APIRouter(prefix="/reception", tags=["reception"])
Json = dict[str, Any]
RECEIVING = frozenset({Role.RECEPTION, Role.UNIT_HEAD})


class CounterFiling(BaseModel):
    """What the receptionist enters; the papers come beside it."""

    token: str = Field(min_length=8, max_length=64)
    bundleId: str
    name: str = Field(min_length=1, max_length=120)
    personalNumber: str = Field("", pattern=r"^(\d{9}|\d{12}|)$")
    phone: str = Field("", max_length=20)
    email: str = Field("", max_length=200)
    address: str = Field("", max_length=300)
    organisation: str = Field("", max_length=200)
    delivery: Literal["online", "desk", "post"] = "desk"
    options: dict[str, bool | int | str] = {}
    kinds: list[str] = []
    scans: list[tuple[str, str]] = []


class Cash(BaseModel):
    """How much was taken, in whole VND."""

    amount: int = Field(gt=0)


@router.get("")
def read_reception(desk: DeskDep) -> Json:
    """The desks at which one receives, and what can be filed there with its questions and kinds of paper."""
    with read_scope(desk.database) as session:
        viewer = desk.viewer(session)
        desks = sorted({authority for authority, role in viewer.all_grants if role in RECEIVING})
    bundles = [bundle for bundle in desk.law.bundles(local(desk.now).date()) if bundle.desk in desks]
    return {
        "desks": [{"id": one, "name": authority_name(desk.law, one)} for one in desks],
        "bundles": [
            {
                "id": bundle.id,
                "deskId": bundle.desk,
                "title": both(bundle.title_vi, bundle.title_en),
                "questions": [question.model_dump(mode="json") for question in bundle.questions],
            }
            for bundle in bundles
        ],
        "token": secrets.token_urlsafe(18),
    }


@router.post("/draft")
def draft(entered: dict[str, Any], desk: DeskDep) -> Json:
    """Which papers these answers ask for, each kind once; nothing is written."""
    found = filing.start_draft(desk.law, str(entered.get("bundleId", "")), dict(entered.get("options") or {}), desk.now)
    with read_scope(desk.database) as session:
        desk.receptionist(session, found.bundle.desk)
    return {
        "papers": [
            {
                "kind": one.rule.kind,
                "name": both(one.rule.name_vi, one.rule.name_en),
                "asked": one.asked,
                "procedureCode": one.procedure_code,
                "mark": one.rule.mark,
            }
            for one in found.papers()
        ]
    }


@router.get("/citizens/{personal_number}")
def known_citizen(personal_number: str, desk: DeskDep) -> Json:
    """What is held of a citizen already, with its source; the look-up is audited."""
    with session_scope(desk.database) as session:
        viewer = desk.viewer(session)
        if not any(role in RECEIVING for _, role in viewer.all_grants):
            raise Problem(403, "reception", "Bạn không tiếp nhận hồ sơ.", "You do not receive dossiers.")
        found = reception.known_citizen(session, viewer, personal_number, desk.now)
    if found is None:
        return {"citizen": None}
    return {
        "citizen": {
            "name": found.name,
            "personalNumber": found.personal_number,
            "phone": found.phone,
            "email": found.email,
            "address": found.address,
            "organisation": found.organisation,
            "source": found.source,
        }
    }


@router.post("/dossiers", status_code=201)
def receive(
    desk: DeskDep, entered: Annotated[str, Form()], files: Annotated[list[UploadFile] | None, File()] = None
) -> Json:
    """File for whoever stands at the counter; the acceptance slip is there at once, the papers are read later."""
    given = _entered(entered)
    bundle = desk.law.bundle(given.bundleId, on=local(desk.now).date())
    uploads = [
        FileUpload(kind=kind, file_name=file.filename or "scan", content=file.file.read())
        for file, kind in zip(files or [], given.kinds, strict=False)
    ]
    with session_scope(desk.database) as session:
        viewer = desk.receptionist(session, bundle.desk)
        known = reception.known_citizen(session, viewer, given.personalNumber, desk.now)
        before = reception.received_before(session, given.token)
        scanned = [] if before else scans.uploads(session, desk.documents, bundle.desk, given.scans)
        wanted = Filing(
            filing_token=given.token,
            bundle_id=bundle.id,
            bundle_version=bundle.version,
            applicant_name=given.name,
            applicant_personal_number=given.personalNumber,
            applicant_phone=given.phone,
            applicant_email=given.email,
            applicant_address=given.address,
            organisation_name=given.organisation,
            applicant_user_id=known.user_id if known else None,
            channel="counter",
            delivery=given.delivery,
            options=given.options,
            files=[*uploads, *(upload for _, upload in scanned)],
        )
        dossier = filing.file_dossier(session, desk.documents, desk.law, wanted, desk.now)
        scans.take(session, [paper for paper, _ in scanned], dossier.id, viewer.username, desk.now)
        told = {"papers": len(wanted.files)}
        audit.record(session, viewer.username, "received-at-counter", dossier.code, told, desk.now)
        slip = documents.of_dossier(session, dossier.id, "slip")
        return {
            "code": dossier.code,
            "dueAt": iso(dossier.due_at),
            "slipId": slip[-1].id if slip else None,
            "missing": _missing(desk, given, wanted),
        }


def _entered(text: str) -> CounterFiling:
    try:
        return CounterFiling.model_validate_json(text)
    except ValidationError as failure:
        fields = ", ".join(sorted({str(error["loc"][0]) for error in failure.errors() if error["loc"]}))
        raise Problem(422, "invalid", f"Thông tin chưa đúng: {fields}.", f"Not right yet: {fields}.") from failure


def _missing(desk: Desk, given: CounterFiling, wanted: Filing) -> list[Json]:
    """Kinds of paper that were asked for and not given: the check at the desk will ask for them."""
    have = {upload.kind for upload in wanted.files}
    asked = filing.start_draft(desk.law, given.bundleId, given.options, desk.now).papers()
    return [both(one.rule.name_vi, one.rule.name_en) for one in asked if one.asked and one.rule.kind not in have]


@router.get("/dossiers/{code}/payment")
def read_payment(code: str, desk: DeskDep) -> Json:
    """What is owed for a dossier and whether it is paid."""
    with read_scope(desk.database) as session:
        dossier = desk.dossier(session, code)
        payment = payments.of_dossier(session, dossier.id)
        if payment is None:
            return {"payment": None}
        rows = payments.lines(session, payment.id)
        return {
            "payment": {
                "amount": payment.amount,
                "status": str(payment.status),
                "paidAt": iso(payment.paid_at),
                "lines": [
                    {"procedureCode": row.procedure_code, "name": row.name, "amount": row.amount, "mark": row.mark}
                    for row in rows
                ],
            }
        }


@router.post("/dossiers/{code}/cash")
def take_cash(code: str, cash: Cash, desk: DeskDep) -> Json:
    """Take cash for the whole amount and give the receipt."""
    with session_scope(desk.database) as session:
        dossier = desk.dossier(session, code)
        viewer = desk.receptionist(session, str(dossier.authorities.get("desk", "")))
        receipt = reception.take_cash(
            session, desk.documents, desk.law, dossier, cash.amount, viewer.username, desk.now
        )
        return {"receiptId": receipt.id, "number": receipt.number}
