"""The signature on papers (PAdES): a test certificate made at the first start, or a configured key and certificate.

The signing time is the domain's time, not the machine's, so that a pinned clock shows on the paper too. Keys stay in
``var/signing`` (mode 0600) or where the settings point; nothing of them is logged.
"""

import asyncio
import io
import shutil
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate  # type: ignore[import-untyped]
    from pyhanko.sign.signers import SimpleSigner

FIELD: Final = "LienThong"
RESERVED_BYTES: Final = 16384
TEST_NAME: Final = "Liên Thông: chứng thư thử nghiệm / test certificate"
_NOT_BEFORE: Final = datetime(2018, 1, 1, tzinfo=UTC)
_NOT_AFTER: Final = datetime(2048, 1, 1, tzinfo=UTC)
_BITS: Final = 3072
Answer = TypeVar("Answer")


class SigningSettings(Protocol):
    """What signing asks of the settings."""

    var_dir: Path
    signing_key: Path | None
    signing_certificate: Path | None
    signing_trust: Path | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Key and certificate that sign, and the certificates that verification trusts, as files."""

    key: Path
    certificate: Path
    trust: Path


def identity(settings: SigningSettings) -> Identity:
    """The configured identity, or the test identity of this installation, made when it is missing."""
    if settings.signing_key and settings.signing_certificate:
        trust = settings.signing_trust or settings.signing_certificate
        return Identity(settings.signing_key, settings.signing_certificate, trust)
    folder = settings.var_dir / "signing"
    if not (folder / "certificate.pem").is_file():
        _make_test_identity(folder)
    return Identity(
        folder / "key.pem", folder / "certificate.pem", settings.signing_trust or folder / "certificate.pem"
    )


def _make_test_identity(folder: Path) -> None:
    """Key and self-signed certificate, put in place as a whole: of several processes that try, one wins."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix="signing-", dir=folder.parent))
    try:
        key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        key_file = staged / "key.pem"
        key_file.touch(mode=0o600)
        key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
        (staged / "certificate.pem").write_bytes(_certificate(key).public_bytes(serialization.Encoding.PEM))
        staged.chmod(0o700)
        staged.rename(folder)
    except OSError:
        if not (folder / "certificate.pem").is_file():
            raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, TEST_NAME)]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOT_BEFORE)
        .not_valid_after(_NOT_AFTER)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


@lru_cache(maxsize=4)
def _signer(key: Path, certificate: Path) -> "SimpleSigner":
    # Imported when needed: pyHanko takes half a second, and most commands sign nothing.
    from pyhanko.sign.signers import SimpleSigner

    loaded: SimpleSigner | None = SimpleSigner.load(str(key), str(certificate))  # type: ignore[no-untyped-call]
    if loaded is None:
        raise ValueError(
            f"Expected a private key and its certificate in {key} and {certificate}, but cannot read them."
        )
    return _keeping(loaded)


def _keeping(loaded: "SimpleSigner") -> "SimpleSigner":
    """The signer with its key kept: pyHanko's own reads and proves an RSA key anew (80 ms) for every paper."""
    from pyhanko.sign.signers import SimpleSigner

    class Keeping(SimpleSigner):
        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            key = _private_key(self.signing_key.dump())
            if not isinstance(key, rsa.RSAPrivateKey) or digest_algorithm != "sha256":
                answer: bytes = super().sign_raw(data, digest_algorithm)
                return answer
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    return Keeping(loaded.signing_cert, loaded.signing_key, loaded.cert_registry)


@lru_cache(maxsize=4)
def _private_key(content: bytes) -> object:
    return serialization.load_der_private_key(content, None)


def sign_pdf(settings: SigningSettings, content: bytes, reason: str, now: datetime) -> bytes:
    """The paper with an invisible PAdES signature over all of it, dated ``now``."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    chosen = identity(settings)
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )

    class _Dated(signers.PdfSigner):
        def init_signing_session(self, *arguments: Any, **named: Any) -> Any:
            session = super().init_signing_session(*arguments, **named)
            session.system_time = now.astimezone(UTC).replace(microsecond=0)
            return session

    signer = _Dated(metadata, signer=_signer(chosen.key, chosen.certificate))
    # ISO 19005-2 §6.1.9: what the signature appends must begin on a line of its own
    writer = IncrementalPdfFileWriter(io.BytesIO(content if content.endswith(b"\n") else content + b"\n"))
    signed: io.BytesIO = settled(signer.async_sign_pdf(writer, bytes_reserved=RESERVED_BYTES))
    return signed.getvalue()


def settled(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer of pyHanko's coroutines in plain code, also where an event loop runs already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def trusted_certificates(settings: SigningSettings) -> "list[Certificate]":
    """The certificates that a verification starts from."""
    from asn1crypto import pem  # type: ignore[import-untyped]
    from asn1crypto.x509 import Certificate

    parts = pem.unarmor(identity(settings).trust.read_bytes(), multiple=True)
    return [Certificate.load(content) for _, _, content in parts]


def sign_bytes(settings: SigningSettings, content: bytes) -> tuple[bytes, str]:
    """A plain RSA signature (PKCS #1, SHA-256) over ``content``, with the signer's certificate as PEM."""
    chosen = identity(settings)
    key = serialization.load_pem_private_key(chosen.key.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError(f"Expected an RSA key in {chosen.key}, but got {type(key).__name__}.")
    certificate = x509.load_pem_x509_certificates(chosen.certificate.read_bytes())[0]
    signature = key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return signature, certificate.public_bytes(serialization.Encoding.PEM).decode()
