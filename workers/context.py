"""What a job worker gets and may raise.

Every worker module has ``JOB_TYPE``, ``TIMEOUT_MS`` and ``handle(job, services) -> dict``. ``handle`` is
synchronous: the runner calls it in a thread. It must be idempotent, because a job whose answer was lost runs
again: by the job key, or better by a natural key of the domain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from connectors.payment.call import PaymentClient
    from connectors.population.call import PopulationClient
    from lienthong.dossiers.documents import Store
    from lienthong.dossiers.law import Law
    from lienthong.dossiers.law_source import LawSource
    from lienthong.orchestration.client import OrchestrationClient
    from lienthong.settings import Settings
    from workers.partners import Partners


class BusinessFailure(Exception):
    """The process has to take another path: becomes a BPMN error with this code."""

    def __init__(self, error_code: str, message: str) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.message = message


class PermanentFailure(Exception):
    """Trying again cannot help: becomes one incident at once, with what is wrong and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


class TemporaryFailure(Exception):
    """Trying again may help (an outward system is down); ``remedy`` is said when the retries are used up."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def _no_extension(_milliseconds: int) -> None:
    """A job that nobody extends: the default outside the runner."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """One activated job. ``now`` is the engine's clock at activation, so that a pinned clock reaches the domain."""

    job_key: int
    job_type: str
    dossier_code: str
    variables: dict[str, Any]
    retries: int
    process_instance_key: int
    element_id: str
    headers: dict[str, str]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    extend: Callable[[int], None] = _no_extension
    """Gives the job this many milliseconds from now; the runner also extends by itself while a handler works."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside a worker: database engine, settings, law, document store, connectors, the engine's client."""

    database: "Engine"
    settings: "Settings"
    law: "Law"
    documents: "Store"
    population: "PopulationClient"
    payment: "PaymentClient"
    orchestration: "OrchestrationClient"
    law_source: "LawSource | None" = None
    partners: "Partners | None" = None

    def required_partners(self) -> "Partners":
        """The outward systems of the portal. Raises `PermanentFailure` in a process that was built without them."""
        if self.partners is None:
            raise PermanentFailure("Expected the outward systems of the portal.", "Start the worker with its partners.")
        return self.partners

    def at(self, now: datetime) -> "Services":
        """The same services with the law that holds now: edits applied since the start are seen."""
        return self if self.law_source is None else replace(self, law=self.law_source.current(now))


class Worker(Protocol):
    """The shape of a worker module."""

    JOB_TYPE: str
    TIMEOUT_MS: int

    def handle(self, job: JobContext, services: Services) -> dict[str, Any]: ...


WorkerModules = Mapping[str, ModuleType]
