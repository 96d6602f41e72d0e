"""FEEL's dates, times and durations. Own classes, since FEEL knows years of nine digits and nanoseconds.

A moment is a whole number of nanoseconds; a local moment (no zone) never compares with a zoned one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MAX_YEAR = 999_999_999


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of the proleptic Gregorian calendar."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month, day of a count of days since 1970-01-01."""
    days += 719_468
    era = days // 146_097
    day_of_era = days - era * 146_097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@dataclass(frozen=True, slots=True)
class Zone:
    """A fixed offset in seconds, or a named zone of the tz database."""

    offset: int | None
    name: str | None = None

    def offset_at(self, days: int, nanoseconds: int) -> int:
        """Seconds east of UTC at a local date and time of day."""
        if self.offset is not None:
            return self.offset
        year, month, day = civil_from_days(days)
        # The tz database reaches as far as datetime; beyond, the rules of the nearest similar year hold.
        year = min(max(year, 2), 9998)
        moment = datetime(year, month, min(day, days_in_month(year, month))) + timedelta(
            microseconds=nanoseconds // 1000
        )
        shift = moment.replace(tzinfo=zone_info(self.name or "UTC")).utcoffset()
        return int(shift.total_seconds()) if shift is not None else 0

    def text(self) -> str:
        """Z, +07:00 or @Asia/Ho_Chi_Minh."""
        if self.name is not None:
            return "@" + self.name
        return offset_text(self.offset or 0)

    def tzinfo(self) -> tzinfo:
        """The same zone for datetime."""
        return zone_info(self.name) if self.name is not None else timezone(timedelta(seconds=self.offset or 0))


@lru_cache(maxsize=256)
def zone_info(name: str) -> ZoneInfo:
    """The zone of a name; raises ValueError or KeyError (ZoneInfoNotFoundError) when there is none."""
    return ZoneInfo(name)


def offset_text(seconds: int) -> str:
    """Z or ±hh:mm[:ss]."""
    if seconds == 0:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def _clock_text(nanoseconds: int) -> str:
    seconds, fraction = divmod(nanoseconds, SECOND)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{fraction:09d}".rstrip("0") if fraction else text


def _year_text(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


@dataclass(frozen=True, slots=True)
class FeelDate:
    """A date. Compared with a date and time it is midnight UTC."""

    year: int
    month: int
    day: int

    def days(self) -> int:
        """Days since 1970-01-01."""
        return days_from_civil(self.year, self.month, self.day)

    @staticmethod
    def from_days(days: int) -> FeelDate:
        """The date so many days after 1970-01-01."""
        return FeelDate(*civil_from_days(days))

    def weekday(self) -> int:
        """1 Monday … 7 Sunday."""
        return (self.days() + 3) % 7 + 1

    def plus_months(self, months: int) -> FeelDate:
        """Months later, cut to the last day of that month."""
        total = self.year * 12 + self.month - 1 + months
        year, month = total // 12, total % 12 + 1
        return FeelDate(year, month, min(self.day, days_in_month(year, month)))

    def __str__(self) -> str:
        return f"{_year_text(self.year)}-{self.month:02d}-{self.day:02d}"

    def to_date(self) -> date:
        """The same day of the standard library; raises ValueError beyond its years."""
        return date(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day in nanoseconds, local or zoned."""

    nanoseconds: int
    zone: Zone | None = None

    def offset(self) -> int | None:
        """Seconds east of UTC, None when local."""
        return None if self.zone is None else self.zone.offset_at(0, self.nanoseconds)

    def instant(self) -> int:
        """Nanoseconds since midnight UTC (or local midnight)."""
        return self.nanoseconds - (self.offset() or 0) * SECOND

    def __str__(self) -> str:
        return _clock_text(self.nanoseconds) + (self.zone.text() if self.zone else "")


@dataclass(frozen=True, slots=True)
class FeelDateTime:
    """A date and a time of day, local or zoned."""

    date: FeelDate
    nanoseconds: int
    zone: Zone | None = None

    def offset(self) -> int | None:
        """Seconds east of UTC, None when local."""
        return None if self.zone is None else self.zone.offset_at(self.date.days(), self.nanoseconds)

    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00Z (or local)."""
        return self.date.days() * DAY + self.nanoseconds - (self.offset() or 0) * SECOND

    def plus(self, nanoseconds: int) -> FeelDateTime:
        """A moment later; on the time line of its zone."""
        if self.zone is None or self.zone.offset is not None:
            days, rest = divmod(self.date.days() * DAY + self.nanoseconds + nanoseconds, DAY)
            return FeelDateTime(FeelDate.from_days(days), rest, self.zone)
        return at_instant(self.instant() + nanoseconds, self.zone)

    def __str__(self) -> str:
        return f"{self.date}T{_clock_text(self.nanoseconds)}{self.zone.text() if self.zone else ''}"

    def to_datetime(self) -> datetime:
        """The same moment of the standard library (microseconds); raises ValueError beyond its years."""
        moment = datetime(self.date.year, self.date.month, self.date.day) + timedelta(
            microseconds=self.nanoseconds // 1000
        )
        return moment if self.zone is None else moment.replace(tzinfo=self.zone.tzinfo())


def at_instant(instant: int, zone: Zone) -> FeelDateTime:
    """The local date and time of a zone at nanoseconds since 1970-01-01T00:00Z."""
    offset = zone.offset
    if offset is None:
        seconds = min(max(instant // SECOND, -62_000_000_000), 253_000_000_000)
        shift = datetime.fromtimestamp(seconds, zone_info(zone.name or "UTC")).utcoffset()
        offset = int(shift.total_seconds()) if shift is not None else 0
    days, rest = divmod(instant + offset * SECOND, DAY)
    return FeelDateTime(FeelDate.from_days(days), rest, zone)


def from_datetime(moment: datetime) -> FeelDateTime:
    """A datetime of the standard library as FEEL has it."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    nanoseconds = (moment.replace(tzinfo=None) - midnight) // timedelta(microseconds=1) * 1000
    zone: Zone | None = None
    if moment.tzinfo is not None:
        key = getattr(moment.tzinfo, "key", None)
        shift = moment.utcoffset() or timedelta()
        zone = Zone(None, key) if key and moment.tzinfo is not UTC else Zone(int(shift.total_seconds()))
    return FeelDateTime(FeelDate(moment.year, moment.month, moment.day), nanoseconds, zone)


@dataclass(frozen=True, slots=True)
class DaysTimeDuration:
    """A duration of days, hours, minutes and seconds, in nanoseconds."""

    nanoseconds: int

    def to_timedelta(self) -> timedelta:
        """The same length of the standard library (microseconds)."""
        return timedelta(microseconds=self.nanoseconds // 1000)

    def __str__(self) -> str:
        seconds, fraction = divmod(abs(self.nanoseconds), SECOND)
        days, hours, minutes, rest = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
        text = f"{days}D" if days else ""
        if hours or minutes or rest or fraction or not days:
            text += "T" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
            if fraction:
                text += f"{rest}.{fraction:09d}".rstrip("0") + "S"
            elif rest or not (hours or minutes):
                text += f"{rest}S"
        return ("-P" if self.nanoseconds < 0 else "P") + text


@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A duration of years and months, in months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-P" if self.months < 0 else "P") + text


Duration = DaysTimeDuration | YearsMonthsDuration
Temporal = FeelDate | FeelTime | FeelDateTime | DaysTimeDuration | YearsMonthsDuration
