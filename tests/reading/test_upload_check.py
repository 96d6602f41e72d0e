"""Uploads: what is accepted, under which name, and what is refused in which words."""

import hashlib
import io
import random
import struct
import zlib

import pytest
from PIL import Image

from lienthong.reading.refusals import REFUSALS
from lienthong.reading.samples import sample_page
from lienthong.reading.upload_check import UploadRefused, check_upload, clean_name


def picture(kind: str = "PNG", size: tuple[int, int] = (200, 300)) -> bytes:
    buffer = io.BytesIO()
    noise = Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1]))
    noise.save(buffer, kind)
    return buffer.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header and well-formed data unfold to width x height grey pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A minimal PDF of one page with further objects from number 4 on and a correct cross-reference table."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R " + trailer + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>",
        *objects,
    ]
    content, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(content))
        content += b"%d 0 obj" % number + part + b"endobj\n"
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, start)


def refusal(name: str, content: bytes, **limits: int) -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        check_upload(name, content, **limits)
    return caught.value


def test_a_scan_is_accepted_with_its_true_type_hash_and_pages() -> None:
    name, content = sample_page("identity-card", "scanned")
    checked = check_upload(name, content)
    assert (checked.content_type, checked.pages) == ("image/jpeg", 1)
    assert checked.sha256 == hashlib.sha256(content).hexdigest()


def test_a_pdf_is_accepted_and_its_pages_are_counted() -> None:
    assert check_upload(*sample_page("fire-acceptance", "text")).content_type == "application/pdf"
    assert check_upload("mot trang.pdf", pdf()).pages == 1


@pytest.mark.parametrize("ending", ["jpg", "png", "pdf"])
def test_the_content_decides_the_type_and_corrects_the_ending(ending: str) -> None:
    checked = check_upload(f"Giấy tờ.{ending}", picture("PNG"))
    assert checked.file_name == "Giấy tờ.png"


def test_vietnamese_letters_are_kept_in_composed_form() -> None:
    decomposed = "Gia\u0302\u0301y kha\u0301m.pdf"
    assert clean_name(decomposed, "application/pdf") == "Giấy khám.pdf"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd.pdf", "name-path"),
        ("..\\windows\\x.pdf", "name-path"),
        ("", "name-path"),
        ("a\x00.pdf", "name-characters"),
        ("a\nb.pdf", "name-characters"),
        ("giay\u202efdp.exe.pdf", "name-characters"),
        ("an\u200bhidden.pdf", "name-characters"),
        ("á" * 200 + ".pdf", "name-long"),
        ("hop dong.pdf.exe", "name-ending"),
    ],
)
def test_deceiving_names_are_refused(name: str, code: str) -> None:
    assert refusal(name, pdf()).code == code


def test_signs_that_file_systems_forbid_become_underscores() -> None:
    assert clean_name('a<b>:"c"|?*.pdf', "application/pdf") == "a_b___c____.pdf"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\0" * 100, "wrong-type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong-type"),
        (b"GIF89a" + b"\0" * 50, "wrong-type"),
        (b"preface %PDF-1.4", "wrong-type"),
        (b"%PDF-1.4 and nothing more", "broken-pdf"),
        (picture("PNG")[:2000], "broken-picture"),
        (picture("JPEG")[: len(picture("JPEG")) // 2], "broken-picture"),
        (picture("PNG", (10, 10)), "too-small"),
        (png_claiming(30_000, 100), "too-many-pixels"),
        (png_claiming(12_000, 12_000), "too-many-pixels"),
    ],
)
def test_what_is_no_readable_paper_is_refused(content: bytes, code: str) -> None:
    assert refusal("tep.pdf", content).code == code


def test_a_file_above_the_limit_is_refused_with_the_limit_in_the_words() -> None:
    refused = refusal("to.png", picture(size=(1200, 1200)), limit_bytes=1024 * 1024)
    assert refused.code == "too-large"
    assert "1 MB" in refused.vi and "1 MB" in refused.en


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf(trailer=b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "active-pdf"),
        (pdf(trailer=b"/OpenAction<</S/Java#53cript/JS(app.alert(1))>>"), "active-pdf"),
        (pdf(trailer=b"/Names<</EmbeddedFiles<</Names[]>>>>"), "active-pdf"),
        (pdf(trailer=b"/OpenAction<</S/Launch/F(cmd.exe)>>"), "active-pdf"),
        (pdf(b"<</Filter/Standard/V 2>>").replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 4 0 R"), "encrypted-pdf"),
        (pdf().replace(b"[0 0 300 300]", b"[0 0 9000 300]"), "pdf-too-big-inside"),
        (pdf(b"<</Filter[/FlateDecode/FlateDecode]>>"), "pdf-too-big-inside"),
        (pdf().replace(b"/Kids[3 0 R]/Count 1", b"/Kids[" + b"3 0 R " * 101 + b"]/Count 101"), "too-many-pages"),
    ],
)
def test_pdfs_that_run_hide_lock_or_unfold_are_refused(content: bytes, code: str) -> None:
    assert refusal("giay.pdf", content).code == code


def test_a_stream_that_unfolds_without_end_is_refused_before_it_does() -> None:
    bomb = zlib.compress(b"\0" * (500 * 1024 * 1024), 9)
    content = pdf(b"<</Length %d/Filter/FlateDecode>>stream\n" % len(bomb) + bomb + b"\nendstream ")
    assert len(content) < 1024 * 1024
    assert refusal("bom.pdf", content).code == "pdf-too-big-inside"


def test_every_refusal_speaks_both_languages() -> None:
    for vietnamese, english in REFUSALS.values():
        assert any(ord(letter) > 127 for letter in vietnamese)
        assert english.isascii() and english != vietnamese
