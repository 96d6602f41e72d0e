"""One row of plain numbers a dossier and one a branch, laid out by the database itself in temporary tables.

Every figure of a year is then a sum over them: 1.5 million dossiers are counted where they lie, and none is read.
The numbers are those of ``records``: the tests hold both to the same figures. No column names an applicant.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlmodel import Session

from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.status import DeliveryStatus, SyncStatus
from lienthong.dossiers.statistics.dialect import Dialect, dialect_of
from lienthong.dossiers.statistics.late_rows import bounds
from lienthong.dossiers.statistics.records import Period
from lienthong.dossiers.tables import BranchStatus, DocumentRole, PaymentState, Role
from lienthong.dossiers.tables.columns import UtcDateTime

DOSSIERS: Final = "statistic_dossier"
BRANCHES: Final = "statistic_branch"
_DROP: Final = (f"DROP TABLE IF EXISTS {BRANCHES}", f"DROP TABLE IF EXISTS {DOSSIERS}")
_MEMORY: Final = ("SET LOCAL work_mem = '384MB'", "SET LOCAL jit = off")


def lay_out(session: Session, span: Period) -> None:
    """Make the temporary tables for what was filed or ended in a period; call it in a ``report_scope``."""
    dialect, connection = dialect_of(session), session.connection()
    first, after = bounds(span)
    kind = UtcDateTime()
    if dialect.name == "postgresql":
        for statement in _MEMORY:
            connection.execute(text(statement))
    for statement in _DROP:
        connection.execute(text(statement))
    values: dict[str, Any] = {**_NAMES, "first": _stored(kind, first, session), "after": _stored(kind, after, session)}
    for statement in (_dossiers(dialect), *_index(dialect, DOSSIERS, "dossier_id"), _branches(dialect)):
        wanted = {name: value for name, value in values.items() if f":{name}" in statement}
        connection.execute(text(statement), wanted)
    for statement in (*_index(dialect, DOSSIERS, "number"), *_index(dialect, BRANCHES, "number")):
        connection.execute(text(statement))
    connection.execute(text(f"ANALYZE {DOSSIERS}"))
    connection.execute(text(f"ANALYZE {BRANCHES}"))


def index(session: Session) -> None:
    """Let many short lists be read in the order of codes: worth its time when more than a few are wanted."""
    dialect = dialect_of(session)
    for name, table, column in (("code", DOSSIERS, dialect.binary("code")), ("branch", BRANCHES, "number")):
        if dialect.name == "postgresql":
            session.connection().execute(text(f"CREATE INDEX ix_statistic_{name} ON {table} ({column})"))


def _index(dialect: Dialect, table: str, column: str) -> list[str]:
    """SQLite joins by index only; PostgreSQL hashes, which is faster than making an index first."""
    made = f"CREATE INDEX temp.ix_{table}_{column} ON {table} ({column})"
    return [made] if dialect.name == "sqlite" else []


def _stored(kind: UtcDateTime, at: datetime, session: Session) -> Any:
    naive = kind.process_bind_param(at, session.get_bind().dialect)
    return f"{naive:%Y-%m-%d %H:%M:%S.%f}" if dialect_of(session).name == "sqlite" else naive


_NAMES: Final = {
    "synced": SyncStatus.SYNCED.value,
    "handed_over": DeliveryStatus.HANDED_OVER.value,
    "reused": ComponentStatus.REUSED.value,
    "derived": ComponentStatus.DERIVED.value,
    "sibling": ComponentStatus.RESULT_OF_SIBLING.value,
    "missing": ComponentStatus.MISSING.value,
    "waived": ComponentStatus.WAIVED.value,
    "paid": PaymentState.PAID.value,
    "letter": DocumentRole.LETTER.value,
    "officer": Role.OFFICER.value,
    "refused": BranchStatus.REFUSED.value,
}


def points(dialect: Dialect, due: str, finished: str) -> str:
    """2 before the due day, 1 on it, 0 after the due time; NULL while either time is missing."""
    return (
        f"CASE WHEN {due} IS NULL OR {finished} IS NULL THEN NULL WHEN {finished} > {due} THEN 0"
        f" WHEN {dialect.day(finished)} < {dialect.day(due)} THEN 2 ELSE 1 END"
    )


def _dossiers(dialect: Dialect) -> str:
    start, ended = "coalesce(d.accepted_at, d.filed_at)", "d.due_at IS NOT NULL AND d.finished_at IS NOT NULL"
    window = "(d.finished_at >= :first AND d.finished_at < :after) OR (d.filed_at >= :first AND d.filed_at < :after)"
    point = points(dialect, "d.due_at", "d.finished_at")
    visits = """CASE WHEN d.channel = 'counter' THEN 1 + coalesce(s.asked, 0) ELSE 0 END
    + CASE WHEN d.delivery = 'desk' AND d.delivery_status = :handed_over THEN 1 ELSE 0 END"""
    return f"""
