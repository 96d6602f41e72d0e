"""The jobs of batches on disk: ``job.json`` is written whole, ``outcomes.jsonl`` gets a line an item.

A crash costs nothing that was done: an item without a line is looked at before it is touched again. ``lock`` is held
by the process that runs the job, so that two web processes never run the same one; ``pause`` asks it to stop.
"""

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class BatchFiles:
    """The jobs below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, items: list[Json], by: str, at: str, kind: str = "move", start_at: str = "") -> str:
        """A job of items ``{key, dossierCode, source, target, mapping}``; ``start_at`` (ISO) may be later."""
        job_id = uuid.uuid4().hex[:12]
        (self._folder / job_id).mkdir(parents=True)
        job = {"id": job_id, "kind": kind, "by": by, "at": at, "startAt": start_at, "wish": "run", "items": items}
        self.write(job_id, job)
        if start_at:
            (self._folder / job_id / "start-at").write_text(start_at, "utf-8")
        return job_id

    def scheduled(self) -> dict[str, str]:
        """The jobs that wait for their time, and when that is (ISO)."""
        return {file.parent.name: file.read_text("utf-8") for file in sorted(self._folder.glob("*/start-at"))}

    def take_off_schedule(self, job_id: str) -> None:
        """The job has begun, or never will."""
        (self._folder / job_id / "start-at").unlink(missing_ok=True)

    def read(self, job_id: str) -> Json:
        """The job; LookupError when there is none."""
        file = self._folder / job_id / "job.json"
        if not job_id.isalnum() or not file.is_file():
            raise LookupError(job_id)
        job: Json = {"kind": "move", "startAt": "", **json.loads(file.read_text("utf-8"))}
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

    @contextmanager
    def held(self, job_id: str) -> Iterator[bool]:
        """Whether this process got the job for itself, for as long as the block lasts."""
        with (self._folder / job_id / "lock").open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def is_held(self, job_id: str) -> bool:
        """Whether some process runs the job."""
        with self.held(job_id) as mine:
            return not mine

    def ask_pause(self, job_id: str, wanted: bool) -> None:
        """Ask whoever runs the job to stop, or take that back."""
        file = self._folder / job_id / "pause"
        if wanted:
            file.touch()
        else:
            file.unlink(missing_ok=True)

    def pause_asked(self, job_id: str) -> bool:
        """Whether the job is to stop."""
        return (self._folder / job_id / "pause").exists()


def _packed(job: Json) -> Json:
    legs: dict[str, int] = {}
    rows = []
    for item in job["items"]:
        leg = json.dumps({name: item[name] for name in ("source", "target", "mapping")}, ensure_ascii=False)
        rows.append([item["key"], item["dossierCode"], legs.setdefault(leg, len(legs))])
    return {**job, "items": rows, "legs": [json.loads(leg) for leg in legs]}
