"""What becomes of a failed job: retry with back-off, one incident that helps, a BPMN error."""

import pytest

from connectors.errors import CircuitOpen, Refused, Unavailable, Unreadable
from lienthong.dossiers.errors import Conflict
from workers.context import BusinessFailure, PermanentFailure, TemporaryFailure
from workers.verdict import Budget, RaiseIncident, Retry, ThrowError, backoff_ms, decide

BUDGET = Budget(tries=3, backoff_ms=2000, backoff_cap_ms=60_000)
DOWN = Unavailable("population", "answered HTTP 503", "Check that it runs.")


def test_a_temporary_failure_uses_one_try_and_waits_longer_each_time() -> None:
    first = decide(DOWN, "look_up_citizen", 3, BUDGET)
    second = decide(DOWN, "look_up_citizen", 2, BUDGET)
    assert isinstance(first, Retry)
    assert isinstance(second, Retry)
    assert [(v.retries, v.backoff_ms) for v in (first, second)] == [(2, 2000), (1, 4000)]


def test_the_last_try_ends_in_one_incident_that_says_what_is_wrong_and_what_to_do() -> None:
    verdict = decide(DOWN, "look_up_citizen", 1, BUDGET)
    assert verdict == RaiseIncident("look_up_citizen: The population service answered HTTP 503. Check that it runs.")


def test_the_budget_of_the_settings_bounds_what_a_model_asks_for() -> None:
    verdict = decide(DOWN, "notify", 100, BUDGET)
    assert isinstance(verdict, Retry)
    assert verdict.retries == 2


def test_the_wait_is_capped() -> None:
    assert [backoff_ms(BUDGET, n) for n in (1, 2, 3, 6, 50)] == [2000, 4000, 8000, 60_000, 60_000]


@pytest.mark.parametrize(
    "failure",
    [
        PermanentFailure("a", "b"),
        Refused("payment", "no", "Look."),
        Unreadable("payment", "no", "Look."),
        Conflict("branch", "Chưa xong.", "Not finished."),
    ],
)
def test_what_trying_again_cannot_help_is_an_incident_at_once(failure: Exception) -> None:
    assert isinstance(decide(failure, "notify", 3, BUDGET), RaiseIncident)


@pytest.mark.parametrize("retries", [1, 3])
def test_a_call_that_was_not_made_uses_no_try(retries: int) -> None:
    verdict = decide(CircuitOpen("population", 3000), "look_up_citizen", retries, BUDGET)
    assert isinstance(verdict, Retry)
    assert (verdict.retries, verdict.backoff_ms) == (retries, 3000)


def test_a_business_failure_is_a_bpmn_error() -> None:
    assert decide(BusinessFailure("procedure-refused", "No."), "x", 1, BUDGET) == ThrowError("procedure-refused", "No.")


def test_an_unknown_exception_is_named_by_its_type_because_its_text_may_hold_personal_data() -> None:
    verdict = decide(ValueError("Nguyễn Văn Thử 052099000001"), "notify", 1, BUDGET)
    assert isinstance(verdict, RaiseIncident)
    assert "ValueError" in verdict.message
    assert "Thử" not in verdict.message


def test_a_temporary_failure_of_our_own_carries_its_remedy() -> None:
    verdict = decide(TemporaryFailure("The store is full.", "Make room."), "digitise", 1, BUDGET)
    assert verdict == RaiseIncident("digitise: The store is full. Make room.")
