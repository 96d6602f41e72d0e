"""What becomes of a job whose handler failed: a pure decision.

A temporary failure uses one try and waits, doubling, until the budget is used up; then the engine raises one incident,
whose message says what is wrong and what to do. A permanent one is an incident at once. A business failure is a BPMN
error. A call that the circuit did not let through uses no try, because nothing was tried.
"""

from dataclasses import dataclass

from connectors.errors import CircuitOpen, Refused, Unavailable, Unreadable
from lienthong.dossiers.errors import DomainError
from workers.context import BusinessFailure, PermanentFailure, TemporaryFailure


@dataclass(frozen=True, slots=True)
class Budget:
    """How often a job is tried in all, and how long it waits between: first wait and longest wait in milliseconds."""

    tries: int
    backoff_ms: int
    backoff_cap_ms: int


@dataclass(frozen=True, slots=True)
class Retry:
    """Fail the job with ``retries`` left; it comes again after ``backoff_ms``."""

    retries: int
    backoff_ms: int
    message: str


@dataclass(frozen=True, slots=True)
class RaiseIncident:
    """Fail the job with no tries left: one incident with this message."""

    message: str


@dataclass(frozen=True, slots=True)
class ThrowError:
    """Throw the BPMN error ``error_code``."""

    error_code: str
    message: str


Verdict = Retry | RaiseIncident | ThrowError
MESSAGE_LIMIT = 900


def decide(failure: BaseException, job_type: str, retries: int, budget: Budget) -> Verdict:
    """The verdict on ``failure`` of a job that has ``retries`` left, this try included."""
    if isinstance(failure, BusinessFailure):
        return ThrowError(failure.error_code, failure.message[:MESSAGE_LIMIT])
    problem, remedy = describe(failure)
    message = f"{job_type}: {problem} {remedy}".strip()[:MESSAGE_LIMIT]
    if isinstance(failure, CircuitOpen):
        return Retry(max(retries, 1), failure.retry_after_ms, message)
    left = min(retries, budget.tries) - 1
    if left <= 0 or isinstance(failure, PermanentFailure | Refused | Unreadable | DomainError):
        return RaiseIncident(message)
    return Retry(left, backoff_ms(budget, budget.tries - left), message)


def backoff_ms(budget: Budget, failures: int) -> int:
    """The wait after the ``failures``-th failure: doubling from the first wait, capped."""
    return int(min(budget.backoff_ms * 2 ** (failures - 1), budget.backoff_cap_ms))


def describe(failure: BaseException) -> tuple[str, str]:
    """What is wrong and what to do. An unknown exception is named by its type: its text may hold personal data."""
    if isinstance(failure, PermanentFailure | TemporaryFailure):
        return failure.problem, failure.remedy
    if isinstance(failure, Unavailable | Refused | Unreadable):
        return f"The {failure.system} service {failure.problem}.", failure.remedy
    if isinstance(failure, DomainError):
        return f"{failure.text_vi} / {failure.text_en}", "Correct the dossier or the model, then resolve this incident."
    return (
        f"The worker stopped with {type(failure).__name__}.",
        "Look in the worker's log by the job key, correct the cause, then resolve this incident.",
    )
