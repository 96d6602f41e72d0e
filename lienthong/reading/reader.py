"""Reads a document from its bytes to kind, text and key fields; the one entry for workers and benches."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lienthong.reading.classify import classify
from lienthong.reading.codes import read_codes
from lienthong.reading.confidence import settle
from lienthong.reading.documents import RawPage, raw_pages
from lienthong.reading.engine import RecognitionEngine
from lienthong.reading.evidence import from_codes, from_machine_readable
from lienthong.reading.fields import find_fields
from lienthong.reading.picture import Grey, prepare
from lienthong.reading.result import Box, Page, ReadField, Reading

TEXT_LAYER = "text-layer"


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with the prepared picture it was read from (none for a text layer)."""

    page: Page
    picture: Grey | None


def read_document(content: bytes, content_type: str, engine: RecognitionEngine) -> Reading:
    """Everything about the document; a PDF's own text is taken as it is, only pictures are recognised."""
    started = time.perf_counter()
    read = [read_page(number, raw, engine) for number, raw in enumerate(raw_pages(content, content_type), 1)]
    pages = tuple(entry.page for entry in read)
    text = "\n".join(page.text for page in pages)
    kind, kind_confidence = classify(text)
    fields = key_fields(kind, read, engine)
    lines = [line for page in pages for line in page.lines]
    letters = sum(len(line.text) for line in lines)
    confidence = sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0
    used = TEXT_LAYER if pages and all(page.text_layer for page in pages) else engine.name
    seconds = time.perf_counter() - started
    return Reading(kind, kind_confidence, pages, tuple(fields), text, used, round(confidence, 4), round(seconds, 3))


def read_page(number: int, raw: RawPage, engine: RecognitionEngine) -> ReadPage:
    height, width = raw.picture.shape
    codes = read_codes(raw.picture)
    if raw.lines:
        return ReadPage(Page(number, width, height, raw.lines, text_layer=True, codes=codes), None)
    prepared = prepare(raw.picture)
    lines = tuple(engine.read(prepared))
    return ReadPage(Page(number, prepared.shape[1], prepared.shape[0], lines, codes=codes), prepared)


def key_fields(kind: str, read: list[ReadPage], engine: RecognitionEngine) -> list[ReadField]:
    pages = tuple(entry.page for entry in read)
    pictures = {entry.page.number: entry.picture for entry in read}
    evidence = from_codes(code for page in pages for code in page.codes)
    if kind == "passport":
        evidence |= from_machine_readable("\n".join(page.text for page in pages))

    def again(number: int, box: Box) -> str:
        picture = pictures[number]
        return engine.read_again(picture, box) if picture is not None else ""

    scanned = any(picture is not None for picture in pictures.values())
    return settle(find_fields(kind, pages), evidence, again if scanned else None)
