"""One page of a paper as a PNG: PDF through pdfium, pictures through Pillow, turned as the camera noted."""

import io

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from lienthong.reading.pdfium_lock import PDFIUM

_POINTS_LIMIT = 20_000
PIXEL_LIMIT = 100_000_000


class NoSuchPage(Exception):
    """The document has no page of that number, or no picture can be made of it."""


def page_as_png(content: bytes, content_type: str, page: int, width: int) -> bytes:
    """Page ``page`` (from 1) as PNG at most ``width`` pixels wide."""
    picture = (
        _pdf_page(content, page, width) if content_type == "application/pdf" else _image_page(content, page, width)
    )
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG", compress_level=3)
    return out.getvalue()


def _pdf_page(content: bytes, page: int, width: int) -> Image.Image:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as failure:
            raise NoSuchPage from failure
        try:
            if not 1 <= page <= len(document):
                raise NoSuchPage
            sheet = document[page - 1]
            wide, high = sheet.get_size()
            if wide <= 0 or high <= 0 or wide > _POINTS_LIMIT or high > _POINTS_LIMIT:
                raise NoSuchPage
            scale = width / wide
            if width * high * scale > PIXEL_LIMIT:
                raise NoSuchPage
            picture: Image.Image = sheet.render(scale=scale).to_pil()
            return picture
        finally:
            document.close()


def _image_page(content: bytes, page: int, width: int) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content))
        if picture.width * picture.height > PIXEL_LIMIT or not 1 <= page <= getattr(picture, "n_frames", 1):
            raise NoSuchPage
        picture.seek(page - 1)
        turned = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, EOFError) as failure:
        raise NoSuchPage from failure
    if turned.width > width:
        turned = turned.resize((width, max(1, round(turned.height * width / turned.width))), Image.Resampling.LANCZOS)
    return turned
