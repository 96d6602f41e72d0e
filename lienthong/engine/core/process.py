"""Decide: a command and everything that follows from it, up to the next wait states.

Three things can go wrong, and are never mixed. A command that cannot be done is refused before any
event: a rejection. An element that cannot go on raises Failure: an incident, caught here and nowhere
else. Anything else is a fault of the engine: the process instance that it struck is marked as banned
and stands still, with an incident whose resolution lets it try again; the events before the fault stay,
each was applied whole; all other work goes on.
When an event itself cannot be applied, `process` raises StateSpoilt: whoever keeps the log rebuilds.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable

from lienthong.engine.core import (
    decisions,
    deletion,
    deployment,
    documents,
    incidents,
    jobs,
    messages,
    migration,
    modification,
    signals,
    timers,
    user_tasks,
)
from lienthong.engine.core.creation import create
from lienthong.engine.core.elements import BEHAVIORS
from lienthong.engine.core.elements.inclusive_gateway import check_joins
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.state import State
from lienthong.engine.core.step import Failure, Refusal, StateSpoilt, Step, Verb
from lienthong.engine.protocol.records import (
    Command,
    Intent,
    Outcome,
    Rejection,
    RejectionType,
    ValueType,
)

# members bound once: reading one off its enum class costs as much as applying a small event
_ACTIVATE = Verb.ACTIVATE
_POLL_BUFFER = Verb.POLL_BUFFER
_CHECK_JOINS = Verb.CHECK_JOINS
_ACTIVATING = Intent.ELEMENT_ACTIVATING

WORK_LIMIT = 50_000  # elements that one command may pass through before they must wait
_LIFECYCLE = (_ACTIVATE, Verb.COMPLETE, Verb.CHILD_ENDED)

Handler = Callable[[Step, Command], None]
HANDLERS: dict[tuple[ValueType, Intent], Handler] = {
    (ValueType.DEPLOYMENT, Intent.CREATE): deployment.deploy,
    (ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE): create,
    (ValueType.PROCESS_INSTANCE, Intent.CANCEL): modification.cancel,
    (ValueType.PROCESS_INSTANCE_MODIFICATION, Intent.MODIFY): modification.modify,
    (ValueType.PROCESS_INSTANCE_MIGRATION, Intent.MIGRATE): migration.migrate,
    (ValueType.JOB_BATCH, Intent.ACTIVATE): jobs.activate_batch,
    (ValueType.JOB, Intent.COMPLETE): jobs.complete,
    (ValueType.JOB, Intent.FAIL): jobs.fail,
    (ValueType.JOB, Intent.THROW_ERROR): jobs.throw_error,
    (ValueType.JOB, Intent.UPDATE_RETRIES): jobs.update_retries,
    (ValueType.JOB, Intent.UPDATE_TIMEOUT): jobs.update_timeout,
    (ValueType.JOB, Intent.TIME_OUT): jobs.time_out,
    (ValueType.JOB, Intent.RECUR): jobs.recur,
    (ValueType.USER_TASK, Intent.ASSIGN): user_tasks.assign,
    (ValueType.USER_TASK, Intent.CLAIM): user_tasks.claim,
    (ValueType.USER_TASK, Intent.UNASSIGN): user_tasks.unassign,
    (ValueType.USER_TASK, Intent.UPDATE): user_tasks.update,
    (ValueType.USER_TASK, Intent.COMPLETE): user_tasks.complete,
    (ValueType.INCIDENT, Intent.RESOLVE): incidents.resolve,
    (ValueType.VARIABLE_DOCUMENT, Intent.UPDATE): documents.update,
    (ValueType.MESSAGE, Intent.PUBLISH): messages.publish,
    (ValueType.MESSAGE, Intent.CORRELATE): messages.correlate,
    (ValueType.MESSAGE, Intent.EXPIRE): messages.expire,
    (ValueType.SIGNAL, Intent.BROADCAST): signals.broadcast_command,
    (ValueType.TIMER, Intent.TRIGGER): timers.trigger,
    (ValueType.DECISION_EVALUATION, Intent.EVALUATE): decisions.evaluate_command,
    (ValueType.RESOURCE_DELETION, Intent.DELETE): deletion.delete,
}


def process(state: State, command: Command, now_ms: int) -> Outcome:
    """Run one command at `now_ms`; the state already holds the outcome's events when it returns."""
    step = Step(state, now_ms)
    handler = HANDLERS.get((command.value_type, command.intent))
    if handler is None:
        reason = f"Expected a known command, but it is {command.value_type} {command.intent}"
        return Outcome([], Rejection(RejectionType.INVALID_ARGUMENT, reason))
    rejection: Rejection | None = None
    try:
        handler(step, command)
    except Refusal as refusal:
        rejection = refusal.rejection
    except Failure as failure:
        rejection = Rejection(RejectionType.PROCESSING_ERROR, failure.message)
    except StateSpoilt:
        raise
    except Exception as error:  # a fault of the engine must not stop it
        rejection = _fault(step, state.elements.get(_instance_of(state, command)), error)
    if step.work:
        _work_off(step)
    return Outcome(step.events, rejection, None if rejection else step.reply)


