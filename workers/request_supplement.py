"""Writes the request to complete a dossier (form 02) with its deadline."""

from typing import Any, Final

from lienthong.dossiers import supplements
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.rules.calendar import local
from workers.context import JobContext, Services
from workers.variables import optional_text

JOB_TYPE: Final = "request_supplement"
TIMEOUT_MS: Final = 30_000
SYSTEM: Final = "system"
NO_NOTE: Final = "Bổ sung giấy tờ còn thiếu"


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the open request of the dossier and branch."""
    note = optional_text(job, "note") or NO_NOTE
    procedure_code = optional_text(job, "procedureCode")
    with session_scope(services.database) as session:
        request = supplements.request(
            session, services.documents, services.law, job.dossier_code, procedure_code, note, SYSTEM, job.now
        )
    return {"supplementId": request.id, "supplementDueAt": local(request.due_at).isoformat()}
