"""Verifies an exported audit offline: no database, no network, no settings; names the first entry that does not fit."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from lienthong.dossiers.audit import FIRST_HASH, canonical
from lienthong.dossiers.audit_heads import FORMAT, VERSION, head_bytes

_FIELDS: Final = ("seq", "at", "actor", "act", "subject", "data", "previousHash", "hash")


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a check of an exported audit found: ``problem`` says in words what does not fit, and where."""

    ok: bool
    entries: int
    heads: int
    fingerprints: tuple[str, ...]
    broken_at: int | None = None
    problem: str = ""


class _BrokenError(Exception):
    """Something does not fit; the number of the entry when it is one."""

    def __init__(self, problem: str, seq: int | None = None) -> None:
        super().__init__(problem)
        self.problem, self.seq = problem, seq


class _Check:
    """The chain as far as it has been read."""

    def __init__(self, trusted: frozenset[str]) -> None:
        self._trusted = trusted
        self.entries, self.heads = 0, 0
        self.hashes: list[str] = []
        self.previous = FIRST_HASH
        self.fingerprints: dict[str, None] = {}
        self.ended = False

    def line(self, number: int, text: str) -> None:
        """Check one line of the file."""
        try:
            value = json.loads(text)
        except ValueError as error:
            raise _BrokenError(f"Line {number} is no JSON.", self.entries + 1) from error
        if number == 1:
            if not isinstance(value, dict) or (value.get("format"), value.get("version")) != (FORMAT, VERSION):
                raise _BrokenError("The file is no exported audit of this format.")
        elif self.ended:
            raise _BrokenError(f"Line {number} stands behind the end.")
        elif isinstance(value, dict) and "head" in value:
            self._signed(value["head"], "The head")
            self.heads += 1
        elif isinstance(value, dict) and "end" in value:
            self._end(value["end"])
        else:
            self._entry(value)

    def _entry(self, value: Any) -> None:
        expected = self.entries + 1
        if not isinstance(value, dict) or set(value) != set(_FIELDS):
            raise _BrokenError(f"Entry {expected} is not whole.", expected)
        if value["seq"] != expected:
            raise _BrokenError(f"Expected entry {expected}, but entry {value['seq']} follows.", expected)
        if value["previousHash"] != self.previous:
            raise _BrokenError(f"Entry {expected} does not follow from the one before.", expected)
        digest = hashlib.sha256(_canonical(value, expected)).hexdigest()
        if digest != value["hash"]:
            raise _BrokenError(f"Entry {expected} was changed: its hash does not fit.", expected)
        self.entries, self.previous = expected, digest
        self.hashes.append(digest)

    def _signed(self, head: Any, what: str) -> None:
        try:
            day, seq, digest = str(head["day"]), int(head["seq"]), str(head["hash"])
            certificate = x509.load_pem_x509_certificate(str(head["certificate"]).encode())
            signature = base64.b64decode(str(head["signature"]), validate=True)
        except (KeyError, TypeError, ValueError) as error:
            raise _BrokenError(f"{what} cannot be read.") from error
        print_ = certificate.fingerprint(hashes.SHA256()).hex()
        self.fingerprints.setdefault(print_)
        if self._trusted and print_ not in self._trusted:
            raise _BrokenError(f"{what} of {day} is signed by a certificate that is not trusted ({print_}).")
        key = certificate.public_key()
        try:
            if not isinstance(key, rsa.RSAPublicKey):
                raise InvalidSignature
            key.verify(signature, head_bytes(day, seq, digest), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise _BrokenError(f"{what} of {day}: the signature does not fit.") from error
        if not 0 <= seq <= self.entries:
            raise _BrokenError(f"{what} of {day} names entry {seq}, but there are {self.entries}.", self.entries + 1)
        if seq and self.hashes[seq - 1] != digest:
            raise _BrokenError(f"{what} of {day}: entry {seq} is not the one that was signed.", seq)

    def _end(self, end: Any) -> None:
        self._signed(end, "The end")
        if int(end["seq"]) != self.entries:
            raise _BrokenError(f"The end was signed with {end['seq']} entries, but there are {self.entries}.")
        self.ended = True


def _canonical(value: dict[str, Any], seq: int) -> bytes:
    try:
        at = datetime.fromisoformat(value["at"])
        return canonical(seq, at, value["actor"], value["act"], value["subject"], value["data"], value["previousHash"])
    except (TypeError, ValueError) as error:
        raise _BrokenError(f"Entry {seq} cannot be read.", seq) from error


def verify_lines(lines: Iterable[str], trusted: Iterable[str] = ()) -> FileReport:
    """Check an export line by line; ``trusted``: fingerprints (SHA-256, hex) of certificates, all when empty."""
    check = _Check(frozenset(trusted))
    try:
        number = 0
        for number, line in enumerate(lines, 1):
            check.line(number, line)
        if not check.ended:
            raise _BrokenError(f"The file ends after line {number}, without its signed end.", check.entries + 1)
    except _BrokenError as broken:
        return FileReport(False, check.entries, check.heads, tuple(check.fingerprints), broken.seq, broken.problem)
    return FileReport(True, check.entries, check.heads, tuple(check.fingerprints))
