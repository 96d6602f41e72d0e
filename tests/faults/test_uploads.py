"""Bad files at the portal: each is refused in words, the good ones stay, and nothing of a bad one is kept anywhere."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import pytest
from running import Running
from sqlmodel import func, select

from lienthong.dossiers.store import DocumentStore, address_of
from lienthong.dossiers.tables import Document
from lienthong.reading.samples import sample_page

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.xdist_group("stack"), pytest.mark.timeout(120)]

GOOD = sample_page("identity-card", "clean")[1]
NAMES = (
    "wrong-type",
    "empty",
    "too-large",
    "encrypted",
    "path-in-name",
    "program-in-name",
    "turned-name",
    "picture-bomb",
    "document-bomb",
    "cut-off",
)


def pdf(objects: str, stream: bytes = b"", trailer: str = "") -> bytes:
    """A small PDF of one page; the stream is its content, deflated."""
    packed = zlib.compress(stream, 9)
    parts = (
        "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        f"{objects}3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n",
        f"4 0 obj<</Length {len(packed)}/Filter/FlateDecode>>stream\n",
    )
    end = f"\nendstream endobj\ntrailer<</Root 1 0 R{trailer}>>\n%%EOF"
    return "".join(parts).encode() + packed + end.encode()


def encrypted_pdf() -> bytes:
    keys = f"5 0 obj<</Filter/Standard/V 1/R 2/P -4/O<{'41' * 32}>/U<{'42' * 32}>>>endobj\n"
    return pdf(keys, b"BT ET", f"/Encrypt 5 0 R/ID[<{'43' * 16}><{'43' * 16}>]")


def picture_bomb() -> bytes:
    """A PNG of 60 000 × 60 000 points in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000_000, 9))
        + chunk(b"IEND", b"")
    )


def document_bomb() -> bytes:
    return pdf("", b"\0" * (401 * 1024 * 1024))


@dataclass(frozen=True)
class BadFile:
    name: str
    content: bytes
    words: str


@cache
def bad_files() -> dict[str, BadFile]:
    """Made when the first test asks, because a bomb takes a second to be packed."""
    return {
        "wrong-type": BadFile("don.pdf", b"MZ\x90\x00" + b"\0" * 500, "Chỉ nhận tệp PDF, JPEG hoặc PNG"),
        "empty": BadFile("trong.pdf", b"", "Tệp rỗng"),
        "too-large": BadFile("lon.jpg", b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024), "Tệp lớn hơn 20 MB"),
        "encrypted": BadFile("khoa.pdf", encrypted_pdf(), "được bảo vệ bằng mật khẩu"),
        "path-in-name": BadFile("../../../etc/cron.d/x.png", GOOD, "Tên tệp không được chứa đường dẫn"),
        "program-in-name": BadFile("đơn.png.exe", GOOD, "Đuôi tên tệp phải là"),
        "turned-name": BadFile("don\u202egnp.png", GOOD, "ký tự ẩn"),
        "picture-bomb": BadFile("bom.png", picture_bomb(), "Ảnh có kích thước quá lớn"),
        "document-bomb": BadFile("bom.pdf", document_bomb(), "sau khi giải nén quá lớn"),
        "cut-off": BadFile("cut.png", GOOD[: len(GOOD) // 2], "Ảnh bị hỏng"),
    }


class Portal:
    """A citizen's browser at the step where papers are handed in."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.client = httpx.Client(base_url=running.cast.web_url, follow_redirects=True, timeout=60)
        account = {"username": "congdan", "password": running.cast.password, "next": "/ho-so"}
        self.post("/dang-nhap", account, "/dang-nhap")
        answers = {"q_area": "city", "q_roomCount": "5", "q_needsRegistration": "false", "q_needsFireDesign": "false"}
        person = {"applicant_name": "Nguyễn Văn Thử", "applicant_personal_number": "052099000001"}
        person |= {"applicant_phone": "0900000001", "organisation_name": "", "delivery": "online"}
        start = "/nop-ho-so/karaoke"
        step = self.post(start, {**answers, "q_needsCriminalRecord": "true", **person}, start)
        self.path = step.url.path
        self.kinds = re.findall(r'name="file_([\w-]+)"', step.text)

    def post(
        self, path: str, data: dict[str, str], source: str, files: list[tuple[str, object]] | None = None
    ) -> httpx.Response:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(source).text)
        assert token is not None, source
        return self.client.post(path, data={"csrf_token": token.group(1), **data}, files=files)  # type: ignore[arg-type]

    def hand_in(self, files: list[tuple[str, object]]) -> httpx.Response:
        return self.post(self.path, {"go": "stay"}, self.path, files)

    @property
    def folder(self) -> Path:
        return self.running.settings.var_dir / "drafts" / self.path.rsplit("/", 1)[1]

    def kept(self) -> list[bytes]:
        """The contents in the draft's folder, whatever the draft itself says of them."""
        return [file.read_bytes() for file in self.folder.iterdir() if file.name != "draft.json"]


@pytest.fixture
def portal(running: Running) -> Iterator[Portal]:
    portal = Portal(running)
    yield portal
    portal.client.close()


def document_count(running: Running) -> int:
    with running.session() as session:
        return int(session.exec(select(func.count()).select_from(Document)).one())


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_file_is_refused_in_words_and_leaves_nothing(running: Running, portal: Portal, name: str) -> None:
    bad, before = bad_files()[name], document_count(running)
    good_kind, bad_kind = portal.kinds[0], portal.kinds[1]

    answer = portal.hand_in(
        [(f"file_{good_kind}", ("tờ khai.png", GOOD)), (f"file_{bad_kind}", (bad.name, bad.content))]
    )

    assert answer.status_code == 422
    assert bad.words in answer.text
    assert "tờ khai.png" in answer.text
    assert portal.kept() == [GOOD]
    assert document_count(running) == before
    if bad.content != GOOD:
        with pytest.raises(KeyError):
            DocumentStore(running.settings).get(address_of(bad.content).key)
    assert running.pid("web") and httpx.get(f"{running.cast.web_url}/health").is_success


def test_after_a_refusal_the_right_file_goes_through(running: Running, portal: Portal) -> None:
    first, second = portal.kinds[0], portal.kinds[1]
    bad = bad_files()["encrypted"]
    portal.hand_in([(f"file_{first}", ("a.png", GOOD)), (f"file_{second}", (bad.name, bad.content))])

    mended = portal.hand_in([(f"file_{second}", ("b.png", io.BytesIO(GOOD)))])

    assert mended.status_code == 200
    assert portal.kept() == [GOOD, GOOD]
