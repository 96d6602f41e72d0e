"""Reads the model files for the tests of this folder: plain lxml, no code of the engine."""

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).parents[2]
BPMN_DIR = ROOT / "bpmn"
LAW_DIR = ROOT / "law"
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
}
FLOW_NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "boundaryEvent",
        "exclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "serviceTask",
        "userTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
    }
)
WAITS = frozenset({"userTask", "intermediateCatchEvent", "eventBasedGateway"})
BUNDLES = sorted(file.parent for file in BPMN_DIR.glob("*/*/bundle.bpmn"))
MODELS = sorted(BPMN_DIR.rglob("*.bpmn"))
FORMS = sorted(BPMN_DIR.rglob("*.form"))
DECISIONS = sorted(BPMN_DIR.rglob("*.dmn"))


def name_of(path: Path) -> str:
    """How a model file is named in test ids and messages."""
    return path.relative_to(BPMN_DIR).as_posix()


def read(path: Path) -> etree._Element:
    """The root of a model file."""
    return etree.fromstring(path.read_bytes())


def kind(element: etree._Element) -> str:
    """The local name of an element's tag."""
    return etree.QName(element).localname


def flow_nodes(root: etree._Element) -> list[etree._Element]:
    """Every event, gateway, activity."""
    return [element for element in root.iter(f"{{{NS['bpmn']}}}*") if kind(element) in FLOW_NODES]


def extension(element: etree._Element, name: str) -> etree._Element | None:
    """A zeebe extension element of an element."""
    return element.find(f"bpmn:extensionElements/zeebe:{name}", NS)


@dataclass(frozen=True)
class Rectangle:
    """A box of the diagram."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Rectangle") -> bool:
        """Whether two boxes share an area."""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height

    def contains(self, other: "Rectangle") -> bool:
        """Whether the other box lies inside."""
        across = self.x <= other.x and other.x + other.width <= self.x + self.width
        return across and self.y <= other.y and other.y + other.height <= self.y + self.height

    def crossed_by(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Whether a horizontal or vertical line goes through the inside."""
        left, right = sorted((start[0], end[0]))
        top, bottom = sorted((start[1], end[1]))
        across = left < self.x + self.width - 1 and right > self.x + 1
        return across and top < self.y + self.height - 1 and bottom > self.y + 1


def rectangle(element: etree._Element) -> Rectangle:
    """The bounds of a shape or label."""
    bounds = element.find("dc:Bounds", NS)
    assert bounds is not None
    return Rectangle(*(float(bounds.get(side, "nan")) for side in ("x", "y", "width", "height")))
