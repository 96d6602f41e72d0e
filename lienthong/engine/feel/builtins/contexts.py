"""Built-ins for contexts."""

from typing import Any

from lienthong.engine.feel.builtins.registry import NullResult, builtin
from lienthong.engine.feel.errors import FeelAssertionError
from lienthong.engine.feel.scope import Run


@builtin("get value(m: context, key: string)")
def get_value(context: dict[str, Any], key: str) -> Any:
    if key not in context:
        raise NullResult(f"Expected a context with the entry '{key}', but it has none")
    return context[key]


@builtin("get value(context: context, key: string)")
def get_value_named(context: dict[str, Any], key: str) -> Any:
    return get_value(context, key)


@builtin("get value(context: context, keys: list)")
def get_value_at(context: dict[str, Any], keys: list[Any]) -> Any:
    value: Any = context
    for key in keys:
        value = value.get(key) if type(value) is dict and isinstance(key, str) else None
    return value


@builtin("get entries(m: context)")
def get_entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("get entries(context: context)")
def get_entries_named(context: dict[str, Any]) -> list[dict[str, Any]]:
    return get_entries(context)


@builtin("context put(context: context|null, key: string, value: Any)")
def context_put(context: dict[str, Any] | None, key: str, value: Any) -> dict[str, Any]:
    if context is None:
        raise NullResult("Expected a context to put into, but it is null")
    return {**context, key: value}


@builtin("context put(context: context|null, keys: list, value: Any)")
def context_put_at(context: dict[str, Any] | None, keys: list[Any], value: Any) -> dict[str, Any]:
    if context is None or not keys or not all(type(key) is str for key in keys):
        raise NullResult("Expected a context and a list of keys")
    result = dict(context)
    if len(keys) == 1:
        result[keys[0]] = value
        return result
    inner = context.get(keys[0], {})
    if type(inner) is not dict:
        raise NullResult(f"Expected '{keys[0]}' to be a context")
    result[keys[0]] = context_put_at(inner, keys[1:], value)
    return result


@builtin("context merge(contexts: list)")
def context_merge(contexts: list[Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for context in contexts:
        if type(context) is not dict:
            raise NullResult("Expected a list of contexts")
        merged.update(context)
    return merged


@builtin("context merge(contexts: context...)")
def context_merge_all(*contexts: dict[str, Any]) -> dict[str, Any]:
    return context_merge(list(contexts))


@builtin("context(entries: list)", run=True)
def context_of(run: Run, entries: list[Any]) -> dict[str, Any]:
    run.spend(len(entries))
    built: dict[str, Any] = {}
    for entry in entries:
        if type(entry) is not dict or "value" not in entry or type(entry.get("key")) is not str:
            raise NullResult("Expected entries with a key and a value")
        if entry["key"] in built:
            raise NullResult(f"Expected each key once, but '{entry['key']}' is there twice")
        built[entry["key"]] = entry["value"]
    return built


@builtin("get or else(value: Any, default: Any)")
def get_or_else(value: Any, default: Any) -> Any:
    return default if value is None else value


@builtin("assert(value: Any, condition: Any, cause?: string)")
def check(value: Any, condition: Any, cause: Any = "") -> Any:
    if condition is not True:
        raise FeelAssertionError(cause or "The condition is not fulfilled")
    return value


@builtin("put(context: context, key: string, value: Any)")
def put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**context, key: value}


@builtin("put all(contexts: context...)")
def put_all(*contexts: dict[str, Any]) -> dict[str, Any]:
    return context_merge(list(contexts))
