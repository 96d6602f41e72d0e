"""Sample papers: a form with what it has to say and made-up entries, so that an applicant sees what is meant."""

from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

TEMPLATE: Final = Path(__file__).parent / "templates" / "sample-form.typ"


@lru_cache(maxsize=128)
def sample_form(name_vi: str, name_en: str, procedure: str, basis: str, bundle: str) -> bytes:
    """One A4 page as PDF."""
    inputs = {"name": name_vi, "english": name_en, "procedure": procedure, "basis": basis, "bundle": bundle}
    content = typst.compile(str(TEMPLATE), format="pdf", sys_inputs=inputs, ignore_system_fonts=True, timestamp=0)
    if not isinstance(content, bytes):
        raise TypeError(f"Expected the bytes of one PDF, but got {type(content).__name__}.")
    return content
