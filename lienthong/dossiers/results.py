"""Results: one numbered paper a dossier and procedure, which at once becomes the paper its siblings wait for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from lienthong.dossiers import acceptance, audit, components, letters, notifications, payments, repository, tracking
from lienthong.dossiers.errors import Conflict, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.numbering import next_paper_number
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Branch, BranchStatus, Document, DocumentRole


@dataclass(frozen=True, slots=True)
class IssuedResult:
    """The result of one procedure as the process carries it."""

    procedure_code: str
    outcome: str
    document_id: str | None
    number: str | None

    def as_variable(self) -> dict[str, Any]:
        """The ``result`` context of the process."""
        return {
            "procedureCode": self.procedure_code,
            "outcome": self.outcome,
            "documentId": self.document_id,
            "number": self.number,
        }


def issue(
    session: Session,
    store: Store,
    law: Law,
    dossier_code: str,
    procedure_code: str,
    authority_id: str,
    actor: str,
    now: datetime,
) -> IssuedResult:
    """Number, make and store the result, and fill the components that wait for it; repeating gives the same one."""
    dossier = tracking.require(session, dossier_code)
    branch = tracking.require_branch(session, dossier, procedure_code)
    if branch.result_document_id is not None:
        return _result(branch)
    if branch.status == BranchStatus.REFUSED:
        raise Conflict("refused", "Thủ tục này đã bị từ chối.", "This procedure has been refused.")
    if authority_id and authority_id != branch.authority_id:
        raise Invalid(
            "authority",
            f"Cơ quan {authority_id} không giải quyết thủ tục {procedure_code}.",
            f"The authority {authority_id} does not decide {procedure_code}.",
        )
    procedure = law.under(dossier).procedure(procedure_code, local(dossier.filed_at).date())
    number = next_paper_number(session, procedure.result_number, branch.authority_id, now)
    document = letters.result(session, store, law, dossier, branch, number, now)
    branch.result_document_id, branch.result_number = document.id, number
    branch.status, branch.finished_at = BranchStatus.ISSUED, now
    branch.late = branch.late or (branch.due_at is not None and now > branch.due_at)
    session.add(branch)
    payments.ensure_receipt(session, store, law, dossier, now)
    filled = components.fill_by_result(session, branch, document, number)
    repository.keep(session, dossier, document, now)
    tracking.add(
        session,
        dossier.id,
        "issued",
        f"Đã có kết quả: {procedure.result_name_vi} số {number}.",
        f"Issued: {procedure.result_name_en} no. {number}.",
        now,
        procedure_code,
        actor,
        {"document": document.id, "filled": filled},
    )
    audit.record(session, actor, "result-issued", dossier_code, {"branch": procedure_code, "number": number}, now)
    return _result(branch)


def _result(branch: Branch) -> IssuedResult:
    return IssuedResult(branch.procedure_code, "issued", branch.result_document_id, branch.result_number)


def refuse(
    session: Session,
    store: Store,
    law: Law,
    dossier_code: str,
    procedure_code: str,
    actor: str,
    reason: str,
    now: datetime,
) -> IssuedResult:
    """Refuse one procedure with form 03; ``Conflict`` when its result was issued already."""
    dossier = tracking.require(session, dossier_code)
    branch = tracking.require_branch(session, dossier, procedure_code)
    if branch.result_document_id is not None:
        raise Conflict("issued", "Kết quả đã được cấp.", "The result has been issued already.")
    acceptance.record_status(session, dossier_code, BranchStatus.REFUSED, now, procedure_code, actor)
    letter = notifications.refusal_letter(session, store, law, dossier, procedure_code, now, reason, actor)
    return IssuedResult(procedure_code, "refused", letter.id, letter.number)


def by_number(session: Session, number: str) -> Document | None:
    """The result of a number, for whoever scans its code."""
    statement = select(Document).where(Document.number == number, Document.role == DocumentRole.RESULT)
    return session.exec(statement).first() if number else None
