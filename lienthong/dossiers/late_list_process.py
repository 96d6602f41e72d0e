"""The late list as its process sees it: variables out of the services, answers of forms into them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers import late_lists, outbox
from lienthong.dossiers.errors import Conflict, Forbidden, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import add_working_minutes, local
from lienthong.dossiers.tables import LateList, LateListObjection, LateListRow, ListState, ObjectionState
from lienthong.dossiers.viewers import Viewer

DAYS_TO_OBJECT: Final = 3  # working days [I]
PROCESS: Final = "late-list"
CORRECTION: Final = "late-list-correction"
_DECISIONS: Final = {"upheld": True, "rejected": False}


def period_before(kind: str, now: datetime) -> tuple[int, int | None]:
    """Year and month of the month (or the year) that ended last; a year has no month."""
    day = local(now).date()
    if kind == "year":
        return day.year - 1, None
    return (day.year - 1, 12) if day.month == 1 else (day.year, day.month - 1)


def compiled(session: Session, law: Law, year: int, month: int | None, now: datetime) -> dict[str, Any]:
    """Compile a list; its variables: units with their rows, how long they may object, whose office approves."""
    found = late_lists.compile_period(session, law, year, month, now)
    until = add_working_minutes(law.calendar, now, DAYS_TO_OBJECT * law.calendar.minutes_a_day)
    units = late_lists.authorities(session, found.id)
    newest = max(law.bundles(local(now).date()), key=lambda one: one.valid_from)
    return {
        "listId": found.id,
        "listName": found.name,
        "dossierCode": f"DSTH-{found.name}",
        "year": year,
        "month": month,
        "rowCount": len(late_lists.rows(session, found.id)),
        "units": [{"authority": unit, "rows": _rows(session, found.id, unit)} for unit in units],
        "objectUntil": local(until).isoformat(),
        "authorities": {"office": law.successor(newest.office, local(now).date())},
    }


def _rows(session: Session, list_id: str, authority_id: str) -> list[dict[str, Any]]:
    return [
        {
            "rowId": row.id,
            "dossierCode": row.dossier_code,
            "procedureCode": row.procedure_code,
            "due": row.due,
            "daysLate": row.days_late,
            "reason": row.reason,
            "objection": "",
        }
        for row in late_lists.rows(session, list_id, authority_id)
    ]


def record_answers(
    session: Session, list_id: str, authority_id: str, answers: Sequence[Mapping[str, Any]], now: datetime
) -> int:
    """Keep reasons and objections of one unit; the same answer twice is kept once. How many objections are new."""
    own = {row.id: row for row in late_lists.rows(session, list_id, authority_id)}
    author, new = f"{authority_id}/authority_head", 0
    for answer in answers:
        row = own.get(str(answer.get("rowId", "")))
        if row is None:
            continue
        reason, objection = str(answer.get("reason") or "").strip(), str(answer.get("objection") or "").strip()
        if reason and reason != row.reason:
            late_lists.explain(session, row.id, authority_id, author, reason, now)
        if objection and not _said_before(session, row, objection):
            late_lists.object_to(session, row.id, authority_id, author, objection, now)
            new += 1
    return new


def _said_before(session: Session, row: LateListRow, text: str) -> bool:
    statement = select(LateListObjection.id).where(LateListObjection.row_id == row.id, LateListObjection.text == text)
    return session.exec(statement).first() is not None


def open_objections(session: Session, list_id: str) -> list[dict[str, Any]]:
    """What the Office still has to decide, as its form shows it."""
    rows = {row.id: row for row in late_lists.rows(session, list_id)}
    return [
        {
            "objectionId": one.id,
            "dossierCode": f"{rows[one.row_id].dossier_code} {rows[one.row_id].procedure_code}",
            "unit": one.authority_id,
            "text": one.text,
            "decision": "",
            "note": "",
        }
        for one in late_lists.objections(session, list_id, ObjectionState.OPEN)
        if one.row_id in rows
    ]


def decide_all(
    session: Session, list_id: str, decisions: Sequence[Mapping[str, Any]], actor: str, now: datetime
) -> int:
    """Decide as the Office said; how many objections are still open."""
    waiting = {one.id for one in late_lists.objections(session, list_id, ObjectionState.OPEN)}
    for one in decisions:
        key, decision = str(one.get("objectionId", "")), str(one.get("decision") or "")
        if key in waiting and decision in _DECISIONS:
            late_lists.decide(session, key, _DECISIONS[decision], actor, str(one.get("note") or ""), now)
            waiting.discard(key)
    return len(waiting)


def approve_and_publish(session: Session, list_id: str, actor: str, now: datetime) -> LateList:
    """Approve and publish in one step; repeating it changes nothing."""
    late_lists.approve(session, list_id, actor, now)
    return late_lists.publish(session, list_id, actor, now)


def require_office(viewer: Viewer) -> None:
    """``Forbidden`` unless the viewer is of the Provincial Office."""
    if not viewer.oversees_all:
        raise Forbidden("office", "Việc này của Văn phòng UBND tỉnh.", "This is for the Provincial Office.")


def ask_for_list(session: Session, viewer: Viewer, year: int, month: int | None, now: datetime) -> None:
    """Start the process for a period that has begun: the Office need not wait for the first of the month."""
    require_office(viewer)
    if local(now).date() < late_lists.span_of(year, month).first:
        raise Invalid("period", "Kỳ này chưa bắt đầu.", "The period has not begun yet.")
    name = late_lists.span_of(year, month).name
    payload = {
        "name": PROCESS,
        "correlationKey": name,
        "messageId": f"{PROCESS}:{name}:{int(now.timestamp())}",
        "variables": {"year": year, "month": month},
        "ttlMs": 0,
        "dossierCode": f"DSTH-{name}",
    }
    outbox.add(session, outbox.MESSAGE, payload, now)


def ask_correction(
    session: Session, viewer: Viewer, row_id: str, field: str, value: str, ground: str, now: datetime
) -> None:
    """The Office hands a correction to the process that waits for it; ``Conflict`` unless the list is public."""
    require_office(viewer)
    actor = viewer.username
    row = session.exec(select(LateListRow).where(col(LateListRow.id) == row_id)).first()
    found = None if row is None else late_lists.get(session, row.list_id)
    if row is None or found is None or found.state != ListState.PUBLISHED:
        raise Conflict("state", "Chỉ sửa danh sách đã công bố.", "Only a published list is corrected.")
    late_lists.require_correctable(row, field, value)
    payload = {
        "name": CORRECTION,
        "correlationKey": found.name,
        "messageId": f"{CORRECTION}:{row_id}:{field}:{int(now.timestamp())}",
        "variables": {"rowId": row_id, "field": field, "value": value, "ground": ground, "correctedBy": actor},
        "ttlMs": outbox.MESSAGE_TTL_MS,
        "dossierCode": f"DSTH-{found.name}",
    }
    outbox.add(session, outbox.MESSAGE, payload, now)
