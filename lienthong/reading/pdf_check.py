"""What a PDF may contain: pages to look at, nothing that runs, nothing hidden, nothing that unfolds without end."""

from __future__ import annotations

import re
import zlib

import pypdfium2
import pypdfium2.raw as pdfium

from lienthong.reading.refusals import UploadRefused, refuse

MOST_PAGES = 100
LARGEST_SIDE_POINTS = 5000  # 176 cm; A0 plans are 3370 points long
LARGEST_PICTURE = 100_000_000  # pixels of one picture inside
LARGEST_UNPACKED = 400 * 1024 * 1024  # bytes of all streams together
# Names may be written with #-escapes; pdfium's own counts find what lies in compressed objects.
ACTIVE = re.compile(rb"/(?:JavaScript|EmbeddedFiles?|Launch|RichMedia|XFA\s*[\[\d])")
TWICE_PACKED = re.compile(rb"/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?\b")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")


def check_pdf(content: bytes) -> int:
    """Number of pages, or ``UploadRefused``."""
    plain = ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), content)
    if re.search(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)", plain):
        raise refuse("encrypted-pdf")
    if ACTIVE.search(plain):
        raise refuse("active-pdf")
    if TWICE_PACKED.search(plain) or unpacked_size(content) > LARGEST_UNPACKED:
        raise refuse("pdf-too-big-inside")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "assword" in str(error)
        raise refuse("encrypted-pdf" if locked else "broken-pdf") from error
    try:
        return check_document(document)
    except pypdfium2.PdfiumError as error:
        raise refuse("broken-pdf") from error
    finally:
        document.close()


def check_document(document: pypdfium2.PdfDocument) -> int:
    if pdfium.FPDF_GetSecurityHandlerRevision(document) != -1:
        raise refuse("encrypted-pdf")
    scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(document)
    attached = pdfium.FPDFDoc_GetAttachmentCount(document)
    dynamic = pdfium.FPDF_GetFormType(document) in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND)
    if scripts > 0 or attached > 0 or dynamic:
        raise refuse("active-pdf")
    pages = len(document)
    if not 1 <= pages <= MOST_PAGES:
        raise refuse("too-many-pages", limit=MOST_PAGES)
    for number in range(pages):
        check_page(document, number)
    return pages


def check_page(document: pypdfium2.PdfDocument, number: int) -> None:
    page = document[number]
    try:
        if max(page.get_size()) > LARGEST_SIDE_POINTS or min(page.get_size()) < 10:
            raise refuse("pdf-too-big-inside")
        for entry in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
            width, height = entry.get_px_size()
            if width * height > LARGEST_PICTURE:
                raise refuse("pdf-too-big-inside")
    finally:
        page.close()


def unpacked_size(content: bytes) -> int:
    """Bytes that the deflated streams unfold to; stops counting above the limit and never keeps what it unpacks."""
    total = 0
    for match in STREAM.finditer(content):
        rest = content[match.end() : match.end() + 2]
        if len(rest) < 2 or rest[0] & 0x0F != 8 or (rest[0] * 256 + rest[1]) % 31:
            continue  # no zlib header: not deflated
        total += unpacked_stream(content, match.end(), LARGEST_UNPACKED - total)
        if total > LARGEST_UNPACKED:
            break
    return total


def unpacked_stream(content: bytes, start: int, allowed: int) -> int:
    unpacker, total, block = zlib.decompressobj(), 0, content[start:]
    try:
        while total <= allowed and not unpacker.eof:
            piece = unpacker.decompress(block, 1 << 20)
            block = unpacker.unconsumed_tail
            total += len(piece)
            if not piece and not block:
                break
    except zlib.error:
        return total
    return total


__all__ = ["UploadRefused", "check_pdf"]
