"""Drive one dossier to its end, or to where the demonstration wants it left."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from lienthong.demonstration.actors import ActorFailed, Applicant, Officer
from lienthong.demonstration.plays import variables_of

Stop = Callable[[], bool]
POLL_SECONDS = 0.4


def element_of(task: Mapping[str, Any]) -> str:
    """The element id of a task."""
    return str(task["elementId"])


def handle(
    code: str,
    applicant: Applicant,
    officers: list[Officer],
    ended: Stop,
    seconds: float,
    say: Callable[[str], None],
    leave: Callable[[str], bool] = lambda element_id: False,
    pays: bool = True,
) -> None:
    """Complete every task of the dossier and pay what it owes until ``ended``. Raises ActorFailed when time is up.

    ``leave(element id)`` says which task stays untouched: the dossier then waits there, and this returns.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ended():
            return
        moved = False
        if applicant.owes(code):
            if not pays:
                return
            applicant.pay(code)
            say("paid")
            moved = True
        for officer in officers:
            for task in officer.tasks(code):
                if leave(element_of(task)):
                    return
                officer.complete(task, variables_of(element_of(task)))
                say(f"{task['name']} ({officer.username})")
                moved = True
        if not moved:
            time.sleep(POLL_SECONDS)
    raise ActorFailed(f"Expected dossier {code} to move on within {seconds:.0f} s, but it waits. See the console.")
