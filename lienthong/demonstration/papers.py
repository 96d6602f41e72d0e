"""Scanned pages for the demonstration: for each kind of paper that the law asks for, a labelled sample."""

from lienthong.dossiers.law import Law
from lienthong.reading.samples import sample_kinds, sample_page

FALLBACK = "project-proposal"
APPLICATION_FORMS = {
    "karaoke": "karaoke-licence-request",
    "justice-employment": "work-permit-request",
    "investment": "investment-request",
}


def papers_for(law: Law, bundle_id: str, condition: str) -> dict[str, tuple[str, bytes]]:
    """Kind of paper → (file name, content); a kind without a sample of its own gets a general page."""
    known = set(sample_kinds())
    kinds = {rule.kind for procedure in law.procedures for rule in procedure.components}
    pages = {}
    for kind in sorted(kinds):
        page = APPLICATION_FORMS[bundle_id] if kind == "application-form" else kind
        name, content = sample_page(page if page in known else FALLBACK, condition)
        suffix = name.rsplit(".", 1)[1]
        pages[kind] = (f"{kind}.{suffix}", content)
    return pages
