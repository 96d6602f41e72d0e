"""Two versions in words: processes with what is inside the boxes, documentation, decision tables, forms."""

from __future__ import annotations

import json

from lienthong.redeploy.comparison import compared
from lienthong.redeploy.words import duration_words
from tests.engine.model_text import boundary, end, model, start, tag, user


def appraisal(days: str, due: str = "5") -> bytes:
    words = tag("bpmn:documentation", f"Căn cứ: NĐ 61/2018 [V]. Đơn vị: Sở. Thời gian: {days}. | EN: appraise")
    task = user("appraise", f'<zeebe:taskSchedule dueDate="={due}"/>', words).replace(
        "<bpmn:userTask", '<bpmn:userTask name="Thẩm định"'
    )
    return model(start(), task, end(), flows=["start>appraise>end"])


def said(name: str, old: bytes, new: bytes, language: str = "vi") -> list[str]:
    return [line.text[language] for line in compared(name, old, new)]


def test_a_documented_time_limit_is_told_as_a_number_with_its_unit_once() -> None:
    old, new = appraisal("5 ngày làm việc"), appraisal("3 ngày làm việc")
    assert said("a.bpmn", old, new) == ["Thời hạn của «Thẩm định»: 5 → 3 ngày làm việc."]
    assert said("a.bpmn", old, new, "en") == ["Time limit of «Thẩm định»: 5 → 3 working days."]


def test_durations_are_told_in_days_and_hours() -> None:
    assert duration_words("P5D", "vi") == "5 ngày"
    assert duration_words("P1DT2H", "en") == "1 day 2 hours"
    assert duration_words("=dueAt", "vi") == "=dueAt"
    late = [
        model(
            start(),
            user("a"),
            boundary("late", "a", tag("bpmn:timerEventDefinition", tag("bpmn:timeDuration", text))),
            end(),
            flows=["start>a>end", "late>end"],
        )
        for text in ("P5D", "P3D")
    ]
    assert said("a.bpmn", late[0], late[1]) == ["Hẹn giờ của «late»: 5 ngày → 3 ngày."]


def test_a_line_says_where_it_is_drawn() -> None:
    lines = compared("a.bpmn", appraisal("5 ngày"), model(start(), end(), flows=["start>end"]))
    assert {(line.element_id, line.kind) for line in lines} == {
        ("appraise", "removed"),
        ("start-appraise", "removed"),
        ("appraise-end", "removed"),
        ("start-end", "added"),
    }


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="fee" name="Khoản phí"><decisionTable id="t" hitPolicy="{policy}">
<input id="i1" label="Số phòng"><inputExpression id="e1" typeRef="number"><text>rooms</text></inputExpression></input>
<output id="o1" label="Khoản" name="item" typeRef="string"/>
<rule id="r1"><inputEntry id="c1"><text>{test}</text></inputEntry>
<outputEntry id="c2"><text>"a"</text></outputEntry></rule>{more}
</decisionTable></decision></definitions>"""
MORE = """<rule id="r2"><inputEntry id="c3"><text>-</text></inputEntry>
<outputEntry id="c4"><text>"b"</text></outputEntry></rule>"""


def table(test: str = ">= 6", policy: str = "UNIQUE", more: str = "") -> bytes:
    return TABLE.format(test=test, policy=policy, more=more).replace(">= ", "&gt;= ").encode()


def test_a_decision_table_is_told_cell_by_cell() -> None:
    assert said("a.dmn", table(), table(">= 5")) == ["Dòng 1, cột «Số phòng»: >= 6 → >= 5."]
    assert said("a.dmn", table(), table(policy="FIRST")) == ["Cách chọn dòng của «Khoản phí»: UNIQUE → FIRST."]
    assert said("a.dmn", table(), table(more=MORE)) == ['Thêm dòng 2: - | "b".']
    assert said("a.dmn", table(more=MORE), table()) == ['Bỏ dòng 2: - | "b".']


def form(*fields: dict[str, object]) -> bytes:
    return json.dumps({"id": "f", "components": list(fields)}).encode()


def test_a_form_is_told_field_by_field() -> None:
    old = {"id": "1", "key": "outcome", "label": "Kết quả", "validate": {"required": True}}
    note: dict[str, object] = {"id": "2", "key": "note", "label": "Ghi chú"}
    assert said("f.form", form(old), form({**old, "label": "Kết luận"}, note)) == [
        "Thêm trường «Ghi chú».",
        "Nhãn của «Kết luận»: Kết quả → Kết luận.",
    ]
    assert said("f.form", form(old, note), form(note, old)) == ["Đổi thứ tự các trường."]
    assert said("f.form", form(old), form({**old, "validate": {"required": False}})) == [
        "Điều kiện nhập của «Kết quả»: required: true → required: false."
    ]


def test_the_same_and_the_unreadable() -> None:
    assert compared("a.bpmn", appraisal("5 ngày"), appraisal("5 ngày")) == []
    assert len(compared("a.form", b"{}", b"{broken")) == 1
