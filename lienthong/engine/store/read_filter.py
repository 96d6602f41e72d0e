"""Filters of a search as SQL conditions: a plain value, or an object of `$eq $neq $in $notIn $exists $like $gt …`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from lienthong.engine.store.read_kinds import KINDS, Form, Kind

Condition = tuple[str, list[Any]]


class BadQuery(ValueError):
    """The search cannot be understood; the caller's fault."""


COMPARISONS = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}


def stored(form: Form, name: str, value: Any) -> Any:
    """A filter's value as the column holds it."""
    try:
        if form is Form.KEY or form is Form.INTEGER:
            number = int(value)
            if not -(2**63) <= number < 2**63:
                raise OverflowError
            return number
        if form is Form.DATE:
            moment = datetime.fromisoformat(str(value))
            return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadQuery(f"Expected a {form.value} for '{name}', but got '{value}'") from error
    if form is Form.BOOLEAN:
        return int(bool(value))
    return value if isinstance(value, str) else str(value)


def _like_pattern(text: str) -> str:
    """SQL's pattern of `*` and `?`, which a backslash takes literally."""
    out, escaped = [], False
    for letter in text:
        if escaped or letter not in "\\*?":
            out.append(f"\\{letter}" if letter in "%_\\" else letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            out.append("%" if letter == "*" else "_")
    return "".join(out)


def _many(form: Form, name: str, values: Any) -> list[Any]:
    if not isinstance(values, list):
        raise BadQuery(f"Expected a list for '{name}', but got '{values}'")
    return [stored(form, name, value) for value in values]


def _compared(form: Form, name: str, operator: str, value: Any) -> Condition:
    if operator == "$eq":
        return f"t.{name} = ?", [stored(form, name, value)]
    if operator == "$neq":
        return f"(t.{name} <> ? OR t.{name} IS NULL)", [stored(form, name, value)]
    if operator == "$exists":
        return f"t.{name} IS {'NOT ' if value else ''}NULL", []
    if operator in ("$in", "$notIn"):
        values = _many(form, name, value)
        marks = ", ".join("?" * len(values))
        return (
            f"t.{name} IN ({marks})" if operator == "$in" else f"(t.{name} NOT IN ({marks}) OR t.{name} IS NULL)"
        ), values
    if operator == "$like":
        return f"t.{name} LIKE ? ESCAPE '\\'", [_like_pattern(str(value))]
    if operator in COMPARISONS:
        return f"t.{name} {COMPARISONS[operator]} ?", [stored(form, name, value)]
    raise BadQuery(f"Expected an operator such as $eq or $in for '{name}', but got '{operator}'")


def _field(form: Form, name: str, wanted: Any) -> Condition:
    operators = wanted if isinstance(wanted, dict) else {"$eq": wanted}
    if form is Form.TENANT:
        matches = wanted == "<default>" or isinstance(wanted, dict)
        return ("1" if matches else "0"), []
    if form is Form.NULL:
        exists = isinstance(wanted, dict) and wanted.get("$exists") is False
        return ("1" if exists else "0"), []
    parts = [_compared(form, name, operator, value) for operator, value in operators.items()]
    return " AND ".join(text for text, _ in parts) or "1", [value for _, values in parts for value in values]


def _member(column: str) -> Callable[[Any], Condition]:
    """A member of a list column (candidate groups, tags)."""

    def condition(wanted: Any) -> Condition:
        operators = (
            wanted if isinstance(wanted, dict) else {"$in": wanted} if isinstance(wanted, list) else {"$eq": wanted}
        )
        parts: list[str] = []
        parameters: list[Any] = []
        for operator, value in operators.items():
            negative = operator in ("$neq", "$notIn")
            if operator == "$exists":
                parts.append(f"json_array_length(t.{column}) {'>' if value else '='} 0")
                continue
            if operator == "$like":
                test, values = "j.value LIKE ? ESCAPE '\\'", [_like_pattern(str(value))]
            else:
                values = [str(each) for each in (value if isinstance(value, list) else [value])]
                test = f"j.value IN ({', '.join('?' * len(values))})"
            parts.append(f"{'NOT ' if negative else ''}EXISTS (SELECT 1 FROM json_each(t.{column}) j WHERE {test})")
            parameters += values
        return " AND ".join(parts) or "1", parameters

    return condition


def _variables(scope: str) -> Callable[[Any], Condition]:
    """All the named variables have these JSON values, in the scope (or anywhere in the instance)."""

    def condition(wanted: Any) -> Condition:
        parts: list[str] = []
        parameters: list[Any] = []
        for entry in wanted if isinstance(wanted, list) else [wanted]:
            value = entry.get("value")
            operators = value if isinstance(value, dict) else {"$eq": value}
            tests = [_compared(Form.TEXT, "value", operator, each) for operator, each in operators.items()]
            text = " AND ".join(test for test, _ in tests).replace("t.value", "v.value")
            parts.append(f"EXISTS (SELECT 1 FROM variable v WHERE {scope} AND v.name = ? AND {text})")
            parameters += [str(entry.get("name")), *(each for _, values in tests for each in values)]
        return " AND ".join(parts) or "1", parameters

    return condition


def _of_elements(column: str, form: Form) -> Callable[[Any], Condition]:
    """Some element instance of the process instance fits."""

    def condition(wanted: Any) -> Condition:
        text, parameters = _field(form, column, wanted)
        text = text.replace("t.", "e.")
        return (
            f"t.processInstanceKey IN (SELECT e.processInstanceKey FROM element_instance_view e WHERE {text})",
            parameters,
        )

    return condition


def _of_incidents(wanted: Any) -> Condition:
    text, parameters = _field(Form.TEXT, "errorMessage", wanted)
    text = text.replace("t.", "x.")
    return (
        f"t.processInstanceKey IN (SELECT x.processInstanceKey FROM incident x WHERE x.state = 'ACTIVE' AND {text})",
        parameters,
    )


def _retries_left(wanted: Any) -> Condition:
    query = "(SELECT j.processInstanceKey FROM job j WHERE j.state = 'FAILED' AND j.hasFailedWithRetriesLeft = 1)"
    return f"t.processInstanceKey {'IN' if wanted else 'NOT IN'} {query}", []


def _of_scope(wanted: Any) -> Condition:
    return _field(Form.KEY, "flowScopeKey", wanted)


SPECIAL: dict[tuple[str, str], Callable[[Any], Condition]] = {
    ("process_instance", "variables"): _variables("v.processInstanceKey = t.processInstanceKey"),
    ("process_instance", "tags"): _member("tags"),
    ("process_instance", "elementId"): _of_elements("elementId", Form.TEXT),
    ("process_instance", "elementInstanceState"): _of_elements("state", Form.TEXT),
    ("process_instance", "hasElementInstanceIncident"): _of_elements("hasIncident", Form.BOOLEAN),
    ("process_instance", "errorMessage"): _of_incidents,
    ("process_instance", "hasRetriesLeft"): _retries_left,
    ("user_task", "candidateGroup"): _member("candidateGroups"),
    ("user_task", "candidateUser"): _member("candidateUsers"),
    ("user_task", "tags"): _member("tags"),
    ("user_task", "processInstanceVariables"): _variables("v.scopeKey = t.processInstanceKey"),
    ("user_task", "localVariables"): _variables("v.scopeKey = t.elementInstanceKey"),
    ("element_instance", "elementInstanceScopeKey"): _of_scope,
}


def _one(kind: Kind, kind_name: str, name: str, wanted: Any) -> Condition:
    special = SPECIAL.get((kind_name, name))
    if special is not None:
        return special(wanted)
    form = kind.form_of(name)
    if form is None:
        raise BadQuery(f"Expected a field of {kind_name.replace('_', ' ')} in the filter, but got '{name}'")
    return _field(form, name, wanted)


def conditions(kind_name: str, wanted: dict[str, Any]) -> Condition:
    """One SQL condition (alias `t`) and its parameters for a whole filter; fields are joined by AND."""
    kind = KINDS[kind_name]
    parts: list[Condition] = []
    for name, value in wanted.items():
        if name == "$or":
            choices = [conditions(kind_name, choice) for choice in value]
            text = " OR ".join(f"({choice})" for choice, _ in choices)
            parts.append((f"({text})", [each for _, values in choices for each in values]))
        elif value is not None:
            parts.append(_one(kind, kind_name, name, value))
    return " AND ".join(f"({text})" for text, _ in parts) or "1", [each for _, values in parts for each in values]
