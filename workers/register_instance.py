"""Binds a process instance to its dossier; a second instance of the same dossier learns that it must end."""

from typing import Any, Final

from lienthong.dossiers import filing
from lienthong.dossiers.database import session_scope
from workers.context import JobContext, Services

JOB_TYPE: Final = "register_instance"
TIMEOUT_MS: Final = 20_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the instance's key is unique on the dossier."""
    with session_scope(services.database) as session:
        duplicate = filing.register_instance(session, job.dossier_code, job.process_instance_key, job.now)
    return {"duplicate": duplicate}
