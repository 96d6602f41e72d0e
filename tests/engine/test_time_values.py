"""ISO dates, durations, cycles and cron, as epoch milliseconds."""

from datetime import UTC, datetime

import pytest

from lienthong.engine.model.cron import parse_cron
from lienthong.engine.model.time_values import FOREVER, add, iso, parse_cycle, parse_date, parse_duration


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-01-01T08:00:00+07:00", "2026-01-01T01:00:00+00:00"),
        ("2026-01-01T01:00:00Z", "2026-01-01T01:00:00+00:00"),
        ("2026-01-01T08:00:00[Asia/Ho_Chi_Minh]", "2026-01-01T01:00:00+00:00"),
        ("2026-01-01T08:00:00@Asia/Ho_Chi_Minh", "2026-01-01T01:00:00+00:00"),
        ("2026-01-01T08:00:00+07:00[Asia/Ho_Chi_Minh]", "2026-01-01T01:00:00+00:00"),
    ],
)
def test_zoned_dates(text: str, same: str) -> None:
    assert parse_date(text) == ms(same)
    assert parse_date(iso(parse_date(text))) == parse_date(text)


@pytest.mark.parametrize("text", ["2026-01-01", "2026-01-01T08:00:00", "tomorrow", "2026-01-01T08:00:00[No/Where]"])
def test_what_is_no_zoned_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_date(text)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("PT1H30M", "2026-01-31T01:30:00+00:00"),
        ("P1W", "2026-02-07T00:00:00+00:00"),
        ("P1M", "2026-02-28T00:00:00+00:00"),
        ("P1Y2M", "2027-03-31T00:00:00+00:00"),
        ("-P1D", "2026-01-30T00:00:00+00:00"),
        ("PT0.5S", "2026-01-31T00:00:00.500+00:00"),
    ],
)
def test_durations_are_added(duration: str, expected: str) -> None:
    assert add(ms("2026-01-31T00:00:00+00:00"), parse_duration(duration)) == ms(expected)


@pytest.mark.parametrize("text", ["", "P", "PT", "1H", "P1H", "PT1D"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no ISO"):
        parse_duration(text)


def test_cycles() -> None:
    assert parse_cycle("R3/PT1H").count == 3
    assert parse_cycle("R/PT1H").count == FOREVER
    assert parse_cycle("R2/2026-01-01T00:00:00Z/PT1H").start_ms == ms("2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 0 8 * * MON-FRI", "2026-01-05T08:00:00+00:00"),
        ("0 */15 * * * *", "2026-01-02T20:15:00+00:00"),
        ("@daily", "2026-01-03T00:00:00+00:00"),
        ("0 0 0 29 2 *", "2028-02-29T00:00:00+00:00"),
        ("30 0 20 2 JAN ?", "2026-01-02T20:00:30+00:00"),
    ],
)
def test_cron_finds_the_next_time(cron: str, expected: str) -> None:
    assert parse_cron(cron).next_after(ms("2026-01-02T20:00:00+00:00")) == ms(expected)


@pytest.mark.parametrize("cron", ["* * *", "0 0 25 * * *", "0 0 0 0 * *", "x * * * * *"])
def test_what_is_no_cron_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_cron(cron)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 0 0 L * ?", "2026-01-31"),
        ("0 0 0 L-3 * ?", "2026-01-28"),
        ("0 0 0 LW * ?", "2026-01-30"),
        ("0 0 0 15W 2 ?", "2026-02-16"),
        ("0 0 0 1W 2 ?", "2026-02-02"),
        ("0 0 0 31W * ?", "2026-01-30"),
        ("0 0 0 ? * FRIL", "2026-01-30"),
        ("0 0 0 ? * 5L", "2026-01-30"),
        ("0 0 0 ? * MON#2", "2026-01-12"),
        ("0 0 0 ? * 4#5", "2026-01-29"),
        ("0 0 0 10,L * ?", "2026-01-10"),
    ],
)
def test_cron_counts_from_the_end_of_the_month_and_by_weekday(cron: str, expected: str) -> None:
    assert parse_cron(cron).next_after(ms("2026-01-02T20:00:00+00:00")) == ms(f"{expected}T00:00:00+00:00")


@pytest.mark.parametrize("cron", ["0 0 0 32W * ?", "0 0 0 ? * MON#6", "0 0 0 ? * XL", "0 0 0 L * L"])
def test_what_names_no_day_is_refused(cron: str) -> None:
    with pytest.raises(ValueError):
        parse_cron(cron)
