"""The labelled sample pages that come with the project: scans for the demonstration's dossiers and for tests.

The law asks for kinds of paper (``application-form``) or names components (``karaoke-application``); both find the
page that looks like it.
"""

from __future__ import annotations

from pathlib import Path

from lienthong.reading.classify import KINDS

PAGES = Path(__file__).resolve().parent.parent.parent / "samples" / "pages"
CONDITIONS = ("clean", "scanned", "bad", "photo", "text")
ENDINGS = (".jpg", ".png", ".pdf")
# Kinds and component codes of law/procedures.yaml whose paper is one of ours under another name.
ALSO = {
    "application-form": "karaoke-licence-request",
    "karaoke-application": "karaoke-licence-request",
    "security-application": "security-certificate-request",
    "record-declaration": "criminal-record-declaration",
    "personal-id": "identity-card",
    "labour-demand": "labour-demand-report",
    "demand-report": "labour-demand-report",
    "permit-application": "work-permit-request",
    "investment-application": "investment-request",
    "investor-status": "enterprise-registration",
}


class NoSample(LookupError):
    """There is no such page."""


def sample_kinds() -> list[str]:
    """Kinds with pages of their own, and the other names under which they are found."""
    return sorted([*KINDS, *ALSO])


def sample_page(kind: str, condition: str = "scanned") -> tuple[str, bytes]:
    """File name and content; ``condition`` clean, scanned, bad, photo, or text (a PDF with its text, some kinds)."""
    if condition not in CONDITIONS:
        raise NoSample(f"Expected a condition among {', '.join(CONDITIONS)}, but got {condition!r}")
    stem = f"{ALSO.get(kind, kind)}.{condition}"
    for ending in ENDINGS:
        path = PAGES / f"{stem}{ending}"
        if path.exists():
            return path.name, path.read_bytes()
    raise NoSample(f"Expected a sample page {stem}, but there is none in samples/pages")
