"""From a file to pages: pictures to be recognised, or text that a PDF already carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2

from lienthong.reading.picture import Grey, as_grey, decode
from lienthong.reading.result import Box, Line

RENDER_DPI = 200
LARGEST_RENDER = 4000  # pixels of the longer side, whatever the page's size in points
ENOUGH_LETTERS = 40  # fewer letters in the text layer: a stamp or page number on a scan, so the picture is read


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page before reading: its picture, or the lines of its text layer (then the picture only serves codes)."""

    picture: Grey
    lines: tuple[Line, ...] = ()


def raw_pages(content: bytes, content_type: str) -> Iterator[RawPage]:
    """Pages one after the other, so that only one is in memory."""
    if content_type != "application/pdf":
        yield RawPage(decode(content))
        return
    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(len(document)):
            page = document[number]
            yield RawPage(render(page), text_layer(page))
            page.close()
    finally:
        document.close()


def render(page: Any) -> Grey:
    scale = min(RENDER_DPI / 72, LARGEST_RENDER / max(page.get_size()))
    bitmap = page.render(scale=scale, grayscale=True)
    picture = bitmap.to_numpy()
    return as_grey(np.array(picture[:, :, 0] if picture.ndim == 3 else picture))


def text_layer(page: Any) -> tuple[Line, ...]:
    """Lines of the text layer with their places, or nothing when the page is a scan."""
    width, height = page.get_size()
    text = page.get_textpage()
    try:
        pieces = []
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            words = " ".join(text.get_text_bounded(left, bottom, right, top).split())
            if words:
                box = Box(left / width, 1 - top / height, (right - left) / width, (top - bottom) / height)
                pieces.append(Line(words, 1.0, box, (1.0,) * len(words)))
    finally:
        text.close()
    letters = sum(letter.isalpha() for piece in pieces for letter in piece.text)
    return tuple(pieces) if letters >= ENOUGH_LETTERS else ()
