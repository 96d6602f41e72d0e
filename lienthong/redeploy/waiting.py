"""Why an instance waits, in words; and when its timers are due. Pure: facts of the public interfaces in, words out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lienthong.engine.feel import from_json, to_json
from lienthong.engine.model.elements import SCOPE_TYPES, ElementType, ExecutableProcess, FlowNode, TimerKind, Trigger
from lienthong.engine.model.time_values import FOREVER, add, iso, parse_cycle, parse_date, parse_duration
from lienthong.redeploy.changes import title
from lienthong.redeploy.marking import Marking
from lienthong.redeploy.waiting_words import tell
from lienthong.redeploy.words import Text

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one instance; the lists hold the items of REST searches."""

    elements: Sequence[Item]
    jobs: Sequence[Item] = ()
    tasks: Sequence[Item] = ()
    subscriptions: Sequence[Item] = ()
    incidents: Sequence[Item] = ()
    variables: Sequence[Item] = ()
    children: Sequence[Item] = ()
    marking: Marking = field(default_factory=lambda: Marking(()))
    served: frozenset[str] | None = None  # job types that some worker serves; None when nobody can say


@dataclass(frozen=True, slots=True)
class Wait:
    """One reason; ``child_key`` is the called instance that holds it up, ``due_at`` when a timer is due."""

    kind: str
    element_id: str
    since: str
    text: Text
    child_key: str = ""
    due_at: str = ""
    beside: bool = False  # it only watches, in an event sub-process; the work itself waits for something else


@dataclass(frozen=True, slots=True)
class TimerDue:
    """A timer that is waited for; ``due_at`` is empty when the expression cannot be worked out from what is known."""

    element_id: str
    name: str
    attached_to: str
    interrupting: bool
    expression: str
    due_at: str


def waits(process: ExecutableProcess, facts: Facts, now: datetime) -> list[Wait]:
    """Every reason why the instance stands where it stands: incidents first, then by element."""
    open_ones = _open(process, facts)
    found: list[Wait] = []
    for item in open_ones:
        node = process.elements.get(str(item["elementId"]))
        if node is None or node.type in SCOPE_TYPES:
            continue
        beside = _watches(process, node)
        found += [replace(wait, beside=beside) for wait in _of_element(process, node, item, facts, now)]
    found += _of_joins(process, facts.marking)
    return sorted(found, key=lambda wait: (wait.kind != "incident", wait.beside))


def _watches(process: ExecutableProcess, node: FlowNode) -> bool:
    while node.scope:
        node = process.elements[node.scope]
        if node.type is ElementType.EVENT_SUB_PROCESS:
            return True
    return False


def _open(process: ExecutableProcess, facts: Facts) -> list[Item]:
    return [item for item in facts.elements if item.get("state") == "ACTIVE" and item.get("type") != "PROCESS"]


def _with_key(items: Iterable[Item], item: Item, name: str = "elementInstanceKey") -> list[Item]:
    key = str(item.get("elementInstanceKey"))
    return [each for each in items if str(each.get(name)) == key]


def _of_element(process: ExecutableProcess, node: FlowNode, item: Item, facts: Facts, now: datetime) -> list[Wait]:
    since, name = str(item.get("startDate") or ""), title(node)
    troubled = _with_key(facts.incidents, item)
    if troubled:
        detail = str(troubled[0].get("errorMessage") or "")
        return [Wait("incident", node.id, since, tell("incident", element=name, detail=detail))]
    tasks = [each for each in _with_key(facts.tasks, item) if each.get("state") == "CREATED"]
    if tasks:
        return [_task(node, since, tasks[0])]
    jobs = [each for each in _with_key(facts.jobs, item) if str(each.get("state")) not in ("COMPLETED", "CANCELED")]
    if jobs:
        return [_job(node, since, jobs[0], facts.served)]
    called = _with_key(facts.children, item, "parentElementInstanceKey")
    if node.type is ElementType.CALL_ACTIVITY:
        keys = [str(each["processInstanceKey"]) for each in called if each.get("state") == "ACTIVE"]
        text = tell("call", element=name)
        return [Wait("call", node.id, since, text, key) for key in keys] or [Wait("call", node.id, since, text)]
    return _events(process, node, item, facts, now) or [Wait("busy", node.id, since, tell("busy", element=name))]


def _task(node: FlowNode, since: str, task: Item) -> Wait:
    name, due = title(node), str(task.get("dueDate") or "")
    if task.get("assignee"):
        return Wait("task", node.id, since, tell("task-held", element=name, who=task["assignee"]), due_at=due)
    groups = task.get("candidateGroups") or []
    who = ", ".join(str(each) for each in (json.loads(groups) if isinstance(groups, str) else groups))
    return Wait("task", node.id, since, tell("task-free", element=name, who=who), due_at=due)


def _job(node: FlowNode, since: str, job: Item, served: frozenset[str] | None) -> Wait:
    name, job_type, state = title(node), str(job.get("type") or ""), str(job.get("state"))
    if state == "FAILED":
        detail, left = str(job.get("errorMessage") or ""), job.get("retries") or 0
        return Wait("job", node.id, since, tell("job-failed", element=name, detail=detail, count=left))
    if job.get("worker") and job.get("deadline") and state != "TIMED_OUT":
        text = tell("job-activated", element=name, who=job["worker"])
        return Wait("job", node.id, since, text, due_at=str(job["deadline"]))
    unserved = served is not None and job_type not in served
    sentence = "job-unserved" if unserved else "job-created"
    return Wait("job", node.id, since, tell(sentence, element=name, who=job_type))


