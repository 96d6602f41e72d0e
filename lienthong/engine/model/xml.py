"""Reading XML from strangers: no entities, no DTD, no network, bounded size and depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 64
MAX_ELEMENTS = 100_000

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA7 = "http://camunda.org/schema/1.0/bpmn"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(slots=True)
class UnreadableXml(Exception):
    """The bytes are not XML that we read; `reason` says why."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def read_xml(content: bytes) -> etree._Element:
    """The root element; raises UnreadableXml."""
    if len(content) > MAX_BYTES:
        raise UnreadableXml(f"Expected at most {MAX_BYTES} bytes, but the file has {len(content)}")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableXml(f"Expected well-formed XML, but {error}") from error
    document: Any = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise UnreadableXml("Expected no document type declaration, but there is one")
    _check_bounds(root)
    return root


def _check_bounds(root: etree._Element) -> None:
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH:
            raise UnreadableXml(f"Expected at most {MAX_DEPTH} levels of nesting, but there are more")
        if count > MAX_ELEMENTS:
            raise UnreadableXml(f"Expected at most {MAX_ELEMENTS} elements, but there are more")


def local_name(element: etree._Element) -> str:
    """The tag without its namespace."""
    return str(etree.QName(element).localname)


def namespace(element: etree._Element) -> str:
    """The namespace of the tag, "" when it has none."""
    return str(etree.QName(element).namespace or "")


def bpmn_child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child `bpmn:<name>`."""
    return element.find(f"{{{BPMN}}}{name}")


def bpmn_children(element: etree._Element, name: str) -> list[etree._Element]:
    """All children `bpmn:<name>`."""
    return list(element.findall(f"{{{BPMN}}}{name}"))


def extension(element: etree._Element, name: str) -> etree._Element | None:
    """The extension `zeebe:<name>` of an element."""
    return element.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}{name}")


def extensions(element: etree._Element, path: str) -> list[etree._Element]:
    """All extensions at `path`, e.g. `taskHeaders/header`."""
    steps = "/".join(f"{{{ZEEBE}}}{step}" for step in path.split("/"))
    return list(element.findall(f"{{{BPMN}}}extensionElements/{steps}"))
