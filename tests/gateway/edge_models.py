"""Small models for the tests of the edge, as text."""

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="http://example.com/test">'
)
TAIL = "</bpmn:definitions>"


def process(process_id: str, body: str, name: str = "A test") -> bytes:
    """A process of a given body."""
    text = f'{HEAD}<bpmn:process id="{process_id}" name="{name}" isExecutable="true">{body}</bpmn:process>{TAIL}'
    return text.encode()


def flow(identifier: str, source: str, target: str) -> str:
    """A sequence flow."""
    return f'<bpmn:sequenceFlow id="{identifier}" sourceRef="{source}" targetRef="{target}"/>'


def one_task(process_id: str = "one-task", job_type: str = "work", retries: int = 3) -> bytes:
    """Start, one service task, end."""
    task = (
        f'<bpmn:serviceTask id="task" name="The work"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{job_type}" retries="{retries}"/><zeebe:taskHeaders>'
        f'<zeebe:header key="channel" value="online"/></zeebe:taskHeaders></bpmn:extensionElements></bpmn:serviceTask>'
    )
    body = '<bpmn:startEvent id="start"/>' + task + '<bpmn:endEvent id="end"/>'
    return process(process_id, body + flow("to-task", "start", "task") + flow("to-end", "task", "end"))


def user_task(process_id: str = "user-task", form: bool = False) -> bytes:
    """Start, one native user task with candidates, end."""
    linked = '<zeebe:formDefinition formId="check"/>' if form else ""
    task = (
        '<bpmn:userTask id="check-dossier" name="Check the dossier"><bpmn:extensionElements><zeebe:userTask/>'
        f'<zeebe:assignmentDefinition candidateGroups="=[authority + &quot;/officer&quot;]"/>{linked}'
        '<zeebe:ioMapping><zeebe:input source="=dossierCode" target="code"/></zeebe:ioMapping>'
        "</bpmn:extensionElements></bpmn:userTask>"
    )
    body = '<bpmn:startEvent id="start"/>' + task + '<bpmn:endEvent id="end"/>'
    return process(process_id, body + flow("f1", "start", "check-dossier") + flow("f2", "check-dossier", "end"))


def timer(process_id: str = "timer", duration: str = "PT1H") -> bytes:
    """Start, wait, end."""
    wait = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition id="t"><bpmn:timeDuration '
        f'xsi:type="bpmn:tFormalExpression">{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>'
        "</bpmn:intermediateCatchEvent>"
    )
    body = '<bpmn:startEvent id="start"/>' + wait + '<bpmn:endEvent id="end"/>'
    return process(process_id, body + flow("f1", "start", "wait") + flow("f2", "wait", "end"))


def message(process_id: str = "message") -> bytes:
    """Start, wait for a message of the dossier, end."""
    wait = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition id="m" messageRef="paid"/>'
        "</bpmn:intermediateCatchEvent>"
    )
    body = '<bpmn:startEvent id="start"/>' + wait + '<bpmn:endEvent id="end"/>'
    text = process(process_id, body + flow("f1", "start", "wait") + flow("f2", "wait", "end")).decode()
    declared = (
        '<bpmn:message id="paid" name="payment-received"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=dossierCode"/></bpmn:extensionElements></bpmn:message>'
    )
    return text.replace(TAIL, declared + TAIL).encode()


def no_task(process_id: str = "no-task") -> bytes:
    """Start, end."""
    return process(process_id, '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>' + flow("f", "start", "end"))


FORM = b"""{"id": "check", "type": "default", "components": [
{"type": "textfield", "key": "note", "label": "Ghi ch\xc3\xba"}]}"""

DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fees" name="Fees" namespace="http://example.com/test">
  <decision id="fee" name="Fee">
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="in" label="Area"><inputExpression id="ie" typeRef="string"><text>area</text></inputExpression></input>
      <output id="out" label="Fee" name="fee" typeRef="number"/>
      <rule id="r1">
        <inputEntry id="i1"><text>"city"</text></inputEntry>
        <outputEntry id="o1"><text>4000000</text></outputEntry></rule>
      <rule id="r2">
        <inputEntry id="i2"><text>"elsewhere"</text></inputEntry>
        <outputEntry id="o2"><text>2000000</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
