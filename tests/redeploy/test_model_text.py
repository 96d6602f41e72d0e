"""A save keeps every byte of what was not changed, whatever the editor wrote anew."""

from __future__ import annotations

import difflib
import json

import pytest

from lienthong.redeploy.model_text import kept_text
from lienthong.redeploy.source_tree import NotXml, read_source

OLD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- the model -->
<b:definitions xmlns:b="urn:b" xmlns:z="urn:z"
  id="d">
  <b:process id="p" name='Cấp "phép"'>
    <!-- first the check -->
    <b:task id="check" name="Kiểm tra">
      <b:documentation>Căn cứ &amp; đơn vị</b:documentation>
      <z:mapping source='=a + "/x"' target="a" />
      <z:mapping source="=b" target="b" />
      <b:outgoing>f</b:outgoing>
    </b:task>
    <b:flow id="f" from="check" to="end" />
    <b:end id="end" isInterrupting="true" />
  </b:process>
</b:definitions>
""".encode()
REWRITTEN = """<?xml version='1.0'?><x:definitions id='d' xmlns:x='urn:b' xmlns:q='urn:z'>
<x:process name="Cấp &quot;phép&quot;" id="p">
<x:end id="end"></x:end><x:task name="{name}" id="check"><x:documentation>Căn cứ &amp; đơn vị</x:documentation>
<x:outgoing>f</x:outgoing><q:mapping target="a" source="=a + &quot;/x&quot;"/>
<q:mapping target="b" source="{source}"/></x:task>
<x:flow to="end" from="check" id="f"/>{more}</x:process></x:definitions>"""


def rewritten(name: str = "Kiểm tra", source: str = "=b", more: str = "") -> bytes:
    return REWRITTEN.format(name=name, source=source, more=more).encode()


def changed_lines(old: bytes, new: bytes) -> list[str]:
    lines = difflib.unified_diff(old.decode().splitlines(), new.decode().splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def test_what_an_editor_only_wrote_differently_keeps_its_bytes() -> None:
    assert kept_text("a.bpmn", OLD, rewritten()) == OLD


def test_a_changed_attribute_changes_its_line_alone() -> None:
    after = kept_text("a.bpmn", OLD, rewritten(name="Thẩm &lt;định&gt;"))
    assert changed_lines(OLD, after) == [
        '-    <b:task id="check" name="Kiểm tra">',
        '+    <b:task id="check" name="Thẩm &lt;định&gt;">',
    ]


def test_one_of_several_nameless_parts_is_changed_in_its_place() -> None:
    after = kept_text("a.bpmn", OLD, rewritten(source="=c"))
    assert changed_lines(OLD, after) == [
        '-      <z:mapping source="=b" target="b" />',
        '+      <z:mapping source="=c" target="b" />',
    ]


def test_a_new_element_stands_indented_where_it_was_drawn_and_brings_its_namespace() -> None:
    after = kept_text("a.bpmn", OLD, rewritten(more='<x:task id="new"><m:note xmlns:m="urn:m" k="1"/></x:task>'))
    assert b'    <b:task id="new">\n      <' in after
    root = read_source(after).root
    assert [child.id for child in root.children[0].children] == ["check", "f", "new", "end"]
    assert after.count(b"urn:m") == 1
    assert b"<!-- first the check -->" in after


def test_a_removed_element_takes_nothing_else_with_it() -> None:
    without = rewritten().replace(b'<x:flow to="end" from="check" id="f"/>', b"")
    assert changed_lines(OLD, kept_text("a.bpmn", OLD, without)) == ['-    <b:flow id="f" from="check" to="end" />']


def test_a_default_that_becomes_false_is_written_where_it_stood() -> None:
    new = rewritten().replace(b'<x:end id="end">', b'<x:end id="end" isInterrupting="false">')
    assert changed_lines(OLD, kept_text("a.bpmn", OLD, new)) == [
        '-    <b:end id="end" isInterrupting="true" />',
        '+    <b:end id="end" isInterrupting="false" />',
    ]


def test_the_order_among_one_kind_means_something_and_is_kept_as_it_was_drawn() -> None:
    rules = '<t id="t" xmlns="urn:t"><r id="1"/><r id="2"/></t>'
    swapped = '<t id="t" xmlns="urn:t"><r id="2"/><r id="1"/></t>'
    root = read_source(kept_text("a.dmn", rules.encode(), swapped.encode())).root
    assert [child.id for child in root.children] == ["2", "1"]


def test_the_shapes_of_a_diagram_keep_their_place_in_whatever_order_the_editor_drew_them() -> None:
    shapes = ['<shape id="a" of="start" />', '<shape id="b" of="task" />', '<edge id="c" of="flow" />']
    shapes += ['<shape id="d" of="end" />']

    def drawn(order: list[str]) -> bytes:
        return "\n".join(
            ["<d>", '  <BPMNPlane id="p">', *(f"    {one}" for one in order), "  </BPMNPlane>", "</d>"]
        ).encode()

    other = [shapes[3], shapes[0], shapes[1], shapes[2]]
    assert kept_text("a.bpmn", drawn(shapes), drawn(other)) == drawn(shapes)
    moved = [one.replace('of="end"', 'of="end" x="9"') for one in other]
    assert changed_lines(drawn(shapes), kept_text("a.bpmn", drawn(shapes), drawn(moved))) == [
        '-    <shape id="d" of="end" />',
        '+    <shape id="d" of="end" x="9" />',
    ]


def test_what_is_no_xml_is_saved_as_it_came() -> None:
    assert kept_text("a.bpmn", OLD, b"<broken") == b"<broken"
    with pytest.raises(NotXml):
        read_source(b'<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>')


def test_a_form_keeps_its_order_of_keys_and_its_schema_version() -> None:
    shown = {"id": "f", "schemaVersion": 18, "components": [{"key": "a", "id": "1"}]}
    old = json.dumps(shown, indent=2).encode() + b"\n"
    same = b'{"components":[{"id":"1","key":"a"}],"schemaVersion":19,"exporter":{"name":"x"},"id":"f"}'
    assert kept_text("f.form", old, same) == old
    other = kept_text("f.form", old, same.replace(b'"key":"a"', b'"key":"b"'))
    assert changed_lines(old, other) == ['-      "key": "a",', '+      "key": "b",']
