"""A real domain database in a file, the sandbox over HTTP, the law of the repository; documents in memory."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import stamina

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "connectors"))
from filing_desk import TUESDAY, Desk
from played_sandbox import Sandbox, served

from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.papers import render
from lienthong.dossiers.store import MemoryStore
from lienthong.orchestration.client import OrchestrationClient
from lienthong.settings import Settings
from workers.context import Services

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


@pytest.fixture(scope="session")
def paper() -> bytes:
    """A real PDF of one page."""
    head = {"parent": "Cơ quan cấp trên", "body": "Cơ quan", "number": "1", "date": "ngày 1", "code": "1"}
    rest = {"title_vi": "GIẤY", "title_en": "Paper", "form": "Mẫu", "applicant": "Nguyễn Văn Thử", "content": "x"}
    return render("refusal", {**head, **rest, "reason": "thử", "basis": "thử", "officer": ""}, TUESDAY)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, law: Law) -> bytes:
    """A migrated database file with authorities, copied for each test."""
    file = tmp_path_factory.mktemp("domain") / "empty.sqlite3"
    engine = create_database(f"sqlite:///{file}")
    upgrade(engine)
    with session_scope(engine) as session:
        law.sync_authorities(session)
    engine.dispose()
    return file.read_bytes()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path, job_backoff_ms=20, job_retries=3)


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    with stamina.set_testing(True, attempts=1, cap=True), served(settings) as url:
        sandbox = Sandbox(url, settings)
        yield sandbox
        sandbox.close()


@pytest.fixture
def services(settings: Settings, sandbox: Sandbox, law: Law, migrated: bytes) -> Iterator[Services]:
    settings.var_dir.joinpath("domain.sqlite3").write_bytes(migrated)
    database = create_database(settings.database_url)
    yield Services(
        database=database,
        settings=settings,
        law=law,
        documents=MemoryStore(),
        population=sandbox.population(open_ms=200),
        payment=sandbox.payment(open_ms=200),
        orchestration=cast(OrchestrationClient, None),  # no job type asks the engine anything
    )
    database.dispose()


@pytest.fixture
def desk(services: Services, paper: bytes) -> Desk:
    return Desk(services, paper)


@pytest.fixture
def rows(services: Services) -> Callable[[Any], list[Any]]:
    """Every row of a table."""
    from sqlmodel import select

    def read(table: Any) -> list[Any]:
        with session_scope(services.database) as session:
            return list(session.exec(select(table)).all())

    return read
