"""A fresh domain database with the law and the demonstration's accounts, a document store in memory, and a moment."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session

from lienthong.dossiers import filing
from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.dossiers.documents import FileUpload, MemoryStore
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.papers import render
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.tables import Dossier
from tests.postgresql import PostgresqlServer, running_server

ROOT = Path(__file__).parents[2]
TUESDAY = datetime(2023, 1, 3, 8, 0, tzinfo=ZONE)


@pytest.fixture(scope="session")
def law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory, law: Law) -> Path:
    """A migrated file with authorities, copied for each test: migrating costs more than copying."""
    file = tmp_path_factory.mktemp("domain") / "empty.sqlite3"
    engine = create_database(f"sqlite:///{file}")
    upgrade(engine)
    with session_scope(engine) as session:
        law.sync_authorities(session)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def empty_postgresql(postgresql: PostgresqlServer, law: Law) -> str:
    """The name of a migrated database with authorities, the template of each test's."""
    name, address = postgresql.new_database()
    engine = create_database(address)
    upgrade(engine)
    with session_scope(engine) as session:
        law.sync_authorities(session)
    engine.dispose()
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Every test of stored data runs on both databases."""
    if request.param == "sqlite":
        file = tmp_path / "domain.sqlite3"
        file.write_bytes(request.getfixturevalue("empty_database").read_bytes())
        engine = create_database(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    name, address = server.new_database(request.getfixturevalue("empty_postgresql"))
    engine = create_database(address)
    yield engine
    engine.dispose()
    server.drop(name)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with session_scope(database) as session:
        yield session


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def now() -> datetime:
    return TUESDAY


@pytest.fixture(scope="session")
def paper() -> bytes:
    """A real PDF of one page."""
    head = {"parent": "Cơ quan cấp trên", "body": "Cơ quan", "number": "1", "date": "ngày 1", "code": "1"}
    rest = {"title_vi": "GIẤY", "title_en": "Paper", "form": "Mẫu", "applicant": "Nguyễn Văn Thử", "content": "x"}
    return render("refusal", {**head, **rest, "reason": "thử", "basis": "thử", "officer": ""}, TUESDAY)


def karaoke(token: str, paper: bytes, **options: bool | int | str) -> filing.Filing:
    """A karaoke filing with the papers that no sibling and no database brings."""
    kinds = ("application-form", "business-registration", "fire-acceptance", "personal-history", "criminal-record")
    return filing.Filing(
        filing_token=f"token-{token}",
        bundle_id="karaoke",
        applicant_name="Nguyễn Văn Thử",
        applicant_personal_number="052099000001",
        applicant_phone="0900 000 123",
        options=options,
        files=[FileUpload(kind=kind, file_name=f"{kind}.pdf", content=paper) for kind in kinds],
    )


@pytest.fixture
def dossier(session: Session, store: MemoryStore, law: Law, now: datetime, paper: bytes) -> Dossier:
    """A filed karaoke dossier in town with three rooms."""
    return filing.file_dossier(session, store, law, karaoke("first", paper), now)
