"""The files of a draft as papers: pictures turned as wished, several pages of one paper joined into one PDF."""

import io
from collections.abc import Iterable
from pathlib import PurePath

from PIL import Image, ImageOps

from lienthong.dossiers.documents import FileUpload
from lienthong.portal.drafts import Draft, DraftFile, DraftFolder

LONGEST_SIDE = 2600  # pixels: about 220 dpi on A4
JPEG_QUALITY = 82
THUMBNAIL = (220, 220)


def uploads_of(folder: DraftFolder, draft: Draft) -> list[FileUpload]:
    """What the draft hands in: PDFs as they are, the pictures of each paper as one file."""
    kinds = dict.fromkeys(file.kind for file in draft.files)
    return [upload for kind in kinds for upload in _of_kind(folder, draft, kind)]


def _of_kind(folder: DraftFolder, draft: Draft, kind: str) -> list[FileUpload]:
    own = [file for file in draft.files if file.kind == kind]
    pictures = [file for file in own if file.is_picture]
    made = [
        FileUpload(kind=kind, file_name=file.file_name, content=folder.content(draft, file))
        for file in own
        if not file.is_picture
    ]
    if len(pictures) == 1 and pictures[0].turned == 0:
        return [
            *made,
            FileUpload(kind=kind, file_name=pictures[0].file_name, content=folder.content(draft, pictures[0])),
        ]
    if pictures:
        pages = (turned(folder.content(draft, file), file.turned) for file in pictures)
        name = f"{PurePath(pictures[0].file_name).stem}.pdf"
        made.append(FileUpload(kind=kind, file_name=name, content=joined(pages)))
    return made


def turned(content: bytes, degrees: int) -> Image.Image:
    """The picture upright: as the camera says, then as the applicant says, never larger than a page needs."""
    with Image.open(io.BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    if degrees:
        upright = upright.rotate(-degrees, expand=True)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright


def joined(pages: Iterable[Image.Image]) -> bytes:
    """One PDF of all pages."""
    first, *others = list(pages)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, quality=JPEG_QUALITY, resolution=150)
    return out.getvalue()


def thumbnail(folder: DraftFolder, draft: Draft, file: DraftFile) -> bytes:
    """A small picture of a page, as it will be handed in."""
    picture = turned(folder.content(draft, file), file.turned)
    picture.thumbnail(THUMBNAIL)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60)
    return out.getvalue()
