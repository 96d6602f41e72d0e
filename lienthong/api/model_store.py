"""The working copies of the models: a git repository under ``var/models``, seeded from ``bpmn/``, a commit a save."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from dulwich import porcelain
from dulwich.object_store import tree_lookup_path
from dulwich.objects import Blob
from dulwich.objects import Commit as GitCommit
from dulwich.repo import Repo

from lienthong.redeploy.check import MODEL_SUFFIXES
from lienthong.redeploy.model_text import kept_text

HISTORY_LIMIT = 50
SEED_AUTHOR = ("Liên Thông", "system")
_MAIL_DOMAIN = "lienthong.invalid"
_LEDGER = "deployed.json"
_LOCK = threading.RLock()
_PATH = re.compile(r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9._-]*){1,3}$")
_SCENARIO = re.compile(r"^[^/]+/[^/]+/scenarios/[a-z0-9_][a-z0-9_-]*\.yaml$")
_HELD: set[Path] = set()  # folders whose file lock this process holds
_READY: dict[Path, object] = {}  # folder → what its seed looked like when it was last taken in


class NoSuchModel(Exception):
    """No model file of that path."""


class SavedMeanwhile(Exception):
    """Somebody else saved the file after it was opened."""


class BadPath(Exception):
    """A new file may not have this path, or has it already."""


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


def is_model(path: str) -> bool:
    """Whether the path is one of a file that is deployed."""
    return path.endswith(MODEL_SUFFIXES)


def is_kept(path: str) -> bool:
    """Whether the path is one of a file of a project: models, scenarios, the graph of a bundle."""
    return is_model(path) or bool(_SCENARIO.match(path)) or (path.endswith("/graph.yaml") and path.count("/") == 2)


class ModelStore:
    """Working copies by path below ``bpmn/``; made on the first use, and again complete when new models appear."""

    def __init__(self, folder: Path, seed: Path) -> None:
        self._folder = folder.resolve()
        self._seed = seed.resolve()

    @property
    def folder(self) -> Path:
        """Where the working copies lie, taken in from the seed."""
        return self._ready()

    @property
    def private(self) -> Path:
        """Where what is no model is kept: drafts, notes about deployments and deliveries."""
        return self._folder / ".git"

    def _ready(self) -> Path:
        from lienthong.api.model_seed import signature, take_in

        now = signature(self._seed)
        if _READY.get(self._folder) != now or not self.private.exists():
            with self.writing():
                take_in(self, self._seed)
                _READY[self._folder] = now
        return self._folder

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time, in all processes that serve these models."""
        with _LOCK:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self.private.exists():
                porcelain.init(str(self._folder))
            if self._folder in _HELD:  # this thread writes already: only it can be here
                yield
                return
            with (self.private / "lienthong.lock").open("w") as lock:
                flock(lock, LOCK_EX)
                _HELD.add(self._folder)
                try:
                    yield
                finally:
                    _HELD.discard(self._folder)

    # reading

    def paths(self) -> list[str]:
        """All model files, by path."""
        return [path for path in kept_below(self._ready()) if is_model(path)]

    def files(self) -> dict[str, bytes]:
        """Every model by path: what usage, checks and plays look at."""
        folder = self._ready()
        return {path: (folder / path).read_bytes() for path in self.paths()}

    def scenarios(self, bundle: str) -> list[str]:
        """The scenario files of one bundle version, the shared ones left out."""
        found = [path for path in kept_below(self._ready()) if _SCENARIO.match(path) and path.startswith(f"{bundle}/")]
        return [path for path in found if not path.rsplit("/", 1)[1].startswith("_")]

    def bundles(self) -> list[str]:
        """``karaoke/2023`` and its like: folders two levels deep that hold a bundle's process."""
        return sorted(path.removesuffix("/bundle.bpmn") for path in self.paths() if path.endswith("/bundle.bpmn"))

    def read(self, path: str) -> bytes:
        """The working copy of one file."""
        return self._file(path).read_bytes()

    def history(self, path: str) -> list[Commit]:
        """The saves of one file, newest first."""
        self._file(path)
        with Repo(str(self._folder)) as repository:
            walker = repository.get_walker(paths=[path.encode()], max_entries=HISTORY_LIMIT)
            return [_commit_of(entry.commit) for entry in walker]

    def content_at(self, path: str, revision: str) -> bytes:
        """One file as it was after a save."""
        self._file(path)
        with Repo(str(self._folder)) as repository:
            try:
                commit = repository[revision.encode()]
                assert isinstance(commit, GitCommit)
                _, sha = tree_lookup_path(repository.__getitem__, commit.tree, path.encode())
                blob = repository[sha]
            except (KeyError, ValueError, AttributeError, AssertionError) as failure:
                raise NoSuchModel(path) from failure
            assert isinstance(blob, Blob)
            return bytes(blob.data)

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

    # writing

    def save(self, path: str, content: bytes, message: str, author: tuple[str, str], revision: str) -> str:
        """Write and commit as ``author`` (display name, user name); ``revision`` is what the author had opened.

        What an editor wrote differently without changing it keeps the bytes it had.
        """
        with self.writing():
            file = self._file(path)
            before = file.read_bytes()
            if revision_of(before) != revision:
                raise SavedMeanwhile(path)
            after = kept_text(path, before, content)
            if before != after:
                self.write({path: after}, message, author)
            return revision_of(after)

    def create(self, path: str, content: bytes, message: str, author: tuple[str, str]) -> str:
        """A new file of a project."""
        with self.writing():
            if not _PATH.match(path) or not is_kept(path) or (self._ready() / path).exists():
                raise BadPath(path)
            self.write({path: content}, message, author)
            return revision_of(content)

    def write(self, files: dict[str, bytes], message: str, author: tuple[str, str]) -> None:
        """Write files and commit them together; only inside ``writing``."""
        for path, content in files.items():
            (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self._folder / path).write_bytes(content)
        who = f"{author[0]} <{author[1]}@{_MAIL_DOMAIN}>".encode()
        porcelain.add(str(self._folder), [str(self._folder / path) for path in files])
        porcelain.commit(str(self._folder), message=message.encode(), author=who, committer=who, sign=False)

    # what was deployed

    def note_deployed(self, files: dict[str, bytes]) -> None:
        """Remember what was deployed of each file."""
        with _LOCK:
            ledger = self._ledger() | {path: revision_of(content) for path, content in files.items()}
            (self.private / _LEDGER).write_text(json.dumps(ledger, indent=1, sort_keys=True), "utf-8")

    def deployed_revision(self, path: str) -> str | None:
        """The revision last deployed of a file, as far as it was noted."""
        self._ready()
        return self._ledger().get(path)

    def deployed_content(self, path: str) -> bytes:
        """What was last deployed of a file, found in its history; the working copy when that is not known."""
        now, noted = self.read(path), self.deployed_revision(path)
        if noted in (None, revision_of(now)):
            return now
        for commit in self.history(path):
            content = self.content_at(path, commit.revision)
            if revision_of(content) == noted:
                return content
        return now

    def _ledger(self) -> dict[str, str]:
        file = self.private / _LEDGER
        return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}

    def _file(self, path: str) -> Path:
        folder = self._ready()
        file = (folder / path).resolve()
        if not file.is_relative_to(folder) or not is_kept(path) or ".git" in file.parts or not file.is_file():
            raise NoSuchModel(path)
        return file


def _commit_of(commit: GitCommit) -> Commit:
    return Commit(
        revision=commit.id.decode(),
        author=commit.author.decode().split(" <")[0],
        message=commit.message.decode().strip(),
        at=datetime.fromtimestamp(commit.commit_time, UTC),
    )


def kept_below(folder: Path) -> list[str]:
    """The files of projects below a folder, by path."""
    found = (file.relative_to(folder) for file in folder.rglob("*") if file.suffix in (*MODEL_SUFFIXES, ".yaml"))
    paths = (file.as_posix() for file in found if ".git" not in file.parts)
    return sorted(path for path in paths if is_kept(path))
