"""Projects small enough to be seen through: one bundle with a form, a shared step and two stories."""

from __future__ import annotations

import sys
from pathlib import Path

from staff_world import World, build_world

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "scenario_runner"))

from example_bundle import ANSWERED, write_bundle, write_scenario  # noqa: E402

BUNDLE = "small/1/bundle.bpmn"
GOOD = (
    "  - task: {element: check, variables: {outcome: accept}}\n  - message: {name: paid}\n  - expect: {ended: true}\n"
)
LATE = "  - task: {element: check}\n  - advance: P6D\n  - expect: {ended: true, completed: [stopped]}\n"
STEP = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="step-tell" isExecutable="true">
    <bpmn:startEvent id="told" />
    <bpmn:userTask id="tell" name="Báo"><bpmn:extensionElements><zeebe:userTask />
      <zeebe:formDefinition formId="form-check" /></bpmn:extensionElements></bpmn:userTask>
    <bpmn:endEvent id="ended" />
    <bpmn:sequenceFlow id="s1" sourceRef="told" targetRef="tell" />
    <bpmn:sequenceFlow id="s2" sourceRef="tell" targetRef="ended" />
  </bpmn:process>
</bpmn:definitions>
"""


def build_designer_world(folder: Path) -> World:
    """The staff world over these projects."""
    world = build_world(folder / "world")
    bundle = write_bundle(folder)
    write_scenario(bundle, GOOD, ANSWERED, "paid")
    write_scenario(bundle, LATE, ANSWERED, "late")
    models = bundle.parents[1]
    (models / "steps").mkdir()
    (models / "steps" / "step-tell.bpmn").write_text(STEP, encoding="utf-8")
    world.settings = world.settings.model_copy(update={"bpmn_dir": models})
    world.app.state.settings = world.settings
    return world
