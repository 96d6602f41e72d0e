"""``lienthong verify-audit [FILE]``: recompute the chain of the audit and name the first broken entry.

Without a file the database is checked. ``--export FILE`` writes the audit with its signed heads; such a file is
checked offline, wherever it was carried.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from lienthong.dossiers import audit, audit_heads
from lienthong.dossiers.audit_file import verify_lines
from lienthong.dossiers.database import create_database, read_scope, session_scope, upgrade
from lienthong.settings import settings


def run(arguments: list[str]) -> int:
    """0 when every entry follows from the one before and every signature fits."""
    parser = argparse.ArgumentParser(prog="lienthong verify-audit", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="an exported audit, to be checked offline")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write the audit of the database to a file")
    parser.add_argument("--sign", action="store_true", help="sign the head of the day that ended, as the worker does")
    parser.add_argument("--trust", type=Path, metavar="PEM", help="accept only heads signed by these certificates")
    given = parser.parse_args(arguments)
    if given.file is not None:
        return _verify_file(given.file, given.trust)
    if given.sign:
        return _sign()
    return _export(given.export) if given.export else _verify_database()


def _verify_file(file: Path, trust: Path | None) -> int:
    try:
        trusted = [] if trust is None else _fingerprints(trust)
        with file.open(encoding="utf-8", errors="replace") as lines:
            report = verify_lines(lines, trusted)
    except (OSError, ValueError) as error:
        print(f"Expected files that can be read, but: {error}")
        return 2
    if report.ok:
        print(f"The export is whole: {report.entries} entries, {report.heads} signed heads and the signed end.")
        for one in report.fingerprints:
            print(f"  signed by the certificate with SHA-256 {one}")
        return 0
    where = f" First broken entry: {report.broken_at}." if report.broken_at is not None else ""
    print(f"The export is broken. {report.problem}{where}")
    return 1


def _fingerprints(pem: Path) -> list[str]:
    return [one.fingerprint(hashes.SHA256()).hex() for one in x509.load_pem_x509_certificates(pem.read_bytes())]


def _sign() -> int:
    engine = create_database(settings().database_url)
    upgrade(engine)
    with session_scope(engine) as session:
        head = audit_heads.sign_head(session, settings(), datetime.now(UTC))
        print(
            "There is no entry to sign." if head is None else f"Signed for {head.day}: entry {head.seq}, {head.hash}."
        )
    engine.dispose()
    return 0


def _export(file: Path) -> int:
    engine = create_database(settings().database_url)
    upgrade(engine)
    with read_scope(engine) as session, file.open("w", encoding="utf-8") as out:
        count = audit_heads.export(session, settings(), out, datetime.now(UTC))
    engine.dispose()
    print(f"{count} entries in {file}.")
    return 0


def _verify_database() -> int:
    engine = create_database(settings().database_url)
    upgrade(engine)
    with read_scope(engine) as session:
        report = audit.verify(session)
    engine.dispose()
    if report.ok:
        print(f"The audit is whole: {report.entries} entries, each chained to the one before.")
        return 0
    print(f"The audit is broken at entry {report.broken_at}: it does not follow from the one before.")
    return 1
