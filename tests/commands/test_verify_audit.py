"""``lienthong verify-audit``: whole, or the first broken entry by number."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from lienthong.commands import verify_audit
from lienthong.dossiers import audit
from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.settings import Settings

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = Settings(var_dir=tmp_path)
    monkeypatch.setattr(verify_audit, "settings", lambda: settings)
    database = create_database(settings.database_url)
    upgrade(database)
    with session_scope(database) as session:
        for number in range(1, 4):
            audit.record(session, "tiepnhan", "view", f"dossier-{number}", {"field": "name"}, NOW)
    return settings


def test_an_untouched_audit_is_whole(chosen: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_audit.run([]) == 0
    assert "3 entries" in capsys.readouterr().out


def test_a_changed_entry_is_named(chosen: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with session_scope(create_database(chosen.database_url)) as session:
        session.execute(text("UPDATE audit_entry SET actor = 'somebody' WHERE seq = 2"))
    assert verify_audit.run([]) == 1
    assert "entry 2" in capsys.readouterr().out
