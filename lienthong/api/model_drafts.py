"""Drafts: what a person has drawn and not yet saved, kept on the server for that person alone."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lienthong.api.model_store import ModelStore

Json = dict[str, Any]


def _file(store: ModelStore, username: str, path: str) -> Path:
    return store.private / "drafts" / quote(username, safe="") / f"{quote(path, safe='')}.json"


def keep(store: ModelStore, username: str, path: str, content: str, revision: str, now: datetime) -> Json:
    """Keep a draft; ``revision`` is the save it was drawn on."""
    store.read(path)
    draft = {"content": content, "revision": revision, "at": now.isoformat()}
    file = _file(store, username, path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(draft, ensure_ascii=False), "utf-8")
    return draft


def draft_of(store: ModelStore, username: str, path: str) -> Json | None:
    """The draft of a person for a file, if there is one."""
    file = _file(store, username, path)
    return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else None


def drop(store: ModelStore, username: str, path: str) -> None:
    """Forget a draft."""
    _file(store, username, path).unlink(missing_ok=True)
