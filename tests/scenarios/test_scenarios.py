"""Each `<name>.bpmn` (and `<name>.dmn`) with `<name>.json`: deploy, act, compare the trace; keys count 1, 2, 3."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from engine.engine_run import START_MS, EngineRun

from lienthong.engine.protocol.records import Event, Intent, ValueType

FOLDER = Path(__file__).parent
NAMES = sorted(file.stem for file in FOLDER.glob("*.json"))
SHOWN = ("elementId", "type", "messageName", "signalName", "name", "value", "errorType", "targetElementId")


def act(run: EngineRun, step: dict[str, Any]) -> None:
    """Do what a step of the file says."""
    (verb,) = [key for key in step if key != "variables"]
    what, variables = step[verb], step.get("variables", {})
    if verb == "create":
        run.create(what, **variables)
    elif verb == "complete":
        run.complete(what, **variables)
    elif verb == "throw":
        run.throw(what["job"], what["code"], **variables)
    elif verb == "complete_user_task":
        task = next(each for each in run.state.user_tasks.values() if each.value["elementId"] == what)
        run.do(ValueType.USER_TASK, Intent.COMPLETE, task.key, variables=variables)
    elif verb == "publish":
        run.publish(what["name"], what.get("key", ""), what.get("ttl_ms", 0), **variables)
    elif verb == "broadcast":
        run.broadcast(what, **variables)
    elif verb == "advance":
        run.advance(what * 1000)
    elif verb == "resolve":
        (instance,) = run.state.process_instances()
        run.do(ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, scopeKey=instance.key, variables=variables)
        run.resolve()
    else:
        raise ValueError(f"unknown act {verb}")


def line(event: Event, numbers: dict[int, int]) -> str:
    """One line of a trace."""
    number = numbers.setdefault(event.key, len(numbers) + 1)
    said = [str(event.value[key]) for key in SHOWN if event.value.get(key) not in (None, "")]
    seconds = (event.timestamp_ms - START_MS) / 1000
    return f"{seconds:g}s #{number} {event.value_type} {event.intent} {' '.join(said)}".rstrip()


def play(name: str, acts: list[dict[str, Any]]) -> list[str]:
    """The trace of a scenario."""
    run = EngineRun()
    files = [file for suffix in ("bpmn", "dmn") if (file := FOLDER / f"{name}.{suffix}").exists()]
    run.deploy(*(file.read_bytes() for file in files), names=[file.name for file in files])
    numbers: dict[int, int] = {}
    trace = [line(event, numbers) for event in run.log]
    for step in acts:
        mark = len(run.log)
        act(run, step)
        trace.append(f"> {json.dumps(step, ensure_ascii=False)}")
        trace += [line(event, numbers) for event in run.log[mark:]]
    return trace


@pytest.mark.parametrize("name", NAMES)
def test_the_trace_is_the_golden_one(name: str, request: pytest.FixtureRequest) -> None:
    file = FOLDER / f"{name}.json"
    scenario = json.loads(file.read_text())
    trace = play(name, scenario["acts"])
    if request.config.getoption("--rewrite-traces", default=False):
        file.write_text(json.dumps({**scenario, "trace": trace}, ensure_ascii=False, indent=1) + "\n")
        pytest.fail("traces recorded anew: read the difference, then run without --rewrite-traces")
    assert trace == scenario["trace"]


def test_every_model_has_its_scenario() -> None:
    assert NAMES and sorted(file.stem for file in FOLDER.glob("*.bpmn")) == NAMES
