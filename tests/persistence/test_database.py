"""The database: migrations equal the tables, writers do not deadlock, readers do not block, times keep their zone."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel

from lienthong.dossiers.database import create_database, read_scope, session_scope, upgrade
from lienthong.dossiers.numbering import next_serial
from lienthong.dossiers.tables import Callback, Counter, RoleGrant

NOON = datetime(2023, 1, 3, 12, 0, tzinfo=UTC)


def test_the_migrations_make_exactly_the_tables(database: Engine) -> None:
    with database.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_ours, "include_object": _is_declared}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, SQLModel.metadata) == []


def _is_declared(thing: object, _name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    """Everything but the text index of PostgreSQL, which only its own dialect can write."""
    index = kind == "index" and reflected
    return not (index and getattr(getattr(thing, "table", None), "name", "") == "dossier_text")


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Everything but the tables that SQLite's full-text index keeps for itself."""
    return not (kind == "table" and str(name).startswith("dossier_text_index"))


def test_upgrading_again_changes_nothing_and_downgrading_leaves_nothing(database: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    import lienthong.dossiers.migrations as migrations

    upgrade(database)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        tables = inspect(connection).get_table_names()
    assert set(tables) == {"alembic_version"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_is_set_for_several_durable_writers(database: Engine) -> None:
    with database.connect() as connection:
        found = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 15000]


def test_many_writers_count_without_loss_or_deadlock(database: Engine) -> None:
    second = create_database(database.url.render_as_string(hide_password=False))
    failures: list[BaseException] = []

    def write(engine: Engine) -> None:
        try:
            for _ in range(20):
                with session_scope(engine) as session:
                    session.get(Counter, "other")  # reads first: a deferred transaction would deadlock here
                    next_serial(session, "test")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(engine,)) for engine in (database, second, database, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with read_scope(database) as session:
        assert session.get_one(Counter, "test").value == 80
    second.dispose()


def test_a_reader_works_while_a_writer_holds_the_lock(database: Engine) -> None:
    with session_scope(database) as writer:
        next_serial(writer, "held")
        with read_scope(database) as reader:
            assert reader.get(Counter, "held") is None


def test_a_failed_transaction_leaves_nothing(database: Engine) -> None:
    with pytest.raises(RuntimeError), session_scope(database) as session:
        next_serial(session, "lost")
        raise RuntimeError
    with read_scope(database) as session:
        assert session.get(Counter, "lost") is None


def test_foreign_keys_hold(database: Engine) -> None:
    with pytest.raises(IntegrityError), session_scope(database) as session:
        session.add(RoleGrant(user_id=999, authority_id="nowhere", role="officer"))
        session.flush()


def test_times_come_back_aware_and_naive_ones_are_refused(database: Engine) -> None:
    with session_scope(database) as session:
        session.add(Callback(id="1", received_at=NOON, body="", outcome=""))
    with read_scope(database) as session:
        assert session.get_one(Callback, "1").received_at == NOON
    with pytest.raises(StatementError, match="zone"), session_scope(database) as session:
        session.add(Callback(id="2", received_at=NOON.replace(tzinfo=None), body="", outcome=""))
        session.flush()
