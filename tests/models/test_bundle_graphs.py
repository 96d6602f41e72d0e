"""The graph of a bundle says what waits for what; its diagram must do exactly that, under every set of options."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.models.bpmn_files import BUNDLES, NS, extension, name_of, read
from tests.models.token_game import Diagram

Graph = dict[str, Any]


def graph_of(bundle: Path) -> Graph:
    """The bundle's graph.yaml."""
    document: Graph = yaml.safe_load((bundle / "graph.yaml").read_text(encoding="utf-8"))
    return document


def option_sets(graph: Graph) -> list[dict[str, bool]]:
    """Every combination of the options that the graph's conditions ask for."""
    names = sorted({name for entry in graph["procedures"] for name in entry.get("condition", {})})
    return [dict(zip(names, values, strict=True)) for values in product((False, True), repeat=len(names))]


def running(graph: Graph, options: dict[str, bool]) -> set[str]:
    """Codes of the procedures whose condition holds."""
    return {
        entry["code"]
        for entry in graph["procedures"]
        if all(options[name] == value for name, value in entry.get("condition", {}).items())
    }


def waits(graph: Graph, options: dict[str, bool]) -> set[tuple[str, str]]:
    """All (later, earlier) pairs among the running procedures, through any number of edges."""
    codes = running(graph, options)
    pairs = {(edge["procedure"], edge["result"]) for edge in graph["needs"]}
    pairs = {pair for pair in pairs if set(pair) <= codes}
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return pairs


@pytest.fixture(params=BUNDLES, ids=name_of)
def bundle(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_exactly_the_procedures_whose_condition_holds_are_run(bundle: Path) -> None:
    graph, diagram = graph_of(bundle), Diagram(read(bundle / "bundle.bpmn"))
    for options in option_sets(graph):
        game = diagram.play(options)
        assert game.started == running(graph, options), options
        assert game.ended_at == "done", options


def test_a_procedure_waits_for_the_results_that_the_graph_names_and_for_no_others(bundle: Path) -> None:
    graph, diagram = graph_of(bundle), Diagram(read(bundle / "bundle.bpmn"))
    for options in option_sets(graph):
        codes = running(graph, options)
        found = {
            (later, earlier)
            for earlier in codes
            for later in codes - diagram.play(options, blocked=frozenset({earlier})).started
        }
        assert found == waits(graph, options), options


def test_a_refusal_ends_the_bundle_or_lets_it_go_on_as_the_graph_says(bundle: Path) -> None:
    graph, diagram = graph_of(bundle), Diagram(read(bundle / "bundle.bpmn"))
    rules = {entry["code"]: entry["refusal"] for entry in graph["procedures"]}
    for options in option_sets(graph):
        for code in running(graph, options):
            ended_at = diagram.play(options, refused=frozenset({code})).ended_at
            assert ended_at == {"end": "ended-refused", "continue": "done"}[rules[code]], (code, options)


def test_each_code_calls_the_process_and_takes_the_authority_that_the_graph_names(bundle: Path) -> None:
    graph, diagram = graph_of(bundle), Diagram(read(bundle / "bundle.bpmn"))
    entries = {entry["code"]: entry for entry in graph["procedures"]}
    assert sorted(diagram.procedures.values()) == sorted(entries)
    for node_id, code in diagram.procedures.items():
        called = extension(diagram.nodes[node_id], "calledElement")
        mapping = extension(diagram.nodes[node_id], "ioMapping")
        assert called is not None and called.get("processId") == entries[code]["process"]
        assert mapping is not None
        sources = {item.get("target"): item.get("source") for item in mapping.findall("zeebe:input", NS)}
        assert sources["authority"] == f"=authorities.{entries[code]['authority']}"
        targets = {item.get("target"): item.get("source") for item in mapping.findall("zeebe:output", NS)}
        assert targets == {f"result{code}": "=result"}


def test_every_fact_of_the_graph_carries_its_mark(bundle: Path) -> None:
    graph = graph_of(bundle)
    for entry in [graph, *graph["procedures"], *graph["needs"]]:
        assert entry["mark"] in {"V", "V*", "S", "M", "I"}, entry
