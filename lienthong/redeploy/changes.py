"""What changes between two versions of a process, setting by setting, as data and in words."""

from dataclasses import dataclass

from lienthong.engine.model.elements import Called, ExecutableProcess, FlowNode, SequenceFlow
from lienthong.engine.model.expression import Expression
from lienthong.engine.model.parser import parse_bpmn
from lienthong.redeploy.words import Text, say

Process = ExecutableProcess


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``kind`` is one of the sentences about elements, settings and flows in ``words``."""

    kind: str
    element_id: str
    name: str
    setting: str = ""
    before: str = ""
    after: str = ""

    @property
    def text(self) -> Text:
        """The change as a sentence."""
        return say(self.kind, self.setting, element=self.name, before=self.before, after=self.after)


def read_process(content: bytes, process_id: str) -> ExecutableProcess:
    """The executable process of a BPMN file; LookupError when it is not there."""
    for process in parse_bpmn(content).processes:
        if process.id == process_id:
            return process
    raise LookupError(f"Expected process {process_id} in the file, but it is not there")


def title(node: FlowNode) -> str:
    """How an element is called before people."""
    return " ".join(node.name.split()) or node.id


def changes(old: ExecutableProcess, new: ExecutableProcess) -> list[Change]:
    """All differences in the order added, removed, altered, flows; layout is none."""
    before, after = _inside(old), _inside(new)
    found = [Change("added", key, title(node)) for key, node in after.items() if key not in before]
    found += [Change("removed", key, title(node)) for key, node in before.items() if key not in after]
    for key, node in before.items():
        if key in after:
            found += _altered(node, after[key], (old.id, new.id))
    found += _settings(new.id, old.root, new.root)
    return found + _flows(old, new)


def _inside(process: ExecutableProcess) -> dict[str, FlowNode]:
    return {key: node for key, node in process.elements.items() if node is not process.root}


def _altered(old: FlowNode, new: FlowNode, roots: tuple[str, str]) -> list[Change]:
    found = []
    if title(old) != title(new):
        found.append(Change("renamed", new.id, title(new), "", title(old), title(new)))
    kinds = (f"{old.type} {old.trigger}", f"{new.type} {new.trigger}")
    if kinds[0] != kinds[1]:
        found.append(Change("kind", new.id, title(new), "", *kinds))
    places = (old.attached_to or old.scope, new.attached_to or new.scope)
    if places[0] != places[1] and places != roots:
        found.append(Change("place", new.id, title(new), "", *places))
    return found + _settings(title(new), old, new)


def _settings(name: str, old: FlowNode, new: FlowNode) -> list[Change]:
    before, after = settings(old), settings(new)
    keys = [*before, *(key for key in after if key not in before)]
    return [
        Change("setting", new.id, name, key, before.get(key, ""), after.get(key, ""))
        for key in keys
        if before.get(key, "") != after.get(key, "")
    ]


def settings(node: FlowNode) -> dict[str, str]:
    """What is set inside the box, as text; absent when it is not set."""
    said: dict[str, str] = {}
    if node.job:
        said |= {"job-type": _text(node.job.type), "retries": _text(node.job.retries)}
    if task := node.user_task:
        said |= {
            "form": _called(task.form) or _text(task.form_key) or _text(task.external_reference),
            "assignee": _text(task.assignee),
            "candidate-groups": _text(task.candidate_groups),
            "candidate-users": _text(task.candidate_users),
            "due-date": _text(task.due_date),
            "follow-up-date": _text(task.follow_up_date),
            "priority": _text(task.priority),
        }
    said["inputs"] = "; ".join(f"{each.target} {_text(each.source)}" for each in node.inputs)
    said["outputs"] = "; ".join(f"{each.target} {_text(each.source)}" for each in node.outputs)
    said["headers"] = "; ".join(f"{key}: {value}" for key, value in sorted(node.headers.items()))
    said |= _event_settings(node)
    said["default-flow"] = node.default_flow or ""
    if node.call:
        propagation = (node.call.propagate_all_parent_variables, node.call.propagate_all_child_variables)
        said["called"] = _called(node.call.called) + ("" if propagation == (True, True) else f" {propagation}")
    if node.decision:
        said["decision"] = f"{_called(node.decision.called)} → {node.decision.result_variable}"
    if node.script:
        said["script"] = f"{node.script.result_variable} {_text(node.script.expression)}"
    if loop := node.loop:
        parts = ("sequential" if loop.sequential else "parallel", _text(loop.input_collection), loop.input_element)
        ends = (loop.output_collection, _text(loop.output_element), _text(loop.completion_condition))
        said["loop"] = " ".join(part for part in (*parts, *ends) if part)
    return {key: value for key, value in said.items() if value}


def _event_settings(node: FlowNode) -> dict[str, str]:
    event = node.event
    if event is None:
        return {}
    said = {
        "message": _text(event.name),
        "correlation-key": _text(event.correlation_key),
        "code": _text(event.code),
        "timer": _text(event.timer),
    }
    if node.attached_to or not node.interrupting:
        said["interrupting"] = "true" if node.interrupting else "false"
    return said


def _text(expression: Expression | None) -> str:
    return "" if expression is None else expression.source


def _called(called: Called | None) -> str:
    if called is None:
        return ""
    tag = f"@{called.version_tag}" if called.version_tag else ""
    return f"{_text(called.id)} ({called.binding.value}{tag})"


def _flows(old: ExecutableProcess, new: ExecutableProcess) -> list[Change]:
    found = []
    for key, flow in new.flows.items():
        if key not in old.flows:
            found.append(Change("flow-added", key, key, "", "", _ends(new, flow)))
    for key, flow in old.flows.items():
        now = new.flows.get(key)
        if now is None:
            found.append(Change("flow-removed", key, key, "", _ends(old, flow), ""))
            continue
        if (flow.source, flow.target) != (now.source, now.target):
            found.append(Change("flow-moved", key, key, "", _ends(old, flow), _ends(new, now)))
        if _text(flow.condition) != _text(now.condition):
            ends = _ends(new, now)
            found.append(Change("setting", key, ends, "condition", _text(flow.condition), _text(now.condition)))
    return found


def _ends(process: ExecutableProcess, flow: SequenceFlow) -> str:
    return f"{title(process.elements[flow.source])} – {title(process.elements[flow.target])}"
