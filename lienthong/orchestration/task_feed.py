"""The feed of user tasks: brings the engine's user tasks into the tasklist's own table.

Theory. The engine's search may lag behind the engine. So a task that is missing from a search is not taken for
ended: it is asked for by its key, and hidden only when the engine says that it ended, or has long forgotten it. A
task that the tasklist completed itself is hidden there already and is not shown again.

With few open tasks every round compares them all. With many, most rounds only look at the newest page, so that a new
task still appears at once; the whole comparison comes the more seldom, the more tasks there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import structlog

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable
from lienthong.orchestration.user_task import UserTask

__all__ = ["FeedReport", "KnownTask", "TaskEngine", "TaskFeed", "TaskPort", "UserTask"]

ENDED: Final = frozenset({"COMPLETED", "CANCELED", "FAILED"})
OPEN: Final = {"state": "CREATED"}
NEWEST: Final = 100
NEWEST_FIRST: Final = ({"field": "creationDate", "order": "DESC"},)
FORGOTTEN_AFTER: Final = timedelta(minutes=10)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KnownTask:
    """What the table knows of a task already."""

    dossier_code: str
    procedure_code: str
    hidden: bool
    created_at: datetime


class TaskPort(Protocol):
    """What the feed asks of the tasklist's table; each call is one transaction."""

    def known(self, keys: Iterable[str]) -> Mapping[str, KnownTask]:
        """The rows of these keys, and every row that is still shown."""
        ...

    def upsert(self, tasks: Sequence[UserTask], now: datetime) -> None:
        """Bring rows up to date; a hidden one stays hidden."""
        ...

    def hide(self, keys: Sequence[str]) -> None:
        """Take ended tasks off all queues."""
        ...


class TaskEngine(Protocol):
    """What the feed asks of an engine."""

    def search_user_tasks(
        self,
        filter: Mapping[str, Any],
        page: Mapping[str, Any] | None = None,
        sort: Sequence[Mapping[str, Any]] = (),
    ) -> list[dict[str, Any]]:
        """All user tasks that fit, or one page of them."""
        ...

    def user_task(self, key: str) -> dict[str, Any] | None:
        """One user task; None when the engine does not show it (yet, or any more)."""
        ...

    def user_task_variables(self, key: str) -> dict[str, Any]:
        """The variables that a task sees."""
        ...


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What one round did, in tasks."""

    shown: int = 0
    hidden: int = 0
    skipped: int = 0
    available: bool = True


class TaskFeed:
    """One feed from one engine into one table."""

    def __init__(self, port: TaskPort, engine: TaskEngine) -> None:
        self._port = port
        self._engine = engine
        self._open = 0
        self._rounds_since_all = 0

    def run_once(self, now: datetime) -> FeedReport:
        """Compare the engine's open tasks with the table and bring the table up to date."""
        try:
            if self._rounds_since_all < self._open // NEWEST:
                self._rounds_since_all += 1
                return self._take_newest(now)
            self._rounds_since_all = 0
            return self._compare(now)
        except EngineUnavailable:
            return FeedReport(available=False)

    def _take_newest(self, now: datetime) -> FeedReport:
        found = self._engine.search_user_tasks(OPEN, {"limit": NEWEST}, NEWEST_FIRST)
        items = {str(item["userTaskKey"]): item for item in found}
        known = self._port.known(items)
        return self._take({key: item for key, item in items.items() if key not in known}, known, now)

    def _compare(self, now: datetime) -> FeedReport:
        items = {str(item["userTaskKey"]): item for item in self._engine.search_user_tasks(OPEN)}
        self._open = len(items)
        known = self._port.known(items)
        missing = {key: row for key, row in known.items() if key not in items and not row.hidden}
        ended = [key for key, row in missing.items() if self._has_ended(key, row, now)]
        report = self._take(items, known, now)
        if ended:
            self._port.hide(ended)
        return replace(report, hidden=len(ended))

    def _take(
        self, items: Mapping[str, Mapping[str, Any]], known: Mapping[str, KnownTask], now: datetime
    ) -> FeedReport:
        tasks, skipped = [], 0
        for key, item in items.items():
            before = known.get(key)
            if before is not None and before.hidden:
                continue
            task = self._task(item, before)
            if task is None:
                skipped += 1
            else:
                tasks.append(task)
        if tasks:
            self._port.upsert(tasks, now)
        return FeedReport(shown=len(tasks), skipped=skipped)

    def _task(self, item: Mapping[str, Any], before: KnownTask | None) -> UserTask | None:
        """The task with its dossier; None when its variables do not show yet or it belongs to no authority."""
        key = str(item["userTaskKey"])
        codes = (before.dossier_code, before.procedure_code) if before is not None else self._codes(key)
        group = _group(item)
        if codes is None or group is None:
            _log.debug("user task not for the tasklist", user_task_key=key, group=group)
            return None
        return UserTask(
            user_task_key=key,
            dossier_code=codes[0],
            procedure_code=codes[1],
            element_id=str(item["elementId"]),
            name=str(item.get("name") or item["elementId"]),
            authority_id=group[0],
            role=group[1],
            assignee=str(item["assignee"]) if item.get("assignee") else None,
            state=str(item.get("state") or "CREATED"),
            due_at=_moment(item.get("dueDate")),
            created_at=_moment(item.get("creationDate")) or datetime.now(UTC),
            priority=int(item.get("priority") or 50),
            form_id=str(item.get("formId") or item.get("formKey") or ""),
            process_instance_key=str(item.get("processInstanceKey") or ""),
        )

    def _codes(self, key: str) -> tuple[str, str] | None:
        try:
            variables = self._engine.user_task_variables(key)
        except EngineRejected:
            return None  # the search knows the task before its variables: the next round asks again
        code = variables.get("dossierCode")
        return (str(code), str(variables.get("procedureCode") or "")) if code else None

    def _has_ended(self, key: str, row: KnownTask, now: datetime) -> bool:
        item = self._engine.user_task(key)
        if item is None:
            return now - row.created_at > FORGOTTEN_AFTER
        return str(item.get("state")) in ENDED


def _group(item: Mapping[str, Any]) -> tuple[str, str] | None:
    """Authority and role of the first candidate group ``authority/role``."""
    for group in item.get("candidateGroups") or []:
        authority_id, slash, role = str(group).partition("/")
        if slash and authority_id and role:
            return authority_id, role
    return None


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str) or not text:
        return None
    at = datetime.fromisoformat(text.replace("Z", "+00:00").partition("[")[0])
    return at if at.tzinfo else at.replace(tzinfo=UTC)
