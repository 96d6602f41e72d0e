"""One change carried over to another version of a model: a merge of three files, element by element.

What changed between ``before`` and ``after`` is done to ``other`` as well, wherever ``other`` still says what
``before`` said; where it says something else, the place is named and nothing is changed there.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lienthong.redeploy.model_text import kept_text
from lienthong.redeploy.source_tree import Element, NotXml, read_source

Json = dict[str, Any]
FLOW_LISTS = ("incoming", "outgoing")


@dataclass(slots=True)
class Merged:
    """The result, what was carried over, and where the two sides contradict each other (ids of elements)."""

    content: bytes
    carried: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def carried(name: str, before: bytes, after: bytes, other: bytes) -> Merged:
    """Do to ``other`` what was done from ``before`` to ``after``."""
    if before == after:
        return Merged(other)
    if other == before:
        return Merged(after, ["*"])
    if name.endswith(".form"):
        return _carried_form(before, after, other)
    try:
        return _Merge(before, after, other).run(name)
    except NotXml:
        return Merged(other, [], ["*"])


class _Merge:
    """The tree of ``other`` is changed in place and written by the writer that keeps texts."""

    def __init__(self, before: bytes, after: bytes, other: bytes) -> None:
        self.before, self.after = read_source(before).ids(), read_source(after).ids()
        self.other_content = other
        self.root = read_source(other).root
        self.other = {each.id: each for each in self.root.walk() if each.id}
        self.result = Merged(other)

    def run(self, name: str) -> Merged:
        for key in [key for key in self.before if key not in self.after]:
            self._removed(key)
        for key, new in self.after.items():
            if key not in self.before:
                self._added(key, new)
            elif _own(self.before[key]) != _own(new):
                self._changed(key, new)
        for key in self.before.keys() & self.after.keys():
            self._ends(key)
        if self.result.carried:
            self.result.content = kept_text(name, self.other_content, written(self.root))
        return self.result

    def _removed(self, key: str) -> None:
        there = self.other.get(key)
        if there is None or there.parent is None:
            return
        if _own(there) != _own(self.before[key]):
            self.result.conflicts.append(key)
            return
        there.parent.children.remove(there)
        self.result.carried.append(key)

    def _added(self, key: str, new: Element) -> None:
        if key in self.other:
            if _own(self.other[key]) != _own(new):
                self.result.conflicts.append(key)
            return
        if new.parent is not None and new.parent.id in self.after and new.parent.id not in self.before:
            return  # it comes with the new element around it
        home = self._home(new)
        if home is None:
            self.result.conflicts.append(key)
            return
        above = [each.id for each in new.parent.children] if new.parent is not None else []
        here = [each.id for each in home.children]
        known = [here.index(each) for each in above[: above.index(key)] if each and each in here]
        home.children.insert(known[-1] + 1 if known else len(home.children), _copy(new, home))
        self.other |= {each.id: each for each in home.children[-1].walk() if each.id}
        self.result.carried.append(key)

    def _home(self, new: Element) -> Element | None:
        """Where the parent of a new element is in ``other``; a process of another version has another id."""
        parent = new.parent
        if parent is None:
            return None
        if parent.id in self.other:
            return self.other[parent.id]
        fitting = [each for each in self.root.walk() if each.name == parent.name]
        return fitting[0] if len(fitting) == 1 else None

    def _changed(self, key: str, new: Element) -> None:
        there = self.other.get(key)
        merged = None if there is None else _three(self.before[key], new, there)
        if there is None or merged is None:
            self.result.conflicts.append(key)
            return
        if _own(merged) == _own(there):
            return
        there.attributes, there.text = merged.attributes, merged.text
        named = [each for each in there.children if each.id]
        there.children = [*(each for each in merged.children if not each.id), *named]
        self.result.carried.append(key)

    def _ends(self, key: str) -> None:
        """The lists of flows that come in and go out follow the flows."""
        there, old, new = self.other.get(key), self.before[key], self.after[key]
        if there is None:
            return
        for kind in FLOW_LISTS:
            before, after = _flows(old, kind), _flows(new, kind)
            gone = set(before) - set(after)
            there.children = [each for each in there.children if each.name[1] != kind or each.text not in gone]
            missing = [flow for flow in after if flow not in before and flow not in _flows(there, kind)]
            model = next((each for each in new.children if each.name[1] == kind), None)
            if model is not None:
                made = [_copy(model, there) for _ in missing]
                for each, flow in zip(made, missing, strict=True):
                    each.text = flow
                there.children += made


def _flows(element: Element, kind: str) -> list[str]:
    return [each.text for each in element.children if each.name[1] == kind]


def _three(before: Element, after: Element, there: Element) -> Element | None:
    """One element with both sides' changes; None where they contradict each other. Parts with ids are left alone."""
    merged = _copy(there, there.parent or there)
    for name in {*before.attributes, *after.attributes}:
        old, new, here = (each.attributes.get(name) for each in (before, after, there))
        if old == new or here == new:
            continue
        if here != old:
            return None
        if new is None:
            merged.attributes.pop(name)
        else:
            merged.attributes[name] = new
    if before.text != after.text and not after.children:
        if there.text not in (before.text, after.text):
            return None
        merged.text = after.text
    kinds = dict.fromkeys(each.name for element in (there, after) for each in element.children if not _is_apart(each))
    parts: list[Element] = [each for each in merged.children if _is_apart(each)]
    for kind in kinds:
        inside = _three_lists(
            *([e for e in x.children if e.name == kind and not _is_apart(e)] for x in (before, after, there))
        )
        if inside is None:
            return None
        parts = [*(each for each in parts if not each.id), *inside, *(each for each in parts if each.id)]
    merged.children = parts
    return merged