CREATE TEMPORARY TABLE {DOSSIERS} AS
SELECT g.*,
  CASE WHEN g.points = 2 THEN 1 ELSE 0 END AS early, CASE WHEN g.points = 1 THEN 1 ELSE 0 END AS on_time,
  CASE WHEN g.points = 0 THEN 1 ELSE 0 END AS late,
  CASE WHEN g.supplements = 0 THEN 2 WHEN g.supplements = 1 THEN 1 ELSE 0 END AS contact_points,
  CASE WHEN g.visits = 0 THEN 1 ELSE 0 END AS without_visit,
  CASE WHEN g.online = 1 AND g.points = 0 THEN 1 ELSE 0 END AS online_late,
  CASE WHEN g.reused > 0 THEN 1 ELSE 0 END AS with_reuse
FROM (
SELECT d.id AS dossier_id, CAST(row_number() OVER () AS integer) AS number, d.code AS code,
  {dialect.month("d.filed_at")} AS filed_month,
  CASE WHEN d.finished_at >= :first AND d.finished_at < :after THEN {dialect.month("d.finished_at")} END AS ended_month,
  CASE WHEN d.channel = 'online' THEN 1 ELSE 0 END AS online,
  {point} AS points,
  CAST(coalesce(s.asked, 0) AS integer) AS supplements,
  CAST({visits} AS integer) AS visits,
  CASE WHEN d.sync_status = :synced THEN 1 ELSE 0 END AS synced,
  CASE WHEN p.dossier_id IS NULL THEN 0 ELSE 1 END AS paid,
  coalesce(p.online, 0) AS paid_online,
  CAST(coalesce(c.components, 0) AS integer) AS components, CAST(coalesce(c.digital, 0) AS integer) AS digital,
  CAST(coalesce(c.reused, 0) AS integer) AS reused,
  CASE WHEN {ended} THEN {dialect.seconds("d.due_at", start)} ELSE 0 END AS allowed,
  CASE WHEN {ended} THEN {dialect.seconds("d.finished_at", start)} ELSE 0 END AS taken
FROM dossier d
LEFT JOIN (SELECT dossier_id, count(*) AS asked FROM supplement GROUP BY dossier_id) s ON s.dossier_id = d.id
LEFT JOIN (
  SELECT dossier_id, CASE WHEN transaction_id IS NULL THEN 0 ELSE 1 END AS online
  FROM payment WHERE status = :paid AND amount > 0
) p ON p.dossier_id = d.id
LEFT JOIN (
  SELECT dossier_id, count(*) AS components,
    sum(CASE WHEN status IN (:reused, :derived, :sibling) OR document_id IS NOT NULL THEN 1 ELSE 0 END) AS digital,
    sum(CASE WHEN status IN (:reused, :derived) THEN 1 ELSE 0 END) AS reused
  FROM component WHERE status NOT IN (:missing, :waived) GROUP BY dossier_id
) c ON c.dossier_id = d.id
WHERE {window}
) g
"""


def _branches(dialect: Dialect) -> str:
    """Branches with the officer who worked on them last; a task's key settles a tie."""
    key = f"{dialect.moment_key('t.created_at')} || '|' || t.user_task_key || '|' || coalesce(t.assignee, '')"
    return f"""
CREATE TEMPORARY TABLE {BRANCHES} AS
SELECT d.number AS number, b.procedure_code AS procedure_code, b.authority_id AS authority_id,
  coalesce({dialect.after_second_bar("o.last_task")}, '') AS officer,
  {points(dialect, "b.due_at", "b.finished_at")} AS points
FROM branch b
JOIN {DOSSIERS} d ON d.dossier_id = b.dossier_id
LEFT JOIN (
  SELECT t.dossier_code AS dossier_code, t.procedure_code AS procedure_code, max({dialect.binary(key)}) AS last_task
  FROM task t WHERE t.role = :officer GROUP BY t.dossier_code, t.procedure_code
) o ON o.dossier_code = d.code AND o.procedure_code = b.procedure_code
"""
