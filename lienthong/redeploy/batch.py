"""Batches over many instances: a job on disk that can wait, be paused, resumed after a crash, and undone."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from lienthong.redeploy.batch_files import BatchFiles
from lienthong.redeploy.deeds import Moving, Steering, canceled, moved, retried, undone

__all__ = ["RATE_LIMIT_PER_S", "BatchFiles", "Batches"]

log = logging.getLogger(__name__)
Json = dict[str, Any]
RATE_LIMIT_PER_S = 400.0
UNAVAILABLE_LIMIT = 5
LANES = 4
JOB_RETRIES = 3
TICK_S = 1.0


class Batches:
    """Runs jobs, each in a thread of its own; whichever process runs one, all see how it stands."""

    def __init__(
        self,
        files: BatchFiles,
        client: Moving | Steering,
        clock: Callable[[], float] = time.monotonic,
        job_retries: int = JOB_RETRIES,
    ) -> None:
        self.files = files
        self._client: Any = client
        self._clock = clock
        self._job_retries = job_retries
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()

    def start(self, job_id: str, wish: str | None = None) -> None:
        """Run, resume or undo a job; nothing happens when it is running already."""
        with self._lock:
            if self._is_running(job_id):
                return
            self.files.ask_pause(job_id, False)
            self.files.take_off_schedule(job_id)
            job = self.files.read(job_id)
            if wish is not None and wish != job["wish"]:
                self.files.write(job_id, {**job, "wish": wish})
            self._threads[job_id] = threading.Thread(target=self.run, args=(job_id,), daemon=True)
            self._threads[job_id].start()

    def start_due(self, now: datetime) -> list[str]:
        """Start every job whose time has come; returns their ids."""
        waiting = self.files.scheduled().items()
        due = [job_id for job_id, start_at in waiting if datetime.fromisoformat(start_at) <= now]
        for job_id in due:
            self.start(job_id)
        return due

    def withdraw(self, job_id: str) -> bool:
        """Give up a job that has not begun; False when it has."""
        job = self.files.read(job_id)
        if job.get("started") or self._is_running(job_id):
            return False
        self.files.take_off_schedule(job_id)
        self.files.write(job_id, {**job, "wish": "withdrawn"})
        return True

    def pause(self, job_id: str) -> None:
        """Stop after the items in hand."""
        self.files.ask_pause(job_id, True)

    def wait(self, job_id: str, seconds: float = 60.0) -> None:
        """Until nobody runs the job any more."""
        end = time.monotonic() + seconds
        thread = self._threads.get(job_id)
        if thread is not None:
            thread.join(seconds)
        while self.files.is_held(job_id) and time.monotonic() < end:
            time.sleep(0.05)

    def run(self, job_id: str) -> None:
        """Do what is left, ``LANES`` items at once so that the engine commits them together, at a limited rate."""
        with self.files.held(job_id) as mine:
            if mine:
                self._run(job_id)

    def _run(self, job_id: str) -> None:
        job = self.files.read(job_id)
        undo = job["wish"] == "undo"
        known, again = self.files.outcomes(job_id), bool(job.get("started"))
        if not again:
            self.files.write(job_id, {**job, "started": True})
        left = [item for item in job["items"] if _is_left(known.get(item["key"], {}).get("outcome"), undo)]
        due, failures = self._clock(), 0
        with ThreadPoolExecutor(LANES, "redeploy") as lanes:
            for start in range(0, len(left), LANES):
                if self.files.pause_asked(job_id) or failures >= UNAVAILABLE_LIMIT:
                    return
                some = left[start : start + LANES]
                outcomes = list(lanes.map(lambda item: self._done(job["kind"], item, undo, again), some))
                away = all(outcome["outcome"].startswith("unavailable") for outcome in outcomes)
                failures = failures + 1 if away else 0
                self.files.note(job_id, outcomes)
                due = max(due + len(some) / RATE_LIMIT_PER_S, self._clock() - 1)
                time.sleep(max(0.0, due - self._clock()))

    def _done(self, kind: str, item: Json, undo: bool, again: bool) -> Json:
        if kind == "cancel":
            return canceled(self._client, item)
        if kind == "retry":
            return retried(self._client, item, self._job_retries, time.sleep)
        return undone(self._client, item) if undo else moved(self._client, item, again)

    def _is_running(self, job_id: str) -> bool:
        thread = self._threads.get(job_id)
        return (thread is not None and thread.is_alive()) or self.files.is_held(job_id)

    def progress(self, job_id: str) -> Json:
        """The job as the console shows it: counts, items with outcomes, and whether it runs."""
        job, outcomes = self.files.read(job_id), self.files.outcomes(job_id)
        undo = job["wish"] == "undo"
        items = [{**item, **outcomes.get(item["key"], {"outcome": "waiting", "detail": ""})} for item in job["items"]]
        left = sum(_is_left(outcomes.get(item["key"], {}).get("outcome"), undo) for item in job["items"])
        return {
            "id": job_id,
            "kind": job["kind"],
            "by": job["by"],
            "at": job["at"],
            "startAt": job["startAt"],
            "wish": job["wish"],
            "state": self._state(job, left),
            "total": len(items),
            "left": left,
            "counts": dict(Counter(item["outcome"] for item in items)),
            "items": items,
        }

    def _state(self, job: Json, left: int) -> str:
        if job["wish"] == "withdrawn":
            return "withdrawn"
        if self._is_running(job["id"]):
            return "running"
        if job["startAt"] and not job.get("started"):
            return "scheduled"
        return "paused" if left else "done"


class Schedule:
    """Starts the jobs whose time has come, once a second, for as long as the web process runs."""

    def __init__(self, batches: Callable[[], Batches], now: Callable[[], datetime]) -> None:
        self._batches, self._now = batches, now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="batch-schedule", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a job that runs goes on."""
        self._stop.set()
        self._thread.join(TICK_S + 1)

    def _run(self) -> None:
        while not self._stop.wait(TICK_S):
            try:
                self._batches().start_due(self._now())
            except Exception:  # a job that cannot be read must not keep the others from starting
                log.exception("A scheduled batch could not be started")


def _is_left(outcome: str | None, undo: bool) -> bool:
    """Whether an item is still to be done; what was refused once is not tried again."""
    if undo:
        return outcome in ("moved", "unavailable", "unavailable-back")
    return outcome in (None, "unavailable")