def _three_lists(before: list[Element], after: list[Element], there: list[Element]) -> list[Element] | None:
    old, new, here = ([each.form() for each in side] for side in (before, after, there))
    if old == new or here == new:
        return there
    if old == here:
        return after
    if len(old) == len(new) == len(here):
        merged = [_three(*three) for three in zip(before, after, there, strict=True)]
        found = [each for each in merged if each is not None]
        return found if len(found) == len(merged) else None
    return None


def _is_apart(element: Element) -> bool:
    return bool(element.id) or element.name[1] in FLOW_LISTS


def _own(element: Element) -> tuple[object, ...]:
    """What an element says itself: everything inside it that has no id of its own, in any order of flows."""
    inside = [_own(each) for each in element.children if not each.id and each.name[1] not in FLOW_LISTS]
    text = "" if element.children else element.text
    return (element.name, tuple(sorted(element.attributes.items())), text, tuple(inside))


def _copy(element: Element, parent: Element) -> Element:
    made = Element(element.name, dict(element.attributes), element.prefixes, 0, parent=parent, text=element.text)
    made.children = [_copy(each, made) for each in element.children]
    return made


def written(root: Element) -> bytes:
    """A tree as XML without any care for looks."""
    names = {uri: f"n{at}" for at, uri in enumerate(sorted(_uris(root)))}
    return _text(root, names, True).encode()


def _uris(root: Element) -> set[str]:
    found = {name[0] for each in root.walk() for name in (each.name, *each.attributes)}
    found |= {
        value.split("|")[0] for each in root.walk() for name, value in each.attributes.items() if name[1] == "type"
    }
    return {uri for uri in found if ":" in uri}


def _text(element: Element, names: dict[str, str], top: bool) -> str:
    def tag(name: tuple[str, str]) -> str:
        return f"{names[name[0]]}:{name[1]}" if name[0] in names else name[1]

    said = [f"xmlns:{prefix}={quoteattr(uri)}" for uri, prefix in names.items()] if top else []
    for name, value in element.attributes.items():
        shown = tag((value.split("|")[0], value.split("|")[1])) if "|" in value and name[1] == "type" else value
        said.append(f"{tag(name)}={quoteattr(shown)}")
    head = " ".join([tag(element.name), *said])
    inner = "".join(_text(each, names, False) for each in element.children) or escape(element.text)
    return f"<{head}>{inner}</{tag(element.name)}>"


# forms


def _carried_form(before: bytes, after: bytes, other: bytes) -> Merged:
    try:
        old, new, there = (json.loads(content) for content in (before, after, other))
    except ValueError:
        return Merged(other, [], ["*"])
    result = Merged(other)
    for key in _keys((old, new)):
        if key != "components" and old.get(key) != new.get(key):
            _carry_value(there, key, old.get(key), new.get(key), result)
    there["components"] = _carried_fields(_fields(old), _fields(new), there.get("components", []), result)
    if result.carried:
        result.content = kept_text("x.form", other, json.dumps(there, ensure_ascii=False).encode())
    return result


def _carry_value(there: Json, key: str, old: Any, new: Any, result: Merged) -> None:
    if there.get(key) == old:
        there[key] = new
        result.carried.append(key)
    elif there.get(key) != new:
        result.conflicts.append(key)


def _carried_fields(old: dict[str, Json], new: dict[str, Json], there: list[Json], result: Merged) -> list[Json]:
    found = []
    for field_ in there:
        key = str(field_.get("id", ""))
        before, after = old.get(key), new.get(key)
        if before is None or before == after:
            found.append(field_)
        elif field_ != before:
            found.append(field_)
            if field_ != after:
                result.conflicts.append(key)
        else:
            result.carried.append(key)
            found += [after] if after is not None else []
    known = {str(each.get("id", "")) for each in there}
    for key, after in new.items():
        if key not in old and key not in known:
            found.append(after)
            result.carried.append(key)
    return found


def _fields(form: Json) -> dict[str, Json]:
    return {str(each.get("id", "")): each for each in form.get("components", [])}


def _keys(forms: Iterable[Json]) -> list[str]:
    return list(dict.fromkeys(key for form in forms for key in form))
