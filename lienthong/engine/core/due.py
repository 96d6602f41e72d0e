"""What time alone brings about: timers, job deadlines, back-off, message expiry."""

from __future__ import annotations

from lienthong.engine.core.entities import JobState
from lienthong.engine.core.heap import COMPACT_ABOVE, Entry
from lienthong.engine.core.state import State
from lienthong.engine.protocol.records import Command, Intent, ValueType

_COMMANDS = {
    "timer": (ValueType.TIMER, Intent.TRIGGER),
    "deadline": (ValueType.JOB, Intent.TIME_OUT),
    "recur": (ValueType.JOB, Intent.RECUR),
    "message": (ValueType.MESSAGE, Intent.EXPIRE),
}


def due(state: State, now_ms: int) -> list[Command]:
    """The commands whose time has come, oldest first."""
    heap = state.heap
    if len(heap.entries) > COMPACT_ABOVE + 4 * (len(state.jobs) + len(state.timers) + len(state.messages)):
        heap.replace([entry for entry in heap.entries if _stands(state, entry)])
    found: list[Entry] = []
    while heap.entries and heap.entries[0][0] <= now_ms:
        entry = heap.pop()
        if _stands(state, entry) and (not found or found[-1] != entry):
            found.append(entry)
    for entry in found:  # until its command has been processed it stays due
        heap.push(*entry)
    return [Command(*_COMMANDS[kind], key) for _, kind, key in found if not _banned(state, kind, key)]


def next_due_ms(state: State) -> int | None:
    """When `due` will next have something, or None."""
    heap = state.heap
    while heap.entries:
        entry = heap.entries[0]
        if _stands(state, entry) and not _banned(state, entry[1], entry[2]):
            return entry[0]
        heap.pop()
    return None


def _stands(state: State, entry: Entry) -> bool:
    """Whether the row still waits for that very time."""
    due_ms, kind, key = entry
    if kind == "timer":
        timer = state.timers.get(key)
        return timer is not None and timer.due_ms == due_ms
    if kind == "message":
        return key in state.messages
    job = state.jobs.get(key)
    if job is None:
        return False
    if kind == "deadline":
        return job.state is JobState.ACTIVATED and job.deadline_ms == due_ms
    return job.state is JobState.FAILED and job.recur_ms == due_ms


def _banned(state: State, kind: str, key: int) -> bool:
    if not state.banned or kind == "message":
        return False
    if kind == "timer":
        owner = state.elements.get(state.timers[key].element_instance_key)
        return owner is not None and owner.process_instance_key in state.banned
    return state.jobs[key].process_instance_key in state.banned
