"""Plays tokens through a bundle's diagram: which procedures run, which can start while another never ends.

Every task and called process ends at once, but those named as blocked never end, and those named as refused
leave by their error boundary. Exclusive gateways follow conditions over `options`; any other condition is taken
as the normal path says.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from lienthong.engine.feel import from_json, parse_expression
from tests.models.bpmn_files import NS, extension, flow_nodes, kind

NORMAL_PATH = {"duplicate": False, "intakeOutcome": "accept"}


@dataclass
class Game:
    """What happened in one play."""

    started: set[str] = field(default_factory=set)
    ended_at: str | None = None


class Diagram:
    """The main flow of one bundle as a graph."""

    def __init__(self, root: etree._Element) -> None:
        process = root.find("bpmn:process", NS)
        assert process is not None
        inside = {node for sub in process.findall("bpmn:subProcess", NS) for node in sub.iter()}
        self.nodes = {str(node.get("id")): node for node in flow_nodes(root) if node not in inside}
        self.flows = list(process.findall("bpmn:sequenceFlow", NS))
        self.procedures = {
            str(node.get("id")): code for node in self.nodes.values() if (code := procedure_code(node)) is not None
        }
        self.boundaries = {
            str(node.get("attachedToRef")): str(node.get("id"))
            for node in self.nodes.values()
            if kind(node) == "boundaryEvent"
        }

    def leaving(self, node_id: str) -> list[etree._Element]:
        """Outgoing flows in document order."""
        return [flow for flow in self.flows if flow.get("sourceRef") == node_id]

    def play(
        self, options: Mapping[str, Any], blocked: frozenset[str] = frozenset(), refused: frozenset[str] = frozenset()
    ) -> Game:
        """Play to the end, or until nothing moves any more; ``blocked`` and ``refused`` are procedure codes."""
        game = Game()
        start = next(node_id for node_id, node in self.nodes.items() if kind(node) == "startEvent")
        work, arrived = [(start, "")], Counter[tuple[str, str]]()
        while work:
            node_id, via = work.pop()
            node = self.nodes[node_id]
            code = self.procedures.get(node_id)
            if code is not None:
                game.started.add(code)
            if code in blocked:
                continue
            if code in refused:
                work += [(self.boundaries[node_id], "")]
                continue
            if kind(node) == "parallelGateway" and not self._joined(node_id, via, arrived):
                continue
            if kind(node) == "endEvent" and node.find("bpmn:terminateEventDefinition", NS) is not None:
                game.ended_at = node_id
                return game
            work += [(str(flow.get("targetRef")), str(flow.get("id"))) for flow in self._taken(node, options)]
        return game

    def _joined(self, node_id: str, via: str, arrived: Counter[tuple[str, str]]) -> bool:
        arrived[(node_id, via)] += 1
        entering = [str(flow.get("id")) for flow in self.flows if flow.get("targetRef") == node_id]
        if not all(arrived[(node_id, flow_id)] for flow_id in entering):
            return False
        for flow_id in entering:
            arrived[(node_id, flow_id)] -= 1
        return True

    def _taken(self, node: etree._Element, options: Mapping[str, Any]) -> list[etree._Element]:
        leaving = self.leaving(str(node.get("id")))
        if kind(node) != "exclusiveGateway" or len(leaving) < 2:
            return leaving
        context = from_json({**NORMAL_PATH, "options": dict(options)})
        for flow in leaving:
            condition = flow.findtext("bpmn:conditionExpression", namespaces=NS)
            if condition and parse_expression(condition.removeprefix("=")).evaluate(context).value is True:
                return [flow]
        return [flow for flow in leaving if flow.get("id") == node.get("default")]


def procedure_code(node: etree._Element) -> str | None:
    """The procedure code that a call activity passes on, None for steps."""
    if kind(node) != "callActivity":
        return None
    mapping = extension(node, "ioMapping")
    assert mapping is not None
    for item in mapping.findall("zeebe:input", NS):
        if item.get("target") == "procedureCode":
            return str(item.get("source")).removeprefix("=").strip('"')
    return None
