"""The default engine: RapidOCR's detection and AsterOCR's recognition, both models inside their wheels.

AsterNet reads one line of 32 pixels height; its positions end at 1021 pixels of width, so wider lines are cut at
their widest gap between words. The package is not imported: only its model and alphabet are used.
"""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np

from lienthong.reading.detection import LineDetector, one_thread_session, package_file, reading_order
from lienthong.reading.picture import Grey
from lienthong.reading.result import Box, Line
from lienthong.reading.syllables import mend

LINE_HEIGHT = 32  # pixels, fixed by the network
WIDEST = 1020  # pixels at that height; one more and the network fails
SQUEEZE = 0.8  # share of the natural width shown to the network: faster, and measured fewer errors than 0.7 or 1.0
AGAIN_SQUEEZE, AGAIN_MARGIN = 0.95, 0.08  # the second look: broader, and cut wider by this share of the height


class AsterEngine:
    """Loads its two models (52 MB) when created; one a process."""

    name = "aster"

    def __init__(self) -> None:
        self._detector = LineDetector()
        self._session = one_thread_session(package_file("asterocr", "assets", "asternet.onnx"))
        alphabet = json.loads(package_file("asterocr", "assets", "vocab.json").read_text(encoding="utf-8"))
        self._alphabet: list[str] = ["" if entry == "<blank>" else entry for entry in alphabet["chars"]]

    def read(self, page: Grey) -> list[Line]:
        height, width = page.shape
        lines = []
        for piece in reading_order(self._detector.find(page)):
            text, certainty = self._recognise(page[piece.top : piece.bottom, piece.left : piece.right])
            text, certainty = mend(machine_readable(text), certainty)
            if text.strip():
                box = Box(piece.left / width, piece.top / height, piece.width / width, piece.height / height)
                lines.append(as_line(text, certainty, box))
        return lines

    def read_again(self, page: Grey, box: Box) -> str:
        """The same place, cut a little wider and drawn a little broader: a sure reading does not change."""
        height, width = page.shape
        margin = round(box.height * height * AGAIN_MARGIN)
        top, bottom = round(box.y * height) - margin, round((box.y + box.height) * height) + margin
        left, right = round(box.x * width), round((box.x + box.width) * width)
        cut = page[max(0, top) : bottom, max(0, left) : right]
        return mend(*self._recognise(cut, AGAIN_SQUEEZE))[0]

    def _recognise(self, cut: Grey, squeeze: float = SQUEEZE) -> tuple[str, list[float]]:
        text, certainty = "", list[float]()
        for part in parts_of(cut, squeeze):
            read, sure = self._recognise_part(part, squeeze)
            joint = " " if text and read else ""
            text, certainty = text + joint + read, certainty + [1.0] * len(joint) + sure
        return text, certainty

    def _recognise_part(self, cut: Grey, squeeze: float) -> tuple[str, list[float]]:
        width = min(WIDEST, max(32, -(-int(cut.shape[1] * LINE_HEIGHT / cut.shape[0] * squeeze) // 4) * 4))
        shrinking = cut.shape[0] > LINE_HEIGHT
        line = cv2.resize(cut, (width, LINE_HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR)
        batch = np.repeat((line.astype(np.float32) / 127.5 - 1)[None, None], 3, axis=1)
        return self._decode(np.exp(self._session.run(None, {"images": batch})[0][:, 0, :]))

    def _decode(self, chances: Any) -> tuple[str, list[float]]:
        """Greedy CTC: repeats collapse, blanks part; a character is as sure as its best moment."""
        best, peak = chances.argmax(axis=1), chances.max(axis=1)
        text, certainty, previous = [], [], -1
        for moment, index in enumerate(map(int, best)):
            if index and index != previous:
                text.append(self._alphabet[index])
                certainty.append(float(peak[moment]))
            elif index:
                certainty[-1] = max(certainty[-1], float(peak[moment]))
            previous = index
        return "".join(text), certainty


def as_line(text: str, certainty: list[float], box: Box) -> Line:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    kept = tuple(certainty[start:end])
    return Line(text.strip(), sum(kept) / len(kept), box, kept)


def machine_readable(text: str) -> str:
    """A passport's machine-readable line has no small letters: the network takes its fillers ("<") for c."""
    if len(text) < 30 or text.count("<") + text.count("c") < 5 or " " in text.strip():
        return text
    return text.replace("c", "<") if sum(letter.islower() for letter in text) == text.count("c") else text


def parts_of(cut: Grey, squeeze: float) -> list[Grey]:
    """The line in parts that the network can take, each cut in the widest gap of its middle."""
    if cut.shape[1] * LINE_HEIGHT / max(1, cut.shape[0]) * squeeze <= WIDEST:
        return [cut]
    at = widest_gap(cut)
    return [*parts_of(cut[:, :at], squeeze), *parts_of(cut[:, at:], squeeze)]


def widest_gap(cut: Grey) -> int:
    """Column in the middle of the widest run of bare paper between a quarter and three quarters of the line."""
    width = cut.shape[1]
    bare = cut.min(axis=0) > 140
    best: tuple[int, int] = (0, width // 2)
    start: int | None = None
    for column in range(width // 4, 3 * width // 4 + 1):
        if bare[column]:
            start = column if start is None else start
            best = max(best, (column - start + 1, (start + column) // 2))
        else:
            start = None
    return int(best[1])
