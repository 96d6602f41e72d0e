"""Scanned pages for the demonstration: for each kind of paper that the law asks for, a labelled sample."""

from lienthong.dossiers.law import Law
from lienthong.reading.samples import sample_kinds, sample_page

FALLBACK = "project-proposal"


def papers_for(law: Law, condition: str) -> dict[str, tuple[str, bytes]]:
    """Kind of paper → (file name, content); a kind without a sample of its own gets a general page."""
    known = set(sample_kinds())
    kinds = {rule.kind for procedure in law.procedures for rule in procedure.components}
    pages = {}
    for kind in sorted(kinds):
        name, content = sample_page(kind if kind in known else FALLBACK, condition)
        suffix = name.rsplit(".", 1)[1]
        pages[kind] = (f"{kind}.{suffix}", content)
    return pages
