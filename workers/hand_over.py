"""Records that the results were handed to the applicant or the post, and closes the control sheet."""

from typing import Any, Final

from lienthong.dossiers import handover, tracking
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, Services

JOB_TYPE: Final = "hand_over"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the delivery state of the dossier."""
    with session_scope(services.database) as session:
        dossier = tracking.require(session, job.dossier_code)
        desk = services.law.desk(dossier)
        handover.hand_over(session, services.documents, services.law, job.dossier_code, f"{desk}/reception", job.now)
    return {"handedOver": True}
