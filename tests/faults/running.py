"""A running stack as the tests of faults see it: its people, its processes, its stores, and ways to disturb it."""

import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from xmlrpc.client import ServerProxy

import httpx
from sqlmodel import col, select
from supervisor.xmlrpc import SupervisorTransport

from lienthong.demonstration.actors import Applicant, Officer
from lienthong.demonstration.cast import Cast, staff_names
from lienthong.demonstration.handling import handle
from lienthong.demonstration.papers import papers_for
from lienthong.demonstration.plays import PLAYS
from lienthong.dossiers import tracking
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import Branch, Document, Dossier, OutboxRow, Payment
from lienthong.settings import Settings
from lienthong.stack import Stack

PATIENCE_SECONDS = 45.0
DOSSIER_SECONDS = 240.0


@dataclass(slots=True)
class Running:
    """The one stack of these tests."""

    stack: Stack
    cast: Cast
    _officers: list[Officer] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return self.stack.settings

    # people

    def applicant(self, username: str = "doanhnghiep") -> Applicant:
        return Applicant(self.cast.web_url, username, self.cast.password, PATIENCE_SECONDS)

    def officers(self) -> list[Officer]:
        """All who handle dossiers; they are signed in once, because signing in is slow on purpose."""
        if not self._officers:
            self._officers = [
                Officer(self.cast.web_url, name, self.cast.password, PATIENCE_SECONDS) for name in staff_names()
            ]
        return self._officers

    def officer(self, username: str) -> Officer:
        return Officer(self.cast.web_url, username, self.cast.password, PATIENCE_SECONDS)

    def file(self, applicant: Applicant, bundle_id: str, condition: str = "clean", **answers: Any) -> str:
        """File a dossier of a bundle as in the demonstration; returns its code."""
        play = replace(PLAYS[bundle_id], condition=condition)
        given = {**play.answers, **answers}
        return applicant.file(bundle_id, given, papers_for(self.cast.law, bundle_id, play.condition), play.delivery)

    def drive(self, code: str, applicant: Applicant, seconds: float = DOSSIER_SECONDS, **options: Any) -> None:
        """Do what people do with this dossier until its end (or as ``options`` of `handle` say)."""
        handle(code, applicant, self.officers(), partial(self.cast.finished, code), seconds, _quiet, **options)

    def drive_to(self, code: str, applicant: Applicant, reached: Callable[[], bool], **options: Any) -> None:
        """Do what people do until ``reached``."""
        handle(code, applicant, self.officers(), reached, DOSSIER_SECONDS, _quiet, **options)

    def close(self) -> None:
        """Everybody goes home; the processes end."""
        for officer in self._officers:
            officer.close()
        self.cast.engine.close()
        self.cast.database.dispose()
        self.stack.stop()

    # what became of a dossier

    def dossier(self, code: str) -> Dossier:
        return self.cast.dossier(code)

    def rows(self, code: str, table: type[Any]) -> list[Any]:
        """The rows of a table that belong to the dossier."""
        with read_scope(self.cast.database) as session:
            dossier = tracking.require(session, code)
            found = list(session.exec(select(table).where(table.dossier_id == dossier.id)).all())
            session.expunge_all()
            return found

    def payments(self, code: str) -> list[Payment]:
        return self.rows(code, Payment)

    def branches(self, code: str) -> list[Branch]:
        return self.rows(code, Branch)

    def documents(self, code: str, role: str) -> list[Document]:
        return [document for document in self.rows(code, Document) if document.role == role]

    def messages(self, code: str, name: str) -> list[OutboxRow]:
        """The messages of that name that the dossier's outbox holds or held."""
        with self.session() as session:
            rows = session.exec(select(OutboxRow).order_by(col(OutboxRow.position))).all()
            session.expunge_all()
            return [row for row in rows if row.payload["dossierCode"] == code and row.payload["name"] == name]

    def session(self) -> Any:
        """A reading session of the domain's database."""
        return read_scope(self.cast.database)

    def instances(self, code: str) -> list[dict[str, Any]]:
        """The dossier's instances at the top of their calls, of whatever state."""
        found = self.cast.engine.search_variables({"name": "dossierCode", "value": f'"{code}"'})
        keys = {str(item["processInstanceKey"]) for item in found}
        instances = [self.cast.engine.process_instance(key) for key in keys]
        return [item for item in instances if item and not item.get("parentProcessInstanceKey")]

    def incidents(self, code: str) -> list[dict[str, Any]]:
        """Open incidents of the dossier's instance and of all it called."""
        key = self.dossier(code).process_instance_key
        if key is None:
            return []
        family = self.family(str(key))
        found = self.cast.engine.search_incidents({"state": "ACTIVE"})
        return [item for item in found if str(item["processInstanceKey"]) in family]

    def family(self, key: str) -> set[str]:
        """The instance and all that it called, and so on down."""
        children = self.cast.engine.search_process_instances({"parentProcessInstanceKey": key})
        return {key}.union(*(self.family(str(child["processInstanceKey"])) for child in children))

    # the sandbox

    def fault(self, system: str, **misbehavior: Any) -> None:
        """Tell a played system what to do wrong."""
        httpx.put(f"{self.settings.sandbox_url}/_faults/{system}", json=misbehavior).raise_for_status()

    def no_faults(self) -> None:
        httpx.delete(f"{self.settings.sandbox_url}/_faults").raise_for_status()

    def sandbox_rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the sandbox's own store holds."""
        connection = sqlite3.connect(f"file:{self.settings.var_dir / 'sandbox.sqlite3'}?mode=ro", uri=True)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    # processes

    def pid(self, name: str) -> int:
        """The process that the supervisor runs under this name now; 0 while it has none."""
        return int(self._supervisor().getProcessInfo(name)["pid"])

    def kill(self, name: str) -> None:
        """kill -9; waits until the supervisor has put another process in its place."""
        before = self._waited_pid(name, lambda pid: pid != 0)
        os.kill(before, signal.SIGKILL)
        self._waited_pid(name, lambda pid: pid not in (0, before))

    def _waited_pid(self, name: str, wanted: Callable[[int], bool]) -> int:
        end = time.monotonic() + 20
        while not wanted(pid := self.pid(name)):
            assert time.monotonic() < end, f"the supervisor runs no {name}"
            time.sleep(0.05)
        return pid

    def supervisor_pid(self) -> int:
        return int(self._supervisor().getPID())

    def _supervisor(self) -> Any:
        socket = self.settings.var_dir.resolve() / "run" / "s.sock"
        proxy: Any = ServerProxy("http://127.0.0.1", SupervisorTransport(None, None, f"unix://{socket}"))
        return proxy.supervisor

    def log(self, name: str) -> str:
        """What a process has written."""
        return (self.settings.var_dir / "log" / f"{name}.log").read_text(errors="replace")


def _quiet(_line: str) -> None:
    return


def eventually(holds: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for other processes; the first answer that is not empty."""
    end = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < end, f"Expected {what} within {seconds:.0f} s, but it did not come"
        time.sleep(0.1)
    return answer


def descendants(pid: int) -> set[int]:
    """Process ids below ``pid``."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(re.sub(r"^.*\)", "", text).split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def processes_with(name: str, value: str) -> set[int]:
    """Process ids that were started with this variable in their environment."""
    wanted, found = f"{name}={value}".encode(), set()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in environment.read_bytes().split(b"\0"):
                found.add(int(environment.parent.name))
        except OSError:
            continue
    return found


class InBackground:
    """Runs one thing beside the test; ``join`` raises what it raised."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._failure: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as failure:
            self._failure = failure

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)
        if self._failure is not None:
            raise self._failure
        assert not self._thread.is_alive(), f"Expected the work to end within {seconds:.0f} s"


__all__ = ["DOSSIER_SECONDS", "InBackground", "Running", "descendants", "eventually", "processes_with"]
