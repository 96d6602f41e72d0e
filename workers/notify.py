"""Tells the applicant and those concerned, by the template that the model names; a refusal also gets its letter."""

from typing import Any, Final

from lienthong.dossiers import notifications, results
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, Services
from workers.variables import header, optional_text

JOB_TYPE: Final = "notify"
TIMEOUT_MS: Final = 30_000
BRANCH_REFUSED: Final = "branch-refused"
SYSTEM: Final = "system"
NO_REASON: Final = "Không nêu lý do"
TEMPLATES: Final = {
    "payment-reminder": "payment",
    "supplement-requested": "supplement",
    "branch-issued": "result",
    "result-ready": "result",
    BRANCH_REFUSED: "refused",
    "dossier-refused": "refused",
    "intake-refused": "refused",
}
"""What the models call a notice, to the text that it gets; any other name is the text's own."""


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: `notifications.notify` writes the same notice of a dossier once a template, branch and time."""
    template = header(job, "template")
    procedure_code = optional_text(job, "procedureCode")
    with session_scope(services.database) as session:
        if template == BRANCH_REFUSED and procedure_code:
            reason = optional_text(job, "note") or NO_REASON
            results.refuse(
                session, services.documents, services.law, job.dossier_code, procedure_code, SYSTEM, reason, job.now
            )
        text = TEMPLATES.get(template, template)
        notifications.notify(session, services.law, job.dossier_code, text, job.now, procedure_code)
    return {}
