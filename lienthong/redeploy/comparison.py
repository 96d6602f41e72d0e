"""Two versions of one model compared in words: BPMN with what is inside the boxes, decision tables, forms."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lienthong.engine.model.parser import parse_bpmn
from lienthong.redeploy.changes import changes
from lienthong.redeploy.source_tree import Element, NotXml, read_source
from lienthong.redeploy.words import NOTHING, Text, say

Json = dict[str, Any]
DOCUMENTED = {"Căn cứ": "basis", "Đơn vị": "unit", "Thời gian": "time-limit"}
_PARTS = re.compile(r"(Căn cứ|Đơn vị|Thời gian): ")
_MEASURE = re.compile(r"^(\d+(?:[.,]\d+)?) (.+)$")


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: where it is drawn (empty: nowhere), what it does there, and its sentence."""

    element_id: str
    kind: str  # added, removed, changed
    text: Text


def compared(name: str, old: bytes, new: bytes) -> list[Line]:
    """All differences of two files of one kind, layout aside; a file that cannot be read has one."""
    if old == new:
        return []
    try:
        if name.endswith(".bpmn"):
            return [*_bpmn(old, new), *_documented(old, new)]
        if name.endswith(".dmn"):
            return list(_decisions(_named(old), _named(new)))
        if name.endswith(".form"):
            return list(_forms(json.loads(old), json.loads(new)))
    except (NotXml, ValueError) as error:
        return [Line("", "changed", say("unreadable", after=str(error)))]
    return [] if old.split() == new.split() else [Line("", "changed", say("text-changed"))]


def _bpmn(old: bytes, new: bytes) -> Iterator[Line]:
    before, after = parse_bpmn(old).processes, parse_bpmn(new).processes
    for one, other in zip(before, after, strict=False):
        for change in changes(one, other):
            kind = {"flow-added": "added", "flow-removed": "removed"}.get(change.kind, change.kind)
            yield Line(change.element_id, kind if kind in ("added", "removed") else "changed", change.text)


def _documented(old: bytes, new: bytes) -> Iterator[Line]:
    """What the documentation says of basis, unit and time; any other change of it is told as such."""
    before, after = read_source(old).ids(), read_source(new).ids()
    for key, element in after.items():
        if key not in before:
            continue
        was, now = _words(before[key]), _words(element)
        if was == now:
            continue
        name = element.attributes.get(("", "name"), "") or key
        said = [part for part in DOCUMENTED if _part(was, part) != _part(now, part)]
        for part in said:
            yield Line(key, "changed", _measured(DOCUMENTED[part], name, _part(was, part), _part(now, part)))
        if not said:
            yield Line(key, "changed", say("documentation", element=name))


def _words(element: Element) -> str:
    return " ".join(" ".join(each.text.split()) for each in element.children if each.name[1] == "documentation")


def _part(words: str, name: str) -> str:
    pieces = _PARTS.split(words.split(" | EN:")[0])
    found = dict(zip(pieces[1::2], pieces[2::2], strict=False))
    return found.get(name, "").strip().rstrip(".")


def _measured(setting: str, name: str, was: str, now: str) -> Text:
    """``5 → 3 ngày làm việc`` where both sides have one unit."""
    one, other = _MEASURE.match(was), _MEASURE.match(now)
    if one and other and one[2] == other[2]:
        return say("setting", setting, element=name, before=one[1], after=now)
    return say("setting", setting, element=name, before=was, after=now)


# decisions


def _named(content: bytes) -> dict[str, Element]:
    return {each.id: each for each in read_source(content).root.walk() if each.id and each.name[1] in _DMN}


_DMN = {"decision", "input", "output", "rule", "inputData", "businessKnowledgeModel", "decisionTable"}


def _decisions(old: dict[str, Element], new: dict[str, Element]) -> Iterator[Line]:
    for key, element in new.items():
        if key not in old and element.name[1] != "decisionTable":
            yield Line(key, "added", say(f"dmn-{_kind(element)}-added", element=_title(element), after=_shown(element)))
    for key, element in old.items():
        if key not in new and element.name[1] != "decisionTable":
            yield Line(
                key, "removed", say(f"dmn-{_kind(element)}-removed", element=_title(element), before=_shown(element))
            )
    for key, element in new.items():
        if key in old:
            yield from _same_decision(old[key], element)


def _kind(element: Element) -> str:
    kind = element.name[1]
    return kind if kind in ("input", "output", "rule") else "decision"


