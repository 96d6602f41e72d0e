"""Where the lines of text are: RapidOCR's detection network, run straight on onnxruntime.

The package itself is not imported: its start-up would load three models and their settings; we need one.
The network paints a map of text; each connected patch, grown back to the full letters, is one piece of a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime

from lienthong.reading.engine import EngineMissing
from lienthong.reading.picture import Grey

DETECTION_SIDE = 960  # pixels of the longer side that the network sees
TEXT_THRESHOLD, PATCH_THRESHOLD = 0.3, 0.5
GROWTH = 2.0  # the network paints letters' cores; area * growth / perimeter gives them back their edges


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line in pixels of the page."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left


def package_file(package: str, *parts: str) -> Path:
    """A data file inside an installed package, found without importing it."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise EngineMissing(f"Expected the package {package} to be installed, but it is not")
    path = Path(found.origin).parent.joinpath(*parts)
    if not path.exists():
        raise EngineMissing(f"Expected {'/'.join(parts)} inside {package}, but it is not there")
    return path


def one_thread_session(path: Path) -> Any:
    """One thread a process: the pool has as many processes as it may use cores. No arena, so memory goes back."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class LineDetector:
    """Finds pieces of lines on a prepared page."""

    def __init__(self) -> None:
        self._session = one_thread_session(package_file("rapidocr", "models", "PP-OCRv6_det_small.onnx"))
        self._input = self._session.get_inputs()[0].name

    def find(self, page: Grey) -> list[Piece]:
        height, width = page.shape
        ratio = DETECTION_SIDE / max(height, width)
        size = (max(32, round(width * ratio / 32) * 32), max(32, round(height * ratio / 32) * 32))
        seen = cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 127.5 - 1
        batch = np.repeat(seen[None, None], 3, axis=1)
        painted = self._session.run(None, {self._input: batch})[0][0, 0]
        mask = (painted > TEXT_THRESHOLD).astype(np.uint8)
        outlines = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
        pieces = [self._piece(outline, painted, (width / size[0], height / size[1])) for outline in outlines]
        return [clipped(piece, page) for piece in pieces if piece is not None]

    @staticmethod
    def _piece(outline: Any, painted: Any, stretch: tuple[float, float]) -> Piece | None:
        left, top, width, height = cv2.boundingRect(outline)
        if min(width, height) < 3 or painted[top : top + height, left : left + width].mean() < PATCH_THRESHOLD:
            return None
        grow = width * height * GROWTH / (2 * (width + height))
        return Piece(
            round((left - grow) * stretch[0]),
            round((top - grow) * stretch[1]),
            round((left + width + grow) * stretch[0]),
            round((top + height + grow) * stretch[1]),
        )


def clipped(piece: Piece, page: Grey) -> Piece:
    height, width = page.shape
    return Piece(max(0, piece.left), max(0, piece.top), min(width, piece.right), min(height, piece.bottom))


def reading_order(pieces: list[Piece]) -> list[Piece]:
    """Rows from above, in a row from the left: pieces whose middles are closer than half a line share a row."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda entry: entry.top + entry.bottom):
        middle = (piece.top + piece.bottom) / 2
        last = rows[-1][-1] if rows else None
        if last and abs(middle - (last.top + last.bottom) / 2) < 0.5 * min(piece.height, last.height):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda entry: entry.left)]
