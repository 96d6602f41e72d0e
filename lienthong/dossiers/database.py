"""The domain's database, SQLite or PostgreSQL: several processes write, and no two may work on one dossier at once.

SQLite runs in WAL mode with ``synchronous=FULL``; ``session_scope`` begins IMMEDIATE (one writer at a time, no upgrade
from reader to writer, hence no deadlock), ``read_scope`` begins deferred and never blocks a writer. On PostgreSQL
writers work side by side: what must not be written by two is read ``locked``. A reader sees one state throughout.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Select, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import Pool
from sqlmodel import Session, create_engine

BUSY_TIMEOUT_MS: Final = 15000
_READ_OPTION: Final = "lienthong_read_only"
_MIGRATION_LOCK: Final = 7_401_022
_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)

_TURNS: Final[WeakKeyDictionary[Engine, AbstractContextManager[object]]] = WeakKeyDictionary()
_BESIDE: Final[WeakKeyDictionary[Pool, Engine]] = WeakKeyDictionary()
_TURNS_LOCK: Final = Lock()
Rows = TypeVar("Rows", bound=Select[Any])


def create_database(url: str) -> Engine:
    """An engine for the domain's database; the folder of a SQLite file is made when it is missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() in _DRIVERS:
        return _postgresql(parsed)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(address: URL) -> Engine:
    """A pool that is checked before use; a lock that nobody gives back is waited for as long as on SQLite."""
    named = address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))
    options = f"-c lock_timeout={BUSY_TIMEOUT_MS} -c timezone=UTC"
    return create_engine(named, pool_pre_ping=True, pool_size=10, max_overflow=20, connect_args={"options": options})


def beside(engine: Engine) -> Engine:
    """A small pool of its own to the same database, for what is committed apart from the transaction it serves."""
    with _TURNS_LOCK:
        found = _BESIDE.get(engine.pool)
        if found is None:
            found = _BESIDE[engine.pool] = create_engine(engine.url, pool_pre_ping=True, pool_size=2, max_overflow=8)
            event.listen(engine, "engine_disposed", lambda _engine: found.dispose())
    return found


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: `_begin` does, with the right lock
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(_READ_OPTION, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest migration; several processes may call it at once."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _turn(engine: Engine) -> AbstractContextManager[object]:
    if engine.dialect.name != "sqlite":
        return nullcontext()
    with _TURNS_LOCK:
        return _TURNS.setdefault(engine, RLock())


@contextmanager
def session_scope(engine: Engine) -> Iterator[Session]:
    """A transaction that may write: committed at the end, rolled back when an exception leaves it.

    Threads of one process wait for SQLite's one write lock in turn: its own waiting is by chance, and with many
    writers somebody would wait until the time-out.
    """
    with _turn(engine), Session(engine, expire_on_commit=False) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def read_scope(engine: Engine) -> Iterator[Session]:
    """A transaction that only reads: takes no write lock, sees one state, and is always rolled back."""
    with _rolled_back(engine, {"postgresql_readonly": True}) as session:
        yield session


@contextmanager
def report_scope(engine: Engine) -> Iterator[Session]:
    """A transaction that sees one state and may lay out temporary tables; nothing of it stays."""
    with _rolled_back(engine, {}) as session:
        yield session


@contextmanager
def _rolled_back(engine: Engine, on_postgresql: dict[str, Any]) -> Iterator[Session]:
    options: dict[str, Any] = {_READ_OPTION: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", **on_postgresql}
    with Session(engine.execution_options(**options), expire_on_commit=False) as session:
        session.info[_READ_OPTION] = True
        try:
            yield session
        finally:
            session.rollback()


def reads_only(session: Session) -> bool:
    """Whether what is written in a session is thrown away."""
    return bool(session.info.get(_READ_OPTION))


def locked(session: Session, statement: Rows) -> Rows:
    """The same select, holding its rows until the transaction ends; a reader holds nothing, SQLite needs no more."""
    if reads_only(session) or session.get_bind().dialect.name != "postgresql":
        return statement
    held: Rows = statement.with_for_update().execution_options(populate_existing=True)
    return held
