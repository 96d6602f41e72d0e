"""The working copies of the models: a git repository under ``var/models``, seeded from ``bpmn/``, a commit a save."""

import hashlib
import json
import shutil
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dulwich import porcelain
from dulwich.objects import Commit as GitCommit
from dulwich.repo import Repo

from lienthong.redeploy.check import MODEL_SUFFIXES

HISTORY_LIMIT = 50
SEED_AUTHOR = "Liên Thông"
_MAIL_DOMAIN = "lienthong.invalid"
_LEDGER = "deployed.json"
_LOCK = threading.RLock()


class NoSuchModel(Exception):
    """No model file of that path."""


class SavedMeanwhile(Exception):
    """Somebody else saved the file after it was opened."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One save."""

    revision: str
    author: str
    message: str
    at: datetime


def revision_of(content: bytes) -> str:
    """What a reader gives back when saving, to show which content was changed."""
    return hashlib.sha256(content).hexdigest()


class ModelStore:
    """Working copies by path below ``bpmn/``; made on the first use, and again complete when new models appear."""

    def __init__(self, folder: Path, seed: Path) -> None:
        self._folder = folder.resolve()
        self._seed = seed.resolve()

    def _ready(self) -> Path:
        with _LOCK:
            if not (self._folder / ".git").exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                porcelain.init(str(self._folder))
            new = [path for path in _models_below(self._seed) if not (self._folder / path).exists()]
            for path in new:
                (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._seed / path, self._folder / path)
            if new:
                self._commit(new, "Models as delivered", SEED_AUTHOR, "system")
                self.note_deployed({path: (self._seed / path).read_bytes() for path in new})
        return self._folder

    def paths(self) -> list[str]:
        """All model files, by path."""
        return _models_below(self._ready())

    def read(self, path: str) -> bytes:
        """The working copy of one file."""
        return self._file(path).read_bytes()

    def save(self, path: str, content: bytes, message: str, author: tuple[str, str], revision: str) -> str:
        """Write and commit as ``author`` (display name, user name); ``revision`` is what the author had opened."""
        with _LOCK:
            file = self._file(path)
            if revision_of(file.read_bytes()) != revision:
                raise SavedMeanwhile(path)
            if file.read_bytes() != content:
                file.write_bytes(content)
                self._commit([path], message, *author)
            return revision_of(content)

    def history(self, path: str) -> list[Commit]:
        """The saves of one file, newest first."""
        self._file(path)
        with Repo(str(self._folder)) as repository:
            walker = repository.get_walker(paths=[path.encode()], max_entries=HISTORY_LIMIT)
            return [_commit_of(entry.commit) for entry in walker]

    def last_saves(self) -> dict[str, Commit]:
        """The newest save of each file, in one walk through the history."""
        self._ready()
        found: dict[str, Commit] = {}
        with Repo(str(self._folder)) as repository:
            for entry in repository.get_walker():
                saved = _commit_of(entry.commit)
                for change in entry.changes():
                    for each in change if isinstance(change, list) else [change]:
                        if each is not None and each.new is not None and each.new.path is not None:
                            found.setdefault(each.new.path.decode(), saved)
        return found

    def element_templates(self) -> list[object]:
        """The element templates of ``bpmn/element-templates``."""
        found: list[object] = []
        for file in sorted((self._seed / "element-templates").glob("*.json")):
            content = json.loads(file.read_text("utf-8"))
            found.extend(content if isinstance(content, list) else [content])
        return found

    def note_deployed(self, files: dict[str, bytes]) -> None:
        """Remember what was deployed of files that an engine cannot be asked about (forms)."""
        with _LOCK:
            ledger = self._ledger() | {path: revision_of(content) for path, content in files.items()}
            (self._folder / ".git" / _LEDGER).write_text(json.dumps(ledger, indent=1, sort_keys=True), "utf-8")

    def deployed_revision(self, path: str) -> str | None:
        """The revision last deployed of a file, as far as it was noted."""
        self._ready()
        return self._ledger().get(path)

    def _ledger(self) -> dict[str, str]:
        file = self._folder / ".git" / _LEDGER
        return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}

    def _file(self, path: str) -> Path:
        folder = self._ready()
        file = (folder / path).resolve()
        if not file.is_relative_to(folder) or file.suffix not in MODEL_SUFFIXES or not file.is_file():
            raise NoSuchModel(path)
        return file

    def _commit(self, paths: list[str], message: str, name: str, username: str) -> None:
        who = f"{name} <{username}@{_MAIL_DOMAIN}>".encode()
        porcelain.add(str(self._folder), [str(self._folder / path) for path in paths])
        porcelain.commit(str(self._folder), message=message.encode(), author=who, committer=who, sign=False)


def _commit_of(commit: GitCommit) -> Commit:
    return Commit(
        revision=commit.id.decode(),
        author=commit.author.decode().split(" <")[0],
        message=commit.message.decode().strip(),
        at=datetime.fromtimestamp(commit.commit_time, UTC),
    )


def _models_below(folder: Path) -> list[str]:
    found = (file for file in folder.rglob("*") if file.suffix in MODEL_SUFFIXES and ".git" not in file.parts)
    return sorted(file.relative_to(folder).as_posix() for file in found)
