"""Searching the read model: filters, sorting and pages as the Orchestration Cluster REST API v2 words them.

Every value goes into SQL as a parameter; names of columns come only from the table of kinds. Pages by
cursor continue after the last item's sort values, so items that come or go meanwhile do not shift them.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from lienthong.engine.store.read_filter import BadQuery, conditions
from lienthong.engine.store.read_kinds import KINDS, Form, Kind

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 10_000
DEFAULT_TENANT = "<default>"


@dataclass(slots=True)
class SearchRequest:
    """A search body: `filter`, `sort` and `page`."""

    filter: dict[str, Any] = field(default_factory=dict)
    sort: list[dict[str, Any]] = field(default_factory=list)
    page: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """Items with the numbers that REST puts beside them."""

    items: list[dict[str, Any]]
    total: int
    start_cursor: str | None
    end_cursor: str | None

    def as_json(self) -> dict[str, Any]:
        """The reply of a search."""
        page = {
            "totalItems": self.total,
            "hasMoreTotalItems": False,
            "startCursor": self.start_cursor,
            "endCursor": self.end_cursor,
        }
        return {"items": self.items, "page": page}


def iso_date(milliseconds: int) -> str:
    """UTC, to the millisecond."""
    text = datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def shown(form: Form, value: Any) -> Any:
    """A column's value as REST shows it."""
    if form is Form.TENANT:
        return DEFAULT_TENANT
    if form is Form.KEY:
        return str(value) if value is not None and value > 0 else None
    if form is Form.BOOLEAN:
        return bool(value)
    if value is None or form is Form.NULL:
        return None
    if form is Form.DATE:
        return iso_date(value)
    return orjson.loads(value) if form is Form.JSON else value


def _columns(kind: Kind) -> list[str]:
    return [name for name, form in kind.fields.items() if form not in (Form.NULL, Form.TENANT)]


