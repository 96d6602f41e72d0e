"""Editing the law without code: an edit is proposed, looked at, applied from a date on, and stays in the history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, get_args

from sqlmodel import Session, col, select

from lienthong.dossiers import audit
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_overlay import FEE_FIELDS, Edit, Proposal, overlay
from lienthong.dossiers.law_records import Mark
from lienthong.dossiers.law_source import STAMP
from lienthong.dossiers.numbering import next_serial
from lienthong.dossiers.rules.calendar import is_working_day, local
from lienthong.dossiers.rules.competence import holds_on
from lienthong.dossiers.tables import Authority, EditKind, EditState, LawEdit

__all__ = [
    "EditKind",
    "EditPreview",
    "EditState",
    "Editable",
    "LawEdit",
    "Proposal",
    "apply",
    "editable",
    "get",
    "history",
    "preview",
    "propose",
    "withdraw",
]

TITLES: Final = {
    EditKind.FEE: ("Mức phí, lệ phí", "Fee"),
    EditKind.LIMIT: ("Thời hạn giải quyết", "Time limit"),
    EditKind.DAY_OFF: ("Ngày nghỉ", "Day off"),
    EditKind.WORKING_DAY: ("Ngày làm bù", "Swapped working day"),
    EditKind.AUTHORITY_NAME: ("Tên cơ quan", "Name of an authority"),
    EditKind.COMPETENCE: ("Thẩm quyền", "Competence"),
    EditKind.COMPONENT_DROP: ("Bãi bỏ thành phần hồ sơ", "A component is no longer asked"),
}


@dataclass(frozen=True, slots=True)
class Editable:
    """One thing that may be edited, and how it stands."""

    key: str
    subject: dict[str, Any]
    title_vi: str
    title_en: str
    value: dict[str, Any]
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class EditPreview:
    """What an edit changes."""

    before: dict[str, Any]
    after: dict[str, Any]
    text_vi: str
    text_en: str


def editable(law: Law, kind: str, on: date) -> list[Editable]:
    """Everything of one kind that may be edited, as it stands on a day; days off and swapped days have no list."""
    found = {
        EditKind.FEE: _fees,
        EditKind.LIMIT: _limits,
        EditKind.AUTHORITY_NAME: _authorities,
        EditKind.COMPETENCE: _competences,
        EditKind.COMPONENT_DROP: _components,
    }.get(EditKind(kind))
    return [] if found is None else sorted(found(law, law.day(on)), key=lambda one: one.key)


def _fees(law: Law, day: date) -> Iterator[Editable]:
    for one in law.fees:
        if holds_on(one.valid_from, one.valid_to, day):
            value = {name: part for name, part in one.model_dump(mode="json").items() if name in FEE_FIELDS and part}
            yield Editable(one.item, {"item": one.item}, one.name_vi, one.name_en, value, one.mark, one.source)


def _limits(law: Law, day: date) -> Iterator[Editable]:
    for bundle in law.all_bundles:
        for one in bundle.limits:
            subject = {"bundle": bundle.id, "version": bundle.version, "code": one.code, "when": dict(one.when)}
            conditions = ", ".join(f"{name}={value}" for name, value in one.when.items())
            place = f"{bundle.id} {bundle.version} {one.code} {conditions}".strip()
            title_vi = f"{bundle.title_vi} ({bundle.version}): {one.code} {conditions}".strip()
            title_en = f"{bundle.title_en} ({bundle.version}): {one.code} {conditions}".strip()
            yield Editable(
                place, subject, title_vi, title_en, one.limit.model_dump(mode="json"), one.mark, bundle.source
            )


def _authorities(law: Law, day: date) -> Iterator[Editable]:
    for one in law.authorities.values():
        names = {"name_vi": one.name_vi, "name_en": one.name_en}
        yield Editable(one.id, {"id": one.id}, one.name_vi, one.name_en, names, one.mark, one.source)


def _competences(law: Law, day: date) -> Iterator[Editable]:
    for one in law.competences:
        if holds_on(one.valid_from, one.valid_to, day):
            procedure = next((p for p in law.procedures if p.code == one.procedure), None)
            vi, en = (procedure.name_vi, procedure.name_en) if procedure else ("", "")
            subject = {"procedure": one.procedure, "area": one.area}
            key, value = f"{one.procedure} {one.area}", {"authority": one.authority}
            yield Editable(key, subject, f"{key}: {vi}", f"{key}: {en}", value, one.mark, one.source)


def _components(law: Law, day: date) -> Iterator[Editable]:
    for one in law.procedures:
        if holds_on(one.valid_from, one.valid_to, day):
            for rule in one.components:
                subject = {"procedure": one.code, "component": rule.code}
                yield Editable(
                    f"{one.code}/{rule.code}",
                    subject,
                    f"{one.code}: {rule.name_vi}",
                    f"{one.code}: {rule.name_en}",
                    {"asked": True},
                    rule.mark,
                    one.basis,
                )


def propose(session: Session, law: Law, proposal: Proposal, author: str, now: datetime) -> LawEdit:
    """Write an edit down; ``Invalid`` when the law could not be loaded with it, or when it changes nothing."""
    if proposal.kind not in set(EditKind):
        raise Invalid("kind", "Loại thay đổi không hợp lệ.", f"There is no kind “{proposal.kind}”.")
    if not proposal.ground.strip():
        raise Invalid("ground", "Cần ghi căn cứ của thay đổi.", "The legal ground of the edit is needed.")
    if proposal.mark not in get_args(Mark):
        raise Invalid("mark", "Mức độ xác nhận không hợp lệ.", f"There is no mark “{proposal.mark}”.")
    if proposal.from_date < local(now).date():
        raise Invalid("from-date", "Ngày áp dụng không được ở quá khứ.", "The from-date must not lie in the past.")
    preview(law, proposal)
    edit = LawEdit(
        kind=proposal.kind,
        subject=dict(proposal.subject),
        value=dict(proposal.value),
        from_date=proposal.from_date,
        ground=proposal.ground.strip(),
        mark=proposal.mark,
        author=author,
        proposed_at=now,
    )
    session.add(edit)
    session.flush()
    audit.record(session, author, "law-edit-proposed", edit.id, _said(edit), now)
    return edit


def preview(law: Law, edit: Edit) -> EditPreview:
    """What an edit changes, as the law stands; ``Invalid`` when it does not fit or changes nothing."""
    after_law = overlay(law, [edit])
    before, after = _value(law, edit), _value(after_law, edit)
    if before == after:
        raise Invalid("unchanged", "Không có gì thay đổi.", "The edit changes nothing.")
    vi, en = TITLES[EditKind(edit.kind)]
    day = f"{edit.from_date:%d/%m/%Y}"
    what = ", ".join(str(part) for part in edit.subject.values() if part)
    return EditPreview(
        before,
        after,
        f"{vi} {what}: {_shown(before)} → {_shown(after)} từ ngày {day}.",
        f"{en} {what}: {_shown(before)} → {_shown(after)} from {edit.from_date.isoformat()} on.",
    )


def _value(law: Law, edit: Edit) -> dict[str, Any]:
    kind = EditKind(edit.kind)
    if kind in (EditKind.DAY_OFF, EditKind.WORKING_DAY):
        day = date.fromisoformat(str(edit.subject["day"]))
        return {"working": is_working_day(law.calendar, day)}
    wanted = (
        {**edit.subject, "area": edit.subject.get("area") or "any"} if kind is EditKind.COMPETENCE else edit.subject
    )
    if kind is EditKind.LIMIT:
        wanted = {**wanted, "when": wanted.get("when") or {}}
    return next((one.value for one in editable(law, kind, edit.from_date) if one.subject == wanted), {})


def _shown(value: dict[str, Any]) -> str:
    if value == {"working": True} or value == {"working": False}:
        return "làm việc/working" if value["working"] else "nghỉ/off"
    return "; ".join(f"{name} {part}" for name, part in value.items()) or "—"


def apply(session: Session, law: Law, edit_id: str, actor: str, now: datetime) -> LawEdit:
    """Make a proposed edit law from its date on; every process sees it within a second or two."""
    edit = get(session, edit_id)
    if edit.state != EditState.PROPOSED:
        raise Conflict("state", "Thay đổi này không còn chờ áp dụng.", "This edit no longer waits to be applied.")
    if edit.from_date < local(now).date():
        raise Conflict("from-date", "Ngày áp dụng đã qua: hãy đề xuất lại.", "The from-date has passed: propose anew.")
    preview(law, edit)
    edit.state, edit.applied_by, edit.applied_at = EditState.APPLIED, actor, now
    edit.position = next_serial(session, STAMP)
    session.add(edit)
    if edit.kind == EditKind.AUTHORITY_NAME and edit.from_date <= local(now).date():
        _rename(session, edit)
    session.flush()
    audit.record(session, actor, "law-edit-applied", edit.id, _said(edit), now)
    return edit


def _rename(session: Session, edit: LawEdit) -> None:
    row = session.get(Authority, str(edit.subject["id"]))
    if row is not None:
        row.name_vi, row.name_en = str(edit.value["name_vi"]), str(edit.value["name_en"])
        session.add(row)


def withdraw(session: Session, edit_id: str, actor: str, reason: str, now: datetime) -> LawEdit:
    """Take an edit back before it holds; one that holds already is ended by a further edit, not undone."""
    edit = get(session, edit_id)
    holds = edit.state == EditState.APPLIED and edit.from_date <= local(now).date()
    if edit.state == EditState.WITHDRAWN or holds:
        raise Conflict("state", "Thay đổi đã có hiệu lực hoặc đã rút.", "The edit holds already or was withdrawn.")
    if not reason.strip():
        raise Invalid("reason", "Cần ghi lý do rút.", "The reason of the withdrawal is needed.")
    edit.state, edit.withdrawn_by, edit.withdrawn_at = EditState.WITHDRAWN, actor, now
    edit.withdrawal_reason = reason.strip()
    session.add(edit)
    next_serial(session, STAMP)
    audit.record(session, actor, "law-edit-withdrawn", edit.id, {"reason": edit.withdrawal_reason}, now)
    return edit


def get(session: Session, edit_id: str) -> LawEdit:
    """One edit, or ``NotFound``."""
    found = session.get(LawEdit, edit_id)
    if found is None:
        raise NotFound("law-edit", "Không có thay đổi này.", "There is no such edit.")
    return found


def history(session: Session, kind: str | None = None, state: str | None = None, limit: int = 200) -> list[LawEdit]:
    """Edits with author, ground, mark and dates, newest first."""
    statement = select(LawEdit)
    if kind is not None:
        statement = statement.where(LawEdit.kind == kind)
    if state is not None:
        statement = statement.where(LawEdit.state == state)
    ordered = statement.order_by(col(LawEdit.proposed_at).desc(), col(LawEdit.id))
    return list(session.exec(ordered.limit(limit)).all())


def _said(edit: LawEdit) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "subject": edit.subject,
        "value": edit.value,
        "from": edit.from_date.isoformat(),
        "ground": edit.ground,
        "mark": edit.mark,
    }
