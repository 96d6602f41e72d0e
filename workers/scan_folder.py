"""The watched scan folder: a folder a desk; what its scanner puts there is checked, kept and listed for the clerks.

A file is taken when it has not grown for a moment, so that a scan is never taken half written. Taken files move to
``taken``, refused ones to ``refused`` beside them; the list and the store are what counts, the folders are for people.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from lienthong.dossiers import scans
from lienthong.dossiers.database import session_scope
from lienthong.reading.refusals import UploadRefused
from workers.context import Services
from workers.logging import logger_of

TAKEN: Final = "taken"
REFUSED: Final = "refused"
BATCH: Final = 20
logger = logger_of("workers.scan_folder")


class ScanFolder:
    """Looks through the desks' folders once a call."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sizes: dict[Path, int] = {}

    def run_once(self, now: datetime) -> int:
        """Take every file that has stopped growing; how many were taken."""
        seen = {path: path.stat().st_size for path in self._files()}
        ready = [path for path, size in seen.items() if size and self._sizes.get(path) == size]
        self._sizes = seen
        return sum(self._take(path, now) for path in sorted(ready)[:BATCH])

    def _files(self) -> Iterator[Path]:
        folder = self._services.settings.scans
        if not folder.is_dir():
            return
        for desk in sorted(folder.iterdir()):
            if desk.is_dir() and desk.name in self._services.law.authorities:
                yield from (path for path in desk.iterdir() if path.is_file() and not path.name.startswith("."))

    def _take(self, path: Path, now: datetime) -> bool:
        desk_id, content = path.parent.name, path.read_bytes()
        if len(content) > self._services.settings.upload_limit_bytes:
            return self._put_aside(path, REFUSED)
        try:
            code = _code_on(content)
            with session_scope(self._services.database) as session:
                scans.take_in(session, self._services.documents, desk_id, path.name, content, code, now)
        except UploadRefused as refused:
            logger.warning("a scan was refused", desk=desk_id, reason=refused.code)
            return self._put_aside(path, REFUSED)
        self._put_aside(path, TAKEN)
        return True

    def _put_aside(self, path: Path, where: str) -> bool:
        folder = path.parent / where
        folder.mkdir(exist_ok=True)
        target = folder / path.name
        number = 1
        while target.exists():
            target, number = folder / f"{path.stem}-{number}{path.suffix}", number + 1
        path.replace(target)
        return False


def _code_on(content: bytes) -> str:
    """The first code on a scan: a barcode sheet laid on top tells the dossier; empty when none is found."""
    from lienthong.reading.scan_codes import codes_on

    found = codes_on(content)
    return found[0][:200] if found else ""
