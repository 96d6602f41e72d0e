"""The late list through its process: what the workers give the models, and what the forms give back."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from lienthong.dossiers import late_list_process, late_lists, outbox
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.tables import LateList
from lienthong.dossiers.viewers import Viewer
from tests.persistence.test_late_lists import K4, month

__all__ = ["month"]
OFFICE = Viewer(1, "office", (("bd-vpubnd", "office"),))
UNIT = Viewer(2, "truongphong", ((K4, "unit_head"),))


@pytest.mark.parametrize(
    ("at", "kind", "period"),
    [
        ("2023-02-01T07:00:00", "month", (2023, 1)),
        ("2023-01-01T07:00:00", "month", (2022, 12)),
        ("2024-01-02T07:00:00", "year", (2023, None)),
    ],
)
def test_the_timer_compiles_what_has_ended(at: str, kind: str, period: tuple[int, int | None]) -> None:
    assert late_list_process.period_before(kind, datetime.fromisoformat(at).replace(tzinfo=ZONE)) == period


def test_units_answer_the_office_decides_and_the_list_is_public(
    session: Session, law: Law, month: LateList, now: datetime
) -> None:
    given = late_list_process.compiled(session, law, 2023, 1, now + timedelta(days=60))
    assert (given["listId"], given["listName"], given["rowCount"]) == (month.id, "2023-01", 2)
    assert given["authorities"] == {"office": "bd-vpubnd"} and given["objectUntil"].endswith("+07:00")
    [unit] = given["units"]
    assert unit["authority"] == K4 and len(unit["rows"]) == 2
    first, second = unit["rows"]
    answers = [{**first, "reason": "thiếu nhân lực", "objection": " "}, {**second, "objection": "chờ bổ sung"}]
    assert late_list_process.record_answers(session, month.id, K4, answers, now) == 1
    assert late_list_process.record_answers(session, month.id, K4, answers, now) == 0
    assert late_list_process.record_answers(session, month.id, "bd-svhtt", answers, now) == 0
    [objection] = late_list_process.open_objections(session, month.id)
    assert late_list_process.decide_all(session, month.id, [{**objection, "decision": ""}], "office", now) == 1
    with pytest.raises(Conflict):
        late_list_process.approve_and_publish(session, month.id, "office", now)
    assert late_list_process.decide_all(session, month.id, [{**objection, "decision": "upheld"}], "office", now) == 0
    late_list_process.approve_and_publish(session, month.id, "Văn phòng", now)
    shown = late_lists.published(session, law, 2023, 1)
    assert shown is not None and [row.reason for row in shown.rows] == ["thiếu nhân lực"]


def test_a_correction_and_an_earlier_list_reach_the_process_by_message(
    session: Session, month: LateList, now: datetime
) -> None:
    row = late_lists.rows(session, month.id)[0]
    with pytest.raises(Conflict):
        late_list_process.ask_correction(session, OFFICE, row.id, "reason", "x", "căn cứ", now)
    late_list_process.approve_and_publish(session, month.id, "office", now)
    late_list_process.ask_correction(session, OFFICE, row.id, "reason", "x", "căn cứ", now)
    with pytest.raises(Forbidden):
        late_list_process.ask_correction(session, UNIT, row.id, "reason", "x", "căn cứ", now)
    with pytest.raises(Forbidden):
        late_list_process.ask_for_list(session, UNIT, 2022, None, now)
    with pytest.raises(Invalid):
        late_list_process.ask_for_list(session, OFFICE, now.year + 1, 1, now)
    late_list_process.ask_for_list(session, OFFICE, 2022, None, now)
    sent = [(one.payload["name"], one.payload["correlationKey"]) for one in outbox.due(session, now, 500)]
    assert ("late-list-correction", "2023-01") in sent and ("late-list", "2022") in sent
