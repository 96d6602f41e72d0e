"""Edits of the law without code: from a date on, with ground and author; running dossiers keep their own law."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session

from lienthong.dossiers import acceptance, audit, filing, law_edits, payments
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.errors import Conflict, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_edits import Proposal
from lienthong.dossiers.law_source import LawSource
from lienthong.dossiers.rules.calendar import is_working_day, working_minutes_between
from lienthong.dossiers.tables import Authority, Dossier
from tests.persistence.conftest import karaoke

NEXT_WEEK = date(2023, 1, 10)
GROUND = "NQ thử nghiệm 01/2023"
FEE = Proposal("fee", {"item": "security-certificate"}, {"amounts": {"any": 350_000}}, NEXT_WEEK, GROUND, "I")
LIMIT = Proposal(
    "limit",
    {"bundle": "karaoke", "version": "2023", "code": "K4", "when": {}},
    {"value": 3, "unit": "wd"},
    NEXT_WEEK,
    GROUND,
)
DROP = Proposal(
    "component_drop", {"procedure": "K4", "component": "personal-history"}, {}, NEXT_WEEK, "NĐ 58/2026", "V"
)


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def applied(session: Session, law: Law, proposal: Proposal, now: datetime) -> law_edits.LawEdit:
    edit = law_edits.propose(session, law, proposal, "quantri", now)
    return law_edits.apply(session, law, edit.id, "quantri", now)


def laws(database: Engine, law: Law, *moments: datetime) -> list[Law]:
    source = LawSource(database, law)
    return [source.current(moment) for moment in moments]


def fee_of(law: Law, moment: datetime) -> int:
    return law.fee_item("security-certificate", moment.date()).amounts["any"]


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(days=8)


def test_a_fee_changes_on_its_day_and_not_before(database: Engine, law: Law, now: datetime, later: datetime) -> None:
    with session_scope(database) as session:
        edit = applied(session, law, FEE, now)
        assert (edit.author, edit.applied_by, edit.ground, edit.mark) == ("quantri", "quantri", GROUND, "I")
    before, after = laws(database, law, now, later)
    assert (fee_of(before, now), fee_of(after, later)) == (300_000, 350_000)
    changed = after.fee_item("security-certificate", later.date())
    assert (changed.source, changed.mark) == (GROUND, "I")


def test_a_running_dossier_keeps_its_fee_limit_and_papers_and_a_new_one_gets_the_new(
    database: Engine, law: Law, store: MemoryStore, paper: bytes, now: datetime, later: datetime
) -> None:
    rules = [{"procedureCode": "K4", "feeItem": "security-certificate"}]
    with session_scope(database) as session:
        running = filing.file_dossier(session, store, law, karaoke("running", paper), now)
        for proposal in (FEE, LIMIT, DROP):
            applied(session, law, proposal, now)
    [present] = laws(database, law, later)
    with session_scope(database) as session:
        fresh = filing.file_dossier(session, store, present, karaoke("fresh", paper), later)
        found: dict[str, tuple[int, int, bool]] = {}
        for dossier in (running, fresh):
            amount = payments.create_payment(session, present, dossier.code, rules, later).amount
            due = acceptance.set_deadline(session, present, dossier.code, "K4", later).due_at
            days = working_minutes_between(present.calendar, later, due) // 480
            history = "personal-history" in components_of(session, dossier)
            found[dossier.code] = (amount, days, history)
        assert found == {running.code: (300_000, 5, True), fresh.code: (350_000, 3, False)}


def components_of(session: Session, dossier: Dossier) -> set[str]:
    from lienthong.dossiers import components

    return {row.component_code for row in components.of_dossier(session, dossier.id) if row.branch_code == "K4"}


def test_what_was_filed_on_the_day_itself_before_the_edit_keeps_the_old(
    database: Engine, law: Law, now: datetime
) -> None:
    today = Proposal(FEE.kind, FEE.subject, FEE.value, now.date(), GROUND)
    with session_scope(database) as session:
        applied(session, law, today, now)
    earlier, after = laws(database, law, now - timedelta(minutes=1), now + timedelta(minutes=1))
    assert (fee_of(earlier, now), fee_of(after, now)) == (300_000, 350_000)


def test_a_new_holiday_and_a_swapped_day_hold_for_every_dossier(database: Engine, law: Law, now: datetime) -> None:
    wednesday, saturday = date(2023, 2, 15), date(2023, 2, 18)
    with session_scope(database) as session:
        for kind, day in (("day_off", wednesday), ("working_day", saturday)):
            applied(session, law, Proposal(kind, {"day": day.isoformat()}, {"reason": "thử"}, now.date(), GROUND), now)
    dossier = Dossier(
        code="x",
        filing_token="x",
        bundle_id="karaoke",
        bundle_version="2023",
        applicant_name="Nguyễn Văn Thử",
        filed_at=now - timedelta(days=30),
        access_token="x",
    )
    [present] = laws(database, law, now)
    for found in (present, present.under(dossier)):
        assert not is_working_day(found.calendar, wednesday)
        assert is_working_day(found.calendar, saturday)


def test_an_authority_gets_its_new_name_and_another_becomes_competent(
    database: Engine, law: Law, now: datetime, later: datetime
) -> None:
    renamed = Proposal(
        "authority_name",
        {"id": "bd-svhtt"},
        {"name_vi": "Sở Văn hóa, Thể thao và Du lịch", "name_en": "Department of Culture, Sports and Tourism"},
        now.date(),
        GROUND,
    )
    moved = Proposal("competence", {"procedure": "K4", "area": "any"}, {"authority": "bd-ubnd-xa"}, NEXT_WEEK, GROUND)
    with session_scope(database) as session:
        applied(session, law, renamed, now)
        applied(session, law, moved, now)
        assert session.get_one(Authority, "bd-svhtt").name_vi == "Sở Văn hóa, Thể thao và Du lịch"
    before, after = laws(database, law, now, later)
    assert before.authority("bd-svhtt").name_vi == "Sở Văn hóa, Thể thao và Du lịch"
    assert before.authority_for("K4", "city", now.date()) == "bd-ca-huyen"
    assert after.authority_for("K4", "city", later.date()) == "bd-ubnd-xa"


def test_another_process_sees_an_applied_edit_within_the_second_without_a_restart(
    database: Engine, law: Law, now: datetime, later: datetime
) -> None:
    clock = Seconds()
    source = LawSource(database, law, clock)
    assert fee_of(source.current(later), later) == 300_000
    with session_scope(database) as session:
        applied(session, law, FEE, now)
    assert fee_of(source.current(later), later) == 300_000
    clock.at = 1.0
    assert fee_of(source.current(later), later) == 350_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": {"amounts": {"any": -1}}}, "value"),
        ({"value": {"amounts": {"moon": 1}}}, "value"),
        ({"value": {"amounts": {"any": "nhiều"}}}, "value"),
        ({"value": {"item": "free"}}, "value"),
        ({"value": {"amounts": {"any": 300_000}}}, "unchanged"),
        ({"subject": {"item": "no-such-fee"}}, "subject"),
        ({"from_date": date(2023, 1, 2)}, "from-date"),
        ({"ground": "  "}, "ground"),
        ({"mark": "sure"}, "mark"),
        ({"kind": "anything"}, "kind"),
        ({"kind": "limit", "subject": LIMIT.subject, "value": {"value": 0, "unit": "wd"}}, "value"),
        ({"kind": "limit", "subject": {**LIMIT.subject, "code": "K9"}, "value": LIMIT.value}, "subject"),
        ({"kind": "day_off", "subject": {"day": "tomorrow"}, "value": {}}, "subject"),
        ({"kind": "authority_name", "subject": {"id": "bd-svhtt"}, "value": {"name_vi": "Chỉ một tên"}}, "value"),
        ({"kind": "competence", "subject": {"procedure": "K4"}, "value": {"authority": "nobody"}}, "value"),
        ({"kind": "component_drop", "subject": {"procedure": "K4", "component": "x"}, "value": {}}, "subject"),
    ],
)
def test_what_cannot_become_law_is_refused_with_its_reason(
    session: Session, law: Law, now: datetime, change: dict[str, Any], code: str
) -> None:
    parts = {name: getattr(FEE, name) for name in ("kind", "subject", "value", "from_date", "ground", "mark")}
    with pytest.raises(Invalid) as refused:
        law_edits.propose(session, law, Proposal(**{**parts, **change}), "quantri", now)
    assert refused.value.code == code
    assert law_edits.history(session) == []


def test_a_component_that_is_a_siblings_result_cannot_be_dropped(session: Session, law: Law, now: datetime) -> None:
    drop = Proposal("component_drop", {"procedure": "K5", "component": "security-certificate"}, {}, NEXT_WEEK, GROUND)
    with pytest.raises(Invalid, match="K4"):
        law_edits.propose(session, law, drop, "quantri", now)


def test_an_edit_is_applied_once_and_may_be_withdrawn_only_before_it_holds(
    database: Engine, law: Law, now: datetime, later: datetime
) -> None:
    with session_scope(database) as session:
        edit = applied(session, law, FEE, now)
        with pytest.raises(Conflict):
            law_edits.apply(session, law, edit.id, "quantri", now)
        with pytest.raises(Conflict):
            law_edits.withdraw(session, edit.id, "quantri", "nhầm", later)
        law_edits.withdraw(session, edit.id, "quantri", "nhầm", now)
        other = law_edits.propose(session, law, LIMIT, "quantri", now)
    [present] = laws(database, law, later)
    assert fee_of(present, later) == 300_000
    with session_scope(database) as session:
        states = {(one.kind, one.state) for one in law_edits.history(session)}
        assert states == {("fee", "withdrawn"), ("limit", "proposed")}
        assert [one.id for one in law_edits.history(session, kind="limit")] == [other.id]
        assert audit.verify(session).ok


def test_the_preview_says_what_changes_in_both_languages(law: Law) -> None:
    shown = law_edits.preview(law, FEE)
    assert (shown.before, shown.after) == ({"amounts": {"any": 300_000}}, {"amounts": {"any": 350_000}})
    assert "từ ngày 10/01/2023" in shown.text_vi and "from 2023-01-10 on" in shown.text_en


@pytest.mark.parametrize("kind", ["fee", "limit", "authority_name", "competence", "component_drop"])
def test_everything_that_may_be_edited_is_listed_with_its_mark_and_source(law: Law, kind: str) -> None:
    rows = law_edits.editable(law, kind, date(2023, 1, 3))
    assert len(rows) >= 10
    assert all(row.title_vi and row.title_en and row.mark and row.value for row in rows)
