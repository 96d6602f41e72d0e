"""No deadline moves, forward or backward, without an entry that names its ground."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session

from lienthong.dossiers import acceptance, tracking
from lienthong.dossiers.database import create_database, upgrade
from lienthong.dossiers.errors import Conflict, Invalid
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.tables import Branch, Dossier

ROOT = Path(__file__).parents[2]
FILED = datetime(2023, 1, 3, 8, 0, tzinfo=ZONE)
GROUNDS = ("re-appointment", "supplement", "pause")


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, law: Law) -> Iterator[Engine]:
    engine = create_database(f"sqlite:///{tmp_path_factory.mktemp('deadlines') / 'domain.sqlite3'}")
    upgrade(engine)
    with Session(engine) as session:
        law.sync_authorities(session)
        session.commit()
    yield engine
    engine.dispose()


def file_karaoke(session: Session, law: Law) -> Dossier:
    bundle = law.bundle("karaoke")
    dossier = Dossier(code="thu", filing_token="thu", bundle_id=bundle.id, bundle_version=bundle.version)
    dossier.applicant_name, dossier.access_token, dossier.filed_at = "Nguyễn Văn Thử", "thu", FILED
    dossier.options = dict(bundle.defaults())
    session.add(dossier)
    session.flush()
    for code in bundle.active_procedures(dossier.options):
        authority = law.authority_for(code, "city", FILED.date())
        session.add(Branch(dossier_id=dossier.id, procedure_code=code, procedure_id=code, authority_id=authority))
    session.flush()
    return dossier


def act(session: Session, law: Law, random_: random.Random, now: datetime) -> None:
    """One act that may set or move a deadline."""
    kind = random_.choice(("plan", "start", "branch", "move", "move"))
    subject = random_.choice((None, "K4", "K5a", "K5"))
    if kind == "plan":
        acceptance.plan_deadlines(session, law, tracking.require(session, "thu"), now, "acceptance")
    elif kind == "start":
        acceptance.set_deadline(session, law, "thu", None, now)
    elif kind == "branch":
        acceptance.set_deadline(session, law, "thu", random_.choice(("K4", "K5a")), now)
    else:
        to = now + timedelta(hours=random_.randint(-50, 800))
        acceptance.move_deadline(session, law, "thu", subject, to, random_.choice(GROUNDS), "canbo", now)


def dues(session: Session) -> dict[str, datetime | None]:
    dossier = tracking.require(session, "thu")
    rows = {branch.procedure_code: branch.due_at for branch in tracking.branches(session, dossier.id)}
    return {"": dossier.due_at, **rows}


@pytest.mark.parametrize("seed", range(25))
def test_every_change_of_a_deadline_is_an_entry_with_its_ground(database: Engine, law: Law, seed: int) -> None:
    random_ = random.Random(seed)
    with Session(database, expire_on_commit=False) as session:
        dossier = file_karaoke(session, law)
        seen, known, now = dues(session), 0, FILED
        for _ in range(12):
            now += timedelta(hours=random_.randint(1, 30))
            try:
                act(session, law, random_, now)
            except (Conflict, Invalid):
                continue
            entries = acceptance.deadline_entries(session, dossier.id)
            changed = dues(session)
            fresh = {entry.branch_code: entry for entry in entries[known:]}
            for subject, due_at in changed.items():
                if due_at != seen[subject]:
                    assert fresh[subject].due_at == due_at
                    assert fresh[subject].ground
            seen, known = changed, len(entries)
        session.rollback()
