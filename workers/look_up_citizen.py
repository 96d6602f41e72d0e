"""Asks the population database whether the applicant is who the filing says; the answer stays out of the engine."""

from typing import Any, Final

from connectors.population.request import Lookup, birth_year
from lienthong.dossiers import audit, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import Dossier
from workers.context import JobContext, Services

JOB_TYPE: Final = "look_up_citizen"
TIMEOUT_MS: Final = 30_000
PURPOSE: Final = "match-applicant"
ACCOUNT: Final = "lienthong"


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """A query changes nothing outside, so it may be repeated; each one is in the audit, as each one is a view."""
    with read_scope(services.database) as session:
        dossier = tracking.require(session, job.dossier_code)
        lookup = _lookup(job, dossier, services)
    if not lookup.birth:  # no 12-digit number was given: there is nobody to ask for, and an officer compares by eye
        return {"citizen": {"found": False, "matches": False}}
    citizen = services.population.look_up(lookup)
    data = {
        "service": "037",
        "purpose": PURPOSE,
        "requestId": lookup.request_id,
        "found": citizen is not None,
        "fields": sorted(citizen.fields) if citizen else [],
    }
    with session_scope(services.database) as session:
        audit.record(session, lookup.officer, "population-lookup", job.dossier_code, data, job.now)
    matches = citizen is not None and citizen.is_named(lookup.full_name)
    return {"citizen": {"found": citizen is not None, "matches": matches}}


def _lookup(job: JobContext, dossier: Dossier, services: Services) -> Lookup:
    desk = services.law.desk(dossier)
    return Lookup(
        request_id=f"LT-{job.job_key}",
        purpose=PURPOSE,
        personal_number=dossier.applicant_personal_number,
        full_name=dossier.applicant_name,
        birth=birth_year(dossier.applicant_personal_number),
        officer=f"{desk}/reception",
        unit=desk,
        account=ACCOUNT,
    )
