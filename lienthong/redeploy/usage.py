"""Where used: which models name which others, and which bundles and versions a change would reach."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lienthong.redeploy.source_tree import Element, NotXml, read_source

PROCESS, DECISION, FORM = "process", "decision", "form"
Thing = tuple[str, str]  # kind, id
_REFERENCES = {
    "calledElement": (PROCESS, "processId"),
    "calledDecision": (DECISION, "decisionId"),
    "formDefinition": (FORM, "formId"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """An element of a file that names another model."""

    path: str
    process_id: str
    element_id: str
    element_name: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change of one file reaches: its direct uses, and every file above it, bundles named apart."""

    direct: tuple[Use, ...]
    files: tuple[str, ...]
    bundles: tuple[str, ...]  # "karaoke/2023"


class Usage:
    """All references among a set of model files, read once."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.homes: dict[Thing, str] = {}
        self.uses: dict[Thing, list[Use]] = {}
        self.needs: dict[str, set[Thing]] = {path: set() for path in files}
        for path, content in files.items():
            for thing in offered(path, content):
                self.homes.setdefault(thing, path)
            for thing, use in _references(path, content):
                self.uses.setdefault(thing, []).append(use)
                self.needs[path].add(thing)
        self._offers: dict[str, list[Thing]] = {}
        for thing, path in self.homes.items():
            self._offers.setdefault(path, []).append(thing)

    def uses_of(self, path: str) -> list[Use]:
        """The elements that name something of a file."""
        return [use for thing in self._offers.get(path, []) for use in self.uses.get(thing, [])]

    def reach(self, path: str) -> Reach:
        """The files above a file, through every level of calling."""
        seen: set[str] = set()
        todo = [path]
        while todo:
            for use in self.uses_of(todo.pop()):
                if use.path not in seen and use.path != path:
                    seen.add(use.path)
                    todo.append(use.path)
        bundles = {bundle_of(each) for each in (*seen, path)} - {""}
        return Reach(tuple(self.uses_of(path)), tuple(sorted(seen)), tuple(sorted(bundles)))

    def called_by(self, path: str) -> list[str]:
        """The files that a file needs, through every level."""
        seen: list[str] = []
        todo = [path]
        while todo:
            for thing in sorted(self.needs.get(todo.pop(), set())):
                home = self.homes.get(thing)
                if home is not None and home not in seen and home != path:
                    seen.append(home)
                    todo.append(home)
        return sorted(seen)


def bundle_of(path: str) -> str:
    """``karaoke/2023`` of a file in that folder; empty for shared ones."""
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else ""


def bundles_reached(files: Mapping[str, bytes], paths: Iterable[str]) -> list[str]:
    """The bundles whose dossiers a change of these files would reach."""
    usage = Usage(files)
    return sorted({bundle for path in paths for bundle in usage.reach(path).bundles})


def offered(path: str, content: bytes) -> list[Thing]:
    """The processes, decisions or the form that a file is home of."""
    if path.endswith(".form"):
        try:
            form = json.loads(content)
        except ValueError:
            return []
        return [(FORM, str(form.get("id", "")))] if isinstance(form, dict) else []
    if not path.endswith((".bpmn", ".dmn")):
        return []
    try:
        root = read_source(content).root
    except NotXml:
        return []
    kinds = {"process": PROCESS, "decision": DECISION}
    return [(kinds[each.name[1]], each.id) for each in root.walk() if each.name[1] in kinds and each.id]


def _references(path: str, content: bytes) -> list[tuple[Thing, Use]]:
    if not path.endswith(".bpmn"):
        return []
    try:
        root = read_source(content).root
    except NotXml:
        return []
    found = []
    for each in root.walk():
        kind, attribute = _REFERENCES.get(each.name[1], ("", ""))
        named = each.attributes.get(("", attribute), "") if kind else ""
        if not named:
            continue
        owner, process = _owner(each), _above(each, "process")
        use = Use(path, process.id if process else "", owner.id, owner.attributes.get(("", "name"), "") or owner.id)
        found.append(((kind, named), use))
    return found


def _owner(element: Element) -> Element:
    while not element.id and element.parent is not None:
        element = element.parent
    return element


def _above(element: Element, name: str) -> Element | None:
    above = element.parent
    while above is not None and above.name[1] != name:
        above = above.parent
    return above
