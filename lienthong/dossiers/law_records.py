"""The shapes of the law files: every record carries how sure it is (mark), where it is from and when it holds."""

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from lienthong.dossiers.rules.calendar import WorkingCalendar
from lienthong.dossiers.rules.competence import ANY_AREA
from lienthong.dossiers.rules.deadline import Limit, LimitUnit, StartRule
from lienthong.dossiers.rules.fee import FeeItem

Mark = Literal["V", "V*", "S", "M", "I"]


class Record(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Record):
    """A record with its mark, source and span of validity."""

    mark: Mark
    source: str
    valid_from: date
    valid_to: date | None = None


class InstallationRecord(Record):
    """Which day's law this installation applies, and until when it takes filings on its own portal."""

    standing_on: date | None
    local_filing_until: date | None
    mark: Mark
    source: str


class AuthorityRecord(Sourced):
    """A body of the State."""

    id: str
    name_vi: str
    name_en: str
    level: str
    parent_id: str | None = None
    successor_id: str | None = None


class ClockRule(StrEnum):
    """What a request to supplement does to the clock of a procedure."""

    RESTART = "restart"
    PAUSE = "pause"
    NONE = "none"


class ComponentRule(Record):
    """A paper that a procedure asks for."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    form: Literal["original", "copy", "certified", "electronic"] = "copy"
    copies: int = 1
    satisfied_by: str | None = None
    required_when: str | None = None
    valid_months: int | None = None
    derivable: bool = False
    mark: Mark


class ConsultationRule(Record):
    """How long other bodies have for their opinion; no answer in time counts as consent."""

    limit: Limit
    mark: Mark


class Procedure(Sourced):
    """A version of a procedure (TTHC)."""

    code: str
    name_vi: str
    name_en: str
    process_id: str
    national_code: str = ""
    national_code_mark: Mark = "M"
    limit: Limit
    clock: ClockRule
    supplement_limit: Limit | None = None
    consultation: ConsultationRule = ConsultationRule(limit=Limit(value=7, unit=LimitUnit.CALENDAR_DAYS), mark="I")
    basis: str
    essential: bool = False
    result_kind: str
    result_name_vi: str
    result_name_en: str
    result_number: str
    components: tuple[ComponentRule, ...] = ()


class DatedFeeItem(FeeItem):
    """A fee item with its span of validity."""

    valid_from: date
    valid_to: date | None = None

    def rule(self) -> FeeItem:
        """The fee item without its dates, as the pure rule takes it."""
        return FeeItem.model_validate(self.model_dump(exclude={"valid_from", "valid_to"}))


class PaperRecord(Sourced):
    """A form of the one-stop desk, by set of forms."""

    name: str
    form: str
    form_set: str = ""
    template: str = ""
    title_vi: str
    title_en: str
    number: str


class CalendarDay(Sourced):
    """A day off that the table of holidays lacks, or a day that is worked in exchange."""

    day: date
    reason: str


class CalendarRecord(Record):
    """Working hours and corrections of the public holidays."""

    sessions: tuple[tuple[time, time], ...]
    days_off: tuple[CalendarDay, ...] = ()
    working_days: tuple[CalendarDay, ...] = ()
    mark: Mark
    source: str

    def working_calendar(self) -> WorkingCalendar:
        """The calendar as the pure rules take it."""
        return WorkingCalendar(
            sessions=self.sessions,
            days_off=frozenset(row.day for row in self.days_off),
            working_days=frozenset(row.day for row in self.working_days),
        )


class Choice(Record):
    """One answer of a question."""

    value: str
    label_vi: str
    label_en: str


class Question(Record):
    """A question of the filing form; its answer is the option of that name."""

    name: str
    label_vi: str
    label_en: str
    kind: Literal["boolean", "choice", "integer"]
    default: bool | int | str
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    def accepts(self, value: Any) -> bool:
        """Whether a value is an answer."""
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "choice":
            return value in {choice.value for choice in self.choices}
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


class BundleLimit(Record):
    """The linked time limit of one node; ``when`` restricts it to some options."""

    code: str
    limit: Limit
    when: dict[str, bool | str] = {}
    mark: Mark


class BundleProcedure(Record):
    """A procedure of a bundle; ``when`` says under which options it runs.

    ``outside_total``: it starts after works that no deadline covers (construction), so the bundle's due time leaves
    it out and its own clock starts with it. ``refusal``: whether its refusal ends the bundle or lets it go on.
    """

    code: str
    when: dict[str, bool | str] = {}
    outside_total: bool = False
    refusal: Literal["end", "continue"] = "end"


class AreaRule(Record):
    """How the area (of competence and fees) follows from one option."""

    option: str
    values: dict[str, str]


class Bundle(Sourced):
    """A linked group of procedures, as published.

    ``total_limit``: the most that the law allows for the whole group, intake and return included. ``clock_start``: what
    the clock waits for (NĐ 297/2025: also for the fee). ``payment_reminder``: how often an unpaid fee is reminded of.
    """

    id: str
    version: str
    process_id: str
    title_vi: str
    title_en: str
    summary_vi: str
    summary_en: str
    decision: str
    members: tuple[BundleProcedure, ...]
    limits: tuple[BundleLimit, ...]
    intake_limit: Limit
    return_limit: Limit
    total_limit: Limit | None = None
    clock_start: Literal["full-file", "full-file-and-fee"] = "full-file"
    payment_reminder: Limit = Limit(value=3, unit=LimitUnit.CALENDAR_DAYS)
    start_rule: StartRule = StartRule()
    supplement_limit: Limit
    questions: tuple[Question, ...]
    area: AreaRule
    desk: str
    office: str
    code_pattern: str
    fee_decision: str = ""
    essential: bool = False
    priority: int = 50

    @property
    def decision_of_fees(self) -> str:
        """Id of the decision that chooses its fee items: a later version has its own, as a decision has no version."""
        return self.fee_decision or f"{self.id}-fee"

    @property
    def procedures(self) -> list[str]:
        """Codes of all procedures that can belong to it."""
        return [member.code for member in self.members]

    def applies(self, code: str, options: Mapping[str, Any]) -> bool:
        """Whether a procedure runs under these options."""
        return any(member.code == code and fits(member.when, options) for member in self.members)

    def active_procedures(self, options: Mapping[str, Any]) -> list[str]:
        """Codes of the procedures that run under these options."""
        return [member.code for member in self.members if fits(member.when, options)]

    def in_total(self, code: str) -> bool:
        """Whether the bundle's due time covers a procedure."""
        return any(member.code == code and not member.outside_total for member in self.members)

    def limit(self, code: str, options: Mapping[str, Any]) -> Limit:
        """The linked time limit of a node under these options; the entry with more conditions wins."""
        fitting = [entry for entry in self.limits if entry.code == code and fits(entry.when, options)]
        if not fitting:
            raise LookupError(f"Expected a time limit for {code} in {self.id}, but there is none for {dict(options)}.")
        return max(fitting, key=lambda entry: len(entry.when)).limit

    def area_of(self, options: Mapping[str, Any]) -> str:
        """The area that competence and fees ask for."""
        value = options.get(self.area.option)
        key = str(value).lower() if isinstance(value, bool) else str(value)
        return self.area.values.get(key, ANY_AREA)

    def defaults(self) -> dict[str, bool | int | str]:
        """Options as they are when nobody answered."""
        return {question.name: question.default for question in self.questions}


class Need(BaseModel):
    """One edge of a bundle's graph: ``procedure`` waits for the result of ``result`` as its ``component``."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    procedure: str
    result: str
    component: str
    mark: Mark


def fits(conditions: Mapping[str, bool | str], options: Mapping[str, Any]) -> bool:
    """Whether all conditions hold in the options."""
    return all(options.get(name) == value for name, value in conditions.items())


def required(rule: ComponentRule, options: Mapping[str, Any]) -> bool:
    """Whether a component is asked for under these options; ``!name`` means: unless that option holds."""
    if rule.required_when is None:
        return True
    name = rule.required_when.removeprefix("!")
    return bool(options.get(name)) != rule.required_when.startswith("!")
