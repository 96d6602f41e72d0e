"""Signed papers: whole they verify, one changed byte shows, and the printed code finds the paper."""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from sqlmodel import Session

from lienthong.dossiers import documents, results
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.law import Law
from lienthong.dossiers.papers import render
from lienthong.dossiers.papers.code import as_typed, paper_code
from lienthong.dossiers.papers.signing import identity, sign_pdf
from lienthong.dossiers.papers.verification import VerificationState, by_code, known, verify_document
from lienthong.dossiers.tables import Document, DocumentRole, Dossier
from tests.persistence.conftest import TUESDAY
from tests.persistence.test_papers import DATA, read


@dataclass
class Signing:
    """Settings of an installation of its own."""

    var_dir: Path
    signing_key: Path | None = None
    signing_certificate: Path | None = None
    signing_trust: Path | None = None


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    return Signing(tmp_path_factory.mktemp("installation"))


@pytest.fixture(scope="module")
def signed(installation: Signing) -> bytes:
    return sign_pdf(installation, render("refusal", DATA, TUESDAY), "refusal H08-1", TUESDAY)


def test_a_signed_paper_verifies_and_names_signer_and_the_domains_time(installation: Signing, signed: bytes) -> None:
    found = verify_document(signed, installation)
    assert found.ok and found.signed_at == TUESDAY
    assert "chứng thư thử nghiệm" in found.signer and len(found.fingerprint) == 64
    assert "08:00 03/01/2023" in found.text_vi and "unchanged" in found.text_en
    assert b"/ETSI.CAdES.detached" in signed and b"pdfaid:part>2<" in signed


def test_every_object_of_a_signed_paper_begins_and_ends_on_a_line_of_its_own(signed: bytes) -> None:
    """ISO 19005-2 §6.1.9: an archive of PDF/A would refuse the paper otherwise."""
    begins = [signed[found.start() - 1 : found.start()] for found in re.finditer(rb"\d+ 0 obj\b", signed)]
    ends = [signed[found.end() : found.end() + 1] for found in re.finditer(rb"\bendobj\b", signed)]
    assert len(begins) > 10 and set(begins) <= {b"\n", b"\r"} and set(ends) <= {b"\n", b"\r"}


def test_a_changed_letter_of_the_paper_is_found(installation: Signing, signed: bytes) -> None:
    plain = render("refusal", DATA, TUESDAY)
    for place in range(200, len(plain), len(plain) // 40):
        broken = bytearray(signed)
        broken[place] ^= 0x01
        assert not verify_document(bytes(broken), installation).ok, place


def test_something_added_behind_the_signature_is_found(installation: Signing, signed: bytes) -> None:
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root[pdf_name("/Lang")] = pdf_string("en")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert verify_document(out.getvalue(), installation).state is VerificationState.CHANGED
    assert not verify_document(signed + b"\n% appended", installation).ok


def test_an_unsigned_paper_and_what_is_no_paper_are_told_apart(installation: Signing, signed: bytes) -> None:
    assert verify_document(render("refusal", DATA, TUESDAY), installation).state is VerificationState.UNSIGNED
    for content in (b"", b"%PDF-1.7", b"\x00" * 500, "không phải PDF".encode(), signed[:2000]):
        assert verify_document(content, installation).state is VerificationState.UNREADABLE


def test_a_certificate_of_somebody_else_is_not_trusted(signed: bytes, tmp_path: Path) -> None:
    found = verify_document(signed, Signing(tmp_path / "elsewhere"))
    assert found.state is VerificationState.UNTRUSTED and "không được tin cậy" in found.text_vi


def test_the_test_key_is_made_once_is_private_and_a_configured_one_takes_its_place(tmp_path: Path) -> None:
    first = identity(Signing(tmp_path / "a"))
    before = first.key.read_bytes()
    assert identity(Signing(tmp_path / "a")).key.read_bytes() == before
    assert first.key.stat().st_mode & 0o077 == 0
    configured = Signing(tmp_path / "b", first.key, first.certificate)
    content = sign_pdf(configured, render("refusal", DATA, TUESDAY), "x", TUESDAY)
    assert verify_document(content, Signing(tmp_path / "a")).ok
    assert not (tmp_path / "b").exists()


async def test_signing_and_verifying_work_where_an_event_loop_runs(installation: Signing) -> None:
    content = sign_pdf(installation, render("refusal", DATA, TUESDAY), "x", TUESDAY)
    assert verify_document(content, installation).ok


def test_a_printed_code_is_keyed_and_found_however_it_is_typed() -> None:
    code = paper_code("secret", "H08-1", "refusal", "1")
    assert code == paper_code("secret", "H08-1", "refusal", "1")
    assert code not in (paper_code("other", "H08-1", "refusal", "1"), paper_code("secret", "H08-1", "refusal", "2"))
    assert as_typed(code.lower().replace("-", " ")) == code
    assert as_typed(code.replace("0", "O").replace("1", "l")) == code
    assert as_typed("0001/2023/GP") == "" and as_typed("") == ""


def papers_of(session: Session, dossier: Dossier) -> list[Document]:
    return [one for one in documents.of_dossier(session, dossier.id) if one.role != DocumentRole.UPLOAD]


def test_every_paper_of_a_dossier_is_signed_and_its_qr_leads_to_it(
    session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime
) -> None:
    issued = results.issue(session, store, law, dossier.code, "K4", "bd-ca-huyen", "canbo", now)
    papers = papers_of(session, dossier)
    assert {one.role for one in papers} >= {"slip", "result"}
    for paper in papers:
        content = store.get(paper.storage_key)
        assert verify_document(content).ok
        picture = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()
        [qr] = [code.text for code in zxingcpp.read_barcodes(picture)]
        code = qr.split("/xac-minh/")[1].split("?")[0]
        assert qr.endswith(f"?hs={dossier.code}") and code in read(content)
        found = by_code(session, code)
        assert found is not None and found.id == paper.id
        same = known(session, content)
        assert same is not None and same.id == paper.id
    by_number = by_code(session, str(issued.number))
    assert by_number is not None and by_number.role == "result"
    assert by_code(session, "0000-0000-0000") is None and by_code(session, "") is None
    assert known(session, b"%PDF forged") is None
