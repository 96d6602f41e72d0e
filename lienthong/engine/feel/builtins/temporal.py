"""Built-ins for dates and times. `now()` and `today()` answer the time passed to the evaluation."""

from decimal import Decimal
from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin
from lienthong.engine.feel.scope import Run
from lienthong.engine.feel.temporal import FeelDate, FeelDateTime, days_in_month
from lienthong.engine.feel.values import kind_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _day(value: Any) -> FeelDate:
    if type(value) is list and len(value) == 1:
        value = value[0]
    if type(value) is FeelDateTime:
        return value.date
    if type(value) is FeelDate:
        return value
    raise NullResult(f"Expected a date, but got {kind_of(value)}")


@builtin("now()", run=True)
def now(run: Run) -> FeelDateTime:
    moment = run.now()
    if moment is None:
        raise NullResult("Expected the evaluation to be given the time, but it was not")
    return moment


@builtin("today()", run=True)
def today(run: Run) -> FeelDate:
    return now(run).date


@builtin("day of year(date: Any)")
def day_of_year(value: Any) -> Decimal:
    day = _day(value)
    return Decimal(day.days() - FeelDate(day.year, 1, 1).days() + 1)


@builtin("day of week(date: Any)")
def day_of_week(value: Any) -> str:
    return _DAYS[_day(value).weekday() - 1]


@builtin("month of year(date: Any)")
def month_of_year(value: Any) -> str:
    return _MONTHS[_day(value).month - 1]


@builtin("week of year(date: Any)")
def week_of_year(value: Any) -> Decimal:
    """The ISO week: the one that holds the Thursday."""
    day = _day(value)
    thursday = FeelDate.from_days(day.days() - day.weekday() + 4)
    return Decimal((thursday.days() - FeelDate(thursday.year, 1, 1).days()) // 7 + 1)


@builtin("last day of month(date: Any)")
def last_day_of_month(value: Any) -> FeelDate:
    day = _day(value)
    return FeelDate(day.year, day.month, days_in_month(day.year, day.month))
