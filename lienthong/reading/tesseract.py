"""The other engine: Tesseract through tesserocr, with Debian's Vietnamese data when it is on the machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import cv2
from PIL import Image

from lienthong.reading.detection import Piece, reading_order
from lienthong.reading.engine import EngineMissing
from lienthong.reading.picture import Grey
from lienthong.reading.result import Box, Line

DATA_FOLDERS = ("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/usr/local/share/tessdata", "/opt/homebrew/share")
LANGUAGE = "vie"
LINE_DISCOUNT = 0.9  # the figure is a mean over the line: it hides the one wrong letter that matters


def data_folder() -> Path:
    """The folder that holds the Vietnamese data, newest version first."""
    wanted = f"{LANGUAGE}.traineddata"
    for root in DATA_FOLDERS:
        found = sorted(Path(root).rglob(wanted), reverse=True) if Path(root).is_dir() else []
        if found:
            return found[0].parent
    raise EngineMissing(f"Expected {wanted} (Debian: tesseract-ocr-vie), but found it in none of the usual folders")


class TesseractEngine:
    """One Tesseract instance; one a process."""

    name = "tesseract"

    def __init__(self) -> None:
        os.putenv("OMP_THREAD_LIMIT", "1")  # read by the C library when it loads: one thread a process
        import tesserocr

        self._module: Any = tesserocr
        self._tesseract = tesserocr.PyTessBaseAPI(
            path=str(data_folder()), lang=LANGUAGE, psm=tesserocr.PSM.AUTO, oem=tesserocr.OEM.LSTM_ONLY
        )

    def read(self, page: Grey) -> list[Line]:
        height, width = page.shape
        self._tesseract.SetPageSegMode(self._module.PSM.AUTO)
        self._tesseract.SetImage(Image.fromarray(page))
        self._tesseract.SetSourceResolution(150)
        self._tesseract.Recognize()
        found: dict[Piece, tuple[str, float]] = {}
        for entry in self._module.iterate_level(self._tesseract.GetIterator(), self._module.RIL.TEXTLINE):
            corners, text = entry.BoundingBox(self._module.RIL.TEXTLINE), self._text(entry)
            if corners and text:
                found[Piece(*corners)] = (text, entry.Confidence(self._module.RIL.TEXTLINE) / 100 * LINE_DISCOUNT)
        return [
            Line(
                found[piece][0],
                found[piece][1],
                Box(piece.left / width, piece.top / height, piece.width / width, piece.height / height),
            )
            for piece in reading_order(list(found))
        ]

    def _text(self, entry: Any) -> str:
        try:
            return " ".join(entry.GetUTF8Text(self._module.RIL.TEXTLINE).split())
        except RuntimeError:  # tesserocr's answer for a line without letters
            return ""

    def read_again(self, page: Grey, box: Box) -> str:
        """The place alone, twice as large."""
        height, width = page.shape
        margin = round(box.height * height * 0.15)
        top, bottom = max(0, round(box.y * height) - margin), round((box.y + box.height) * height) + margin
        cut = page[top:bottom, round(box.x * width) : round((box.x + box.width) * width)]
        if cut.size == 0:
            return ""
        framed = cv2.copyMakeBorder(cut, 10, 10, 10, 10, cv2.BORDER_CONSTANT, value=(255,))
        self._tesseract.SetPageSegMode(self._module.PSM.SINGLE_LINE)
        self._tesseract.SetImage(Image.fromarray(cv2.resize(framed, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)))
        return " ".join(self._tesseract.GetUTF8Text().split())
