"""Rules about data: what a condition may expect of a form, and variables that nobody sets."""

from collections.abc import Iterator

from lienthong.engine.model.elements import ElementType, ExecutableProcess, FlowNode, SequenceFlow, Trigger
from lienthong.engine.model.expression import Expression
from lienthong.redeploy.advice.contracts import CALLED, JOBS, MESSAGES, START, STARTS
from lienthong.redeploy.advice.finding import Finding, found
from lienthong.redeploy.advice.names import compared, reads
from lienthong.redeploy.advice.shelf import Shelf
from lienthong.redeploy.changes import title


def form_fields(process: ExecutableProcess, shelf: Shelf) -> Iterator[Finding]:
    """A gateway right behind a user task asks only what the form of that task answers, and takes every answer."""
    for task in process.elements.values():
        form = shelf.form_of(task)
        gateway = _gateway_behind(process, task)
        if form is None or gateway is None or task.outputs:
            continue
        others = _set_beside_forms(process, shelf)
        names = {name for flow in gateway.outgoing for name in reads(flow.condition)}
        for name in sorted(names - form.fields.keys() - others):
            yield found("form-field", gateway.id, title(task), name)
        yield from _values(gateway, task, form.fields)


def _values(gateway: FlowNode, task: FlowNode, fields: dict[str, list[str]]) -> Iterator[Finding]:
    wanted: dict[str, set[str]] = {}
    for flow in gateway.outgoing:
        for name, texts in compared(flow.condition).items():
            wanted.setdefault(name, set()).update(texts)
    for name, texts in wanted.items():
        offered = set(fields.get(name, []))
        for text in sorted(texts - offered) if offered else ():
            yield found("form-value", gateway.id, title(task), text)
        simple = all(set(reads(flow.condition)) <= {name} for flow in gateway.outgoing)
        for text in sorted(offered - texts) if simple and not gateway.default_flow else ():
            yield found("form-choice", gateway.id, title(task), text)


def _gateway_behind(process: ExecutableProcess, task: FlowNode) -> FlowNode | None:
    if task.type is not ElementType.USER_TASK or len(task.outgoing) != 1:
        return None
    behind = process.elements.get(task.outgoing[0].target)
    fits = behind is not None and behind.type is ElementType.EXCLUSIVE_GATEWAY and len(behind.incoming) == 1
    return behind if fits else None


def unset_variables(process: ExecutableProcess, shelf: Shelf) -> Iterator[Finding]:
    """Every variable that is read is set somewhere: at the start, by a caller, a job, a form, a message, a mapping."""
    known = known_in(process, shelf, frozenset())
    if known is None:
        return
    for node in process.elements.values():
        results = results_of(node, shelf)
        own = {each.target.split(".")[0] for each in node.inputs}
        for expression in expressions_of(node):
            for name in sorted(reads(expression) - known - own):
                yield found("variable", node.id, title(node), name)
        if results is not None:
            for mapping in node.outputs:
                for name in sorted(reads(mapping.source) - known - own - results):
                    yield found("variable", node.id, title(node), name)
        decision = node.decision.called.id.source if node.decision else ""
        for name in sorted(shelf.decisions.get(decision, set()) - known - own):
            yield found("variable", node.id, title(node), name)
    for flow in process.flows.values():
        for name in sorted(reads(flow.condition) - known):
            yield found("variable", flow.id, _flow_name(process, flow), name)


def known_in(process: ExecutableProcess, shelf: Shelf, seen: frozenset[str]) -> set[str] | None:
    """All names that may be set in a process; None when somebody sets names that cannot be known."""
    known: set[str] | None = _given(process, shelf, seen)
    for node in process.elements.values():
        results = set() if node.outputs else results_of(node, shelf)
        if known is None or results is None:
            return None
        known |= results | {each.target.split(".")[0] for each in (*node.outputs, *node.inputs)}
        if node.loop:
            loop = (node.loop.input_element, node.loop.output_collection)
            known |= {"loopCounter", *(each for each in loop if each)}
    return known


def _given(process: ExecutableProcess, shelf: Shelf, seen: frozenset[str]) -> set[str] | None:
    starts = [node for node in process.start_events() if node.trigger is Trigger.MESSAGE]
    if starts:
        names = {node.event.name.source for node in starts if node.event and node.event.name}
        return set().union(*(STARTS.get(name, START) for name in names or {""}))
    callers = shelf.callers.get(process.id, [])
    given: set[str] = set() if callers else set(CALLED)
    for above, call in callers:
        given |= {each.target.split(".")[0] for each in call.inputs}
        if call.call and call.call.propagate_all_parent_variables and above.id not in seen:
            inherited = known_in(above, shelf, seen | {process.id, above.id})
            if inherited is None:
                return None
            given |= inherited
    return given


def _set_beside_forms(process: ExecutableProcess, shelf: Shelf) -> set[str]:
    """What is set otherwise than by a form."""
    given = _given(process, shelf, frozenset()) or set()
    for node in process.elements.values():
        if node.type is not ElementType.USER_TASK or node.outputs:
            given |= {each.target.split(".")[0] for each in node.outputs}
            given |= set() if node.outputs else (results_of(node, shelf) or set())
    return given


def results_of(node: FlowNode, shelf: Shelf) -> set[str] | None:
    """What an element itself brings; None when that cannot be known (an unknown job type, form or process)."""
    if node.user_task:
        form = shelf.form_of(node)
        return set(form.fields) if form else set()
    if node.job:
        answers = JOBS.get(node.job.type.source)
        return None if answers is None else set(answers)
    if node.decision:
        return {node.decision.result_variable}
    if node.script:
        return {node.script.result_variable}
    if node.call:
        return _of_call(node, shelf)
    if node.trigger is Trigger.MESSAGE and node.event and node.event.name:
        said = MESSAGES.get(node.event.name.source)
        return set(said) if said is not None else (set() if node.type is ElementType.START_EVENT else None)
    return set()


def _of_call(node: FlowNode, shelf: Shelf) -> set[str] | None:
    assert node.call is not None
    child = shelf.processes.get(node.call.called.id.source)
    if child is None:
        return None
    if not node.outputs and not node.call.propagate_all_child_variables:
        return set()
    found_names: set[str] = {each.target.split(".")[0] for each in node.inputs}
    for inner in child.elements.values():
        results = set() if inner.outputs else (set() if inner.call else results_of(inner, shelf))
        if results is None:
            return None
        found_names |= results | {each.target.split(".")[0] for each in inner.outputs}
    return found_names


def expressions_of(node: FlowNode) -> list[Expression | None]:
    """Every expression of an element but its output mappings."""
    found_expressions: list[Expression | None] = [each.source for each in node.inputs]
    if node.job:
        found_expressions += [node.job.type, node.job.retries]
    if task := node.user_task:
        found_expressions += [task.assignee, task.candidate_groups, task.candidate_users, task.due_date]
        found_expressions += [task.follow_up_date, task.priority]
    if event := node.event:
        found_expressions += [event.name, event.correlation_key, event.timer]
    if node.script:
        found_expressions.append(node.script.expression)
    if node.call:
        found_expressions.append(node.call.called.id)
    if node.loop:
        found_expressions.append(node.loop.input_collection)
    return found_expressions


def _flow_name(process: ExecutableProcess, flow: SequenceFlow) -> str:
    return f"{title(process.elements[flow.source])} – {title(process.elements[flow.target])}"
