"""Full-text search over dossiers: Vietnamese with and without diacritics, newest first, page by page.

SQLite asks FTS5, PostgreSQL a GIN index over ``tsvector``; both hold the same folded text, which triggers keep. The
authorities that take part in a dossier are words of that text, so that a clerk's search walks only what the clerk may
see. Ids grow with the time of filing: the newest hits come first without sorting all hits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlmodel import Session, col, select

from lienthong.dossiers.rules.folding import authority_word, words
from lienthong.dossiers.tables import Dossier

LONGEST_QUERY_WORDS: Final = 8
SQLITE: Final = """
SELECT dossier_text.id, dossier_text.dossier_id
FROM dossier_text_index JOIN dossier_text ON dossier_text.id = dossier_text_index.rowid
WHERE dossier_text_index MATCH :query AND dossier_text_index.rowid < :before
ORDER BY dossier_text_index.rowid DESC LIMIT :limit
"""
POSTGRESQL: Final = """
SELECT id, dossier_id FROM dossier_text
WHERE to_tsvector('simple', text) @@ to_tsquery('simple', :query) AND id < :before AND id >= :least
ORDER BY id DESC LIMIT :limit
"""
NEWEST_FIRST: Final = 60_000  # dossiers that PostgreSQL looks through first: a common word fills a page from them
_NEWEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some dossiers, newest first, and where the next page begins (0 at the end)."""

    dossiers: list[Dossier]
    before: int


def find_dossiers(
    session: Session, typed: str, authorities: Collection[str] | None, limit: int = 50, before: int = 0
) -> SearchPage:
    """Dossiers with every word of what was typed (the last may be unfinished) that an authority takes part in.

    ``authorities`` None means all (Provincial Office); nothing typed finds nothing.
    """
    found = words(typed)[:LONGEST_QUERY_WORDS]
    if not found or (authorities is not None and not authorities):
        return SearchPage([], 0)
    postgresql = session.get_bind().dialect.name == "postgresql"
    query = (_tsquery if postgresql else _match)(found, None if authorities is None else sorted(authorities))
    given: dict[str, Any] = {"query": query, "before": min(before or _NEWEST, _NEWEST), "limit": limit + 1}
    rows = _newest_first(session, given) if postgresql else session.execute(text(SQLITE), given).all()
    shown = rows[:limit]
    by_id = {
        dossier.id: dossier
        for dossier in session.exec(select(Dossier).where(col(Dossier.id).in_([row[1] for row in shown]))).all()
    }
    dossiers = [by_id[row[1]] for row in shown if row[1] in by_id]
    return SearchPage(dossiers, int(shown[-1][0]) if len(rows) > limit else 0)


def _newest_first(session: Session, given: dict[str, Any]) -> Sequence[Any]:
    """A page out of the newest dossiers where they fill it; else out of all.

    PostgreSQL has no index that holds both the words and the order: of a common word it would sort all hits.
    """
    last = session.execute(text("SELECT max(id) FROM dossier_text")).scalar() or 0
    least = min(given["before"], last + 1) - NEWEST_FIRST
    if least > 0:
        rows = session.execute(text(POSTGRESQL), {**given, "least": least}).all()
        if len(rows) == given["limit"]:
            return rows
    return session.execute(text(POSTGRESQL), {**given, "least": 0}).all()


def _match(found: list[str], authorities: list[str] | None) -> str:
    parts = [f'"{word}"' for word in found[:-1]] + [f'"{found[-1]}"*']
    if authorities is not None:
        parts.insert(0, "(" + " OR ".join(f'"{authority_word(one)}"' for one in authorities) + ")")
    return " AND ".join(parts)


def _tsquery(found: list[str], authorities: list[str] | None) -> str:
    parts = [*found[:-1], f"{found[-1]}:*"]
    if authorities is not None:
        parts.insert(0, "(" + " | ".join(authority_word(one) for one in authorities) + ")")
    return " & ".join(parts)
