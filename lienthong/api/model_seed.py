"""Taking in what is delivered in ``bpmn/``: at first all of it, later what has changed there.

A delivered change goes into a working copy that nobody touched; into a changed one it is merged, element by
element; where both changed the same thing the working copy stays, and a notice says so until somebody chooses.
"""

import json
from pathlib import Path
from typing import Any

from lienthong.api.model_store import SEED_AUTHOR, ModelStore, is_model, kept_below, revision_of
from lienthong.redeploy.merge import carried

_SEEDS = "delivered"  # folder: each file as it was last taken in
_NOTICES = "notices.json"
Json = dict[str, Any]


def signature(seed: Path) -> object:
    """What tells one state of the delivered models from another, without reading them."""
    stats = ((path, (seed / path).stat()) for path in kept_below(seed))
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def take_in(store: ModelStore, seed: Path) -> None:
    """Bring the working copies up to what is delivered; only inside ``store.writing``."""
    working = store.private.parent
    new: dict[str, bytes] = {}
    changed: dict[str, bytes] = {}
    for path in kept_below(seed):
        delivered = (seed / path).read_bytes()
        if not (working / path).exists():
            new[path] = delivered
        else:
            known = _known(store, path)
            if known is not None and known != delivered:
                changed |= _brought_in(store, path, known, delivered)
        _note(store, path, delivered)
    if new:
        store.write(new, "Models as delivered", SEED_AUTHOR)
        store.note_deployed({path: content for path, content in new.items() if is_model(path)})
    if changed:
        store.write(changed, "Changes of the delivered models", SEED_AUTHOR)


def _brought_in(store: ModelStore, path: str, known: bytes, delivered: bytes) -> dict[str, bytes]:
    mine = (store.private.parent / path).read_bytes()
    if mine == delivered:
        return {}
    if mine == known:
        return {path: delivered}
    if is_model(path):
        merged = carried(path, known, delivered, mine)
        if not merged.conflicts:
            return {path: merged.content} if merged.content != mine else {}
        _set_notice(store, path, {"conflicts": merged.conflicts})
    else:
        _set_notice(store, path, {"conflicts": []})
    return {}


def notices(store: ModelStore) -> Json:
    """Path → what could not be brought together."""
    file = store.private / _NOTICES
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}


def settle(store: ModelStore, path: str, take_delivered: bool, author: tuple[str, str]) -> None:
    """Answer a notice: take what was delivered as a save of one's own, or keep the working copy."""
    with store.writing():
        delivered = _known(store, path)
        if take_delivered and delivered is not None and store.read(path) != delivered:
            store.write({path: delivered}, "Take the delivered version", author)
        _set_notice(store, path, None)


def delivered_content(store: ModelStore, path: str) -> bytes | None:
    """The file as it was delivered last."""
    return _known(store, path)


def _known(store: ModelStore, path: str) -> bytes | None:
    file = store.private / _SEEDS / path
    return file.read_bytes() if file.is_file() else None


def _note(store: ModelStore, path: str, content: bytes) -> None:
    file = store.private / _SEEDS / path
    if not file.is_file() or revision_of(file.read_bytes()) != revision_of(content):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _set_notice(store: ModelStore, path: str, notice: Json | None) -> None:
    said = notices(store)
    said.pop(path, None)
    if notice is not None:
        said[path] = notice
    (store.private / _NOTICES).write_text(json.dumps(said, indent=1, sort_keys=True), "utf-8")
