"""What a deployment would change: elements added, removed or altered against the newest deployed version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True, remove_comments=True)
DMN_DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Difference:
    """Ids of elements; layout alone is no difference."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


class Deployed(Protocol):
    """What the comparison asks the engine; the orchestration client fits."""

    def search_process_definitions(self, filter: Mapping[str, Any] | None = None) -> Sequence[Mapping[str, Any]]:
        """Versions of processes."""
        ...

    def process_definition_xml(self, key: str) -> str:
        """The model of one version."""
        ...

    def search_decision_definitions(self, filter: Mapping[str, Any] | None = None) -> Sequence[Mapping[str, Any]]:
        """Versions of decisions."""
        ...

    def decision_definition_xml(self, key: str) -> str:
        """The model of one version."""
        ...


def executable_processes(content: bytes) -> dict[str, str]:
    """Id and name of every executable process of a BPMN file; empty when it cannot be read."""
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError:
        return {}
    found = [process for process in root.iter(f"{BPMN}process") if process.get("isExecutable") == "true"]
    return {str(process.get("id")): str(process.get("name") or process.get("id")) for process in found}


def element_difference(old: bytes, new: bytes) -> Difference:
    """Compare two BPMN files element by element; both must be readable XML."""
    before, after = _elements(old), _elements(new)
    return Difference(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(key for key in before.keys() & after.keys() if before[key] != after[key])),
    )


def _elements(content: bytes) -> dict[str, str]:
    root = etree.fromstring(content, _PARSER)
    found = {}
    for element in root.iter(etree.Element):
        key = element.get("id")
        if key is not None and not _is_drawing(element):
            found[key] = _own_text(element)
    return found


def _is_drawing(element: Any) -> bool:
    """Whether an element belongs to the diagram interchange of BPMN or DMN, itself or through a parent."""
    lineage = [element, *element.iterancestors()]
    return any(str(etree.QName(each).namespace).rstrip("/").endswith("DI") for each in lineage)


def _own_text(element: Any) -> str:
    """The element with everything inside it but what has an id of its own and the order of its flows."""
    parts = [str(element.tag), *sorted(f"{name}={value}" for name, value in element.attrib.items())]
    parts.append((element.text or "").strip())
    for child in element:
        if not isinstance(child.tag, str) or child.tag in (f"{BPMN}incoming", f"{BPMN}outgoing"):
            continue
        if child.get("id") is None:
            parts.append(_own_text(child))
    return "\x1f".join(parts)


def decisions(content: bytes) -> dict[str, str]:
    """Id and name of every decision of a DMN file; empty when it cannot be read."""
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError:
        return {}
    found = [element for element in root.iter(etree.Element) if etree.QName(element).localname == DMN_DECISION]
    return {str(element.get("id")): str(element.get("name") or element.get("id")) for element in found}


def newest_process(client: Deployed, process_id: str) -> Mapping[str, Any] | None:
    """The newest version of a process, or None when none was deployed."""
    found = client.search_process_definitions({"processDefinitionId": process_id})
    return max(found, key=lambda item: int(item["version"]), default=None)


def newest_decision(client: Deployed, decision_id: str) -> Mapping[str, Any] | None:
    """The newest version of a decision, or None when none was deployed."""
    found = client.search_decision_definitions({"decisionDefinitionId": decision_id})
    return max(found, key=lambda item: int(item["version"]), default=None)


def deployment_difference(client: Deployed, resources: Iterable[tuple[str, bytes]]) -> list[str]:
    """Lines in words for each process or decision that differs from its newest deployed version, or is new.

    Forms cannot be asked for by id, so nothing is said about them here.
    """
    lines: list[str] = []
    for name, content in resources:
        if name.endswith(".bpmn"):
            for process_id in executable_processes(content):
                newest = newest_process(client, process_id)
                old = newest and client.process_definition_xml(str(newest["processDefinitionKey"]))
                lines += _words(process_id, name, newest, old, content)
        elif name.endswith(".dmn"):
            for decision_id in decisions(content):
                newest = newest_decision(client, decision_id)
                old = newest and client.decision_definition_xml(str(newest["decisionDefinitionKey"]))
                lines += _words(decision_id, name, newest, old, content)
    return lines


def _words(
    key: str, name: str, newest: Mapping[str, Any] | None, old: str | Mapping[str, Any] | None, new: bytes
) -> list[str]:
    if newest is None:
        return [f"{key}: new ({name})"]
    found = element_difference(str(old).encode(), new)
    pairs = (("adds", found.added), ("removes", found.removed), ("changes", found.changed))
    words = [f"{word} {', '.join(ids)}" for word, ids in pairs if ids]
    return [f"{key} (version {newest['version']} runs): {'; '.join(words)}"] if words else []
