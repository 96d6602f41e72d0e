"""Bar codes and QR codes on a picture or PDF: what a counter's camera or scanner saw."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from lienthong.reading.pdfium_lock import PDFIUM

PAGES: Final = 3
WIDTH_PX: Final = 1600
PIXEL_LIMIT: Final = 100_000_000
_POINTS_LIMIT: Final = 20_000


def codes_on(content: bytes) -> list[str]:
    """The texts of all codes on the first pages, each once; none for what cannot be read as a picture."""
    found: dict[str, None] = {}
    for picture in _pictures(content):
        for code in zxingcpp.read_barcodes(picture):
            if code.valid and code.text:
                found.setdefault(code.text)
    return list(found)


def _pictures(content: bytes) -> Iterator[Image.Image]:
    if content.startswith(b"%PDF"):
        yield from _pdf_pictures(content)
        return
    try:
        picture = Image.open(io.BytesIO(content))
        if picture.width * picture.height <= PIXEL_LIMIT:
            yield ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError):
        return


def _pdf_pictures(content: bytes) -> list[Image.Image]:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            return []
        try:
            return [_rendered(document[number]) for number in range(min(PAGES, len(document)))]
        finally:
            document.close()


def _rendered(page: pypdfium2.PdfPage) -> Image.Image:
    wide, high = page.get_size()
    fits = 0 < wide <= _POINTS_LIMIT and 0 < high <= _POINTS_LIMIT and high / wide < 10
    picture: Image.Image = page.render(scale=WIDTH_PX / wide if fits else 0.1).to_pil()
    return picture.convert("RGB")
