"""``lienthong verify-audit``: recompute the chain of the audit and name the first broken entry."""

from lienthong.dossiers import audit
from lienthong.dossiers.database import create_database, read_scope
from lienthong.settings import settings


def run(_arguments: list[str]) -> int:
    """0 when every entry follows from the one before."""
    with read_scope(create_database(settings().database_url)) as session:
        report = audit.verify(session)
    if report.ok:
        print(f"The audit is whole: {report.entries} entries, each chained to the one before.")
        return 0
    print(f"The audit is broken at entry {report.broken_at}: it does not follow from the one before.")
    return 1
