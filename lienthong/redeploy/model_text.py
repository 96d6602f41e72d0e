"""Saving a model without touching what was not changed: an editor's export poured into the text it came from.

Editors write a file anew: other quotes, other line breaks, another order of what has no order. Here everything
that says the same keeps its bytes (comments too); only changed elements, attributes and texts are written.
"""

import json
import re
from typing import Any
from xml.sax.saxutils import escape

from lienthong.redeploy.source_tree import XSI_TYPE, Element, Name, NotXml, Source, read_source

FORM_MARKS = ("schemaVersion", "exporter")  # an editor's own marks, no change of the form
PLANE = "BPMNPlane"  # the editor writes its shapes in the order it drew them: in a diagram the order says nothing


def kept_text(name: str, old: bytes, new: bytes) -> bytes:
    """The new content in the old one's text, by kind of file; the new one where they cannot be brought together."""
    if name.endswith(".form"):
        return _kept_json(old, new)
    if name.endswith((".bpmn", ".dmn")):
        try:
            return _Writer(read_source(old), read_source(new)).written()
        except NotXml:
            return new
    return new


# XML


class _Writer:
    def __init__(self, old: Source, new: Source) -> None:
        self._old, self._new = old, new
        self._ids = old.ids()
        self._prefix_of = {uri: prefix for prefix, uri in old.root.prefixes.items()}
        self._declared: dict[str, str] = {}

    def written(self) -> bytes:
        old, new = self._old.root, self._new.root
        if old.name != new.name:
            return self._new.content
        body = self._element(new, old, "")
        for uri, prefix in self._declared.items():
            head = body.index(">")
            body = f'{body[:head]} xmlns:{prefix}="{_quoted(uri)}"{body[head:]}'
        before, after = self._old.content[: old.begin], self._old.content[old.end :]
        made = before + body.encode() + after
        try:
            same = _unordered(read_source(made).root) == _unordered(new)
        except NotXml:
            same = False
        return made if same else self._new.content

    def _slice(self, begin: int, end: int) -> str:
        return self._old.content[begin:end].decode()

    def _element(self, new: Element, old: Element | None, indent: str) -> str:
        if old is None:
            return self._fresh(new, indent)
        if new.form() == old.form():
            return self._slice(old.begin, old.end)
        head = self._head(new, old)
        closing = f"</{self._tag(new.name)}>"
        if not new.children:
            if new.text == old.text and not old.children:
                inner = self._slice(old.head_end, old.foot_begin)
            else:
                inner = escape(new.text)
            return (
                f"{head[:-1].rstrip().removesuffix('/').rstrip()} />" if not inner else f"{_open(head)}{inner}{closing}"
            )
        return f"{_open(head)}{self._children(new, old, indent)}{closing}"

    def _head(self, new: Element, old: Element) -> str:
        head = self._slice(old.begin, old.head_end)
        for name, value in old.attributes.items():
            if new.attributes.get(name) != value:
                head = _without(head, self._tag(name, True), new.attributes.get(name))
        for name in new.attributes:
            if name not in old.attributes:
                head = _with(head, self._tag(name, True), self._value(name, new))
        return head

    def _children(self, new: Element, old: Element, indent: str) -> str:
        step = self._step(old, indent)
        pairs = self._ordered(new, old)
        parts = []
        for child, partner in pairs:
            is_home = partner is not None and partner.parent is old
            gap = self._gap(partner, old) if partner is not None and is_home else f"\n{step}"
            parts.append(gap + self._element(child, partner, step))
        last = old.children[-1] if old.children else None
        tail = self._slice(last.end, old.foot_begin) if last else ""
        keeps = "\n" in tail or (last is not None and pairs[-1][1] is last)
        return "".join(parts) + (tail if keeps else f"\n{indent}")

    def _gap(self, child: Element, parent: Element) -> str:
        at = parent.children.index(child)
        return self._slice(parent.children[at - 1].end if at else parent.head_end, child.begin)

    def _step(self, old: Element, indent: str) -> str:
        gap = self._gap(old.children[0], old) if old.children else ""
        return gap.rsplit("\n", 1)[1] if "\n" in gap else f"{indent}  "

    def _ordered(self, new: Element, old: Element) -> list[tuple[Element, Element | None]]:
        """The new children with their partners: in the old order where only kinds were regrouped."""
        pairs = _partners(new, old, self._ids)
        place = {id(child): at for at, child in enumerate(old.children)}
        known = [partner for _, partner in pairs if partner is not None and id(partner) in place]
        kinds: dict[Name, int] = {}
        for partner in known if new.name[1] != PLANE else ():
            if place[id(partner)] < kinds.get(partner.name, -1):
                return pairs  # the order among one kind was changed, and may mean something
            kinds[partner.name] = place[id(partner)]
        groups: list[list[tuple[Element, Element | None]]] = [[]]
        for pair in pairs:
            if pair[1] is not None and id(pair[1]) in place:
                groups.append([])
            groups[-1].append(pair)
        first, rest = groups[0], groups[1:]
        rest.sort(key=lambda group: place[id(group[0][1])])
        return [*first, *(pair for group in rest for pair in group)]

    # what is written anew

    def _fresh(self, new: Element, indent: str) -> str:
        tag = self._tag(new.name)
        head = f"<{tag}" + "".join(f' {self._tag(name, True)}="{self._value(name, new)}"' for name in new.attributes)
        if new.children:
            step = f"{indent}  "
            inner = "".join(f"\n{step}{self._element(each, self._ids.get(each.id), step)}" for each in new.children)
            return f"{head}>{inner}\n{indent}</{tag}>"
        return f"{head}>{escape(new.text)}</{tag}>" if new.text.strip() else f"{head} />"

    def _value(self, name: Name, new: Element) -> str:
        value = new.attributes[name]
        if name == XSI_TYPE:
            uri, local = value.split("|", 1)
            value = self._tag((uri, local))
        return _quoted(value)

    def _tag(self, name: Name, attribute: bool = False) -> str:
        uri, local = name
        if not uri:
            return local
        if attribute and self._prefix_of.get(uri) == "":
            return local
        if uri not in self._prefix_of:
            wanted = {value: key for key, value in self._new.root.prefixes.items()}.get(uri) or "ext"
            while wanted in self._prefix_of.values():
                wanted += "x"
            self._prefix_of[uri] = self._declared[uri] = wanted
        prefix = self._prefix_of[uri]
        return f"{prefix}:{local}" if prefix else local


