"""Drafts of filings: kept on disk until sent, so that a refused file or a lost connection loses nothing.

A draft is one folder: ``draft.json`` (replaced atomically) and one file for each upload. Only its owner sees it.
"""

import json
import os
import re
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

Delivery = Literal["online", "desk", "post"]
Behalf = Literal["self", "proxy", "youth", "enterprise"]

DRAFT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class DraftFile:
    """One upload of a draft: for which paper, under which name, how many bytes; a picture may be turned."""

    id: str
    kind: str
    file_name: str
    content_type: str
    size: int
    turned: int = 0
    """Degrees clockwise: 0, 90, 180 or 270."""
    warnings: list[str] = field(default_factory=list)
    """What the quality check of a picture found: catalogue keys after ``quality.``."""

    @property
    def is_picture(self) -> bool:
        """Whether it is a page that was photographed or scanned as a picture."""
        return self.content_type.startswith("image/")


@dataclass(slots=True)
class Draft:
    """What an applicant has entered so far; ``id`` becomes the filing token, so that sending twice files once."""

    id: str
    owner: int
    bundle_id: str
    changed_at: str
    applicant_name: str = ""
    applicant_personal_number: str = ""
    applicant_phone: str = ""
    organisation_name: str = ""
    applicant_email: str = ""
    applicant_address: str = ""
    delivery: Delivery = "online"
    behalf: Behalf = "self"
    relation: str = ""
    zone: str = "province"
    options: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    """Where a prefilled field is from: ``account``, ``identity`` or the code of an earlier dossier."""
    reused: list[str] = field(default_factory=list)
    """Documents of earlier dossiers that the applicant allows to be used again."""
    files: list[DraftFile] = field(default_factory=list)

    @property
    def changed(self) -> datetime:
        """When it was last saved."""
        return datetime.fromisoformat(self.changed_at)


class DraftFolder:
    """All drafts below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self, owner: int, bundle_id: str, now: datetime) -> Draft:
        """An empty draft with a fresh id; nothing is written until ``save``."""
        return Draft(uuid.uuid4().hex, owner, bundle_id, now.isoformat())

    def save(self, draft: Draft, now: datetime) -> None:
        """Replace the draft as a whole, or leave the old one."""
        draft.changed_at = now.isoformat()
        folder = self._of(draft.id)
        folder.mkdir(parents=True, exist_ok=True)
        staged = folder / "draft.json.new"
        with staged.open("w", encoding="utf-8") as out:
            json.dump(asdict(draft), out, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        staged.replace(folder / "draft.json")

    def load(self, draft_id: str, owner: int) -> Draft | None:
        """The owner's draft of that id; None for a stranger, a wrong id or one already sent."""
        if not DRAFT_ID.fullmatch(draft_id):
            return None
        try:
            data = json.loads((self._of(draft_id) / "draft.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        files = [DraftFile(**entry) for entry in data.pop("files")]
        known = {entry.name for entry in fields(Draft)}
        draft = Draft(**{name: value for name, value in data.items() if name in known}, files=files)
        return draft if draft.owner == owner else None

    def of_owner(self, owner: int) -> list[Draft]:
        """The owner's drafts, last changed first."""
        ids = [folder.name for folder in self._folder.iterdir()] if self._folder.is_dir() else []
        found = [draft for draft_id in ids if (draft := self.load(draft_id, owner)) is not None]
        return sorted(found, key=lambda draft: draft.changed_at, reverse=True)

    def add_file(
        self,
        draft: Draft,
        kind: str,
        file_name: str,
        content_type: str,
        content: bytes,
        warnings: Sequence[str] = (),
    ) -> None:
        """Keep one checked upload; the caller saves the draft afterwards."""
        file = DraftFile(uuid.uuid4().hex, kind, file_name, content_type, len(content), 0, list(warnings))
        self._of(draft.id).mkdir(parents=True, exist_ok=True)
        (self._of(draft.id) / file.id).write_bytes(content)
        draft.files.append(file)

    def content(self, draft: Draft, file: DraftFile) -> bytes:
        """The bytes of one upload."""
        return (self._of(draft.id) / file.id).read_bytes()

    def turn_file(self, draft: Draft, file_id: str) -> None:
        """Turn a picture by a quarter clockwise; the caller saves the draft afterwards."""
        for file in draft.files:
            if file.id == file_id and file.is_picture:
                file.turned = (file.turned + 90) % 360

    def move_file(self, draft: Draft, file_id: str) -> None:
        """Move a page before the one that stands before it in the same paper; the caller saves the draft."""
        places = {file.id: index for index, file in enumerate(draft.files)}
        place = places.get(file_id)
        if place is None:
            return
        earlier = [index for index in range(place) if draft.files[index].kind == draft.files[place].kind]
        if earlier:
            other = earlier[-1]
            draft.files[other], draft.files[place] = draft.files[place], draft.files[other]

    def remove_file(self, draft: Draft, file_id: str) -> None:
        """Forget one upload; the caller saves the draft afterwards."""
        if any(file.id == file_id for file in draft.files):
            draft.files = [file for file in draft.files if file.id != file_id]
            (self._of(draft.id) / file_id).unlink(missing_ok=True)

    def discard(self, draft_id: str) -> None:
        """Remove a draft that was sent."""
        shutil.rmtree(self._of(draft_id), ignore_errors=True)

    def _of(self, draft_id: str) -> Path:
        return self._folder / draft_id
