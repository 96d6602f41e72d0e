"""Rules about ways: joins that starve, steps nobody reaches, errors nobody catches, tasks without a time limit."""

from collections.abc import Iterator

from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode, Trigger
from lienthong.redeploy.advice.finding import Finding, found
from lienthong.redeploy.advice.shelf import Shelf
from lienthong.redeploy.changes import title
from lienthong.redeploy.token_game import Fate, TokenGame


def starving_joins(process: ExecutableProcess, shelf: Shelf) -> Iterator[Finding]:
    """Play tokens from every start; a join at which they stay for ever is named."""
    game = TokenGame(process)
    said: set[str] = set()
    for start in _starts(process):
        fate = game.fate({start.id: 1})
        rule = {Fate.STRANDED: "starving-join", Fate.RISKY: "join-may-starve"}.get(fate.fate)
        for key in fate.joins if rule else ():
            if rule and key not in said:
                said.add(key)
                yield found(rule, key, title(process.elements[key]))


def unreachable_steps(process: ExecutableProcess, shelf: Shelf) -> Iterator[Finding]:
    """Follow every way from every start, boundary event and compensation; what is left can never run."""
    elements = process.elements
    seen: set[str] = set()
    todo = [process.root, *_starts(process), *(node for node in elements.values() if node.is_handler)]
    while todo:
        node = todo.pop()
        if node.id in seen:
            continue
        seen.add(node.id)
        todo += [elements[flow.target] for flow in node.outgoing if flow.target in elements]
        todo += node.boundary_events
        todo += [each for each in node.children if each.type is ElementType.START_EVENT]
        todo += node.event_sub_processes
        if node.compensation_handler in elements:
            todo.append(elements[node.compensation_handler])
        if node.trigger is Trigger.LINK and not node.outgoing:
            todo += [each for each in elements.values() if each.trigger is Trigger.LINK and each.outgoing]
    for key, node in elements.items():
        if key not in seen and node is not process.root and not (node.scope and node.scope not in seen):
            yield found("unreachable", key, title(node))


def uncaught_errors(process: ExecutableProcess, shelf: Shelf) -> Iterator[Finding]:
    """An error must be caught around its end event, or by every process that calls this one."""
    for node in process.elements.values():
        if node.trigger is Trigger.ERROR and node.type is ElementType.END_EVENT:
            code = _code(node)
            if not _caught(process, node, code, shelf, frozenset()):
                rule = "uncaught-error" if shelf.callers.get(process.id) else "error-alone"
                yield found(rule, node.id, title(node), code)


def missing_deadlines(process: ExecutableProcess, shelf: Shelf) -> Iterator[Finding]:
    """A user task has a due date, a timer around it, or a deadline that this process or one above sets."""
    if _sets_deadline(process) or _set_above(process, shelf, frozenset()):
        return
    for node in process.elements.values():
        if node.type is ElementType.USER_TASK and not _timed(process, node):
            yield found("deadline-missing", node.id, title(node))


def _starts(process: ExecutableProcess) -> list[FlowNode]:
    inside = [node for node in process.elements.values() if node.type is ElementType.EVENT_SUB_PROCESS]
    return [*process.start_events(), *(node.start for node in inside if node.start)]


def _code(node: FlowNode) -> str:
    return node.event.code.source if node.event and node.event.code else ""


def _catches(node: FlowNode, code: str) -> bool:
    return node.trigger is Trigger.ERROR and _code(node) in ("", code)


def _caught(process: ExecutableProcess, node: FlowNode, code: str, shelf: Shelf, seen: frozenset[str]) -> bool:
    scope: FlowNode | None = process.elements.get(node.scope)
    while scope is not None:
        if any(each.start and _catches(each.start, code) for each in scope.event_sub_processes):
            return True
        if any(_catches(each, code) for each in scope.boundary_events):
            return True
        scope = process.elements.get(scope.scope) if scope.scope else None
    callers = shelf.callers.get(process.id, [])
    if not callers or process.id in seen:
        return False
    return all(
        any(_catches(each, code) for each in call.boundary_events)
        or _caught(above, call, code, shelf, seen | {process.id})
        for above, call in callers
    )


def _sets_deadline(process: ExecutableProcess) -> bool:
    return any(node.job is not None and node.job.type.source == "set_deadline" for node in process.elements.values())


def _set_above(process: ExecutableProcess, shelf: Shelf, seen: frozenset[str]) -> bool:
    if process.id in seen:
        return False
    return any(
        _sets_deadline(above) or _set_above(above, shelf, seen | {process.id})
        for above, _ in shelf.callers.get(process.id, [])
    )


def _timed(process: ExecutableProcess, node: FlowNode) -> bool:
    if node.user_task and node.user_task.due_date:
        return True
    around: FlowNode | None = node
    while around is not None:
        events = [*around.boundary_events, *(each.start for each in around.event_sub_processes if each.start)]
        if any(each.trigger is Trigger.TIMER for each in events):
            return True
        around = process.elements.get(around.scope) if around.scope else None
    return False
