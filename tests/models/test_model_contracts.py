"""Every model may be deployed and keeps to the names at the seams: job types, bindings, groups, forms, ends."""

import json
from pathlib import Path

import pytest
import yaml

from lienthong.engine.dmn import parse_dmn
from lienthong.engine.model.validation import check_bpmn
from tests.models.bpmn_files import (
    BPMN_DIR,
    DECISIONS,
    FORMS,
    LAW_DIR,
    MODELS,
    NS,
    WAITS,
    extension,
    flow_nodes,
    kind,
    name_of,
    read,
)

JOB_TYPES = {
    "register_instance",
    "digitise",
    "look_up_citizen",
    "check_reuse",
    "set_deadline",
    "collect_fee",
    "escalate_sla",
    "notify",
    "issue_result",
    "hand_over",
    "record_status",
    "request_supplement",
    "register_service",
    "issue_bill",
    "settle_bill",
    "remind_bill",
    "end_service",
    "compile_late_list",
    "record_late_objections",
    "gather_late_objections",
    "publish_late_list",
    "correct_late_list",
}
HEADERS = {"set_deadline": "scope", "notify": "template", "record_status": "status", "compile_late_list": "period"}
STATUSES = {"accepted", "processing", "not_accepted", "stopped", "withdrawn", "refused", "done"}
TEMPLATES = BPMN_DIR / "element-templates"


