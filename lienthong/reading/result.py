"""What reading hands back: plain data that turns into JSON without loss."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page in shares of its width and height (0 to 1), so that it fits any rendering."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    """One recognised piece of text; ``certainty`` has one figure a character (0 to 1)."""

    text: str
    confidence: float
    box: Box
    certainty: tuple[float, ...] = ()

    def certainty_of(self, start: int, end: int) -> float:
        """The least certain character decides: one wrong digit makes a wrong number."""
        part = self.certainty[start:end] if len(self.certainty) == len(self.text) else ()
        return min(part) if part else self.confidence


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its number from 1, size in pixels as read, lines in reading order."""

    number: int
    width: int
    height: int
    lines: tuple[Line, ...]
    text_layer: bool = False
    codes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class ReadField:
    """One key field: normal form (dates ISO, counts as digits), confidence 0 to 1, page and place."""

    name: str
    value: str
    confidence: float
    page: int
    box: Box
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document as read."""

    kind: str
    kind_confidence: float
    pages: tuple[Page, ...]
    fields: tuple[ReadField, ...]
    text: str
    engine: str
    confidence: float
    seconds: float = 0.0

    def field(self, name: str) -> ReadField | None:
        return next((entry for entry in self.fields if entry.name == name), None)

    def low_confidence(self, threshold: float) -> list[str]:
        """Names of the key fields that an officer must look at beside the picture."""
        return [entry.name for entry in self.fields if entry.confidence < threshold]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
