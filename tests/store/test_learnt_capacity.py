"""How many jobs a polling client can bear shows in what it asks for."""

import pytest

from lienthong.engine.runtime.jobs import Batch


def test_a_client_of_32_at_a_time_is_never_taken_for_more() -> None:
    batch = Batch()
    batch.asked(32)
    batch.open.update(range(32))
    assert batch.may_wait == 16
    for key in range(16):
        batch.over(key)
    batch.asked(16)
    assert (batch.capacity, batch.may_wait) == (32, 16)


def test_a_client_of_256_shows_it_poll_by_poll() -> None:
    batch, running = Batch(), 0
    most_at_once = 0
    for number in range(40):
        asks = min(32, 256 - running)
        batch.asked(asks)
        batch.open.update((number, each) for each in range(asks))
        most_at_once = max(most_at_once, len(batch.open))
        while len(batch.open) > batch.may_wait:
            batch.over(next(iter(batch.open)))
        running = len(batch.open)
        assert batch.capacity <= 256
    assert (batch.capacity, most_at_once) == (256, 256)


def test_a_client_that_polls_late_after_a_streams_end_gets_more_time_and_less_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = [100.0]
    monkeypatch.setattr("lienthong.engine.runtime.jobs.time.monotonic", lambda: moment[0])
    batch = Batch()
    first = batch.patience

    def polls(after_seconds: float) -> None:
        batch.ended()
        moment[0] += after_seconds
        batch.asked(32)

    polls(5.0)
    assert batch.patience == 2 * first
    polls(5.0)
    polls(5.0)
    polls(5.0)
    assert batch.patience == 6.0, "never more"
    for _ in range(200):
        polls(0.01)
    assert batch.patience == 0.5
