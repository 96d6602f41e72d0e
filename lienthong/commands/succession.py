"""``lienthong succession``: move open dossiers from authorities that have ended to their successors.

Run it after ``law/authorities.yaml`` names the successors and the day has come; ``--dry-run`` only counts. Repeating it
moves nothing. Where the installation's law stands on an earlier day, nothing has ended and nothing moves.
"""

import argparse
from datetime import UTC, datetime

from sqlmodel import Session

from lienthong.dossiers import succession
from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.dossiers.law import load_law
from lienthong.settings import settings


def run(arguments: list[str]) -> int:
    """0 when every open dossier stands with bodies that exist."""
    parser = argparse.ArgumentParser(prog="lienthong succession", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="only say which dossiers would move")
    given = parser.parse_args(arguments)
    law = load_law(settings().law_dir, settings().bpmn_dir, settings().law_date)
    engine = create_database(settings().database_url)
    upgrade(engine)
    now = datetime.now(UTC)
    if given.dry_run:
        with Session(engine) as session:
            moved = succession.move_open_dossiers(session, law, now)
            session.rollback()
    else:
        with session_scope(engine) as session:
            moved = succession.move_open_dossiers(session, law, now, "quản trị")
    engine.dispose()
    for code in moved:
        print(code)
    print(f"{len(moved)} {'would move' if given.dry_run else 'moved'}.")
    return 0
