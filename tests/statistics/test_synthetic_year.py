"""A made-up year: the same figures to the digit each time and in any order of rows, and nobody in it is real."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from lienthong.commands import report, seed
from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.statistics.yearly import of_year
from lienthong.dossiers.synthetic import chunks, write_year
from lienthong.dossiers.tables import Dossier
from lienthong.settings import settings

COUNT = 400
NOW = datetime(2024, 12, 31, 12, tzinfo=ZONE)


def migrated(folder: Path) -> Engine:
    engine = create_database(f"sqlite:///{folder / 'domain.sqlite3'}")
    upgrade(engine)
    return engine


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, law: Law) -> Iterator[Engine]:
    engine = migrated(tmp_path_factory.mktemp("year"))
    with session_scope(engine) as session:
        assert write_year(session, law, COUNT, 2023) == COUNT
    yield engine
    engine.dispose()


def report_of(engine: Engine, law: Law) -> dict[str, Any]:
    return of_year(engine, law, 2023, NOW)


def test_two_databases_give_the_same_report_to_the_digit(year: Engine, law: Law, tmp_path: Path) -> None:
    other = migrated(tmp_path)
    with session_scope(other) as session:
        write_year(session, law, COUNT, 2023)
        session.execute(text("CREATE TABLE backward AS SELECT * FROM branch ORDER BY id DESC"))
        session.execute(text("DELETE FROM branch"))
        session.execute(text("INSERT INTO branch SELECT * FROM backward"))
    assert json.dumps(report_of(year, law), sort_keys=True) == json.dumps(report_of(other, law), sort_keys=True)
    other.dispose()


def test_the_figures_are_those_of_the_golden_run(year: Engine, law: Law) -> None:
    report = report_of(year, law)
    whole = report["periods"]["2023"]
    shares = {name: one["value"] for name, one in whole["timely"].items()}
    totals = (whole["five"]["total"], whole["nine"]["total"], report["late"]["rows"])
    assert (shares, *totals) == GOLDEN


def test_the_figures_follow_from_the_rows(year: Engine, law: Law) -> None:
    report = report_of(year, law)
    with year.connect() as connection:
        ended = connection.execute(
            text("SELECT count(*), sum(late) FROM dossier WHERE finished_at < '2023-12-31 17:00:00'")
        ).one()
        branches = connection.execute(text("SELECT count(*) FROM branch WHERE late AND due_at < '2023-12-31 17:00:00'"))
        late_branches = branches.scalar_one()
    late = report["periods"]["2023"]["timely"]["late"]
    assert (late["denominator"], late["numerator"]) == (ended[0], 100 * ended[1])
    assert report["late"]["rows"] == late_branches
    months = [report["periods"][f"2023-{month:02}"]["timely"]["late"]["denominator"] for month in range(1, 13)]
    assert sum(months) == ended[0]


def test_writing_the_year_again_changes_nothing(year: Engine, law: Law) -> None:
    with session_scope(year) as session:
        assert write_year(session, law, COUNT, 2023) == 0


def test_a_longer_year_begins_with_the_shorter_one(law: Law) -> None:
    short = [row for rows in chunks(law, 20, 2023) for row in rows[Dossier]]
    longer = [row for rows in chunks(law, 40, 2023) for row in rows[Dossier]]
    assert longer[:20] == short


def test_nobody_in_it_is_real(law: Law) -> None:
    people = [row for rows in chunks(law, 50, 2023) for row in rows[Dossier]]
    assert all(row["applicant_name"].startswith("Nguyễn Văn Thử ") for row in people)
    assert all(row["applicant_personal_number"].startswith("052099") for row in people)
    assert all(row["code"].startswith("000.00.99.H08-23") for row in people)


def test_the_command_says_how_many_and_refuses_a_second_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--dossiers", "5", "--year", "2024", "--database", f"sqlite:///{tmp_path / 'seed.sqlite3'}"]
    assert seed.run(arguments) == 0
    assert "5 synthetic dossiers of 2024" in capsys.readouterr().out
    assert seed.run(arguments) == 1


def test_the_reports_of_a_database_are_printed(
    year: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", str(year.url))
    settings.cache_clear()
    try:
        assert report.run(["late-list", "--year", "2023"]) == 0
        late = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert report.run(["late-list", "--year", "2023", "--month", "12"]) == 0
        december = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert report.run(["year", "--json"]) == 0
        printed = json.loads(capsys.readouterr().out)
    finally:
        settings.cache_clear()
    assert len(late) == printed["late"]["rows"] > len(december) > 0
    assert all(row["period"] == "2023-12" and row["due"].startswith("2023-12") for row in december)
    last = {row["authority_id"]: int(row["cumulative"]) for row in december}
    counts = dict(printed["late"]["byAuthority"])
    assert last == {name: counts[name] for name in last}


GOLDEN = ({"early": "68.4", "on_time": "24.4", "late": "7.2"}, "49.30", "9.2", 75)
