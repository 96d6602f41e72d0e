"""The circuit: what a caller is told while the outward system is away, again and again."""

import pytest
import stamina
from prometheus_client import CollectorRegistry

from connectors.circuit import Circuit, CircuitMetrics
from connectors.errors import CircuitOpen, Unavailable


def away() -> str:
    raise Unavailable("population", "answered HTTP 503", "Check it.")


def test_a_failure_that_opens_the_circuit_is_told_and_not_the_open_circuit() -> None:
    circuit = Circuit("population", CircuitMetrics(CollectorRegistry()), threshold=1, open_ms=60_000, attempts=2)
    with stamina.set_testing(True, attempts=2, cap=True), pytest.raises(Unavailable) as told:
        circuit.call(away)
    assert not isinstance(told.value, CircuitOpen)
    assert circuit.state == "opened"


def test_an_open_circuit_says_so_without_a_call() -> None:
    circuit = Circuit("population", CircuitMetrics(CollectorRegistry()), threshold=1, open_ms=60_000, attempts=1)
    calls: list[None] = []

    def count() -> str:
        calls.append(None)
        return away()

    with pytest.raises(Unavailable):
        circuit.call(count)
    with pytest.raises(CircuitOpen):
        circuit.call(count)
    assert len(calls) == 1


def test_each_probe_of_a_half_open_circuit_tells_the_failure() -> None:
    circuit = Circuit("population", CircuitMetrics(CollectorRegistry()), threshold=1, open_ms=0, attempts=2)
    for _ in range(3):
        with stamina.set_testing(True, attempts=2, cap=True), pytest.raises(Unavailable) as told:
            circuit.call(away)
        assert not isinstance(told.value, CircuitOpen)
