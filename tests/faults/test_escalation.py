"""The clock is moved past each rung: head of unit, head of authority, Provincial Office; each step is recorded.

The engine's clock is pinned through its REST address; workers learn it from the jobs they get.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from running import Running, eventually

from lienthong.dossiers import documents
from lienthong.dossiers.rules.calendar import add_working_minutes
from lienthong.dossiers.rules.deadline import EscalationStage, escalation_times
from lienthong.dossiers.tables import Branch, EscalationEntry, Notification

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.xdist_group("stack"), pytest.mark.timeout(240)]

BRANCH = "J1"
AUTHORITY = "bd-sldtbxh"
RUNGS = (
    (EscalationStage.WARNING, "truongphong", f"{AUTHORITY}/unit_head", False),
    (EscalationStage.DAY_BEFORE, "thutruong", f"{AUTHORITY}/authority_head", True),
    (EscalationStage.DUE, "vanphong", "bd-vpubnd/office", True),
)


@pytest.fixture
def left_at_an_officer(running: Running) -> Iterator[str]:
    """A dossier of Justice - Employment whose officers do nothing; afterwards the clock runs again for everybody."""
    applicant = running.applicant()
    code = running.file(applicant, "justice-employment")
    running.drive_to(code, applicant, lambda: waiting_watches(running, code) >= 2, leave=lambda at: at == "appraise")
    eventually(lambda: waiting_watches(running, code) >= 2, 30, "the watch of both branches")
    eventually(lambda: all(row.done_at for row in running.messages(code, "deadline-set")), 30, "all deadlines told")
    yield code
    running.cast.engine.reset_clock()
    running.kill("worker")  # the next one has not seen the moved clock
    running.stack.wait()


def waiting_watches(running: Running, code: str) -> int:
    """How many watches of the dossier wait for their next time."""
    key = running.dossier(code).process_instance_key
    family = running.family(str(key)) if key else set()
    found = running.cast.engine.search_element_instances({"elementId": "await-time", "state": "ACTIVE"})
    return sum(str(item["processInstanceKey"]) in family for item in found)


def branch_of(running: Running, code: str) -> Branch:
    [branch] = [branch for branch in running.branches(code) if branch.procedure_code == BRANCH]
    return branch


def entries_of(running: Running, code: str) -> list[EscalationEntry]:
    found = [entry for entry in running.rows(code, EscalationEntry) if entry.branch_code == BRANCH]
    return sorted(found, key=lambda entry: entry.rung_at)


def sees_the_task(running: Running, username: str, code: str) -> bool:
    officer = running.officer(username)
    try:
        return any(task["procedureCode"] == BRANCH for task in officer.tasks(code))
    finally:
        officer.close()


def test_the_ladder_is_climbed_rung_by_rung(running: Running, left_at_an_officer: str) -> None:
    code = left_at_an_officer
    before = branch_of(running, code)
    assert before.started_at and before.due_at and before.authority_id == AUTHORITY
    calendar = running.cast.law.calendar
    planned = escalation_times(calendar, before.started_at, before.due_at, running.settings.warning_share)
    assert [stage for stage, _ in planned] == [stage for stage, *_ in RUNGS]
    assert planned[1][1] == add_working_minutes(calendar, before.due_at, -calendar.minutes_a_day)
    assert entries_of(running, code) == []

    for level, ((stage, at), (_, person, group, moves)) in enumerate(zip(planned, RUNGS, strict=True), start=1):
        moment = at + timedelta(minutes=1)
        running.cast.engine.pin_clock(moment)
        steps = eventually(
            lambda wanted=level: (found := entries_of(running, code)) and len(found) >= wanted and found,
            40,
            f"rung {level} to be climbed",
        )
        assert len(steps) == level, "a rung was climbed before its time, or twice"
        step = steps[-1]
        assert (step.level, step.stage, step.responsible) == (level, stage, person)
        assert step.rung_at == at.replace(microsecond=0)
        assert abs(step.at - moment) < timedelta(minutes=1), "the workers do not know the moved clock"
        assert step.reassigned_to == (group if moves else None)
        assert (step.letter_document_id is not None) == (stage is not EscalationStage.WARNING)
        assert branch_of(running, code).late == (stage is EscalationStage.DUE)
        assert running.dossier(code).late == (stage is EscalationStage.DUE)
        assert branch_of(running, code).escalation_level == level
        if moves:
            assert eventually(lambda who=person: sees_the_task(running, who, code), 20, f"the task at {person}")

    steps = entries_of(running, code)
    with running.session() as session:
        letter = documents.get(session, str(steps[1].letter_document_id))
        assert (letter.role, letter.created_at < before.due_at) == ("letter", True)
    told = {notification.recipient for notification in running.rows(code, Notification)}
    assert {person for _, person, _, _ in RUNGS} <= told