def _same_decision(old: Element, new: Element) -> Iterator[Line]:
    kind = new.name[1]
    if kind == "rule":
        yield from _cells(old, new)
    elif kind == "decisionTable":
        policies = [each.attributes.get(("", "hitPolicy"), "UNIQUE") for each in (old, new)]
        if policies[0] != policies[1]:
            name = _title(new.parent) if new.parent else new.id
            yield Line(
                new.id, "changed", say("setting", "hit-policy", element=name, before=policies[0], after=policies[1])
            )
    else:
        names = (_title(old), _title(new))
        if names[0] != names[1]:
            yield Line(new.id, "changed", say("renamed", element=names[1], before=names[0], after=names[1]))
        texts = (_expression(old), _expression(new))
        if texts[0] != texts[1]:
            yield Line(
                new.id, "changed", say("setting", "expression", element=names[1], before=texts[0], after=texts[1])
            )


def _cells(old: Element, new: Element) -> Iterator[Line]:
    row, columns = _row(new), _columns(new)
    before, after = _entries(old), _entries(new)
    place = {entry.id: at for at, entry in enumerate(before)}
    for at, entry in enumerate(after):
        was = before[place[entry.id]] if entry.id in place else (before[at] if at < len(before) else None)
        texts = (_text(was) if was else "", _text(entry))
        if texts[0] != texts[1]:
            column = columns[at] if at < len(columns) else str(at + 1)
            yield Line(
                new.id, "changed", say("dmn-cell", element=row, setting_name=column, before=texts[0], after=texts[1])
            )


def _row(rule: Element) -> str:
    siblings = [each for each in rule.parent.children if each.name[1] == "rule"] if rule.parent else [rule]
    return str(siblings.index(rule) + 1)


def _columns(rule: Element) -> list[str]:
    table = rule.parent
    return [_title(each) for each in table.children if each.name[1] in ("input", "output")] if table else []


def _entries(rule: Element) -> list[Element]:
    return [each for each in rule.children if each.name[1] in ("inputEntry", "outputEntry")]


def _text(element: Element) -> str:
    return " ".join(" ".join(each.text.split()) for each in element.walk() if each.name[1] == "text").strip()


def _shown(element: Element) -> str:
    if element.name[1] == "rule":
        return " | ".join(_text(each) or "-" for each in _entries(element))
    return _expression(element)


def _expression(element: Element) -> str:
    if element.name[1] == "decision":
        literal = [each for each in element.children if each.name[1] == "literalExpression"]
        return _text(literal[0]) if literal else ""
    inside = [each for each in element.children if each.name[1] in ("inputExpression", "encapsulatedLogic")]
    return _text(inside[0]) if inside else element.attributes.get(("", "name"), "")


def _title(element: Element) -> str:
    if element.name[1] == "rule":
        return _row(element)
    return element.attributes.get(("", "label")) or element.attributes.get(("", "name")) or element.id


# forms

_ASIDE = frozenset({"id", "layout", "components"})


def _forms(old: Json, new: Json) -> Iterator[Line]:
    before, after = dict(_fields(old)), dict(_fields(new))
    for key, field in after.items():
        if key not in before:
            yield Line(key, "added", say("field-added", element=_label(field)))
    for key, field in before.items():
        if key not in after:
            yield Line(key, "removed", say("field-removed", element=_label(field)))
    for key, field in after.items():
        for name in dict.fromkeys((*before.get(key, field), *field)):
            was, now = before.get(key, field).get(name), field.get(name)
            if name not in _ASIDE and was != now:
                shown = (_value(was), _value(now))
                yield Line(key, "changed", say("setting", name, element=_label(field), before=shown[0], after=shown[1]))
    order = [key for key in before if key in after]
    if order != [key for key in after if key in before]:
        yield Line("", "changed", say("field-order"))


def _fields(form: Json) -> Iterator[tuple[str, Json]]:
    for part in form.get("components", []):
        yield str(part.get("id") or part.get("key") or part.get("type")), part
        yield from _fields(part)


def _label(field: Json) -> str:
    return str(field.get("label") or field.get("text") or field.get("key") or field.get("id") or field.get("type"))


def _value(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, dict) and "label" in each for each in value):
        return ", ".join(str(each["label"]) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_value(each)}" for key, each in value.items())
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


__all__ = ["NOTHING", "Line", "compared"]
