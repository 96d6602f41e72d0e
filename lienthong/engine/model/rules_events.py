"""Rules about events: which trigger goes where, and what it must name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lienthong.engine.model import time_values
from lienthong.engine.model.elements import (
    ACTIVITY_TYPES,
    ElementType,
    ExecutableProcess,
    FlowNode,
    TimerKind,
    Trigger,
)
from lienthong.engine.model.problems import Problem
from lienthong.engine.model.rules_flow import Rule

_N, _M, _T, _S = Trigger.NONE, Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL
_E, _X, _L, _Z = Trigger.ERROR, Trigger.ESCALATION, Trigger.LINK, Trigger.TERMINATE
_C = Trigger.COMPENSATION
ALLOWED = {
    ElementType.START_EVENT: frozenset({_N, _M, _T, _S}),
    ElementType.INTERMEDIATE_CATCH_EVENT: frozenset({_M, _T, _S, _L}),
    ElementType.INTERMEDIATE_THROW_EVENT: frozenset({_N, _M, _S, _X, _L, _C}),
    ElementType.BOUNDARY_EVENT: frozenset({_M, _T, _S, _E, _X, _C}),
    ElementType.END_EVENT: frozenset({_N, _M, _S, _E, _X, _Z, _C}),
    ElementType.RECEIVE_TASK: frozenset({_M}),
}
EVENT_SUB_PROCESS_START = frozenset({_M, _T, _S, _E, _X})
CATCHING = (
    ElementType.START_EVENT,
    ElementType.INTERMEDIATE_CATCH_EVENT,
    ElementType.BOUNDARY_EVENT,
    ElementType.RECEIVE_TASK,
)


def _in_event_sub_process(process: ExecutableProcess, node: FlowNode) -> bool:
    scope = process.elements.get(node.scope)
    return scope is not None and scope.type is ElementType.EVENT_SUB_PROCESS


def positions(process: ExecutableProcess) -> Iterator[Problem]:
    """Each trigger only where it runs."""
    for node in process.elements.values():
        if node.event is None:
            continue
        allowed = ALLOWED[node.type]
        if node.type is ElementType.START_EVENT and _in_event_sub_process(process, node):
            allowed = EVENT_SUB_PROCESS_START
        if node.trigger not in allowed:
            yield Problem(node.id, "trigger", f"Expected another trigger at {node.type}, but it is {node.trigger}")
        not_error = node.trigger is not Trigger.ERROR
        if not (node.interrupting or not_error):
            yield Problem(node.id, "error-interrupts", "Expected an error to interrupt, but it is marked not to")


def boundaries(process: ExecutableProcess) -> Iterator[Problem]:
    """Boundary events hang on activities that can take them, and no two say the same."""
    for node in process.elements.values():
        if node.type is ElementType.BOUNDARY_EVENT:
            host = process.elements.get(node.attached_to or "")
            if host is None or host.type not in ACTIVITY_TYPES or host.scope != node.scope:
                yield Problem(
                    node.id, "attached", "Expected a boundary event to be attached to an activity, but not so"
                )
            elif node.trigger is _X and host.type not in (ElementType.SUB_PROCESS, ElementType.CALL_ACTIVITY):
                yield Problem(
                    node.id, "escalation-host", "Expected an escalation only at a sub-process or call activity"
                )
        yield from _duplicates(node.boundary_events)
        starts = [sub.start for sub in node.event_sub_processes if sub.start is not None]
        yield from _duplicates(starts)


def _duplicates(events: list[FlowNode]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for node in events:
        event = node.event
        if event is None or node.trigger in (Trigger.TIMER, Trigger.NONE):
            continue
        named = event.code if node.trigger in (_E, _X) else event.name
        same = (node.trigger, named.source if named is not None else "")
        if same in seen:
            yield Problem(node.id, "duplicate-event", f'Expected {node.trigger} "{same[1]}" to be caught once here')
        seen.add(same)


def names(process: ExecutableProcess) -> Iterator[Problem]:
    """Messages, signals, errors, escalations and links are named."""
    for node in process.elements.values():
        event = node.event
        if event is None:
            continue
        catching = node.type in CATCHING
        if event.trigger is _M and catching:
            yield from _message(process, node)
        elif event.trigger is _M and event.name is not None and event.correlation_key is None:
            yield Problem(node.id, "correlation-key", "Expected the message that is named here to have a key")
        if event.trigger is _S and event.name is None:
            yield Problem(node.id, "signal-name", "Expected a signal with a name, but there is none")
        if event.trigger in (_E, _X):
            if event.code is None and (event.reference or not catching):
                yield Problem(node.id, "code", "Expected an error or escalation with a code, but it has none")
            if catching and event.code is not None and not event.code.is_static:
                yield Problem(
                    node.id, "code", "Expected the code of a catch event to be static, but it is an expression"
                )
        if event.trigger is _L and not event.reference:
            yield Problem(node.id, "link-name", "Expected a link to have a name, but it has none")


def _message(process: ExecutableProcess, node: FlowNode) -> Iterator[Problem]:
    event = node.event
    if event is None or event.name is None:
        yield Problem(node.id, "message-name", "Expected a message with a name, but there is none")
        return
    at_process = node.type is ElementType.START_EVENT and not _in_event_sub_process(process, node)
    if not at_process and (event.correlation_key is None or event.correlation_key.is_static):
        yield Problem(node.id, "correlation-key", 'Expected zeebe:subscription with a correlation key ("=…")')


def process_starts(process: ExecutableProcess) -> Iterator[Problem]:
    """Messages and signals that start a process are there once, under a name that needs no variables."""
    yield from _duplicates(process.start_events())
    for node in process.start_events():
        name = node.event.name if node.event is not None else None
        if name is None or name.compiled is None:
            continue
        found = name.compiled.evaluate({})
        if not isinstance(found.value, str) or not found.value:
            because = "; ".join(found.warnings) or "it is no text"
            text = f'Expected "{name.source}" to be a name that needs no variables, but {because}'
            yield Problem(node.id, "start-name", text)


def timers(process: ExecutableProcess) -> Iterator[Problem]:
    """Exactly one of date, duration, cycle, and one that can be waited for here."""
    for node in process.elements.values():
        event = node.event
        if event is None or event.trigger is not _T:
            continue
        if event.timers_given != 1 or event.timer is None:
            yield Problem(node.id, "timer", "Expected exactly one of timeDate, timeDuration and timeCycle")
            continue
        if event.timer.is_static:
            yield from _static_timer(node.id, event.timer_kind, event.timer.source.strip())
        at_process = node.type is ElementType.START_EVENT and not _in_event_sub_process(process, node)
        if at_process and event.timer_kind is TimerKind.DURATION:
            yield Problem(node.id, "timer", "Expected a date or a cycle at a start event, but it is a duration")
        if not at_process and event.timer_kind is TimerKind.CYCLE and node.interrupting:
            yield Problem(node.id, "timer", "Expected a date or a duration here, but it is a cycle")


def _static_timer(element_id: str, kind: TimerKind | None, text: str) -> Iterator[Problem]:
    readers: dict[TimerKind | None, Callable[[str], object]] = {
        TimerKind.DATE: time_values.parse_date,
        TimerKind.DURATION: time_values.parse_duration,
        TimerKind.CYCLE: time_values.parse_cycle,
    }
    try:
        readers[kind](text)
    except ValueError as error:
        yield Problem(element_id, "timer", f'Expected "{text}" to say when, but {error}')


def links(process: ExecutableProcess) -> Iterator[Problem]:
    """A link has one landing, in the scope of its throws, and no throw is lost."""
    landings: set[tuple[str, str]] = set()
    names_seen: set[str] = set()
    linked = [node for node in process.elements.values() if node.event is not None and node.trigger is _L]
    for node in linked:
        if node.type is ElementType.INTERMEDIATE_CATCH_EVENT and node.event is not None:
            place = (node.scope, node.event.reference)
            if node.event.reference in names_seen:
                yield Problem(node.id, "link", "Expected one catching link of a name, but there are several")
            landings.add(place)
            names_seen.add(node.event.reference)
            if node.incoming:
                yield Problem(node.id, "no-incoming", "Expected no incoming sequence flow at a catching link")
    for node in linked:
        if node.type is ElementType.INTERMEDIATE_THROW_EVENT and node.event is not None:
            if (node.scope, node.event.reference) not in landings:
                yield Problem(node.id, "link", "Expected a catching link of the same name, but there is none")
            if node.outgoing:
                yield Problem(node.id, "no-outgoing", "Expected no outgoing sequence flow at a throwing link")


RULES: tuple[Rule, ...] = (positions, boundaries, names, process_starts, timers, links)
