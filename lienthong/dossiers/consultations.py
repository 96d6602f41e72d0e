"""Opinions of other bodies: the answer is recorded and told to the branch that waits for it."""

from datetime import datetime

from sqlmodel import Session

from lienthong.dossiers import audit, outbox, tracking


def answer(session: Session, dossier_code: str, procedure_code: str, opinion: str, actor: str, now: datetime) -> None:
    """Record an opinion on one procedure and tell its process."""
    dossier = tracking.require(session, dossier_code)
    tracking.require_branch(session, dossier, procedure_code)
    outbox.add_message(session, "consultation-answered", dossier_code, {"answer": opinion}, now, procedure_code)
    tracking.add(
        session,
        dossier.id,
        "consultation-answered",
        "Đã có ý kiến của cơ quan được hỏi.",
        "The body asked has given its opinion.",
        now,
        procedure_code,
        actor,
    )
    audit.record(session, actor, "consultation-answered", dossier_code, {"branch": procedure_code}, now)
