"""``lienthong verify-audit``: recompute the chain of the audit and name the first broken entry."""

from lienthong.dossiers import audit
from lienthong.dossiers.database import create_database, session_scope
from lienthong.settings import settings


def run(_arguments: list[str]) -> int:
    """0 when every entry follows from the one before."""
    with session_scope(create_database(settings().database_url)) as session:
        broken = audit.verify(session)
    print("The audit is whole." if broken is None else f"The audit is broken at entry {broken}.")
    return 0 if broken is None else 1
