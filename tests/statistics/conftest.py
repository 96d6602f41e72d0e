"""The law, and makers of plain records: a dossier that was filed online and ended early, unless told otherwise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.statistics.records import BranchRecord, DossierRecord

ROOT = Path(__file__).parents[2]
Maker = Callable[..., DossierRecord]


@pytest.fixture(scope="session")
def law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


DUE = at("2023-03-10T17:00")
ENDS = {"early": at("2023-03-08T10:00"), "on_time": at("2023-03-10T17:00"), "late": at("2023-03-14T09:00")}
PLAIN = DossierRecord(
    code="1",
    bundle_id="karaoke",
    channel="online",
    delivery="online",
    filed_at=at("2023-03-01T08:00"),
    accepted_at=at("2023-03-01T08:30"),
    due_at=DUE,
    finished_at=ENDS["early"],
    supplements=0,
    desk_visits=0,
    synced=True,
    paid=True,
    paid_online=True,
    components=4,
    components_digital=4,
    components_reused=1,
    apology_before_due=False,
    branches=(),
)


@pytest.fixture
def dossier() -> Maker:
    """A record by its code and end; ``branches`` maps procedure → (authority, officer, end)."""

    def make(
        code: str, end: str = "early", branches: dict[str, tuple[str, str, str]] | None = None, **changes: Any
    ) -> DossierRecord:
        given = branches or {"K4": ("bd-ca-huyen", "an", end), "K5": ("bd-svhtt", "binh", end)}
        records = tuple(
            BranchRecord(name, authority, officer, PLAIN.accepted_at, DUE, ENDS[how])
            for name, (authority, officer, how) in given.items()
        )
        return replace(PLAIN, code=code, finished_at=ENDS[end], branches=records, **changes)

    return make
