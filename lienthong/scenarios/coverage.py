"""Which paths of which model the scenarios have walked: sequence flows taken of all there are."""

from dataclasses import dataclass, field

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass(slots=True)
class ModelCoverage:
    """One process: its flows, and those that some scenario took."""

    process_id: str
    flows: set[str]
    taken: set[str] = field(default_factory=set)

    @property
    def share(self) -> float:
        """Part of the flows taken, 0 to 1."""
        return len(self.taken & self.flows) / len(self.flows) if self.flows else 1.0

    @property
    def missed(self) -> list[str]:
        """Flows that no scenario took."""
        return sorted(self.flows - self.taken)


class Coverage:
    """Collects over many runs."""

    def __init__(self) -> None:
        self.models: dict[str, ModelCoverage] = {}

    def add(self, deployments: list[list[tuple[str, bytes]]], taken: set[tuple[str, str]]) -> None:
        """One run: what was deployed, and the flows taken as (process id, flow id)."""
        for name, content in (resource for group in deployments for resource in group):
            if name.endswith(".bpmn"):
                self._know(content)
        for process_id, flow_id in taken:
            if process_id in self.models:
                self.models[process_id].taken.add(flow_id)

    def walked(self) -> list[ModelCoverage]:
        """The models of which at least one flow was taken, by id."""
        return [model for _, model in sorted(self.models.items()) if model.taken]

    def _know(self, content: bytes) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            return  # it cannot be deployed either, and that is told
        for process in root.iter(f"{BPMN}process"):
            flows = {str(flow.get("id")) for flow in process.iter(f"{BPMN}sequenceFlow")}
            self.models.setdefault(str(process.get("id")), ModelCoverage(str(process.get("id")), flows))