def _events(process: ExecutableProcess, node: FlowNode, item: Item, facts: Facts, now: datetime) -> list[Wait]:
    """What a catch event, a receive task or an event-based gateway waits for."""
    since = str(item.get("startDate") or "")
    gateway = node.type is ElementType.EVENT_BASED_GATEWAY
    events = [process.elements[flow.target] for flow in node.outgoing] if gateway else [node]
    found = []
    for event in events:
        name = title(event)
        if event.trigger is Trigger.TIMER:
            due = timer_due(event, since, _context(process, node, item, facts), now)
            found.append(Wait("timer", event.id, since, tell("timer", element=name), due_at=due))
        elif event.trigger is Trigger.SIGNAL:
            found.append(Wait("signal", event.id, since, tell("signal", element=name)))
        else:
            found += [
                Wait("message", event.id, since, tell("message", element=name, **_message(each)))
                for each in facts.subscriptions
                if each.get("elementId") == event.id
                and str(each.get("elementInstanceKey")) == str(item.get("elementInstanceKey"))
            ]
    return found


def _message(subscription: Item) -> dict[str, str]:
    return {"name": str(subscription.get("messageName")), "key": str(subscription.get("correlationKey"))}


def _of_joins(process: ExecutableProcess, marking: Marking) -> list[Wait]:
    arrived: dict[str, list[str]] = {}
    for flow_id, _ in marking.tokens:
        arrived.setdefault(process.flows[flow_id].target, []).append(flow_id)
    found = []
    for join_id, flows in arrived.items():
        join = process.elements[join_id]
        missing = [title(process.elements[flow.source]) for flow in join.incoming if flow.id not in flows]
        text = tell("join", element=title(join), count=len(flows), name=", ".join(missing))
        found.append(Wait("join", join_id, "", text))
    for key in marking.ambiguous:
        if key not in arrived:
            text = tell("join-unknown", element=title(process.elements[key]))
            found.append(Wait("join", key, "", text))
    return found


def timers(process: ExecutableProcess, facts: Facts, now: datetime) -> list[TimerDue]:
    """Every timer that is waited for: catch events, behind event gateways, on tasks, and of event sub-processes."""
    found: list[TimerDue] = []
    began = next((item for item in facts.elements if item.get("type") == "PROCESS"), None)
    scopes: list[tuple[FlowNode, Item]] = [(process.root, began)] if began is not None else []
    for item in _open(process, facts):
        node = process.elements.get(str(item["elementId"]))
        if node is not None:
            scopes.append((node, item))
    for node, item in scopes:
        context = _context(process, node, item, facts)
        for event in _timers_of(process, node):
            due = timer_due(event, str(item.get("startDate") or ""), context, now)
            source = event.event.timer.source if event.event and event.event.timer else ""
            holder = "" if event is node else node.id
            found.append(TimerDue(event.id, title(event), holder, event.interrupting, source, due))
    return found


def _timers_of(process: ExecutableProcess, node: FlowNode) -> list[FlowNode]:
    events = [node, *node.boundary_events, *(sub.start for sub in node.event_sub_processes if sub.start is not None)]
    if node.type is ElementType.EVENT_BASED_GATEWAY:
        events += [process.elements[flow.target] for flow in node.outgoing]
    return [event for event in events if event.trigger is Trigger.TIMER]


def _context(process: ExecutableProcess, node: FlowNode, item: Item, facts: Facts) -> dict[str, Any]:
    """The variables that an element sees: of the instance, of the scopes around it, its own."""
    keys = [str(item.get("processInstanceKey") or "")]
    around, scope = [], process.elements.get(node.scope)
    while scope is not None and scope is not process.root:
        around += [str(each["elementInstanceKey"]) for each in _open(process, facts) if each["elementId"] == scope.id]
        scope = process.elements.get(scope.scope)
    keys += [*reversed(around), str(item.get("elementInstanceKey"))]
    found: dict[str, Any] = {}
    for key in keys:
        for each in facts.variables:
            if str(each.get("scopeKey")) == key:
                found[str(each["name"])] = json.loads(each["value"])
    return found


def timer_due(event: FlowNode, since: str, variables: Mapping[str, Any], now: datetime) -> str:
    """When a timer that was set at ``since`` (ISO) is due, as ISO; empty when that cannot be worked out."""
    definition = event.event
    if definition is None or definition.timer is None or not since:
        return ""
    expression, set_at = definition.timer, parse_date(since)
    value: Any = expression.source
    try:
        if expression.compiled is not None:
            value = to_json(expression.compiled.evaluate(from_json(dict(variables)), now).value)
        return iso(_due_ms(definition.timer_kind, str(value), set_at, round(now.timestamp() * 1000)))
    except (ValueError, TypeError, OverflowError):
        return ""  # a variable that is not known here: the engine knows when it is due, this page does not


def _due_ms(kind: TimerKind | None, value: str, set_at_ms: int, now_ms: int) -> int:
    if kind is TimerKind.DATE:
        return parse_date(value)
    if kind is TimerKind.DURATION:
        return add(set_at_ms, parse_duration(value))
    cycle = parse_cycle(value)
    if cycle.duration is None:
        raise ValueError("a cron expression has no due time of its own")
    due, count = cycle.start_ms if cycle.start_ms is not None else add(set_at_ms, cycle.duration), 1
    if cycle.duration.ms + cycle.duration.months <= 0:
        raise ValueError("a cycle that does not go on has no next time")
    while due < now_ms and (cycle.count == FOREVER or count < cycle.count):
        due, count = add(due, cycle.duration), count + 1
    return due
