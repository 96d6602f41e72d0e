"""Dated edits laid over the law of the files: pure functions from law and edits to law.

An edit changes the record that holds on its from-date, and nothing before: whoever asks for the law of an earlier
moment gets it without the edit. A newer record of the files that begins later is not touched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from lienthong.dossiers.errors import Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle, BundleLimit, DatedFeeItem, Procedure
from lienthong.dossiers.rules.calendar import WorkingCalendar, local
from lienthong.dossiers.rules.competence import ANY_AREA, Competence, holds_on
from lienthong.dossiers.rules.deadline import Limit
from lienthong.dossiers.tables.law import EditKind

FEE_FIELDS: Final = ("amounts", "bands", "caps", "per_copy", "free_copies", "exemptions")
CALENDAR_KINDS: Final = frozenset({EditKind.DAY_OFF, EditKind.WORKING_DAY})
Dated = TypeVar("Dated", DatedFeeItem, Procedure)
Checked = TypeVar("Checked", bound=BaseModel)


class Edit(Protocol):
    """What the overlay needs of an edit."""

    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> dict[str, Any]: ...
    @property
    def value(self) -> dict[str, Any]: ...
    @property
    def from_date(self) -> date: ...
    @property
    def ground(self) -> str: ...
    @property
    def mark(self) -> str: ...


class AppliedEdit(Edit, Protocol):
    """An edit with the moment from which it may be seen."""

    @property
    def id(self) -> str: ...
    @property
    def applied_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit before it is written: kind, what it is about, what it becomes, from when, on what ground, how sure."""

    kind: str
    subject: dict[str, Any]
    value: dict[str, Any]
    from_date: date
    ground: str
    mark: str = "I"


def effective(edit: AppliedEdit, moment: datetime) -> bool:
    """Whether an applied edit holds for what happens at a moment: never for what happened before it was applied."""
    return edit.applied_at is not None and edit.applied_at <= moment and edit.from_date <= local(moment).date()


def overlay(law: Law, edits: Iterable[Edit]) -> Law:
    """The law with the edits laid over it in their order; ``Invalid`` for one that does not fit."""
    for edit in edits:
        law = _APPLY[EditKind(edit.kind)](law, edit)
    return law


def _fee(law: Law, edit: Edit) -> Law:
    item = str(edit.subject.get("item", ""))
    record = _holding([one for one in law.fees if one.item == item], law.day(edit.from_date), f"phí “{item}”")
    foreign = set(edit.value) - set(FEE_FIELDS)
    if foreign or not edit.value:
        raise _refused("value", "Giá trị mới của phí không hợp lệ.", f"A fee has no fields {sorted(foreign)}.")
    changed = _checked(DatedFeeItem, {**record.model_dump(), **edit.value, "mark": edit.mark, "source": edit.ground})
    if any(amount < 0 for amount in _amounts(changed)):
        raise _refused("value", "Mức phí không được âm.", "An amount of a fee must not be negative.")
    if set(changed.amounts) != set(record.amounts) or set(changed.caps) != set(record.caps):
        raise _refused("value", "Phải giữ đủ các khu vực của phí.", "A fee keeps the areas that it has.")
    return law.model_copy(update={"fees": _swapped(law.fees, record, changed)})


def _amounts(item: DatedFeeItem) -> list[int]:
    groups = [item.amounts, item.caps, *(band.amounts for band in item.bands)]
    found = [amount for group in groups for amount in group.values()]
    return [*found, item.per_copy, item.free_copies, *(exemption.amount for exemption in item.exemptions)]


def _limit(law: Law, edit: Edit) -> Law:
    bundle = _bundle(law, edit)
    code, when = edit.subject.get("code"), edit.subject.get("when") or {}
    record = next((one for one in bundle.limits if one.code == code and one.when == when), None)
    if record is None:
        raise _refused("subject", f"Không có thời hạn của {code} trong nhóm này.", f"There is no limit of {code} here.")
    limit = _checked(Limit, edit.value)
    if limit.value <= 0:
        raise _refused("value", "Thời hạn phải lớn hơn 0.", "A time limit must be longer than nothing.")
    changed = BundleLimit(code=record.code, limit=limit, when=record.when, mark=edit.mark)
    new = bundle.model_copy(update={"limits": _swapped(bundle.limits, record, changed)})
    return law.model_copy(update={"all_bundles": _swapped(law.all_bundles, bundle, new)})


def _bundle(law: Law, edit: Edit) -> Bundle:
    wanted = (edit.subject.get("bundle"), edit.subject.get("version"))
    found = next((one for one in law.all_bundles if (one.id, one.version) == wanted), None)
    if found is None:
        raise _refused("subject", "Không có nhóm thủ tục này.", f"There is no bundle {wanted[0]} {wanted[1]}.")
    return found


def _day(edit: Edit) -> date:
    try:
        return date.fromisoformat(str(edit.subject.get("day", "")))
    except ValueError as error:
        raise _refused("subject", "Ngày không hợp lệ.", "Expected a day as YYYY-MM-DD.") from error


