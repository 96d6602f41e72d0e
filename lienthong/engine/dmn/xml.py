"""DMN's XML of all versions, read safely: no DTD, no entities, no network, a bounded size."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from lienthong.engine.dmn.model import DmnError

MAX_BYTES = 5_000_000
NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/dmn"
XML = etree._Element


def read_definitions(content: bytes, name: str) -> XML:
    """The root of a DMN file; raises DmnError."""
    if len(content) > MAX_BYTES:
        raise DmnError(f"Expected '{name}' to have at most {MAX_BYTES} bytes, but it has {len(content)}")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DmnError(f"Expected '{name}' to be well-formed XML, but: {error}") from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise DmnError(f"Expected '{name}' to have no document type definition, but it has one")
    if local(root) != "definitions" or namespace_of(root) not in NAMESPACES:
        raise DmnError(f"Expected '{name}' to be DMN 1.1 to 1.5, but its root is '{root.tag}'")
    return root


def local(element: XML) -> str:
    """The tag without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace_of(element: XML) -> str:
    """The namespace of an element."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: XML, *names: str) -> Iterator[XML]:
    """The children of DMN with one of the names, or all."""
    for child in element:
        if namespace_of(child) in NAMESPACES and (not names or local(child) in names):
            yield child


def child(element: XML, *names: str) -> XML | None:
    """The first child of DMN with one of the names."""
    return next(children(element, *names), None)


def text(element: XML | None) -> str:
    """The text of the `text` child, or of the element itself."""
    if element is None:
        return ""
    inner = child(element, "text")
    return "".join(str(part) for part in (element if inner is None else inner).itertext()).strip()


def version_tag(element: XML) -> str | None:
    """`zeebe:versionTag` of the extension elements (or Camunda 7's attribute)."""
    extensions = child(element, "extensionElements")
    if extensions is not None:
        for found in extensions.iter(f"{{{ZEEBE}}}versionTag"):
            return found.get("value")
    return element.get(f"{{{CAMUNDA}}}versionTag")


def type_ref(element: XML | None) -> str:
    """The name of the type an element refers to, as attribute (1.2 and later) or child (1.1)."""
    if element is None:
        return ""
    found = element.get("typeRef")
    if found is None:
        inner = child(element, "typeRef")
        found = "".join(str(part) for part in inner.itertext()) if inner is not None else ""
    return found.strip()
