"""From a file to pages: pictures to be recognised, or text that a PDF already carries."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from lienthong.reading.picture import Grey, as_grey, decode
from lienthong.reading.result import Box, Line

RENDER_DPI = 200
LARGEST_RENDER = 4000  # pixels of the longer side, whatever the page's size in points
COLUMN_GAP = 2.5  # letter heights between two columns of one line
ENOUGH_LETTERS = 40  # fewer letters in the text layer: a stamp or page number on a scan, so the picture is read

Corners = tuple[float, float, float, float]  # left, bottom, right, top in points


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
    text = page.get_textpage()
    try:
        letters = [
            (chr(pdfium.FPDFText_GetUnicode(text.raw, number)), text.get_charbox(number))
            for number in range(text.count_chars())
        ]
    finally:
        text.close()
    if sum(letter.isalpha() for letter, _box in letters) < ENOUGH_LETTERS:
        return ()
    width, height = page.get_size()
    return tuple(layer_line(piece, width, height) for piece in pieces_of(letters) if piece)


def pieces_of(letters: list[tuple[str, Corners]]) -> list[list[tuple[str, Corners]]]:
    """pdfium sets line breaks between lines; wide gaps part the columns of one line."""
    pieces: list[list[tuple[str, Corners]]] = [[]]
    for letter, corners in letters:
        last = pieces[-1][-1][1] if pieces[-1] else None
        if letter in "\r\n":
            pieces.append([])
            continue
        size = corners[3] - corners[1]
        if last is not None and size > 0 and corners[0] - last[2] > COLUMN_GAP * max(size, last[3] - last[1]):
            pieces.append([])
        if letter.strip() or pieces[-1]:
            pieces[-1].append((letter, corners if size > 0 or last is None else last))
    return pieces


def layer_line(piece: list[tuple[str, Corners]], width: float, height: float) -> Line:
    text = " ".join(unicodedata.normalize("NFC", "".join(letter for letter, _corners in piece)).split())
    corners = [entry for letter, entry in piece if letter.strip()]
    left, bottom = min(c[0] for c in corners), min(c[1] for c in corners)
    right, top = max(c[2] for c in corners), max(c[3] for c in corners)
    box = Box(left / width, 1 - top / height, (right - left) / width, (top - bottom) / height)
    return Line(text, 1.0, box, (1.0,) * len(text))
