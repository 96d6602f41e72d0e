"""Deadlines: time limits on a graph of procedures, the start of the clock, and the times of escalation.

A limit is in working days ("wd", 8 hours each), calendar days ("d") or working hours ("h"). A limit in calendar
days ends at closing time of its last day, or of the next working day when that day is off [M, Civil Code art. 148].
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Final

from pydantic import BaseModel, ConfigDict

from lienthong.dossiers.rules.calendar import (
    ZONE,
    WorkingCalendar,
    add_working_days,
    add_working_minutes,
    end_of_day,
    local,
    next_working_day,
    working_minutes_between,
)

DEFAULT_WARNING_SHARE: Final = 0.8  # [I]: no text names a share; the setting LIENTHONG_WARNING_SHARE moves it


class LimitUnit(StrEnum):
    """What a time limit counts."""

    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "d"
    WORKING_HOURS = "h"


class Limit(BaseModel):
    """A time limit of law."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: float
    unit: LimitUnit = LimitUnit.WORKING_DAYS


SUPPLEMENT_RETURN: Final = Limit(value=3)
"""Within which an authority returns an incomplete file after it received it (NĐ 61/2018 art. 19(4) [V])."""


class StartRule(BaseModel):
    """When the clock of a file received late in the day starts: after ``cutoff``, at ``resume`` of the next day."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    cutoff: time | None = None
    resume: time | None = None


class EscalationStage(StrEnum):
    """Why a rung of the ladder is climbed."""

    WARNING = "warning"
    DAY_BEFORE = "day_before"
    DUE = "due"


def clock_start(calendar: WorkingCalendar, received: datetime, rule: StartRule) -> datetime:
    """When the clock starts for a full file received at ``received`` (received → start, both with zone)."""
    at = local(received)
    resume = rule.resume or calendar.sessions[0][0]
    if next_working_day(calendar, at.date()) != at.date():
        return datetime.combine(next_working_day(calendar, at.date()), resume, ZONE)
    if rule.cutoff is not None and at.timetz().replace(tzinfo=None) > rule.cutoff:
        return datetime.combine(add_working_days(calendar, at.date(), 1), resume, ZONE)
    return add_working_minutes(calendar, at, 0)


def due(calendar: WorkingCalendar, start: datetime, limit: Limit) -> datetime:
    """The due time of one limit that starts at ``start``."""
    if limit.unit is LimitUnit.CALENDAR_DAYS:
        last = local(start) + timedelta(days=limit.value)
        return end_of_day(calendar, last.date())
    minutes = limit.value * (60 if limit.unit is LimitUnit.WORKING_HOURS else calendar.minutes_a_day)
    return add_working_minutes(calendar, start, minutes)


def returned_in_time(
    calendar: WorkingCalendar, received: datetime, returned: datetime, limit: Limit = SUPPLEMENT_RETURN
) -> bool:
    """Whether an authority asked for a supplement in time, so that the clock counts again from the answer."""
    return local(returned) <= due(calendar, received, limit)


def iso_period(limit: Limit) -> str:
    """A limit in calendar days or hours as an ISO 8601 duration, as a repeating timer of a model takes it."""
    if limit.unit is LimitUnit.WORKING_DAYS or limit.value != int(limit.value):
        raise ValueError(f"Expected whole calendar days or hours for a repeating period, but got {limit}.")
    return f"P{int(limit.value)}D" if limit.unit is LimitUnit.CALENDAR_DAYS else f"PT{int(limit.value)}H"


def bundle_deadlines(
    graph: Mapping[str, Sequence[str]], limits: Mapping[str, Limit], start: datetime, calendar: WorkingCalendar
) -> dict[str, datetime]:
    """A due time for each procedure: the longest path over ``graph`` (procedure → what it needs).

    A need that is not in ``graph`` (a procedure that does not apply to this dossier) holds nothing up.
    """
    needs = {code: [need for need in wanted if need in graph] for code, wanted in graph.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ValueError(
            f"Expected procedures that can be put in order, but {error.args[1]} wait in a ring."
        ) from error
    result: dict[str, datetime] = {}
    for code in order:
        ready = max((result[need] for need in needs[code]), default=start)
        result[code] = due(calendar, ready, limits[code])
    return result


def escalation_times(
    calendar: WorkingCalendar, start: datetime, due_at: datetime, share: float = DEFAULT_WARNING_SHARE
) -> list[tuple[EscalationStage, datetime]]:
    """The rungs between ``start`` and ``due_at``, in order: the warning share, one working day before due, due.

    Rungs that would lie before ``start`` are left out; two rungs may fall on the same time (80 % of five days).
    """
    total = working_minutes_between(calendar, start, due_at)
    rungs = [
        (EscalationStage.WARNING, add_working_minutes(calendar, start, total * share)),
        (EscalationStage.DAY_BEFORE, day_before(calendar, due_at)),
        (EscalationStage.DUE, local(due_at)),
    ]
    return sorted((rung for rung in rungs if rung[1] >= local(start)), key=lambda rung: rung[1])


def day_before(calendar: WorkingCalendar, due_at: datetime) -> datetime:
    """One working day before ``due_at``: the last moment for the letter of apology (NĐ 61/2018 art. 19(9))."""
    return add_working_minutes(calendar, due_at, -calendar.minutes_a_day)


def stage_of_next(calendar: WorkingCalendar, still_to_come: Sequence[datetime], due_at: datetime) -> EscalationStage:
    """Which rung the first of ``still_to_come`` is (the list of ``escalation_times`` without the climbed ones)."""
    if len(still_to_come) <= 1:
        return EscalationStage.DUE
    apology = day_before(calendar, due_at)
    if local(still_to_come[0]) != apology:
        return EscalationStage.WARNING
    both_before_due = len(still_to_come) > 2
    return EscalationStage.WARNING if both_before_due and still_to_come[1] == apology else EscalationStage.DAY_BEFORE
