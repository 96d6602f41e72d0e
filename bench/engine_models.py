"""The two processes of the engine's bench: one task, and ten tasks of which four run side by side."""

from itertools import pairwise

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="http://example.com/bench">'
)


def _task(name: str) -> str:
    return (
        f'<bpmn:serviceTask id="{name}"><bpmn:extensionElements><zeebe:taskDefinition type="work"/>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


def _process(identifier: str, nodes: str, flows: list[tuple[str, str]]) -> bytes:
    arrows = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(flows)
    )
    body = f'<bpmn:startEvent id="start"/>{nodes}<bpmn:endEvent id="end"/>{arrows}'
    return (
        f'{HEAD}<bpmn:process id="{identifier}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'.encode()
    )


def one_task() -> bytes:
    """Start, one service task, end."""
    return _process("one-task", _task("t"), [("start", "t"), ("t", "end")])


def ten_tasks() -> bytes:
    """Three tasks, four in parallel, three tasks."""
    names = [f"t{number}" for number in range(10)]
    nodes = "".join(map(_task, names)) + '<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
    first = ["start", *names[:3], "fork"]
    last = ["join", *names[7:], "end"]
    flows = [*pairwise(first), *pairwise(last)]
    for name in names[3:7]:
        flows += [("fork", name), (name, "join")]
    return _process("ten-tasks", nodes, flows)
