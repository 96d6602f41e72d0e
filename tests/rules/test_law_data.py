"""The law's files: schemas, marks and sources, and that what they name exists in one another and in the models."""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.law_records import Bundle
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.rules.deadline import bundle_deadlines, due

ROOT = Path(__file__).parents[2]
VERSIONS = [
    (row["id"], row["version"]) for row in yaml.safe_load((ROOT / "law" / "bundles.yaml").read_text("utf-8"))["bundles"]
]
NAMES = ("authorities", "bundles", "calendar", "competence", "fees", "papers", "procedures")
TODAY = date(2023, 6, 1)


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn", "today")


@pytest.fixture(params=VERSIONS, ids="-".join)
def bundle(request: pytest.FixtureRequest, law: Law) -> Bundle:
    return law.bundle(*request.param)


def day_of(bundle: Bundle) -> date:
    """A day on which this version of the bundle is open."""
    return max(bundle.valid_from, TODAY)


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_fits_its_schema(name: str) -> None:
    schema = json.loads((ROOT / "law" / "schema" / f"{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_json(yaml.safe_load((ROOT / "law" / f"{name}.yaml").read_text("utf-8"))), schema)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_refuses_a_missing_mark_and_an_unknown_field(name: str) -> None:
    schema = json.loads((ROOT / "law" / "schema" / f"{name}.schema.json").read_text("utf-8"))
    value = as_json(yaml.safe_load((ROOT / "law" / f"{name}.yaml").read_text("utf-8")))
    record = value if name == "calendar" else next(iter(value.values()))[0]
    for change in ({"mark": "?"}, {"unknownField": 1}):
        spoiled = {**record, **change}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoiled if name == "calendar" else {next(iter(value)): [spoiled]}, schema)


def test_every_authority_named_exists(law: Law) -> None:
    named = {entry.authority for entry in law.competences}
    named |= {id_ for bundle in law.all_bundles for id_ in (bundle.desk, bundle.office)}
    named |= {record.parent_id for record in law.authorities.values() if record.parent_id}
    assert named <= set(law.authorities)


def test_every_procedure_has_law_competence_limit_and_model(law: Law, bundle: Bundle) -> None:
    law = law.under_bundle(bundle)
    for code in bundle.procedures:
        procedure = law.procedure(code, day_of(bundle))
        assert (ROOT / "bpmn" / "procedures" / f"{procedure.process_id}.bpmn").is_file()
        for area in (*bundle.area.values.values(), "any") if bundle.area.values else ("any",):
            if bundle.area.values and area == "any":
                continue
            assert law.authority_for(code, area, day_of(bundle)) in law.authorities
        for options in every_option(bundle):
            if bundle.applies(code, options):
                assert bundle.limit(code, options).value > 0


def every_option(bundle: Bundle) -> list[dict[str, Any]]:
    options = [bundle.defaults()]
    for question in bundle.questions:
        values: list[Any] = [True, False] if question.kind == "boolean" else [one.value for one in question.choices]
        if values:
            options = [{**one, question.name: value} for one in options for value in values]
    return options


def test_every_edge_of_the_graph_is_a_component_that_the_law_asks_for(law: Law, bundle: Bundle) -> None:
    law = law.under_bundle(bundle)
    edges = law.needs[f"{bundle.id}/{bundle.version}"]
    assert edges
    for edge in edges:
        asked = law.procedure(edge.procedure, day_of(bundle)).components
        fitting = [one for one in asked if one.code == edge.component]
        assert [one.satisfied_by for one in fitting] == [edge.result], edge
        assert law.procedure(edge.result, day_of(bundle)).result_kind == edge.component, edge


def test_the_branches_and_what_a_refusal_does_are_those_of_the_models(bundle: Bundle) -> None:
    graph = yaml.safe_load((ROOT / "bpmn" / bundle.id / bundle.version / "graph.yaml").read_text("utf-8"))
    for options in every_option(bundle):
        running = [
            node["code"]
            for node in graph["procedures"]
            if all(options[name] == value for name, value in node.get("condition", {}).items())
        ]
        assert sorted(running) == sorted(bundle.active_procedures(options)), options
    refusals = {node["code"]: node["refusal"] for node in graph["procedures"]}
    assert refusals == {member.code: member.refusal for member in bundle.members}


def test_the_limits_of_the_branches_stay_within_the_total_that_the_law_allows(law: Law, bundle: Bundle) -> None:
    if bundle.total_limit is None:
        return
    for options in every_option(bundle):
        graph = law.graph(bundle, options)
        start = datetime(2026, 9, 7, 8, tzinfo=ZONE)
        begin = due(law.calendar, start, bundle.intake_limit)
        last = max(bundle_deadlines(graph, law.limits(bundle, options), begin, law.calendar).values())
        assert due(law.calendar, last, bundle.return_limit) <= due(law.calendar, start, bundle.total_limit), options


def test_every_fee_that_a_decision_chooses_is_in_the_law(law: Law) -> None:
    chosen: set[str] = set()
    for file in sorted(ROOT.glob("bpmn/*/*/*-fee.dmn")):
        found = re.findall(r'feeItem">\s*<text>"([^"]+)"</text>', file.read_text("utf-8"))
        assert found, file
        chosen |= set(found)
    assert chosen <= {fee.item for fee in law.fees}


def test_a_bundle_or_procedure_that_does_not_exist_is_not_found(law: Law) -> None:
    from lienthong.dossiers.errors import NotFound

    for ask in (
        lambda: law.bundle("nonsense"),
        lambda: law.bundle("karaoke", "1999"),
        lambda: law.procedure("X1", TODAY),
        lambda: law.procedure("K5", date(2000, 1, 1)),
        lambda: law.authority("nowhere"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_bundle_names_the_decision_of_its_own_version(bundle: Bundle) -> None:
    assert (ROOT / "bpmn" / bundle.id / bundle.version / f"{bundle.decision_of_fees}.dmn").is_file()
