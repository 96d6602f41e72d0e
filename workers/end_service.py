"""Ends an essential service at its provider."""

from typing import Any, Final

from lienthong.dossiers import essential
from lienthong.dossiers.database import read_scope, session_scope
from workers.context import JobContext, Services

JOB_TYPE: Final = "end_service"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the contract; ending it twice is ending it once."""
    with read_scope(services.database) as session:
        service = essential.by_code(session, job.dossier_code)
        kind, reference = service.kind, service.provider_reference
    if reference:
        services.required_partners().utilities.end(kind, reference)
    with session_scope(services.database) as session:
        essential.ended(session, job.dossier_code, job.now)
    return {}
