"""Random models, random paths: replay equals the live state, and so does a restart after every step."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from engine.engine_run import START_MS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.engine.core.apply import apply
from lienthong.engine.core.due import due, next_due_ms
from lienthong.engine.core.process import process
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Intent, Outcome, ValueType

from .random_models import PROCESSES, Tree, write

pytestmark = pytest.mark.timeout(3600 if os.environ.get("REPLAY") == "long" else 120)
HALF_HOUR = 1_800_000
LONG = os.environ.get("REPLAY") == "long"  # REPLAY=long pytest tests/replay: other cases on every run, for minutes
CASES = 20_000 if LONG else 1_000
PROFILE = settings(
    max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=not LONG, database=None
)


class Twins:
    """A live engine, one folded from the log, and one restarted from a snapshot before every command."""

    def __init__(self) -> None:
        self.live, self.folded = State(), State()
        self.now_ms = START_MS

    def submit(self, command: Command) -> Outcome:
        """Process on the live and on the restarted engine; both, and the fold, must agree."""
        restarted = State.restore(self.live.snapshot())
        assert restarted == self.live, "a restart changed the state"
        outcome = process(self.live, command, self.now_ms)
        assert process(restarted, command, self.now_ms) == outcome, "a restarted engine decided otherwise"
        for event in outcome.events:
            apply(self.folded, event)
        assert self.folded == self.live, "fold(log) differs from the live state"
        assert self.folded.activatable == self.live.activatable
        assert next_due_ms(restarted) == next_due_ms(self.live)
        assert not self.live.banned, self.live.banned
        return outcome


def first(keys: object) -> int:
    """The oldest key of a table, or one that does not exist."""
    return next(iter(keys), 1)  # type: ignore[call-overload,no-any-return]


def act(twins: Twins, choice: int, number: int) -> None:
    """One of the things that may happen to an engine."""
    state = twins.live
    jobs = list(state.jobs)
    job = jobs[number % len(jobs)] if jobs else 1
    task, incident = first(state.user_tasks), first(state.incidents)
    instances = [each.key for each in state.process_instances()]
    instance = instances[number % len(instances)] if instances else 1
    retries = {"retries": number % 3, "retryBackOffMs": HALF_HOUR * (number % 2)}
    batch = {"type": "work", "worker": "w", "timeoutMs": HALF_HOUR, "maxJobsToActivate": 2}
    message = {"name": "go", "correlationKey": "k", "timeToLiveMs": HALF_HOUR * number, "variables": {"p": number}}
    commands: list[Callable[[], Command]] = [
        lambda: Command(ValueType.JOB_BATCH, Intent.ACTIVATE, 0, batch),
        lambda: Command(ValueType.JOB, Intent.COMPLETE, job, {"variables": {"n": number, "r": "x" * number}}),
        lambda: Command(ValueType.JOB, Intent.FAIL, job, {**retries, "variables": {"why": number}}),
        lambda: Command(ValueType.JOB, Intent.THROW_ERROR, job, {"errorCode": "boom", "variables": {"e": 1}}),
        lambda: Command(ValueType.JOB, Intent.UPDATE_RETRIES, job, {"retries": 2}),
        lambda: Command(ValueType.USER_TASK, Intent.CLAIM, task, {"assignee": "lan"}),
        lambda: Command(ValueType.USER_TASK, Intent.COMPLETE, task, {"variables": {"n": number}}),
        lambda: Command(ValueType.INCIDENT, Intent.RESOLVE, incident),
        lambda: Command(ValueType.MESSAGE, Intent.PUBLISH, 0, message),
        lambda: Command(ValueType.SIGNAL, Intent.BROADCAST, 0, {"signalName": "fire", "variables": {"s": 1}}),
        lambda: Command(
            ValueType.VARIABLE_DOCUMENT, Intent.UPDATE, 0, {"scopeKey": instance, "variables": {"n": number}}
        ),
        lambda: Command(ValueType.PROCESS_INSTANCE, Intent.CANCEL, instance),
        lambda: create(number),
    ]
    if choice < len(commands):
        twins.submit(commands[choice]())
        return
    twins.now_ms += HALF_HOUR * (number + 1)
    for command in due(twins.live, twins.now_ms):
        twins.submit(command)


def create(number: int) -> Command:
    """A new instance."""
    variables = {"n": number, "key": "k", "items": list(range(number))}
    return Command(
        ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, 0, {"bpmnProcessId": "p", "variables": variables}
    )


ACTS = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 4)), min_size=12, max_size=30)


@PROFILE
@given(tree=PROCESSES, struck=st.booleans(), acts=ACTS)
def test_replay_and_restart_agree_with_the_live_state_after_every_step(
    tree: Tree, struck: bool, acts: list[tuple[int, int]]
) -> None:
    twins = Twins()
    resources = [{"name": "p.bpmn", "content": write(tree, struck)}]
    assert twins.submit(Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, {"resources": resources})).rejection is None
    twins.submit(create(2))
    for choice, number in acts:
        act(twins, choice, number)


@settings(PROFILE, max_examples=CASES // 2)
@given(tree=PROCESSES, struck=st.booleans(), number=st.integers(0, 4))
def test_every_random_model_can_be_worked_to_its_end(tree: Tree, struck: bool, number: int) -> None:
    twins = Twins()
    resources = [{"name": "p.bpmn", "content": write(tree, struck)}]
    twins.submit(Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, {"resources": resources}))
    twins.submit(create(number))
    for _ in range(60):
        state = twins.live
        if not state.elements:
            break
        for key in list(state.jobs):
            if key in state.jobs:
                twins.submit(Command(ValueType.JOB, Intent.COMPLETE, key, {"variables": {"n": number}}))
        for key in list(state.user_tasks):
            twins.submit(Command(ValueType.USER_TASK, Intent.COMPLETE, key))
        twins.submit(Command(ValueType.SIGNAL, Intent.BROADCAST, 0, {"signalName": "fire"}))
        if not struck:
            twins.submit(Command(ValueType.MESSAGE, Intent.PUBLISH, 0, {"name": "go", "correlationKey": "k"}))
        twins.now_ms += 4 * HALF_HOUR
        for command in due(state, twins.now_ms):
            twins.submit(command)
    left = sorted(each.element_id for each in twins.live.elements.values())
    waiting_for_message = any(each.message for each in twins.live.subscriptions.values())
    assert not twins.live.elements or (struck and waiting_for_message), left
    assert not twins.live.incidents
