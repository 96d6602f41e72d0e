"""What the people of the demonstration file, and how officers decide: one play a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Play:
    """One dossier to be filed: by whom, with which answers and on which quality of scan."""

    bundle_id: str
    applicant: str
    answers: Mapping[str, Any]
    delivery: str = "online"
    condition: str = "scanned"
    outcomes: Mapping[str, str] = field(default_factory=dict)


PLAYS: dict[str, Play] = {
    "karaoke": Play(
        "karaoke",
        "doanhnghiep",
        {
            "area": "city",
            "roomCount": 5,
            "needsRegistration": False,
            "needsFireDesign": False,
            "needsCriminalRecord": True,
        },
    ),
    "justice-employment": Play(
        "justice-employment", "doanhnghiep", {"demandExempt": False, "permitExempt": False}, condition="bad"
    ),
    "investment": Play(
        "investment",
        "doanhnghiep",
        {"insideZone": True, "landPriceCase": "table", "needsClearance": False},
        condition="clean",
    ),
}

OUTCOMES = {"check-dossier": "accept", "appraise": "approve", "decide": "sign"}


def variables_of(element_id: str) -> dict[str, Any]:
    """What the officer of this step enters: the way that leads to a result."""
    outcome = OUTCOMES.get(element_id)
    return {"note": "Trình diễn"} if outcome is None else {"outcome": outcome, "note": "Trình diễn"}
