"""Registers an essential service at its provider; when and for which month the first bill is asked for."""

from typing import Any, Final

from connectors.utilities.call import Registration
from lienthong.dossiers import essential
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.rules.calendar import local
from workers.context import JobContext, Services

JOB_TYPE: Final = "register_service"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the registration's code, here and at the provider."""
    with read_scope(services.database) as session:
        service = essential.by_code(session, job.dossier_code)
        kind = service.kind
        asked = Registration(service.code, service.holder_name, service.phone, service.address, dict(service.facts))
    contract = services.required_partners().utilities.register(kind, asked)
    with session_scope(services.database) as session:
        answer = (contract.accepted, contract.reference, contract.reason)
        essential.registered(session, job.dossier_code, *answer, job.now)
    now = local(job.now)
    return {
        "accepted": contract.accepted,
        "reference": contract.reference,
        "period": f"{now:%Y-%m}",
        "billAt": now.isoformat(timespec="seconds"),
    }
