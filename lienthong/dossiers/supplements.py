"""Supplements: asked for once with a deadline (form 02); what the answer does to the clock is the procedure's rule.

RESTART counts the whole limit again from the answer (NĐ 61/2018 art. 19(4)), if the authority asked within three
working days of receiving the file; PAUSE adds the time that was waited
(investment law); NONE leaves the deadline. Before acceptance the clock has not started at all.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lienthong.dossiers import acceptance, audit, components, documents, letters, outbox, tracking
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import ClockRule
from lienthong.dossiers.papers import moment
from lienthong.dossiers.papers.words import COMPONENTS
from lienthong.dossiers.rules.calendar import add_working_minutes, local, working_minutes_between
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.deadline import due, returned_in_time
from lienthong.dossiers.rules.status import BusinessStatus
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Branch, Dossier, Supplement

_PRESENT_TEXTS: Final = frozenset(text for status, text in COMPONENTS.items() if status is not ComponentStatus.MISSING)


def request(
    session: Session,
    store: Store,
    law: Law,
    dossier_code: str,
    procedure_code: str | None,
    note: str,
    actor: str,
    now: datetime,
) -> Supplement:
    """Ask for a supplement; while one is open for the same branch, that one is given back."""
    dossier = tracking.require(session, dossier_code)
    for earlier in _open(session, dossier.id):
        if earlier.branch_code == (procedure_code or ""):
            return earlier
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    branch = tracking.require_branch(session, dossier, procedure_code) if procedure_code else None
    limit = bundle.supplement_limit
    if branch is not None:
        own = law.under(dossier).procedure(branch.procedure_code, local(dossier.filed_at).date()).supplement_limit
        limit = own or limit
    supplement = Supplement(
        dossier_id=dossier.id,
        branch_code=procedure_code or "",
        note=note,
        stage="appraisal" if procedure_code else "intake",
        requested_at=now,
        due_at=due(law.calendar, now, limit),
    )
    authority_id = law.desk(dossier) if branch is None else branch.authority_id
    data = {
        "stage": "thẩm định" if procedure_code else "tiếp nhận",
        "reason": note or "theo hướng dẫn của cán bộ",
        "due": moment(supplement.due_at),
        "how": "nộp trên Cổng dịch vụ công hoặc tại Bộ phận Một cửa",
        "contact": law.authority(authority_id).name_vi,
        "components": [row for row in letters.component_rows(session, law, dossier) if row["status"] in _PRESENT_TEXTS],
    }
    supplement.document_id = letters.write(
        session, store, law, dossier, "supplement-request", authority_id, now, data, actor
    ).id
    session.add(supplement)
    session.flush()
    acceptance.record_status(session, dossier_code, BusinessStatus.SUPPLEMENT, now, actor=actor)
    audit.record(session, actor, "supplement-requested", dossier_code, {"branch": procedure_code}, now)
    return supplement


def require_first_at_intake(session: Session, dossier_code: str) -> None:
    """At intake a supplement is asked for once, complete (NĐ 61/2018 art. 11, 15); ``Conflict`` the second time."""
    dossier = tracking.require(session, dossier_code)
    asked = select(Supplement.id).where(Supplement.dossier_id == dossier.id, Supplement.branch_code == "")
    if session.exec(asked).first() is not None:
        raise Conflict(
            "supplement-once",
            "Khâu tiếp nhận chỉ được yêu cầu bổ sung một lần, đầy đủ (NĐ 61/2018 Điều 11, 15); hồ sơ này đã được yêu "
            "cầu. Hãy tiếp nhận, hoặc từ chối kèm lý do.",
            "At intake a supplement is asked for once, complete (Decree 61/2018 art. 11, 15), and this dossier was "
            "asked already. Accept it, or refuse it with the reason.",
        )


def receive(
    session: Session,
    store: Store,
    law: Law,
    dossier_code: str,
    uploads: Sequence[FileUpload],
    actor: str,
    now: datetime,
    branch_code: str | None = None,
) -> Supplement:
    """Take the applicant's answer to an open request, move the clock by the rule, and tell the process that asked.

    ``branch_code``: which request is answered ("" that of the desk); None the newest.
    """
    files = [documents.take(store, upload) for upload in uploads]  # before the transaction takes its lock
    dossier = tracking.require(session, dossier_code)
    supplement = open_request(session, dossier.id, branch_code)
    if supplement is None:
        raise NotFound("supplement", "Hồ sơ không có yêu cầu bổ sung.", "No supplement was asked for.")
    for file in files:
        document = documents.attach_taken(session, dossier, file, now, actor)
        _fill(session, law, dossier, file.kind, document.id)
    supplement.received_at = now
    session.add(supplement)
    session.flush()
    if open_request(session, dossier.id) is None:
        accepted = dossier.accepted_at is not None
        dossier.status = BusinessStatus.PROCESSING if accepted else BusinessStatus.FILED
        session.add(dossier)
    if supplement.branch_code:
        branch = tracking.require_branch(session, dossier, supplement.branch_code)
        _move_clock(session, law, dossier, branch, supplement, now)
    variables = {"supplementId": supplement.id}
    branch_or_none = supplement.branch_code or None
    outbox.add_message(session, "supplement-received", dossier_code, variables, now, branch_or_none)
    vi, en = "Đã nhận giấy tờ bổ sung.", "The supplement was received."
    tracking.add(session, dossier.id, "supplemented", vi, en, now, supplement.branch_code, actor)
    audit.record(session, actor, "supplement-received", dossier_code, {"files": len(uploads)}, now)
    return supplement


def _fill(session: Session, law: Law, dossier: Dossier, kind: str, document_id: str) -> None:
    """A paper of this kind fills the missing components that ask for it."""
    kinds = {(one.branch_code, one.component_code): one.kind for one in components.wanted(law, dossier)}
    for row in components.of_dossier(session, dossier.id):
        fits = kinds.get((row.branch_code, row.component_code)) == kind
        if fits and row.status == ComponentStatus.MISSING and not row.provenance:
            row.status, row.document_id, row.provenance = ComponentStatus.PROVIDED, document_id, "supplement"
            session.add(row)


def _move_clock(
    session: Session, law: Law, dossier: Dossier, branch: Branch, supplement: Supplement, now: datetime
) -> None:
    rule = law.under(dossier).procedure(branch.procedure_code, local(dossier.filed_at).date()).clock
    if branch.due_at is None or rule is ClockRule.NONE:
        return
    asked_late = branch.started_at is not None and not returned_in_time(
        law.calendar, branch.started_at, supplement.requested_at
    )
    if rule is ClockRule.RESTART and asked_late:
        rule = ClockRule.PAUSE  # [I]: who asks after the three working days does not win the whole limit again
    waited = working_minutes_between(law.calendar, supplement.requested_at, now)
    if rule is ClockRule.RESTART:
        bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
        branch_due = due(law.calendar, now, bundle.limit(branch.procedure_code, dossier.options))
    else:
        branch_due = add_working_minutes(law.calendar, branch.due_at, waited)
    shift = working_minutes_between(law.calendar, branch.due_at, branch_due)
    ground, actor = f"supplement-{rule}", "system"
    acceptance.move_deadline(session, law, dossier.code, branch.procedure_code, branch_due, ground, actor, now)
    if dossier.due_at is not None and shift > 0:
        bundle_due = add_working_minutes(law.calendar, dossier.due_at, shift)
        acceptance.move_deadline(session, law, dossier.code, None, bundle_due, ground, actor, now)


def _open(session: Session, dossier_id: str) -> list[Supplement]:
    statement = select(Supplement).where(Supplement.dossier_id == dossier_id, col(Supplement.received_at).is_(None))
    return list(session.exec(statement.order_by(col(Supplement.requested_at).desc())).all())


def open_request(session: Session, dossier_id: str, branch_code: str | None = None) -> Supplement | None:
    """The newest request that is not answered yet, of one branch ("" the desk) when it is named."""
    found = [one for one in _open(session, dossier_id) if branch_code in (None, one.branch_code)]
    return found[0] if found else None