def _work_off(step: Step) -> None:
    """Do what is on the list until every element waits."""
    state, work, left = step.state, step.work, WORK_LIMIT
    elements, banned, next_item, behaviors = state.elements, state.banned, work.popleft, BEHAVIORS
    while work:
        verb, key = next_item()
        if verb is _POLL_BUFFER:
            _guarded_poll(step, key)
            continue
        instance = elements.get(key)
        if instance is None or (banned and instance.process_instance_key in banned):
            continue
        left -= 1
        try:
            if left < 0 and verb in _LIFECYCLE:
                raise Failure("UNKNOWN", f"Expected to wait somewhere within {WORK_LIMIT} steps, but nothing does")
            plan = instance.plan or state.plan(instance)
            if verb is _ACTIVATE:
                if instance.state is _ACTIVATING:
                    behaviors[instance.type].activate(step, instance, plan.node)
            elif verb is _CHECK_JOINS:
                check_joins(step, instance)
            elif instance.state is not _ACTIVATING:
                behaviors[instance.type].complete(step, instance, plan.node)
        except Failure as failure:
            incidents.raise_incident(step, instance, failure)
        except StateSpoilt:
            raise
        except Exception as error:  # a fault of the engine strikes one process instance, not the engine
            _fault(step, instance, error)


def _guarded_poll(step: Step, key: int) -> None:
    subscription = step.state.subscriptions.get(key)
    if subscription is None:
        return
    try:
        messages.poll_buffer(step, key)
    except StateSpoilt:
        raise
    except Exception as error:  # as above
        _fault(step, step.state.elements.get(subscription.element_instance_key), error)


def _fault(step: Step, struck: ElementInstance | None, error: Exception) -> Rejection:
    """Stop the process instance, and say so by an incident: whoever has mended the engine resolves it, or cancels."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    reason = f"{type(error).__name__}: {error} (in {last.name}, line {last.lineno})"
    root = step.state.elements.get(struck.process_instance_key) if struck is not None else None
    if struck is not None and root is not None and root.key not in step.state.banned:
        step.emit(ValueType.PROCESS_INSTANCE, Intent.BANNED, root.key, {**root.value, "reason": reason})
        at = struck if struck.key in step.state.elements else root
        failure = Failure("UNKNOWN", f"Expected the engine to run this, but it has a fault: {reason}")
        incidents.raise_incident(step, at, failure, bans=True)
    return Rejection(RejectionType.PROCESSING_ERROR, f"Expected the command to be processed, but {reason}")


def _instance_of(state: State, command: Command) -> int:
    """The process instance that a command is about, 0 when none."""
    for table in (state.elements, state.jobs, state.user_tasks, state.incidents):
        row = table.get(command.key)
        if row is not None:
            return int(row.process_instance_key)
    timer = state.timers.get(command.key)
    owner = state.elements.get(timer.element_instance_key) if timer is not None else None
    return owner.process_instance_key if owner is not None else 0
