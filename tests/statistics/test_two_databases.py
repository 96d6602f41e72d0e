"""SQLite and PostgreSQL: the same rows by INSERT and by COPY, the same report, late list and lists behind figures."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.engine import Engine

from lienthong.dossiers.bulk_load import load_year
from lienthong.dossiers.database import create_database, report_scope, session_scope, upgrade
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.statistics import behind, late_rows
from lienthong.dossiers.statistics.late_list import as_csv, compile_list
from lienthong.dossiers.statistics.records import PeriodKind, Scope, period
from lienthong.dossiers.statistics.yearly import of_year
from lienthong.dossiers.synthetic import TABLES, write_year
from tests.postgresql import running_server
from tests.statistics.conftest import ROOT

pytestmark = pytest.mark.services
COUNT = 1200
NOW = datetime(2024, 12, 31, 12, tzinfo=ZONE)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory, law: Law) -> Iterator[Engine]:
    engine = create_database(f"sqlite:///{tmp_path_factory.mktemp('two') / 'domain.sqlite3'}")
    upgrade(engine)
    with session_scope(engine) as session:
        write_year(session, law, COUNT, 2023)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    with running_server() as server:
        _, address = server.new_database()
        engine = create_database(address)
        upgrade(engine)
        before = constraints(engine)
        assert load_year(engine, (ROOT / "law", ROOT / "bpmn"), COUNT, 2023) == COUNT
        assert constraints(engine) == before, "something of the tables did not come back"
        assert load_year(engine, (ROOT / "law", ROOT / "bpmn"), COUNT, 2023) == 0
        yield engine
        engine.dispose()


def constraints(engine: Engine) -> list[str]:
    found = inspect(engine)
    lines = []
    for table in sorted(found.get_table_names()):
        keys = sorted(str(sorted(map(str, one.items()))) for one in found.get_foreign_keys(table))
        indexes = sorted(str(one["name"]) for one in found.get_indexes(table))
        lines.append(f"{table} {found.get_pk_constraint(table)} {keys} {indexes}")
    return lines


def test_the_rows_are_the_same_to_the_last_one(sqlite: Engine, postgresql: Engine) -> None:
    for table in TABLES:
        columns = [one for one in inspect(table).columns if one.name not in ("revision", "search_text")]
        rows = []
        for engine in (sqlite, postgresql):
            with engine.connect() as connection:
                found = connection.execute(select(*columns)).all()
            rows.append(sorted(repr(tuple(row)) for row in found))
        assert rows[0] == rows[1] and rows[0], table


def test_the_yearly_report_is_the_same_to_the_digit(sqlite: Engine, postgresql: Engine, law: Law) -> None:
    one, other = (of_year(engine, law, 2023, NOW) for engine in (sqlite, postgresql))
    assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert one["periods"]["2023"]["timely"]["late"]["denominator"] > COUNT * 0.8


def test_the_late_list_is_the_same_to_the_byte(sqlite: Engine, postgresql: Engine, law: Law) -> None:
    texts = []
    span = period(PeriodKind.YEAR, 2023)
    for engine in (sqlite, postgresql):
        with report_scope(engine) as session:
            texts.append(as_csv(compile_list(late_rows.late_dossiers(session, span, NOW), span, law.calendar, NOW)))
    assert texts[0] == texts[1] and texts[0].count("\n") > 100


@pytest.mark.parametrize("name", ["late", "contacts", "unit-time", "digital", "online-share"])
def test_the_same_dossiers_stand_behind_a_figure(sqlite: Engine, postgresql: Engine, name: str) -> None:
    found = []
    for engine in (sqlite, postgresql):
        with report_scope(engine) as session:
            span = period(PeriodKind.MONTH, 2023, 4)
            found.append(behind.behind(session, name, Scope("bd-ca-huyen"), span, limit=50))
    assert found[0] == found[1] and found[0].total > 0
