"""A dossier's timeline in a terminal, and whether it kept to the order of its graph."""

from datetime import datetime

from sqlmodel import select

from lienthong.demonstration.cast import Cast
from lienthong.demonstration.timeline import Step, overlaps, procedures, steps_of
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.law_records import Bundle
from lienthong.dossiers.rules.calendar import local, working_minutes_between
from lienthong.dossiers.tables import Dossier, Task


def print_dossier(cast: Cast, code: str) -> list[Step]:
    """Print element, who, from, to and working time of every step; then what overlapped. Returns the steps."""
    dossier = cast.dossier(code)
    steps = steps_of(cast.engine, str(dossier.process_instance_key), _who(cast, code))
    print(f"  {'element':<58} {'who':<12} {'from':<12} {'to':<12} working time")
    for step in steps:
        minutes = working_minutes_between(cast.law.calendar, step.start, step.end or step.start)
        name = f"{'  ' * step.depth}{step.name}"[:58]
        print(f"  {name:<58} {step.who:<12} {_clock(step.start):<12} {_clock(step.end):<12} {minutes} min")
    for first, second, seconds in overlaps(steps):
        print(f"  ∥ {first.name} beside {second.name}: {seconds:.1f} s together")
    for procedure, needs in cast.law.graph(_bundle(cast, dossier), dossier.options).items():
        if needs:
            print(f"  ⏵ {procedure} waited for {', '.join(needs)}")
    print(f"  = {code}: {dossier.status}, {dossier.delivery_status}", flush=True)
    return steps


def _clock(moment: datetime | None) -> str:
    return "" if moment is None else local(moment).strftime("%H:%M:%S")


def _who(cast: Cast, code: str) -> dict[tuple[str, str], str]:
    with read_scope(cast.database) as session:
        tasks = session.exec(select(Task).where(Task.dossier_code == code)).all()
        return {(task.process_instance_key, task.element_id): task.assignee or "" for task in tasks}


def _bundle(cast: Cast, dossier: Dossier) -> Bundle:
    return cast.law.bundle(dossier.bundle_id, dossier.bundle_version)


def order_faults(cast: Cast, code: str, steps: list[Step]) -> list[str]:
    """Every way in which the dossier did not end well, or a procedure began before a result it needs."""
    dossier = cast.dossier(code)
    faults = (
        []
        if dossier.delivery_status == "handed_over"
        else [f"{code} ended as {dossier.status}, nothing was handed over"]
    )
    calls = procedures(steps)
    graph = cast.law.graph(_bundle(cast, dossier), dossier.options)
    for procedure, needs in graph.items():
        for need in needs:
            after, before = calls.get(procedure), calls.get(need)
            if after and before and (before.end is None or after.start < before.end):
                faults.append(f"{code}: {procedure} began before {need} had ended")
    if len(graph) > 1 and not overlaps(steps):
        faults.append(f"{code}: no two branches ran at the same time")
    return faults
