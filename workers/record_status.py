"""Records where a dossier stands; acceptance and its refusal come with their paper."""

from typing import Any, Final

from lienthong.dossiers import acceptance, letters, tracking
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.rules.status import BusinessStatus
from workers.context import JobContext, Services
from workers.variables import optional_text, text

JOB_TYPE: Final = "record_status"
TIMEOUT_MS: Final = 30_000
NO_REASON: Final = "Hồ sơ không đủ điều kiện tiếp nhận"


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the present status; recording it again changes nothing and makes no second paper."""
    status = job.headers.get("status") or text(job, "status")
    code, store, law = job.dossier_code, services.documents, services.law
    with session_scope(services.database) as session:
        dossier = tracking.require(session, code)
        actor = f"{law.desk(dossier)}/reception"
        if dossier.status == status:
            return {}
        if status == BusinessStatus.ACCEPTED:
            acceptance.accept(session, store, law, code, actor, job.now)
        elif status == BusinessStatus.NOT_ACCEPTED:
            acceptance.reject(session, store, law, code, actor, optional_text(job, "note") or NO_REASON, job.now)
        else:
            branch = optional_text(job, "procedureCode")
            acceptance.record_status(session, code, status, job.now, branch, actor)
            if status == BusinessStatus.STOPPED:
                letters.stop_notice(session, store, law, dossier, optional_text(job, "note") or "", job.now, actor)
    return {}
