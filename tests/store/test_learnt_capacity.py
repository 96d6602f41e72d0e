"""How many jobs a polling client can bear shows in what it asks for."""

import asyncio

import pytest

from lienthong.engine.runtime.job_batch import MOST_PUT_OFF, Batch


def test_a_client_of_32_at_a_time_is_never_taken_for_more() -> None:
    batch = Batch()
    batch.asked(32)
    batch.given(range(32))
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
        batch.given([1000 * number + each for each in range(asks)])
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
    monkeypatch.setattr("lienthong.engine.runtime.job_batch.time.monotonic", lambda: moment[0])
    batch = Batch()

    def polls(after_seconds: float) -> None:
        batch.ended()
        moment[0] += after_seconds
        batch.asked(32)

    assert batch.patience == 6.0, "nobody knows it yet"
    polls(0.01)
    assert batch.patience == 0.75
    polls(5.0)
    assert batch.patience == 1.5
    polls(5.0)
    polls(5.0)
    polls(5.0)
    assert batch.patience == 6.0, "never more"
    for _ in range(200):
        polls(0.01)
    assert batch.patience == 0.5


def busy(most: int = 32) -> Batch:
    """One that has shown to ask for what it has room for, and runs all but one."""
    batch = Batch()
    batch.asked(most)
    batch.given(range(most - 1))
    batch.asked(1)
    return batch


def test_a_client_that_counts_its_room_is_never_filled() -> None:
    batch = busy()
    assert batch.bearable(1) == 1, "a client that runs one at a time still gets its one"
    for key in range(10):
        batch.over(key)
    batch.asked(11)
    assert batch.bearable(11) == 10, "with room for one left it asks again at once"


def test_a_client_that_asks_for_the_same_always_gets_all_of_it() -> None:
    batch = Batch()
    for _ in range(3):
        batch.asked(4)
        assert batch.bearable(4) == 4
        batch.given(range(4))
        for key in range(4):
            batch.over(key)


async def test_a_client_with_room_that_wants_little_is_taken_at_its_word() -> None:
    batch = busy()
    batch.open.clear()
    batch.asked(32)
    batch.asked(1)
    assert (batch.bearable(1), await batch.rather_asks_again(1)) == (1, False)


async def test_a_poll_for_little_is_answered_with_none_once_enough_jobs_are_over() -> None:
    batch = busy()
    waiting = asyncio.ensure_future(batch.rather_asks_again(1))
    await asyncio.sleep(0)
    assert not waiting.done(), "31 are open: it has room for one alone"
    for key in range(20):
        batch.over(key)
    assert await waiting is True


async def test_a_poll_for_little_is_served_when_no_job_ends() -> None:
    assert await busy().rather_asks_again(1) is False


async def test_a_poll_for_little_is_put_off_a_bounded_number_of_times() -> None:
    batch = busy()
    batch.open.clear()
    answers = [await batch.rather_asks_again(1) for _ in range(MOST_PUT_OFF + 1)]
    assert answers == [True] * MOST_PUT_OFF + [False]


async def test_a_client_that_ends_jobs_before_their_stream_counts_its_room() -> None:
    batch = Batch()
    batch.asked(4)
    batch.given(range(4))
    waiting = asyncio.ensure_future(batch.has_room())
    await asyncio.sleep(0)
    for key in range(4):
        batch.over(key)
    await waiting
    assert batch.counts_room


async def test_a_client_that_reads_to_the_end_first_is_not_made_to_wait() -> None:
    batch = Batch()
    batch.asked(4)
    batch.given(range(4))
    await batch.has_room()
    assert (batch.counts_room, len(batch.open)) == (False, 4)
