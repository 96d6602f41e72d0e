"""A dossier, its tasks and its papers as the JSON that ``staff/src/shared/types.ts`` declares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from lienthong.dossiers import comments, components, consultations, documents, task_acts, tasks, tracking
from lienthong.dossiers.errors import DomainError
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import Comment, Consultation, Document, DocumentField, Dossier, Task
from lienthong.dossiers.tasks import Viewer

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, under which law, at what time, and below which confidence a field needs an eye."""

    law: Law
    viewer: Viewer
    now: datetime
    field_confidence: float


def both(text_vi: str, text_en: str) -> dict[str, str]:
    return {"vi": text_vi, "en": text_en}


def iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def authority_name(law: Law, authority_id: str) -> dict[str, str]:
    authority = law.authorities.get(authority_id)
    return both(authority_id, authority_id) if authority is None else both(authority.name_vi, authority.name_en)


def procedure_name(law: Law, code: str, now: datetime) -> dict[str, str]:
    """The name of a procedure, or its code where the law of that day knows none (a stage of a bundle)."""
    try:
        procedure = law.procedure(code, now.date())
    except (DomainError, LookupError):
        return both(code, code)
    return both(procedure.name_vi, procedure.name_en)


def bundle_title(law: Law, dossier: Dossier) -> dict[str, str]:
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    return both(bundle.title_vi, bundle.title_en)


def dossiers_of(session: Session, codes: set[str]) -> dict[str, Dossier]:
    rows = session.exec(select(Dossier).where(col(Dossier.code).in_(codes))).all()
    return {row.code: row for row in rows}


def task_view(reader: Reader, task: Task, dossiers: Mapping[str, Dossier]) -> Json:
    """One line of the queue."""
    dossier = dossiers.get(task.dossier_code)
    law = reader.law
    return {
        "key": task.user_task_key,
        "elementId": task.element_id,
        "name": task.name,
        "dossierCode": task.dossier_code,
        "applicant": "" if dossier is None else tracking.named_in_lists(dossier),
        "bundleTitle": both("", "") if dossier is None else bundle_title(law, dossier),
        "procedureCode": task.procedure_code,
        "procedureName": procedure_name(law, task.procedure_code, reader.now) if task.procedure_code else both("", ""),
        "authorityId": task.authority_id,
        "authorityName": authority_name(law, task.authority_id),
        "role": task.role,
        "assignee": task.assignee or None,
        "takeable": tasks.may_work(reader.viewer, task)
        and (not task.assignee or task.assignee in reader.viewer.names or task.escalated_group in reader.viewer.groups),
        "mine": task.assignee == reader.viewer.username,
        "insteadOf": reader.viewer.acting_for(task),
        "mayGive": task_acts.may_give(reader.viewer, task),
        "revision": task.revision,
        "dueAt": iso(task.due_at),
        "remainingMinutes": tasks.remaining_minutes(law, task, reader.now),
        "priority": task.priority,
        "essential": False if dossier is None else dossier.essential,
        "createdAt": iso(task.created_at),
    }


def needs_review(field: DocumentField, field_confidence: float) -> bool:
    """Whether an officer must look at a field before the dossier goes on."""
    return not field.reviewed and field.confidence < field_confidence


def document_view(session: Session, document: Document, field_confidence: float) -> Json:
    """A paper with the fields read from it; places are fractions of the page."""
    return {
        "id": document.id,
        "kind": document.kind,
        "fileName": document.file_name,
        "contentType": document.content_type,
        "role": str(document.role),
        "pages": max(1, document.pages),
        "number": document.number,
        "fields": [
            {
                "name": field.name,
                "value": field.value,
                "confidence": field.confidence,
                "page": field.page,
                "x": field.x,
                "y": field.y,
                "width": field.width,
                "height": field.height,
                "reviewed": field.reviewed,
                "needsReview": needs_review(field, field_confidence),
            }
            for field in documents.fields(session, document.id)
        ],
    }


def dossier_view(session: Session, reader: Reader, dossier: Dossier) -> Json:
    """The whole dossier: facts, branches side by side, components, timeline, papers."""
    papers = documents.of_dossier(session, dossier.id)
    return {
        "code": dossier.code,
        "title": bundle_title(reader.law, dossier),
        "status": str(dossier.status),
        "paymentStatus": str(dossier.payment_status),
        "applicant": dossier.applicant_name,
        "organisation": dossier.organisation_name,
        "phone": dossier.applicant_phone,
        "personalNumber": dossier.applicant_personal_number,
        "channel": dossier.channel,
        "filedAt": iso(dossier.filed_at),
        "dueAt": iso(dossier.due_at),
        "branches": _branches(session, reader, dossier),
        "components": [
            {
                "branchCode": component.branch_code,
                "name": component.name,
                "status": str(component.status),
                "provenance": component.provenance,
                "documentId": component.document_id,
            }
            for component in components.of_dossier(session, dossier.id)
        ],
        "timeline": [
            {
                "at": iso(entry.at),
                "kind": entry.kind,
                "branchCode": entry.branch_code,
                "actor": entry.actor,
                "text": both(entry.text_vi, entry.text_en),
            }
            for entry in tracking.timeline(session, dossier.id)
        ],
        "documents": [document_view(session, paper, reader.field_confidence) for paper in papers],
        "comments": [comment_view(comment) for comment in comments.of_dossier(session, dossier.id)],
        "consultations": [
            consultation_view(reader.law, row, dossier) for row in consultations.of_dossier(session, dossier.id)
        ],
    }


def comment_view(comment: Comment) -> Json:
    return {
        "id": comment.id,
        "author": comment.author,
        "text": comment.text,
        "branchCode": comment.branch_code,
        "at": iso(comment.at),
    }


def consultation_view(law: Law, row: Consultation, dossier: Dossier) -> Json:
    return {
        "id": row.id,
        "dossierCode": dossier.code,
        "branchCode": row.branch_code,
        "asking": authority_name(law, row.asking_authority_id),
        "asked": authority_name(law, row.asked_authority_id),
        "question": row.question,
        "askedBy": row.asked_by,
        "askedAt": iso(row.asked_at),
        "dueAt": iso(row.due_at),
        "opinion": row.opinion,
        "answer": row.answer,
        "answeredAt": iso(row.answered_at),
    }


def _branches(session: Session, reader: Reader, dossier: Dossier) -> list[Json]:
    return [
        {
            "code": branch.procedure_code,
            "name": procedure_name(reader.law, branch.procedure_code, reader.now),
            "authorityId": branch.authority_id,
            "authorityName": authority_name(reader.law, branch.authority_id),
            "status": str(branch.status),
            "dueAt": iso(branch.due_at),
            "finishedAt": iso(branch.finished_at),
            "late": branch.late,
            "resultNumber": branch.result_number,
        }
        for branch in tracking.branches(session, dossier.id)
    ]
