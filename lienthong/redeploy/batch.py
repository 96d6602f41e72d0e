"""Moving many instances: a job on disk that can be paused, resumed after a crash, and undone.

``job.json`` holds what is to be done and the wish (run, pause, undo), written whole; ``outcomes.jsonl`` gets
a line an item, so that a crash costs nothing that was done: an item without a line is looked at before it moves.
"""

import json
import os
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from lienthong.orchestration.errors import EngineRejected, EngineUnavailable

Json = dict[str, Any]
RATE_LIMIT_PER_S = 400.0
UNAVAILABLE_LIMIT = 5
LANES = 4


class Moving(Protocol):
    """What is asked of the engine; the orchestration client fits."""

    def process_instance(self, key: str) -> Json | None:
        """One process instance."""
        ...

    def migrate_process_instance(self, key: str, target_definition_key: str, mapping: Mapping[str, str]) -> None:
        """Go on under another version."""
        ...


class BatchFiles:
    """The jobs below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, items: list[Json], by: str, at: str) -> str:
        """A job of items ``{key, dossierCode, source, target, mapping}``; returns its id."""
        job_id = uuid.uuid4().hex[:12]
        (self._folder / job_id).mkdir(parents=True)
        self.write(job_id, {"id": job_id, "by": by, "at": at, "wish": "run", "items": items})
        return job_id

    def read(self, job_id: str) -> Json:
        """The job; LookupError when there is none."""
        file = self._folder / job_id / "job.json"
        if not job_id.isalnum() or not file.is_file():
            raise LookupError(job_id)
        job: Json = json.loads(file.read_text("utf-8"))
        legs = job.pop("legs")
        return {**job, "items": [{"key": key, "dossierCode": code, **legs[leg]} for key, code, leg in job["items"]]}

    def write(self, job_id: str, job: Json) -> None:
        """Replace the job as a whole; what many items share is written once."""
        file = self._folder / job_id / "job.json"
        temporary = file.with_suffix(f".{uuid.uuid4().hex}")
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump(_packed(job), stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)

    def outcomes(self, job_id: str) -> dict[str, Json]:
        """The last outcome of each item, by instance key; a line that a crash cut short does not count."""
        file = self._folder / job_id / "outcomes.jsonl"
        found: dict[str, Json] = {}
        for line in file.read_text("utf-8").splitlines() if file.is_file() else ():
            try:
                outcome = json.loads(line)
            except ValueError:
                continue
            found[outcome["key"]] = outcome
        return found

    def note(self, job_id: str, outcomes: list[Json]) -> None:
        """Add outcomes, each on a line of its own."""
        with (self._folder / job_id / "outcomes.jsonl").open("a", encoding="utf-8") as stream:
            stream.write("".join("\n" + json.dumps(outcome, ensure_ascii=False) for outcome in outcomes))

    def ids(self) -> list[str]:
        """All jobs."""
        return sorted(file.parent.name for file in self._folder.glob("*/job.json"))


def _packed(job: Json) -> Json:
    legs: dict[str, int] = {}
    rows = []
    for item in job["items"]:
        leg = json.dumps({name: item[name] for name in ("source", "target", "mapping")}, ensure_ascii=False)
        rows.append([item["key"], item["dossierCode"], legs.setdefault(leg, len(legs))])
    return {**job, "items": rows, "legs": [json.loads(leg) for leg in legs]}


class Batches:
    """Runs jobs, each in a thread of its own, one at a time for a job."""

    def __init__(self, files: BatchFiles, client: Moving, clock: Callable[[], float] = time.monotonic) -> None:
        self.files = files
        self._client = client
        self._clock = clock
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._paused: set[str] = set()

    def start(self, job_id: str, wish: str | None = None) -> None:
        """Run, resume or undo a job; nothing happens when it is running already."""
        with self._lock:
            thread = self._threads.get(job_id)
            if thread is not None and thread.is_alive():
                return
            self._paused.discard(job_id)
            job = self.files.read(job_id)
            if wish is not None and wish != job["wish"]:
                self.files.write(job_id, {**job, "wish": wish})
            self._threads[job_id] = threading.Thread(target=self.run, args=(job_id,), daemon=True)
            self._threads[job_id].start()

    def pause(self, job_id: str) -> None:
        """Stop after the items in hand."""
        self._paused.add(job_id)

    def wait(self, job_id: str, seconds: float = 60.0) -> None:
        """Until the job's thread has ended."""
        thread = self._threads.get(job_id)
        if thread is not None:
            thread.join(seconds)

    def run(self, job_id: str) -> None:
        """Do what is left, ``LANES`` items at once so that the engine commits them together, at a limited rate."""
        job = self.files.read(job_id)
        undo = job["wish"] == "undo"
        known, again = self.files.outcomes(job_id), bool(job.get("started"))
        if not again:
            self.files.write(job_id, {**job, "started": True})
        left = [item for item in job["items"] if _is_left(known.get(item["key"], {}).get("outcome"), undo)]
        due, failures = self._clock(), 0
        with ThreadPoolExecutor(LANES, "redeploy") as lanes:
            for start in range(0, len(left), LANES):
                if job_id in self._paused or failures >= UNAVAILABLE_LIMIT:
                    return
                some = left[start : start + LANES]
                outcomes = list(lanes.map(lambda item: self._undone(item) if undo else self._moved(item, again), some))
                away = all(outcome["outcome"].startswith("unavailable") for outcome in outcomes)
                failures = failures + 1 if away else 0
                self.files.note(job_id, outcomes)
                due = max(due + len(some) / RATE_LIMIT_PER_S, self._clock() - 1)
                time.sleep(max(0.0, due - self._clock()))

    def _moved(self, item: Json, again: bool) -> Json:
        """Move an item; in a job that goes on it may have moved just before the crash."""
        if again:
            try:
                instance = self._client.process_instance(item["key"])
            except EngineUnavailable as failure:
                return {"key": item["key"], "outcome": "unavailable", "detail": str(failure)}
            if instance is not None and str(instance["processDefinitionKey"]) == item["target"]:
                return {"key": item["key"], "outcome": "moved", "detail": ""}
        return self._move(item["key"], item["target"], item["mapping"], "moved")

    def _undone(self, item: Json) -> Json:
        back = {target: source for source, target in item["mapping"].items()}
        return self._move(item["key"], item["source"], back, "undone")

    def _move(self, key: str, target: str, mapping: Mapping[str, str], done: str) -> Json:
        try:
            refused = ""
            try:
                self._client.migrate_process_instance(key, target, mapping)
            except EngineRejected as failure:
                refused = failure.detail or failure.title
            if not refused:
                return {"key": key, "outcome": done, "detail": ""}
            instance = self._client.process_instance(key)
        except EngineUnavailable as failure:
            outcome = "unavailable" if done == "moved" else "unavailable-back"
            return {"key": key, "outcome": outcome, "detail": str(failure)}
        if instance is None or instance.get("state") != "ACTIVE":
            return {"key": key, "outcome": "ended", "detail": refused}
        if str(instance["processDefinitionKey"]) == target:
            return {"key": key, "outcome": done, "detail": ""}
        return {"key": key, "outcome": "kept" if done == "undone" else "refused", "detail": refused}

    def progress(self, job_id: str) -> Json:
        """The job as the console shows it: counts, items with outcomes, and whether it runs."""
        job, outcomes = self.files.read(job_id), self.files.outcomes(job_id)
        thread = self._threads.get(job_id)
        undo = job["wish"] == "undo"
        items = [{**item, **outcomes.get(item["key"], {"outcome": "waiting", "detail": ""})} for item in job["items"]]
        left = sum(_is_left(outcomes.get(item["key"], {}).get("outcome"), undo) for item in job["items"])
        running = thread is not None and thread.is_alive()
        return {
            "id": job_id,
            "by": job["by"],
            "at": job["at"],
            "wish": job["wish"],
            "state": "running" if running else "paused" if left else "done",
            "total": len(items),
            "left": left,
            "counts": dict(Counter(item["outcome"] for item in items)),
            "items": items,
        }


def _is_left(outcome: str | None, undo: bool) -> bool:
    """Whether an item is still to be done; what was refused once is not tried again."""
    if undo:
        return outcome in ("moved", "unavailable", "unavailable-back")
    return outcome in (None, "unavailable")