def _item(kind: Kind, columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    values = dict(zip(columns, row, strict=False))
    return {name: shown(form, values.get(name)) for name, form in kind.fields.items()}


def _order(kind: Kind, sort: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    order: list[tuple[str, bool]] = []
    for entry in sort:
        name, direction = entry.get("field"), str(entry.get("order", "ASC")).upper()
        form = kind.form_of(str(name))
        if form is None or direction not in ("ASC", "DESC"):
            raise BadQuery(
                f"Expected to sort by a field of {kind.view.removesuffix('_view')}, but got '{name}' {direction}"
            )
        if form not in (Form.NULL, Form.TENANT) and name not in [known for known, _ in order]:
            order.append((str(name), direction == "DESC"))
    if kind.key not in [name for name, _ in order]:
        order.append((kind.key, False))
    return order


def _cursor(values: Sequence[Any]) -> str:
    return base64.b64encode(orjson.dumps(list(values))).decode("ascii")


def _cursor_values(cursor: Any, count: int) -> list[Any]:
    try:
        values: Any = orjson.loads(base64.b64decode(str(cursor), validate=True))
    except ValueError as error:
        raise BadQuery("Expected a cursor of an earlier page of this search, but this is none") from error
    fits = isinstance(values, list) and all(each is None or isinstance(each, str | int | float) for each in values)
    if not fits or len(values) != count or any(isinstance(each, int) and abs(each) >= 2**63 for each in values):
        raise BadQuery("Expected a cursor of an earlier page of this search, but this is of another sort")
    return list(values)


def _beyond(order: list[tuple[str, bool]], values: list[Any]) -> tuple[str, list[Any]]:
    """What comes after `values` in `order`; NULL is the smallest value, as in SQLite's own order."""
    choices: list[str] = []
    parameters: list[Any] = []
    for index, (name, descending) in enumerate(order):
        equal = [f"{earlier} IS ?" for earlier, _ in order[:index]]
        value = values[index]
        if value is None:
            step, own = ("0", []) if descending else (f"{name} IS NOT NULL", [])
        else:
            step, own = (f"({name} < ? OR {name} IS NULL)" if descending else f"{name} > ?"), [value]
        choices.append("(" + " AND ".join([*equal, step]) + ")")
        parameters += [*values[:index], *own]
    return "(" + " OR ".join(choices) + ")", parameters


def _limit(page: dict[str, Any]) -> tuple[int, int]:
    try:
        limit, start = int(page.get("limit", DEFAULT_LIMIT)), int(page.get("from", 0))
    except (TypeError, ValueError) as error:
        raise BadQuery("Expected whole numbers in page.limit and page.from, but got something else") from error
    if not 0 <= limit <= LARGEST_LIMIT or start < 0:
        raise BadQuery(
            f"Expected page.limit from 0 to {LARGEST_LIMIT} and page.from from 0, but got {limit} and {start}"
        )
    return limit, start


def search(connection: sqlite3.Connection, kind_name: str, request: SearchRequest) -> Page:
    """One page of items, with the number of all that match."""
    return search_all([connection], kind_name, request)


def search_all(connections: Sequence[sqlite3.Connection], kind_name: str, request: SearchRequest) -> Page:
    """One page over several files of the same tables: each is asked for what may be on it, and the answers merged."""
    kind = KINDS[kind_name]
    where, parameters = conditions(kind_name, request.filter)
    counting = f"SELECT count(*) FROM {kind.view} AS t WHERE {where}"
    total = sum(int(each.execute(counting, parameters).fetchone()[0]) for each in connections)
    order = _order(kind, request.sort)
    limit, start = _limit(request.page)
    backward = "before" in request.page and "after" not in request.page
    if backward:
        order = [(name, not descending) for name, descending in order]
    cursor = request.page.get("before" if backward else "after")
    if cursor:
        beyond, values = _beyond(order, _cursor_values(cursor, len(order)))
        where, parameters = f"{where} AND {beyond}", [*parameters, *values]
    columns = [*_columns(kind), *(name for name, _ in order)]
    ordering = ", ".join(f"{name} {'DESC' if descending else 'ASC'}" for name, descending in order)
    statement = f"SELECT {', '.join(columns)} FROM {kind.view} AS t WHERE {where} ORDER BY {ordering} LIMIT ? OFFSET ?"
    if len(connections) == 1:
        rows = connections[0].execute(statement, [*parameters, limit, start]).fetchall()
    else:
        found = [each.execute(statement, [*parameters, limit + start, 0]).fetchall() for each in connections]
        rows = _merged(found, order)[start : start + limit]
    if backward:
        rows.reverse()
    ends = [_cursor(row[-len(order) :]) for row in (rows[0], rows[-1])] if rows else [None, None]
    return Page([_item(kind, columns, row) for row in rows], total, ends[0], ends[1])


def _merged(found: Sequence[list[Any]], order: list[tuple[str, bool]]) -> list[Any]:
    """Rows of several files in one order; NULL is the smallest value, as in SQLite."""
    rows = [row for part in found for row in part]
    for place, (_, descending) in reversed(list(enumerate(order, start=-len(order)))):
        rows.sort(key=lambda row, place=place: (row[place] is not None, row[place]), reverse=descending)  # type: ignore[misc]
    return rows


def get_item(connection: sqlite3.Connection, kind_name: str, key: int | str) -> dict[str, Any] | None:
    """One item by its key."""
    kind = KINDS[kind_name]
    columns = _columns(kind)
    row = connection.execute(f"SELECT {', '.join(columns)} FROM {kind.view} WHERE {kind.key} = ?", (key,)).fetchone()
    return _item(kind, columns, row) if row else None


def element_statistics(connection: sqlite3.Connection, where: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
    """Counts by element, over the process instances (view alias `t`) that `where` names."""
    statement = (
        "SELECT e.elementId, sum(e.state = 'ACTIVE' AND e.hasIncident = 0), sum(e.state = 'TERMINATED'), "
        "sum(e.state = 'ACTIVE' AND e.hasIncident = 1), sum(e.state = 'COMPLETED') FROM element_instance_view e "
        f"WHERE e.processInstanceKey IN (SELECT t.processInstanceKey FROM process_instance_view t WHERE {where}) "
        "GROUP BY e.elementId ORDER BY e.elementId"
    )
    names = ("elementId", "active", "canceled", "incidents", "completed")
    return [dict(zip(names, row, strict=True)) for row in connection.execute(statement, tuple(parameters))]
