"""The gate for uploads: what a file is, is decided by its content; what it may be called, by a short list of rules.

Nothing is decoded in full before its size is known, so a small file that unfolds to gigabytes stays small.
Refusals carry a code and a sentence for citizens in Vietnamese and English.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass

from PIL import Image, ImageFile

from lienthong.reading.pdf_check import check_pdf
from lienthong.reading.refusals import UploadRefused, refuse

DEFAULT_LIMIT_BYTES = 20 * 1024 * 1024
LARGEST_PICTURE = 60_000_000  # pixels; A4 at 600 dpi has 35 million
LONGEST_SIDE = 20_000  # pixels
LONGEST_NAME_BYTES = 255  # what file systems take
LONGEST_STEM = 100
ENDINGS = {"application/pdf": (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}
FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')

__all__ = ["CheckedUpload", "UploadRefused", "check_upload", "clean_name"]


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """What may be stored: a safe name, the true type, the content's hash in hex, and the number of pages."""

    file_name: str
    content_type: str
    sha256: str
    pages: int


def check_upload(name: str, content: bytes, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> CheckedUpload:
    """Accept the file or raise ``UploadRefused``; pure, so nothing is half stored."""
    if not content:
        raise refuse("empty")
    if len(content) > limit_bytes:
        raise refuse("too-large", limit=limit_bytes // (1024 * 1024))
    content_type = type_of(content)
    file_name = clean_name(name, content_type)
    pages = check_pdf(content) if content_type == "application/pdf" else check_picture(content)
    return CheckedUpload(file_name, content_type, hashlib.sha256(content).hexdigest(), pages)


def type_of(content: bytes) -> str:
    """By the first bytes; the PDF mark must be first too, because readers disagree about files with a preface."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    raise refuse("wrong-type")


def clean_name(name: str, content_type: str) -> str:
    """NFC with Vietnamese letters kept; names made to deceive are refused rather than repaired."""
    text = unicodedata.normalize("NFC", name).strip()
    if "/" in text or "\\" in text or text in {"", ".", ".."}:
        raise refuse("name-path")
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in text):
        raise refuse("name-characters")
    if len(text.encode()) > LONGEST_NAME_BYTES:
        raise refuse("name-long")
    stem, dot, ending = text.rpartition(".")
    known = {suffix for suffixes in ENDINGS.values() for suffix in suffixes}
    if not dot:
        stem, ending = text, ""
    elif f".{ending.lower()}" not in known:
        raise refuse("name-ending")
    stem = FORBIDDEN_IN_NAMES.sub("_", " ".join(stem.split())).strip(" .")[:LONGEST_STEM] or "tep"
    fitting = f".{ending.lower()}" if f".{ending.lower()}" in ENDINGS[content_type] else ENDINGS[content_type][0]
    return stem + fitting


def check_picture(content: bytes) -> int:
    """Size from the header first; then a JPEG is decoded at an eighth and a PNG's checksums are compared."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            width, height = picture.size
            if width * height > LARGEST_PICTURE or max(width, height) > LONGEST_SIDE:
                raise refuse("too-many-pixels", limit=LARGEST_PICTURE // 1_000_000)
            if min(width, height) < 50:
                raise refuse("too-small")
            read_through(picture)
    except UploadRefused:
        raise
    except Image.DecompressionBombError as error:
        raise refuse("too-many-pixels", limit=LARGEST_PICTURE // 1_000_000) from error
    except Exception as error:  # Pillow raises OSError, SyntaxError, ValueError, struct.error… on broken files
        raise refuse("broken-picture") from error
    return 1


def read_through(picture: ImageFile.ImageFile) -> None:
    """Raise when the picture is cut off."""
    if picture.format == "PNG":
        picture.verify()
        return
    picture.draft("L", (max(1, picture.size[0] // 8), max(1, picture.size[1] // 8)))
    picture.load()
