"""What a worker says of itself to the console: job types with counts, and the circuits of the outward systems."""

import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry

from connectors.circuit import Circuit
from workers.heartbeat import Heartbeat

OUTCOMES = ("completed", "failed", "incident", "error_thrown")
CALL_OUTCOMES = ("answered", "refused", "failed", "not_called")


def circuits_of(services: object) -> list[Circuit]:
    """The circuit of every connector among the services."""
    names = [field.name for field in fields(services)] if is_dataclass(services) else []
    found = [getattr(getattr(services, name), "circuit", None) for name in names]
    return [circuit for circuit in found if isinstance(circuit, Circuit)]


class WorkerStatus:
    """Read anew with every question. ``circuits`` is asked late: services are built after the health page."""

    def __init__(
        self,
        heartbeat: Heartbeat,
        registry: CollectorRegistry,
        circuits: Callable[[], Iterable[Circuit]],
        started_at: datetime,
    ) -> None:
        self._heartbeat, self._registry = heartbeat, registry
        self._circuits, self._started_at = circuits, started_at

    def report(self) -> dict[str, Any]:
        """The whole status as JSON."""
        health = self._heartbeat.report()
        polls: dict[str, float | None] = health["secondsSinceLastPoll"]
        return {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "startedAt": self._started_at.isoformat(),
            "status": health["status"],
            "restarts": health["restarts"],
            "loops": health["secondsSinceLastPass"],
            "jobTypes": [self._job_type(name, polled) for name, polled in sorted(polls.items())],
            "circuits": [self._circuit(circuit) for circuit in self._circuits()],
        }

    def _value(self, name: str, **labels: str) -> float:
        return self._registry.get_sample_value(name, labels) or 0.0

    def _job_type(self, name: str, polled: float | None) -> dict[str, Any]:
        counts = {outcome: int(self._value("lienthong_jobs_total", type=name, outcome=outcome)) for outcome in OUTCOMES}
        handled = self._value("lienthong_job_duration_seconds_count", type=name)
        seconds = self._value("lienthong_job_duration_seconds_sum", type=name)
        return {
            "type": name,
            **counts,
            "inFlight": int(self._value("lienthong_jobs_in_flight", type=name)),
            "secondsSinceLastPoll": polled,
            "meanSeconds": round(seconds / handled, 3) if handled else None,
        }

    def _circuit(self, circuit: Circuit) -> dict[str, Any]:
        name, error = circuit.system, circuit.last_error
        calls = {
            outcome: int(self._value("lienthong_connector_calls_total", system=name, outcome=outcome))
            for outcome in CALL_OUTCOMES
        }
        return {
            "system": name,
            "state": circuit.state,
            "calls": calls,
            "lastError": None if error is None else error.text,
            "lastErrorAt": None if error is None else error.at.isoformat(),
        }
