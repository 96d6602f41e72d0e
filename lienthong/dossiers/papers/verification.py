"""Whether a paper is ours and unchanged: by its signature alone, or by its printed code in the database."""

import hashlib
import io
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers.papers.code import as_typed
from lienthong.dossiers.papers.signing import SigningSettings, settled, trusted_certificates
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Document, DocumentRole, PaperCode
from lienthong.settings import settings


class VerificationState(StrEnum):
    """What a verification found."""

    VALID = "valid"
    CHANGED = "changed"
    UNSIGNED = "unsigned"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a verification, in words for a citizen; ``fingerprint`` is the SHA-256 of the certificate."""

    state: VerificationState
    signer: str
    signed_at: datetime | None
    fingerprint: str
    text_vi: str
    text_en: str

    @property
    def ok(self) -> bool:
        """Whether the paper is whole and signed by a certificate that we trust."""
        return self.state is VerificationState.VALID


_TEXTS: Final = {
    VerificationState.VALID: (
        "Giấy còn nguyên vẹn, được ký số bởi {signer} lúc {time}.",
        "The paper is unchanged; it was signed by {signer} at {time}.",
    ),
    VerificationState.CHANGED: (
        "Giấy đã bị thay đổi sau khi ký: không dùng được.",
        "The paper was changed after it was signed: do not accept it.",
    ),
    VerificationState.UNSIGNED: ("Giấy không có chữ ký số.", "The paper carries no digital signature."),
    VerificationState.UNTRUSTED: (
        "Giấy được ký bởi {signer}, nhưng chứng thư này không được tin cậy ở đây.",
        "The paper was signed by {signer}, whose certificate is not trusted here.",
    ),
    VerificationState.UNREADABLE: ("Tệp không phải là PDF đọc được.", "The file is no readable PDF."),
}


def verify_document(content: bytes, chosen: SigningSettings | None = None) -> Verification:
    """Check the signature of a PDF against the certificates we trust: no database, no network."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        signatures = list(reader.embedded_signatures)
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError):
        return _found(VerificationState.UNREADABLE)
    if not signatures:
        return _found(VerificationState.UNSIGNED)
    return _checked(signatures, chosen or settings())


def _checked(signatures: list[Any], chosen: SigningSettings) -> Verification:
    """The last signature must cover the whole file; each must be whole."""
    worst = [_one(signature, chosen, last=signature is signatures[-1]) for signature in signatures]
    order = (VerificationState.CHANGED, VerificationState.UNTRUSTED, VerificationState.VALID)
    return min(worst, key=lambda one: order.index(one.state))


def _one(signature: Any, chosen: SigningSettings, last: bool) -> Verification:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    quiet = logging.getLogger("pyhanko")
    quiet.setLevel(logging.CRITICAL)  # its warnings name certificates and pages; the answer says all
    try:
        certificate = signature.signer_cert
        signed_at = signature.self_reported_timestamp
        context = ValidationContext(
            trust_roots=trusted_certificates(chosen),
            moment=signed_at or datetime.now(UTC),
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        status = settled(async_validate_pdf_signature(signature, context))
    except (SignatureValidationError, PdfError, ValueError, KeyError, TypeError, AttributeError):
        return _found(VerificationState.CHANGED)
    name = str(certificate.subject.native.get("common_name", ""))
    print_ = certificate.sha256.hex()
    covered = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (status.intact and status.valid) or (last and not covered):
        return _found(VerificationState.CHANGED, name, signed_at, print_)
    state = VerificationState.VALID if status.trusted else VerificationState.UNTRUSTED
    return _found(state, name, signed_at, print_)


def _found(
    state: VerificationState, signer: str = "", signed_at: datetime | None = None, fingerprint: str = ""
) -> Verification:
    time = f"{local(signed_at):%H:%M %d/%m/%Y}" if signed_at else "—"
    vi, en = (text.format(signer=signer, time=time) for text in _TEXTS[state])
    return Verification(state, signer, signed_at, fingerprint, vi, en)


def by_code(session: Session, code_or_number: str) -> Document | None:
    """The paper of a printed code, or the result of a number; None when we made no such paper."""
    code = as_typed(code_or_number)
    if code and (row := session.get(PaperCode, code)) is not None:
        return session.get(Document, row.document_id)
    number = code_or_number.strip()
    if not number:
        return None
    statement = select(Document).where(Document.number == number, Document.role == DocumentRole.RESULT)
    return session.exec(statement.order_by(col(Document.created_at).desc())).first()


def known(session: Session, content: bytes) -> Document | None:
    """The document whose very bytes these are, when we made it."""
    digest = hashlib.sha256(content).hexdigest()
    statement = select(Document).where(Document.sha256 == digest, Document.role != DocumentRole.UPLOAD)
    return session.exec(statement.order_by(col(Document.created_at))).first()
