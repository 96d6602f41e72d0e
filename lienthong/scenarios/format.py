"""The scenario file: YAML, checked against ``schema.json``, as plain data."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import yaml

SCHEMA = Path(__file__).with_name("schema.json")
SHARED_PREFIX = "_"  # files that start so hold shared starts and defaults, not scenarios
DEFAULT_START = "2023-03-01T08:00:00+07:00"


class ScenarioFileError(Exception):
    """A scenario file that cannot be read, and where."""


@dataclass(slots=True)
class Publication:
    """A message to publish; ``key`` None means the dossier code."""

    name: str
    key: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    buffered: bool = False


@dataclass(slots=True)
class Answer:
    """What a worker would answer to a job."""

    type: str
    element: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    publish: list[Publication] = field(default_factory=list)
    fail: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


@dataclass(slots=True)
class Step:
    """One line of the story: ``kind`` is advance, until, handle, job, message, task or expect; counted from 1."""

    number: int
    kind: str
    value: Any


@dataclass(slots=True)
class Scenario:
    """One scenario, ready to run."""

    name: str
    path: Path
    start_at: datetime
    start_message: str | None
    start_process: str | None
    variables: dict[str, Any]
    default_answers: list[Answer]
    steps: list[Step]

    @property
    def bundle_dir(self) -> Path:
        """The folder of the bundle's model files."""
        return self.path.resolve().parent.parent


def load_scenario(path: Path) -> Scenario:
    """Read and check one scenario file."""
    raw = read_document(path)
    return scenario_of(path, raw, read_document(path.parent / raw["use"]) if "use" in raw else {})


def scenario_of(path: Path, raw: dict[str, Any], shared: dict[str, Any]) -> Scenario:
    """Check a scenario that has been read, laid over what it shares; ``path`` says whose it is."""
    start = {**shared.get("start", {}), **raw.get("start", {})}
    start["variables"] = _merged(
        shared.get("start", {}).get("variables", {}), raw.get("start", {}).get("variables", {})
    )
    document = {**raw, "start": start}
    try:
        jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    except jsonschema.ValidationError as error:
        where = "/".join(str(part) for part in error.absolute_path)
        raise ScenarioFileError(f"{path}: at {where or 'the top'}: {error.message}") from error
    if ("message" in start) == ("process" in start):
        raise ScenarioFileError(f"{path}: Expected either start.message or start.process, but got both or neither")
    own = document.get("defaults", {}).get("jobs", [])
    jobs = own + shared.get("defaults", {}).get("jobs", [])
    return Scenario(
        name=document["scenario"],
        path=path,
        start_at=datetime.fromisoformat(str(start.get("at", DEFAULT_START))),
        start_message=start.get("message"),
        start_process=start.get("process"),
        variables=start["variables"],
        default_answers=[answer_of(job) for job in jobs],
        steps=[_step(number, step) for number, step in enumerate(document["steps"], 1)],
    )


def scenario_files(paths: list[Path]) -> list[Path]:
    """All scenario files under ``paths`` (files or folders), in a fixed order."""
    found: list[Path] = []
    for path in paths:
        files = sorted(path.rglob("scenarios/*.yaml")) or sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        found += [file for file in files if not file.name.startswith(SHARED_PREFIX)]
    return list(dict.fromkeys(found))


def publication_of(raw: dict[str, Any]) -> Publication:
    """A publication from its YAML form."""
    return Publication(raw["name"], raw.get("key"), raw.get("variables", {}), raw.get("buffered", False))


def answer_of(raw: dict[str, Any]) -> Answer:
    """An answer from its YAML form."""
    publish = [publication_of(item) for item in raw.get("publish", [])]
    return Answer(raw["type"], raw.get("element"), raw.get("variables", {}), publish, raw.get("fail"), raw.get("error"))


def duration_of(text: str) -> timedelta:
    """An ISO 8601 duration of days, hours, minutes, seconds (P5D, PT12H, P1DT30M)."""
    days, _, clock = text.removeprefix("P").partition("T")
    total = timedelta(days=int(days.removesuffix("D") or 0))
    number = ""
    for character in clock:
        if character.isdigit():
            number += character
            continue
        total += timedelta(**{{"H": "hours", "M": "minutes", "S": "seconds"}[character]: int(number)})
        number = ""
    return total


def read_document(path: Path) -> dict[str, Any]:
    """A scenario file as it stands; ScenarioFileError when it cannot be read."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ScenarioFileError(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise ScenarioFileError(f"{path}: Expected a mapping at the top, but got {type(document).__name__}")
    return document


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    result = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _merged(result[key], value) if both else value
    return result


def _step(number: int, raw: dict[str, Any]) -> Step:
    ((kind, value),) = raw.items()
    if kind == "advance":
        value = duration_of(value)
    elif kind == "until":
        value = datetime.fromisoformat(str(value))
    elif kind == "handle":
        value = [value] if isinstance(value, str) else value
    elif kind == "job":
        value = answer_of(value)
    elif kind == "message":
        value = publication_of(value)
    return Step(number, kind, value)
