"""The one interface behind which recognition engines stand."""

from __future__ import annotations

from typing import Protocol

from lienthong.reading.picture import Grey
from lienthong.reading.result import Box, Line


class RecognitionEngine(Protocol):
    """Reads a prepared page; ``read_again`` looks at one place once more, drawn differently."""

    @property
    def name(self) -> str: ...

    def read(self, page: Grey) -> list[Line]: ...

    def read_again(self, page: Grey, box: Box) -> str: ...


class EngineMissing(Exception):
    """The engine's program or data is not on this machine."""


def create_engine(name: str) -> RecognitionEngine:
    """The engine named in the settings: ``aster`` (default) or ``tesseract``."""
    if name == "tesseract":
        from lienthong.reading.tesseract import TesseractEngine

        return TesseractEngine()
    if name == "aster":
        from lienthong.reading.aster import AsterEngine

        return AsterEngine()
    raise EngineMissing(f"Expected a recognition engine 'aster' or 'tesseract', but got {name!r}")
