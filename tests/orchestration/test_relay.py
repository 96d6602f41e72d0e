"""The relay: nothing is lost, nothing is sent as done before the engine has it, a start waits for its instance."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lienthong.dossiers import outbox
from lienthong.orchestration.errors import EngineRejected, EngineUnavailable
from lienthong.orchestration.relay import OutgoingMessage, Relay, run_loop

NOON = datetime(2023, 1, 3, 12, 0, tzinfo=UTC)


def row(row_id: str, starts: bool = False) -> OutgoingMessage:
    return OutgoingMessage(row_id, starts, "payment-received", "D-1", {"paid": True}, f"m-{row_id}", 1000, "D-1")


@dataclass
class Rows:
    """An outbox in memory with the real back-off."""

    waiting: dict[str, OutgoingMessage]
    has_instance: bool = False
    next_attempt: dict[str, datetime] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def due(self, now: datetime, limit: int) -> list[OutgoingMessage]:
        return [one for key, one in self.waiting.items() if self.next_attempt.get(key, now) <= now][:limit]

    def done(self, row_id: str, now: datetime) -> None:
        del self.waiting[row_id]

    def retry(self, row_id: str, error: str, now: datetime) -> None:
        self.attempts[row_id] = self.attempts.get(row_id, 0) + 1
        self.errors[row_id] = error
        self.next_attempt[row_id] = now + outbox.back_off(self.attempts[row_id])

    def registered(self, dossier_code: str) -> bool:
        return self.has_instance


@dataclass
class Engine:
    """Takes messages, or fails as told."""

    failures: list[Exception] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)

    def publish_message(
        self, name: str, correlation_key: str, variables: dict[str, Any], message_id: str, ttl_ms: int
    ) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append((name, message_id))
        return "1"


def test_a_message_is_done_when_the_engine_has_it() -> None:
    rows, engine = Rows({"1": row("1"), "2": row("2")}), Engine()
    report = Relay(rows, engine).run_once(NOON)
    assert [message for _, message in engine.taken] == ["m-1", "m-2"] and rows.waiting == {}
    assert (report.published, report.done, report.retried, report.available) == (2, 2, 0, True)


def test_a_message_the_engine_knows_already_is_done() -> None:
    rows, engine = Rows({"1": row("1")}), Engine([EngineRejected(409, "ALREADY_EXISTS", "")])
    assert Relay(rows, engine).run_once(NOON).done == 1 and rows.waiting == {}


def test_an_engine_that_is_away_ends_the_round_and_loses_nothing() -> None:
    rows, engine = Rows({"1": row("1"), "2": row("2")}), Engine([EngineUnavailable("no engine")])
    relay = Relay(rows, engine)
    assert not relay.run_once(NOON).available and list(rows.waiting) == ["1", "2"] and engine.taken == []
    relay.run_once(NOON)
    relay.run_once(NOON + timedelta(seconds=2))
    assert sorted(message for _, message in engine.taken) == ["m-1", "m-2"] and rows.waiting == {}


def test_a_refused_row_is_kept_and_the_others_go_on() -> None:
    rows, engine = Rows({"1": row("1"), "2": row("2")}), Engine([EngineRejected(400, "INVALID_ARGUMENT", "why")])
    Relay(rows, engine).run_once(NOON)
    assert list(rows.waiting) == ["1"] and "why" in rows.errors["1"]


def test_a_start_is_published_again_until_its_instance_registers() -> None:
    rows, engine = Rows({"1": row("1", starts=True)}), Engine()
    relay = Relay(rows, engine)
    relay.run_once(NOON)
    relay.run_once(NOON + timedelta(seconds=1))
    assert len(engine.taken) == 1 and "1" in rows.waiting
    relay.run_once(NOON + timedelta(seconds=2))
    assert len(engine.taken) == 2
    rows.has_instance = True
    relay.run_once(NOON + timedelta(minutes=5))
    assert len(engine.taken) == 2 and rows.waiting == {}


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 4), (3, 8), (5, 32), (6, 60), (1000, 60)])
def test_the_back_off_doubles_up_to_a_minute(attempts: int, seconds: int) -> None:
    assert outbox.back_off(attempts) == timedelta(seconds=seconds)


def test_the_loop_survives_a_failed_round_and_stops_when_told() -> None:
    stop, rounds = threading.Event(), []

    def run_once(now: datetime) -> None:
        rounds.append(now)
        if len(rounds) == 3:
            stop.set()
        raise RuntimeError("a bug")

    run_loop(run_once, stop, 0.0, lambda: NOON)
    assert rounds == [NOON] * 3