@pytest.fixture(params=MODELS, ids=name_of)
def model(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_the_engine_takes_it(model: Path) -> None:
    assert check_bpmn(model.read_bytes(), model.name) == []


def test_it_is_a_version_tagged_process_named_after_its_file(model: Path) -> None:
    processes = read(model).findall("bpmn:process", NS)
    assert len(processes) == 1
    tag = extension(processes[0], "versionTag")
    assert tag is not None and tag.get("value") == tag_of(model)
    named = model.stem if model.name != "bundle.bpmn" else f"{model.parent.parent.name}-v{model.parent.name}"
    assert processes[0].get("id") == named


def tag_of(model: Path) -> str:
    """The version tag of a model: its folder for a bundle, its name for a procedure (``-v2026``), else v2023."""
    if model.name == "bundle.bpmn":
        return f"v{model.parent.name}"
    return "v2026" if model.stem.endswith("-v2026") else "v2023"


def test_every_job_has_a_worker_a_template_retries_and_its_header(model: Path) -> None:
    for task in read(model).iter(f"{{{NS['bpmn']}}}serviceTask"):
        definition = extension(task, "taskDefinition")
        assert definition is not None
        job_type = str(definition.get("type"))
        assert job_type in JOB_TYPES
        assert definition.get("retries") == "=3"
        assert task.get(f"{{{NS['zeebe']}}}modelerTemplate") == f"lienthong.{job_type}"
        headers = {str(h.get("key")): str(h.get("value")) for h in task.iter(f"{{{NS['zeebe']}}}header")}
        assert set(headers) == ({HEADERS[job_type]} if job_type in HEADERS else set())
        if job_type in HEADERS:
            assert headers[HEADERS[job_type]] in choices(job_type)


def choices(job_type: str) -> set[str]:
    """The header values that the job type's element template offers."""
    template = json.loads((TEMPLATES / f"{job_type}.json").read_text(encoding="utf-8"))
    return {choice["value"] for item in template["properties"] for choice in item.get("choices", [])}


def test_every_call_is_bound_by_version_tag_to_a_process_that_is_there(model: Path) -> None:
    known = {str(read(file).find("bpmn:process", NS).get("id")): tag_of(file) for file in MODELS}  # type: ignore[union-attr]
    for call in read(model).iter(f"{{{NS['bpmn']}}}callActivity"):
        called = extension(call, "calledElement")
        assert called is not None
        process_id = str(called.get("processId"))
        tag = tag_of(model) if process_id == "=turn.process" else known[process_id]
        assert (called.get("bindingType"), called.get("versionTag")) == ("versionTag", tag)
        assert called.get("propagateAllParentVariables") == called.get("propagateAllChildVariables") == "false"
        assert 'source="=dossierCode" target="dossierCode"' in etree_text(call)


def etree_text(element: object) -> str:
    """An element as text."""
    from lxml import etree

    return etree.tostring(element).decode()  # type: ignore[call-overload, no-any-return]


def test_every_wait_names_who_is_responsible(model: Path) -> None:
    for node in flow_nodes(read(model)):
        if kind(node) in WAITS:
            found = node.xpath("bpmn:extensionElements/zeebe:properties/zeebe:property/@name", namespaces=NS)
            assert "responsibleGroup" in found, node.get("id")


def test_every_user_task_is_native_with_group_form_and_priority(model: Path) -> None:
    forms = {json.loads(file.read_text(encoding="utf-8"))["id"] for file in FORMS}
    for task in read(model).iter(f"{{{NS['bpmn']}}}userTask"):
        assert extension(task, "userTask") is not None
        assignment, form = extension(task, "assignmentDefinition"), extension(task, "formDefinition")
        assert assignment is not None and str(assignment.get("candidateGroups")).startswith("=[auth")
        assert form is not None and form.get("formId") in forms and form.get("bindingType") == "versionTag"
        assert extension(task, "priorityDefinition") is not None


def test_the_main_flow_ends_the_deadline_watch(model: Path) -> None:
    """ADR 3: beside a watch, a main flow ends by terminate or error; a plain end only lets one token go."""
    process = read(model).find("bpmn:process", NS)
    assert process is not None
    if process.find("bpmn:subProcess[@id='watch-deadline']", NS) is None:
        return
    ends = process.findall("bpmn:endEvent", NS)
    plain = [end.get("id") for end in ends if not [child for child in end if kind(child).endswith("Definition")]]
    assert plain == []


def test_forms_are_versioned_and_their_ids_and_keys_are_unique() -> None:
    forms = [json.loads(file.read_text(encoding="utf-8")) for file in FORMS]
    assert len({form["id"] for form in forms}) == len(forms)
    for form in forms:
        keys = [part["key"] for part in form["components"] if "key" in part]
        ids = [part["id"] for part in form["components"]]
        assert form["versionTag"] == "v2023" and len(set(keys)) == len(keys) and len(set(ids)) == len(ids), form["id"]


def test_every_form_is_used() -> None:
    used = {
        str(form.get("formId")) for model in MODELS for form in read(model).iter(f"{{{NS['zeebe']}}}formDefinition")
    }
    assert {json.loads(file.read_text(encoding="utf-8"))["id"] for file in FORMS} == used


def test_every_job_type_has_an_element_template() -> None:
    assert {file.stem for file in TEMPLATES.glob("*.json")} == JOB_TYPES
    for file in TEMPLATES.glob("*.json"):
        template = json.loads(file.read_text(encoding="utf-8"))
        assert template["id"] == f"lienthong.{file.stem}" and template["elementType"]["value"] == "bpmn:ServiceTask"
        types = [item["value"] for item in template["properties"] if item["binding"].get("property") == "type"]
        assert types == [file.stem]
    assert choices("record_status") == STATUSES


@pytest.mark.parametrize("file", DECISIONS, ids=name_of)
def test_decisions_choose_fee_items_that_the_law_data_holds(file: Path) -> None:
    root = read(file)
    decision_ids = [str(item.get("id")) for item in root.iter("{*}decision")]
    graph = parse_dmn(file.read_bytes(), file.name)
    assert graph is not None and decision_ids == [file.stem]
    items = {entry["item"] for entry in yaml.safe_load((LAW_DIR / "fees.yaml").read_text(encoding="utf-8"))["fees"]}
    chosen = {
        entry.findtext("{*}text", "").strip('"')
        for entry in root.iter("{*}outputEntry")
        if entry.get("id", "").endswith("-feeItem")
    }
    assert chosen and chosen <= items


@pytest.mark.parametrize("file", DECISIONS, ids=name_of)
def test_the_bundle_asks_its_decision_by_version_tag(file: Path) -> None:
    rules = list(read(file.parent / "bundle.bpmn").iter(f"{{{NS['zeebe']}}}calledDecision"))
    assert [rule.get("decisionId") for rule in rules] == [file.stem]
    assert (rules[0].get("bindingType"), rules[0].get("versionTag")) == ("versionTag", f"v{file.parent.name}")
    assert [tag.get("value") for tag in read(file).iter(f"{{{NS['zeebe']}}}versionTag")] == [f"v{file.parent.name}"]