def _partners(new: Element, old: Element, ids: dict[str, Element]) -> list[tuple[Element, Element | None]]:
    """Whom each new child was before: by id, else the same words, else the next of its kind."""
    free = list(old.children)
    found: dict[int, Element] = {}

    def take(child: Element, partner: Element | None) -> None:
        if partner is not None:
            found[id(child)] = partner
            free[:] = [each for each in free if each is not partner]

    for child in new.children:
        partner = ids.get(child.id) if child.id else None
        take(child, partner if partner is not None and partner.name == child.name else None)
    for child in new.children:
        if id(child) not in found:
            take(child, next((each for each in free if not each.id and each.form() == child.form()), None))
    for child in new.children:
        if id(child) not in found and not child.id:
            take(child, next((each for each in free if not each.id and each.name == child.name), None))
    return [(child, found.get(id(child))) for child in new.children]


def _unordered(element: Element) -> tuple[object, ...]:
    text = "" if element.children else element.text
    inside = sorted(repr(_unordered(each)) for each in element.children)
    return (element.name, tuple(sorted(element.attributes.items())), text if text.strip() else "", tuple(inside))


def _open(head: str) -> str:
    return re.sub(r"\s*/>$", ">", head)


def _attribute(name: str) -> re.Pattern[str]:
    return re.compile(rf"(\s+){re.escape(name)}\s*=\s*(\"[^\"]*\"|'[^']*')")


def _without(head: str, name: str, value: str | None) -> str:
    """The head with an attribute's value replaced, or with the attribute taken away."""
    said = "" if value is None else f'{name}="{_quoted(value)}"'
    return _attribute(name).sub(lambda match: match[1] + said if said else "", head, count=1)


def _with(head: str, name: str, quoted: str) -> str:
    """The head with an attribute more; one that stood there with its default gets the new value."""
    said = f'{name}="{quoted}"'
    if _attribute(name).search(head):
        return _attribute(name).sub(lambda match: match[1] + said, head, count=1)
    return re.sub(r"\s*(/?>)$", lambda end: f" {said}" + (" />" if end[1] == "/>" else ">"), head)


def _quoted(value: str) -> str:
    return escape(value, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


# JSON


def _kept_json(old: bytes, new: bytes) -> bytes:
    try:
        before, after = json.loads(old), json.loads(new)
    except ValueError:
        return new
    if not isinstance(before, dict) or not isinstance(after, dict):
        return new
    for mark in FORM_MARKS:
        after.pop(mark, None)
        if mark in before:
            after[mark] = before[mark]
    if after == before:
        return old
    indent = re.search(rb"\n( +)", old)
    text = json.dumps(_in_order(before, after), ensure_ascii=False, indent=len(indent[1]) if indent else 2)
    return text.encode() + (b"\n" if old.endswith(b"\n") else b"")


def _in_order(old: Any, new: Any) -> Any:
    """The new value with keys in the old order; list items find their old selves by id, key or place."""
    if isinstance(new, dict):
        before = old if isinstance(old, dict) else {}
        keys = [key for key in before if key in new] + [key for key in new if key not in before]
        return {key: _in_order(before.get(key), new[key]) for key in keys}
    if isinstance(new, list):
        before_items = old if isinstance(old, list) else []
        known = {_name_of(item): item for item in before_items if _name_of(item)}
        return [
            _in_order(known.get(_name_of(item)) or (before_items[at] if at < len(before_items) else None), item)
            for at, item in enumerate(new)
        ]
    return new


def _name_of(item: Any) -> str:
    return str(item.get("id") or item.get("key") or "") if isinstance(item, dict) else ""
