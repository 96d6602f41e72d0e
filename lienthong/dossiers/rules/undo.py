"""When a completion may still be taken back [I]: what has left the house or bears a signature may not.

A signature takes effect when it is given, and a result handed over is in the applicant's hands; everything else is a
step inside the authority, and holding it for some seconds takes nothing from anybody.
"""

from typing import Final

FINAL_OUTCOMES: Final = frozenset({"sign"})
FINAL_ELEMENTS: Final = frozenset({"hand-over-result"})
NEEDS_GROUND: Final = frozenset({"refuse", "supplement"})


def may_undo(element_id: str, outcome: str) -> bool:
    """Whether a completion of this step with this outcome may be held and undone."""
    return element_id not in FINAL_ELEMENTS and outcome not in FINAL_OUTCOMES


def lacks_ground(outcome: str, note: str) -> bool:
    """Whether a refusal or a request for a supplement comes without its reason (NĐ 61/2018 art. 17, 19)."""
    return outcome in NEEDS_GROUND and not note.strip()
