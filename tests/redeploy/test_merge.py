"""One change carried to another version: done where nobody contradicts, named where somebody does."""

from __future__ import annotations

import json

from lienthong.engine.model.parser import parse_bpmn
from lienthong.redeploy.merge import carried
from tests.engine.model_text import end, model, service, start, user


def version(id_: str, *, due: str = "5", group: str = "officer", extra: bool = False) -> bytes:
    settings = f'<zeebe:assignmentDefinition candidateGroups="{group}"/><zeebe:taskSchedule dueDate="={due}"/>'
    parts = [start(), user("check", settings), *([service("notify")] if extra else []), end()]
    flows = ["start>check", "check>notify>end"] if extra else ["start>check>end"]
    return model(*parts, flows=flows, id_=id_)


def due_of(content: bytes) -> str:
    task = parse_bpmn(content).processes[0].elements["check"].user_task
    assert task is not None and task.due_date is not None
    return task.due_date.source


def test_a_change_reaches_a_version_that_differs_elsewhere() -> None:
    merged = carried("a.bpmn", version("p1"), version("p1", due="3"), version("p2", group="unit_head"))
    assert (merged.carried, merged.conflicts) == (["check"], [])
    assert due_of(merged.content) == "=3"
    assert b"unit_head" in merged.content and b'id="p2"' in merged.content


def test_two_answers_to_one_question_are_a_conflict_and_nothing_is_changed_there() -> None:
    other = version("p2", due="8")
    merged = carried("a.bpmn", version("p1"), version("p1", due="3"), other)
    assert (merged.carried, merged.conflicts, merged.content) == ([], ["check"], other)


def test_a_new_step_comes_with_its_flows() -> None:
    merged = carried("a.bpmn", version("p1"), version("p1", extra=True), version("p2", group="unit_head"))
    process = parse_bpmn(merged.content).processes[0]
    assert merged.conflicts == []
    assert {"check-notify", "notify-end"} <= process.flows.keys()
    assert "check-end" not in process.flows
    assert process.elements["notify"].job is not None


def test_what_was_changed_there_already_is_no_conflict() -> None:
    merged = carried("a.bpmn", version("p1"), version("p1", due="3"), version("p2", due="3"))
    assert (merged.carried, merged.conflicts) == ([], [])


def test_an_untouched_other_side_is_simply_replaced() -> None:
    assert carried("a.bpmn", version("p1"), version("p1", due="3"), version("p1")).content == version("p1", due="3")


def test_what_cannot_be_read_stays_as_it_is() -> None:
    assert carried("a.bpmn", version("p1"), b"<broken", version("p2")).conflicts == ["*"]


def form(label: str, *more: str, note: str = "Ghi chú") -> bytes:
    fields = [{"id": "1", "key": "outcome", "label": label}, {"id": "2", "key": "note", "label": note}]
    fields += [{"id": key, "key": key, "label": key} for key in more]
    return json.dumps({"id": "f", "components": fields}).encode()


def test_forms_are_carried_field_by_field() -> None:
    merged = carried("f.form", form("Kết quả"), form("Kết luận", "extra"), form("Kết quả", note="Lý do"))
    labels = [field["label"] for field in json.loads(merged.content)["components"]]
    assert labels == ["Kết luận", "Lý do", "extra"]
    assert carried("f.form", form("a"), form("b"), form("c")).conflicts == ["1"]
