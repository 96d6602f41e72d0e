"""A snapshot that ever landed can be restored, and goes on: one fixture a format is kept."""

from pathlib import Path

import pytest
from engine.engine_run import START_MS, EngineRun

from lienthong.engine.core.state import SNAPSHOT_FORMAT, State
from lienthong.engine.protocol.records import Intent, ValueType

FORMATS = Path(__file__).parent / "formats"


def test_every_format_has_its_fixture() -> None:
    found = {int(file.stem.removeprefix("state-")) for file in FORMATS.glob("state-*.json")}
    assert found == set(range(1, SNAPSHOT_FORMAT + 1))


@pytest.mark.parametrize("number", range(1, SNAPSHOT_FORMAT + 1))
def test_an_old_snapshot_is_restored_and_goes_on(number: int) -> None:
    content = (FORMATS / f"state-{number}.json").read_bytes()
    run = EngineRun()
    run.state, run.shadow = State.restore(content), State.restore(content)
    run.now_ms = START_MS
    assert len(run.state.jobs) == 3 and len(run.state.user_tasks) == 1 and len(run.state.timers) == 2
    assert len(run.state.messages) == 1 and len(run.state.incidents) == 1
    job = next(each for each in run.state.jobs.values() if each.value["retries"] == 0)
    run.do(ValueType.JOB, Intent.UPDATE_RETRIES, job.key, retries=1)
    run.resolve()
    run.advance(3_600_000)
    for _ in range(3):
        run.complete("work")
    (task,) = run.state.user_tasks
    run.do(ValueType.USER_TASK, Intent.COMPLETE, task)
    run.publish("go", "a")
    assert run.idle and run.last_value("result") == "[1,2,3]"


def test_a_format_from_the_future_is_refused() -> None:
    content = State().snapshot().replace(b'"format":2', b'"format":99')
    with pytest.raises(ValueError, match="format 2, but it is 99"):
        State.restore(content)


def test_a_snapshot_of_format_2_knows_what_can_be_undone() -> None:
    content = (FORMATS / "compensation-2.json").read_bytes()
    run = EngineRun()
    run.state, run.shadow = State.restore(content), State.restore(content)
    run.now_ms = START_MS
    run.complete("b")
    run.complete("undo-a")
    run.complete("undo-b")
    assert run.idle and not run.state.compensations
