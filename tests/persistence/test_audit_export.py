"""The audit outside the database: signed day by day, exported, verified offline, and the first broken entry named."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from lienthong.commands import verify_audit
from lienthong.dossiers import audit, audit_heads
from lienthong.dossiers.audit_file import FileReport, verify_lines
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.papers.signing import identity
from lienthong.settings import settings
from tests.persistence.test_signatures import Signing

ENTRIES = 12


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    return Signing(tmp_path_factory.mktemp("audit"))


@pytest.fixture
def lines(database: Engine, installation: Signing, now: datetime) -> list[str]:
    """Twelve entries over three days with a head a day, exported on the fourth."""
    for number in range(ENTRIES):
        at = now + timedelta(hours=6 * number)
        with session_scope(database) as session:
            audit.record(session, "canbo.thu", "dossier-viewed", f"H08-{number}", {"số": number}, at)
        with session_scope(database) as session:
            audit_heads.sign_head(session, installation, at)
    out = io.StringIO()
    with read_scope(database) as session:
        assert audit_heads.export(session, installation, out, now + timedelta(days=4)) == ENTRIES
    return out.getvalue().splitlines()


def changed(lines: list[str], number: int, change: Callable[[dict[str, object]], None]) -> FileReport:
    value = json.loads(lines[number])
    change(value)
    return verify_lines([*lines[:number], json.dumps(value, ensure_ascii=False), *lines[number + 1 :]])


def test_a_whole_export_is_whole_and_names_who_signed(lines: list[str], installation: Signing) -> None:
    report = verify_lines(lines)
    assert (report.ok, report.entries, report.heads) == (True, ENTRIES, 4) and len(report.fingerprints) == 1
    assert verify_lines(lines, report.fingerprints).ok


def test_a_head_is_signed_once_a_day(database: Engine, lines: list[str], installation: Signing, now: datetime) -> None:
    with session_scope(database) as session:
        before = audit_heads.heads(session)
        again = audit_heads.sign_head(session, installation, now + timedelta(hours=7))
        assert again is not None and again.seq == before[0].seq
        assert len(audit_heads.heads(session)) == len(before) == 4


@pytest.mark.parametrize(
    ("number", "field", "value"),
    [(1, "actor", "somebody"), (5, "data", {"số": 99}), (5, "at", "2023-01-01T00:00:00+00:00"), (9, "subject", "x")],
)
def test_a_changed_entry_is_named(lines: list[str], number: int, field: str, value: object) -> None:
    report = changed(lines, number, lambda entry: entry.update({field: value}))
    assert not report.ok and report.broken_at == number and "changed" in report.problem


def test_a_removed_an_inserted_and_a_swapped_entry_are_named(lines: list[str]) -> None:
    removed = verify_lines([*lines[:4], *lines[5:]])
    assert (removed.ok, removed.broken_at) == (False, 4)
    inserted = verify_lines([*lines[:4], lines[3], *lines[4:]])
    assert (inserted.ok, inserted.broken_at) == (False, 4)
    swapped = verify_lines([*lines[:4], lines[5], lines[4], *lines[6:]])
    assert (swapped.ok, swapped.broken_at) == (False, 4)


def test_a_chain_that_was_computed_anew_is_betrayed_by_the_signed_head(lines: list[str]) -> None:
    """Whoever changes an entry and recomputes every later hash still lacks the key."""
    import hashlib

    forged, previous = [lines[0]], audit.FIRST_HASH
    for line in lines[1 : ENTRIES + 1]:
        value = json.loads(line)
        if value["seq"] == 2:
            value["actor"] = "forger"
        at = datetime.fromisoformat(value["at"])
        parts = (value["seq"], at, value["actor"], value["act"], value["subject"], value["data"], previous)
        value["previousHash"], value["hash"] = previous, hashlib.sha256(audit.canonical(*parts)).hexdigest()
        previous = value["hash"]
        forged.append(json.dumps(value, ensure_ascii=False))
    report = verify_lines([*forged, *lines[ENTRIES + 1 :]])
    assert not report.ok and report.broken_at is not None and "not the one that was signed" in report.problem


def test_a_forged_signature_a_strange_certificate_and_a_cut_end_are_found(lines: list[str], tmp_path: Path) -> None:
    head = next(number for number, line in enumerate(lines) if '"head"' in line)
    report = changed(lines, head, lambda value: value["head"].update({"seq": 2}))  # type: ignore[attr-defined]
    assert not report.ok and "signature does not fit" in report.problem
    report = changed(lines, head, lambda value: value["head"].update({"signature": "%%%"}))  # type: ignore[attr-defined]
    assert not report.ok and "cannot be read" in report.problem
    assert "not trusted" in verify_lines(lines, ["00" * 32]).problem
    for cut in (1, 5, len(lines) - 1):
        report = verify_lines(lines[:cut])
        assert not report.ok and "signed end" in report.problem
    assert not verify_lines([*lines, lines[3]]).ok


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "không phải JSON", '{"format": "other", "version": 1}'])
def test_what_is_no_export_is_told_so(text: str) -> None:
    assert not verify_lines([text]).ok and not verify_lines([]).ok


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_exports_signs_and_checks_a_file_offline(
    database: Engine,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with session_scope(database) as session:
        audit.record(session, "canbo.thu", "signed-in", "x", {}, now)
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", str(database.url))
    monkeypatch.setenv("LIENTHONG_VAR_DIR", str(tmp_path / "var"))
    settings.cache_clear()
    file = tmp_path / "audit.jsonl"
    try:
        assert verify_audit.run([]) == 0 and "1 entries" in capsys.readouterr().out
        assert verify_audit.run(["--sign"]) == 0 and verify_audit.run(["--export", str(file)]) == 0
        certificate = str(identity(settings()).certificate)
    finally:
        settings.cache_clear()
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", "sqlite:////nowhere/at/all")
    capsys.readouterr()
    assert verify_audit.run([str(file), "--trust", certificate]) == 0
    assert "1 entries, 1 signed heads" in capsys.readouterr().out
    file.write_text(file.read_text("utf-8").replace("canbo.thu", "canbo.khac"), "utf-8")
    assert verify_audit.run([str(file)]) == 1 and "First broken entry: 1." in capsys.readouterr().out
    assert verify_audit.run([str(tmp_path / "none")]) == 2
