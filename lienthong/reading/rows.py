"""Rows of a page as running text, each letter still knowing how sure it is and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.reading.folding import fold
from lienthong.reading.result import Box, Line, Page


@dataclass(frozen=True, slots=True)
class Span:
    """A run of letters of one row: its text, its least certain letter, its place."""

    text: str
    certainty: float
    page: int
    box: Box
    parts: tuple[tuple[str, Box], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces that stand beside each other, joined by two spaces (labels never contain two)."""

    page: int
    pieces: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "  ".join(piece.text for piece in self.pieces)

    @property
    def folded(self) -> str:
        return fold(self.text)

    @property
    def left(self) -> float:
        return self.pieces[0].box.x

    @property
    def right(self) -> float:
        return max(piece.box.x + piece.box.width for piece in self.pieces)

    def span(self, start: int, end: int) -> Span:
        """The part from ``start`` to ``end`` of the row's text, trimmed of blanks."""
        text = self.text[start:end]
        start, end = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        certainty, boxes, offset = 1.0, [], 0
        for piece in self.pieces:
            first, last = max(start - offset, 0), min(end - offset, len(piece.text))
            if first < last:
                certainty = min(certainty, piece.certainty_of(first, last))
                boxes.append(part_of(piece, first, last))
            offset += len(piece.text) + 2
        box, text = around(boxes, self.pieces[0].box), self.text[start:end]
        return Span(text, certainty if boxes else 0.0, self.page, box, ((text, box),))


def part_of(piece: Line, first: int, last: int) -> Box:
    """Letters are taken as equally broad: near enough to mark a place for the eye."""
    step = piece.box.width / max(1, len(piece.text))
    return Box(piece.box.x + first * step, piece.box.y, (last - first) * step, piece.box.height)


def around(boxes: list[Box], otherwise: Box) -> Box:
    if not boxes:
        return otherwise
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


def rows_of(page: Page) -> list[Row]:
    """Lines come in reading order; those whose middles are within half a height share a row."""
    rows: list[list[Line]] = []
    for line in page.lines:
        last = rows[-1][-1] if rows else None
        if last and abs(last.box.middle - line.box.middle) < 0.5 * min(last.box.height, line.box.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [Row(page.number, tuple(row)) for row in rows]


def joined(first: Span, second: Span) -> Span:
    """A value that runs on in the next row; its box covers both."""
    text = f"{first.text} {second.text}"
    box = around([first.box, second.box], first.box)
    return Span(text, min(first.certainty, second.certainty), first.page, box, first.parts + second.parts)
