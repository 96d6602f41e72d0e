"""Every model can be read: complete diagrams, nothing on top of anything else, every element named and explained."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from tests.models.bpmn_files import MODELS, NS, Rectangle, flow_nodes, kind, name_of, read, rectangle


@pytest.fixture(params=MODELS, ids=name_of)
def model(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def shapes(model: Path) -> dict[str, Rectangle]:
    """Element id → box."""
    return {str(s.get("bpmnElement")): rectangle(s) for s in read(model).iter(f"{{{NS['bpmndi']}}}BPMNShape")}


def labels(model: Path) -> dict[str, Rectangle]:
    """Element id → box of its label."""
    return {
        str(label.getparent().get("bpmnElement")): rectangle(label)  # type: ignore[union-attr]
        for label in read(model).iter(f"{{{NS['bpmndi']}}}BPMNLabel")
    }


def lines(model: Path) -> dict[str, list[tuple[float, float]]]:
    """Sequence flow id → way points."""
    return {
        str(edge.get("bpmnElement")): [
            (float(point.get("x", "nan")), float(point.get("y", "nan"))) for point in edge.findall("di:waypoint", NS)
        ]
        for edge in read(model).iter(f"{{{NS['bpmndi']}}}BPMNEdge")
    }


def test_every_element_has_a_vietnamese_name_and_says_basis_mark_unit_time_and_english(model: Path) -> None:
    root = read(model)
    pattern = re.compile(r"Căn cứ: .+ \[(V|V\*|S|M|I)\]\. Đơn vị: .+\. Thời gian: .+\. \| EN: .+", re.DOTALL)
    for element in [root.find("bpmn:process", NS), *flow_nodes(root)]:
        assert element is not None
        assert element.get("name"), element.get("id")
        assert pattern.match(element.findtext("bpmn:documentation", "", NS)), element.get("id")


def test_the_diagram_is_complete(model: Path) -> None:
    root = read(model)
    assert set(shapes(model)) == {str(node.get("id")) for node in flow_nodes(root)}
    assert set(lines(model)) == {str(flow.get("id")) for flow in root.iter(f"{{{NS['bpmn']}}}sequenceFlow")}


def test_no_shape_or_label_lies_on_another(model: Path) -> None:
    root = read(model)
    kinds = {str(node.get("id")): kind(node) for node in flow_nodes(root)}
    boxes = [(name, box, "shape") for name, box in shapes(model).items()]
    boxes += [(name, box, "label") for name, box in labels(model).items()]
    for (one, a, sort_a), (two, b, sort_b) in combinations(boxes, 2):
        if a.overlaps(b):
            nested = (kinds.get(one) == "subProcess" and a.contains(b)) or (
                kinds.get(two) == "subProcess" and b.contains(a)
            )
            attached = "boundaryEvent" in (kinds.get(one), kinds.get(two)) and sort_a == sort_b == "shape"
            assert nested or attached, (one, sort_a, two, sort_b)


def test_boundary_events_sit_on_the_border_of_their_host(model: Path) -> None:
    boxes = shapes(model)
    for node in read(model).iter(f"{{{NS['bpmn']}}}boundaryEvent"):
        event, host = boxes[str(node.get("id"))], boxes[str(node.get("attachedToRef"))]
        assert event.y + event.height / 2 == pytest.approx(host.y + host.height, abs=1)
        assert host.x < event.x + event.width / 2 < host.x + host.width


def test_lines_are_orthogonal_and_go_round_every_shape_and_label(model: Path) -> None:
    root = read(model)
    outside = {str(node.get("id")) for node in flow_nodes(root) if kind(node) != "subProcess"}
    boxes = {name: box for name, box in shapes(model).items() if name in outside}
    for flow in root.iter(f"{{{NS['bpmn']}}}sequenceFlow"):
        points = lines(model)[str(flow.get("id"))]
        ends = {flow.get("sourceRef"), flow.get("targetRef")}
        hosts = {
            str(n.get("attachedToRef")) for n in flow_nodes(root) if n.get("id") in ends and n.get("attachedToRef")
        }
        for start, end in pairwise(points):
            assert start[0] == end[0] or start[1] == end[1], flow.get("id")
            for name, box in boxes.items():
                if name not in ends | hosts:
                    assert not box.crossed_by(start, end), (flow.get("id"), name)
            for name, box in labels(model).items():
                assert not box.crossed_by(start, end), (flow.get("id"), f"label of {name}")


def test_a_line_begins_and_ends_at_its_elements(model: Path) -> None:
    boxes = shapes(model)
    for flow in read(model).iter(f"{{{NS['bpmn']}}}sequenceFlow"):
        points = lines(model)[str(flow.get("id"))]
        for point, reference in ((points[0], "sourceRef"), (points[-1], "targetRef")):
            box = boxes[str(flow.get(reference))]
            grown = Rectangle(box.x - 1, box.y - 1, box.width + 2, box.height + 2)
            assert grown.contains(Rectangle(point[0], point[1], 0, 0)), (flow.get("id"), reference)
