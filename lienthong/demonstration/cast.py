"""Everything a demonstration needs to know of the stack it plays on."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from lienthong.demonstration.actors import ActorFailed
from lienthong.dossiers import escalation, seed, tracking
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import Dossier, UserKind
from lienthong.orchestration.client import OrchestrationClient

FINAL = {"not_accepted", "withdrawn", "stopped", "refused"}


def staff_names() -> list[str]:
    """User names of the staff of the demonstration who handle dossiers."""
    return [
        account.username
        for account in seed.DEMO_ACCOUNTS
        if account.kind == UserKind.STAFF
        and any(role not in ("designer", "administrator") for _, role in account.grants)
    ]


@dataclass(slots=True)
class Cast:
    """Addresses, law, database and the password of all demonstration accounts."""

    web_url: str
    password: str
    law: Law
    database: Engine
    engine: OrchestrationClient

    def dossier(self, code: str) -> Dossier:
        """The dossier of that code. Raises ActorFailed when there is none."""
        with read_scope(self.database) as session:
            found = tracking.by_code(session, code)
            if found is not None:
                session.expunge(found)  # it outlives the transaction that read it
        if found is None:
            raise ActorFailed(f"Expected a dossier {code}, but there is none")
        return found

    def finished(self, code: str) -> bool:
        """Whether the results were handed over, or the dossier came to another end."""
        dossier = self.dossier(code)
        return dossier.delivery_status == "handed_over" or dossier.status in FINAL

    def escalated(self, code: str) -> bool:
        """Whether somebody above the officer was told."""
        with read_scope(self.database) as session:
            return bool(escalation.entries(session, self.dossier(code).id))

    def wait_until(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait for the stack. Raises ActorFailed, naming what did not come."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise ActorFailed(f"Expected {what} within {seconds:.0f} s, but it did not come")
            time.sleep(0.3)
