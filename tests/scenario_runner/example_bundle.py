"""A small bundle on disk for the runner's tests: one job, one user task with a form, one timer, one message."""

from pathlib import Path

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="definitions" targetNamespace="http://lienthong.vn/test">
  <bpmn:process id="small-v1" isExecutable="true">
    <bpmn:startEvent id="filed"><bpmn:outgoing>f1</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="m-start" /></bpmn:startEvent>
    <bpmn:serviceTask id="count"><bpmn:extensionElements><zeebe:taskDefinition type="count_papers" retries="=3" />
      </bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:userTask id="check"><bpmn:extensionElements><zeebe:userTask />
      <zeebe:assignmentDefinition candidateGroups="=[desk + &quot;/reception&quot;]" />
      <zeebe:formDefinition formId="form-check" /></bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:userTask>
    <bpmn:eventBasedGateway id="await"><bpmn:incoming>f3</bpmn:incoming>
      <bpmn:outgoing>f4</bpmn:outgoing><bpmn:outgoing>f5</bpmn:outgoing></bpmn:eventBasedGateway>
    <bpmn:intermediateCatchEvent id="paid"><bpmn:incoming>f4</bpmn:incoming><bpmn:outgoing>f6</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="m-paid" /></bpmn:intermediateCatchEvent>
    <bpmn:intermediateCatchEvent id="expired"><bpmn:incoming>f5</bpmn:incoming><bpmn:outgoing>f7</bpmn:outgoing>
      <bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P5D</bpmn:timeDuration>
      </bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="done"><bpmn:incoming>f6</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="stopped"><bpmn:incoming>f7</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="filed" targetRef="count" />
    <bpmn:sequenceFlow id="f2" sourceRef="count" targetRef="check" />
    <bpmn:sequenceFlow id="f3" sourceRef="check" targetRef="await" />
    <bpmn:sequenceFlow id="f4" sourceRef="await" targetRef="paid" />
    <bpmn:sequenceFlow id="f5" sourceRef="await" targetRef="expired" />
    <bpmn:sequenceFlow id="f6" sourceRef="paid" targetRef="done" />
    <bpmn:sequenceFlow id="f7" sourceRef="expired" targetRef="stopped" />
  </bpmn:process>
  <bpmn:message id="m-start" name="small-v1" />
  <bpmn:message id="m-paid" name="paid"><bpmn:extensionElements><zeebe:subscription correlationKey="=dossierCode" />
    </bpmn:extensionElements></bpmn:message>
</bpmn:definitions>
"""
FORM = '{"id": "form-check", "type": "default", "components": [{"type": "textfield", "key": "outcome", "id": "f"}]}'
START = """scenario: A small story
start: {at: "2023-03-01T08:00:00+07:00", message: small-v1, variables: {dossierCode: D-1, desk: quay}}
"""
ANSWERED = "defaults: {jobs: [{type: count_papers, variables: {papers: 2}}]}\n"


def write_bundle(root: Path) -> Path:
    """The bundle's folder, as it would lie under ``bpmn/``."""
    folder = root / "bpmn" / "small" / "1"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "bundle.bpmn").write_text(PROCESS, encoding="utf-8")
    (folder / "check.form").write_text(FORM, encoding="utf-8")
    return folder


def write_scenario(folder: Path, steps: str, answers: str = ANSWERED, name: str = "story") -> Path:
    """A scenario file of the bundle, with the usual start; ``steps`` is the YAML list."""
    file = folder / "scenarios" / f"{name}.yaml"
    file.write_text(f"{START}{answers}steps:\n{steps}", encoding="utf-8")
    return file
