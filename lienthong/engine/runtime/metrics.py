"""What the engine tells Prometheus."""

from __future__ import annotations

from collections import Counter as Tally

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from lienthong.engine.core.state import State
from lienthong.engine.runtime.group import Group

COMMIT_BUCKETS = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)
GROUP_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class EngineMetrics:
    """One set of measures an engine; a registry of its own, so that two engines in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._tally: Tally[tuple[str, str, bool]] = Tally()
        self.commands = Counter(
            "lienthong_engine_commands",
            "Commands processed",
            ("value_type", "intent", "outcome"),
            registry=self.registry,
        )
        self.events = Counter("lienthong_engine_events", "Events written", registry=self.registry)
        self.commit_seconds = Histogram(
            "lienthong_engine_commit_seconds",
            "Time of one durable commit",
            registry=self.registry,
            buckets=COMMIT_BUCKETS,
        )
        self.group_size = Histogram(
            "lienthong_engine_group_size",
            "Commands made durable together",
            registry=self.registry,
            buckets=GROUP_BUCKETS,
        )
        self.waiting = Gauge("lienthong_engine_waiting_commands", "Commands in the queue", registry=self.registry)
        self.position = Gauge("lienthong_engine_log_position", "Newest group of the log", registry=self.registry)
        self.read_lag = Gauge(
            "lienthong_engine_read_lag_groups", "Groups that the read model has still to follow", registry=self.registry
        )
        self.faults = Counter(
            "lienthong_engine_faults", "Faults of the engine itself", ("kind",), registry=self.registry
        )
        self.archived = Counter(
            "lienthong_engine_archived", "Finished call hierarchies moved to the archive", registry=self.registry
        )
        self.up = Gauge("lienthong_engine_up", "1 while the engine takes commands", registry=self.registry)

        self.held = Gauge("lienthong_engine_held", "What the state holds now", ("kind",), registry=self.registry)
        self.waiting_polls = Gauge(
            "lienthong_engine_waiting_polls", "Polls and streams that wait for jobs", registry=self.registry
        )

    def count(self, group: Group) -> None:
        """One group more; its commands are told to Prometheus when it next asks, as there are so many."""
        self.group_size.observe(group.commands)
        self.events.inc(len(group.facts))
        for request, outcome in group.answers:
            command = request.command
            if command is not None:
                self._tally[command.value_type, command.intent, outcome.rejection is None] += 1

    def observe_queue(self, waiting: int, position: int, read_lag: int) -> None:
        """Commands in the queue, the newest group, groups that the read model has still to follow."""
        self.waiting.set(waiting)
        self.position.set(position)
        self.read_lag.set(read_lag)

    def observe_state(self, state: State, waiting_polls: int) -> None:
        """Count what runs, just before the measures are read."""
        for kind in ("elements", "jobs", "user_tasks", "incidents", "timers", "messages"):
            self.held.labels(kind).set(len(getattr(state, kind)))
        self.waiting_polls.set(waiting_polls)

    def render(self) -> bytes:
        """The text that `/metrics` answers."""
        for (value_type, intent, accepted), count in self._tally.items():
            self.commands.labels(str(value_type), str(intent), "accepted" if accepted else "rejected").inc(count)
        self._tally.clear()
        return generate_latest(self.registry)
