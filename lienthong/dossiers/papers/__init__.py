"""Papers of the one-stop desk as PDF/A-2b: typst templates in this folder, filled with JSON and a QR code.

Fonts are those that typst carries (Libertinus Serif has all Vietnamese letters), so that a paper looks the same on
every machine; the same data at the same time give the same bytes. ``signing`` signs them, ``verification`` checks.
"""

import io
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import segno
import typst

from lienthong.dossiers.rules.calendar import local

FOLDER: Final = Path(__file__).parent
STANDARD: Final = "a-2b"
_LEFT_OUT: Final = {"place": "", "verify": "", "signer": "", "signed_at": "", "form_set": "", "qr": "", "desk": ""}
_LEFT_OUT_OF_DOSSIER: Final = {"address": "", "phone": "", "email": "", "organisation": "", "components": [], "fee": ""}

_compilers: Final[dict[str, typst.Compiler]] = {}
_compiling: Final = threading.Lock()


def render(template: str, data: Mapping[str, Any], now: datetime) -> bytes:
    """The PDF of ``template`` (name without .typ) for JSON-able ``data``; ``qr`` in the data becomes a code."""
    filled = {**_LEFT_OUT, **_LEFT_OUT_OF_DOSSIER, **data}
    inputs = {"data": json.dumps(filled, ensure_ascii=False), "qr": qr_svg(str(filled["qr"]))}
    with _compiling:
        result = _compiler(template).compile(
            format="pdf", sys_inputs=inputs, pdf_standards=STANDARD, timestamp=int(now.timestamp())
        )
    if not isinstance(result, bytes):
        raise TypeError(f"Expected the bytes of one PDF from {template}, but got {type(result).__name__}.")
    return result


def _compiler(template: str) -> typst.Compiler:
    """The one compiler of a template: it keeps fonts and parsed files, so that a paper takes 5 ms and not 50."""
    if template not in _compilers:
        _compilers[template] = typst.Compiler(
            str(FOLDER / f"{template}.typ"), root=str(FOLDER), ignore_system_fonts=True, sys_inputs={}
        )
    return _compilers[template]


def qr_svg(text: str) -> str:
    """A QR code as SVG, error correction M; empty for no text."""
    if not text:
        return ""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", scale=4, border=1, xmldecl=False)
    return buffer.getvalue().decode()


def moment(at: datetime | None) -> str:
    """A time as papers write it: ``08:05 ngày 03/01/2023``."""
    return "" if at is None else f"{local(at):%H:%M} ngày {local(at):%d/%m/%Y}"


def long_date(at: datetime) -> str:
    """A date as papers write it: ``ngày 03 tháng 01 năm 2023``."""
    day = local(at)
    return f"ngày {day:%d} tháng {day:%m} năm {day:%Y}"


def money(amount: int) -> str:
    """Whole VND as papers write it: ``4.300.000 đồng``."""
    return f"{amount:,}".replace(",", ".") + " đồng"