def _day_off(law: Law, edit: Edit) -> Law:
    day, old = _day(edit), law.calendar
    calendar = replace(old, days_off=old.days_off | {day}, working_days=old.working_days - {day})
    return law.model_copy(update={"calendar": calendar})


def _working_day(law: Law, edit: Edit) -> Law:
    day, old = _day(edit), law.calendar
    calendar = replace(old, days_off=old.days_off - {day}, working_days=old.working_days | {day})
    return law.model_copy(update={"calendar": calendar})


def _authority_name(law: Law, edit: Edit) -> Law:
    key = str(edit.subject.get("id", ""))
    if key not in law.authorities:
        raise _refused("subject", f"Không có cơ quan “{key}”.", f"There is no authority “{key}”.")
    names = {name: str(edit.value.get(name, "")).strip() for name in ("name_vi", "name_en")}
    if not all(names.values()):
        raise _refused("value", "Cần tên tiếng Việt và tiếng Anh.", "Both names are needed.")
    new = law.authorities[key].model_copy(update={**names, "mark": edit.mark, "source": edit.ground})
    return law.model_copy(update={"authorities": {**law.authorities, key: new}})


def _competence(law: Law, edit: Edit) -> Law:
    procedure, area = str(edit.subject.get("procedure", "")), str(edit.subject.get("area") or ANY_AREA)
    authority, day = str(edit.value.get("authority", "")), law.day(edit.from_date)
    if procedure not in {one.code for one in law.procedures}:
        raise _refused("subject", f"Không có thủ tục {procedure}.", f"There is no procedure {procedure}.")
    if authority not in law.authorities:
        raise _refused("value", f"Không có cơ quan “{authority}”.", f"There is no authority “{authority}”.")
    old = [
        one
        for one in law.competences
        if (one.procedure, one.area) == (procedure, area) and holds_on(one.valid_from, one.valid_to, day)
    ]
    begins = max((one.valid_from for one in old), default=day)
    ends = next((one.valid_to for one in old if one.valid_from == begins), None)
    new = Competence(
        procedure=procedure,
        area=area,
        authority=authority,
        valid_from=begins,
        valid_to=ends,
        mark=edit.mark,
        source=edit.ground,
    )
    kept = tuple(one for one in law.competences if one not in old)
    return law.model_copy(update={"competences": (*kept, new)})


def _component_drop(law: Law, edit: Edit) -> Law:
    code, component = str(edit.subject.get("procedure", "")), str(edit.subject.get("component", ""))
    found = [one for one in law.procedures if one.code == code]
    record = _holding(found, law.day(edit.from_date), f"thủ tục “{code}”")
    rule = next((one for one in record.components if one.code == component), None)
    if rule is None:
        raise _refused("subject", f"{code} không có thành phần này.", f"{code} has no component “{component}”.")
    waits = [edge.result for edges in law.needs.values() for edge in edges if edge.component == component]
    if rule.satisfied_by is not None and waits:
        raise _refused(
            "result",
            "Thành phần này là kết quả thủ tục liên thông mà quy trình đang chờ.",
            f"The component is the result of {', '.join(sorted(set(waits)))}, for which the process waits.",
        )
    kept = tuple(one for one in record.components if one.code != component)
    new = record.model_copy(update={"components": kept})
    return law.model_copy(update={"procedures": _swapped(law.procedures, record, new)})


_APPLY: Final = {
    EditKind.FEE: _fee,
    EditKind.LIMIT: _limit,
    EditKind.DAY_OFF: _day_off,
    EditKind.WORKING_DAY: _working_day,
    EditKind.AUTHORITY_NAME: _authority_name,
    EditKind.COMPETENCE: _competence,
    EditKind.COMPONENT_DROP: _component_drop,
}


def with_calendar(law: Law, calendar: WorkingCalendar) -> Law:
    """The law with another calendar: days off hold for everybody, whenever a dossier was filed."""
    return law.model_copy(update={"calendar": calendar})


def _holding(records: Iterable[Dated], day: date, what: str) -> Dated:
    found = [one for one in records if holds_on(one.valid_from, one.valid_to, day)]
    if not found:
        raise _refused("subject", f"Không có {what} vào ngày {day}.", f"Nothing of that name holds on {day}.")
    return max(found, key=lambda one: one.valid_from)


def _swapped(records: tuple[Checked, ...], old: Checked, new: Checked) -> tuple[Checked, ...]:
    return tuple(new if one is old else one for one in records)


def _checked(model: type[Checked], value: Mapping[str, Any]) -> Checked:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        place = error.errors()[0]
        where = ".".join(str(part) for part in place["loc"])
        raise _refused("value", f"Giá trị của {where} không hợp lệ.", f"{where}: {place['msg']}") from error


def _refused(code: str, text_vi: str, text_en: str) -> Invalid:
    return Invalid(code, text_vi, text_en)
