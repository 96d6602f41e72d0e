"""What is done with whole projects: export and import, a new version of a bundle, one change in several versions."""

import io
import re
import zipfile
from dataclasses import dataclass

from lienthong.api.model_store import BadPath, ModelStore, NoSuchModel, is_kept, is_model, kept_below
from lienthong.redeploy.merge import carried
from lienthong.redeploy.model_text import kept_text
from lienthong.redeploy.usage import Usage, offered

IMPORT_LIMIT = 20_000_000
_VERSION = re.compile(r"^[0-9]{4}[a-z0-9-]{0,12}$")
_EPOCH = (2020, 1, 1, 0, 0, 0)
Author = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """The outcome for one other version: what was done there, and where it contradicts."""

    path: str
    carried: tuple[str, ...]
    conflicts: tuple[str, ...]
    content: bytes


def exported(store: ModelStore, folder: str) -> bytes:
    """A folder of working copies (empty: all) as a zip file; the same models make the same bytes."""
    root = store.folder
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in kept_below(root):
            if not folder or path.startswith(f"{folder}/"):
                archive.writestr(zipfile.ZipInfo(path, _EPOCH), (root / path).read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def imported(store: ModelStore, archive_bytes: bytes, message: str, author: Author) -> list[str]:
    """Take the files of a zip file over, as one save; returns the paths that changed. ValueError: no such zip."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive_bytes)) as archive:
            inside = [each for each in archive.infolist() if not each.is_dir()]
            if sum(each.file_size for each in inside) > IMPORT_LIMIT:
                raise ValueError("Expected at most 20 MB of models, but there is more")
            for each in inside:
                files[each.filename] = archive.read(each)
    except zipfile.BadZipFile as failure:
        raise ValueError("Expected a zip file, but it cannot be read") from failure
    return take_over(store, files, message, author)


def take_over(store: ModelStore, files: dict[str, bytes], message: str, author: Author) -> list[str]:
    """Write files of a project as one save; what says the same keeps its text."""
    changed: dict[str, bytes] = {}
    with store.writing():
        root = store.folder
        for path, content in files.items():
            if ".." in path.split("/") or path.startswith("/") or not is_kept(path):
                raise BadPath(path)
            there = root / path
            now = kept_text(path, there.read_bytes(), content) if there.is_file() else content
            if not there.is_file() or there.read_bytes() != now:
                changed[path] = now
        if changed:
            store.write(changed, message, author)
    return sorted(changed)


def siblings(store: ModelStore, path: str) -> list[str]:
    """The same file in the other versions of its bundle."""
    parts = path.split("/")
    if len(parts) < 3:
        return []
    fitting = [each for each in store.paths() if each.split("/")[0] == parts[0] and each.split("/")[2:] == parts[2:]]
    return [each for each in fitting if each != path]


def carry(store: ModelStore, path: str, revision: str, targets: list[str]) -> list[Carried]:
    """What the changes since a save (its content is the start) would do to the same file of other versions."""
    before, after = store.content_at(path, revision), store.read(path)
    known = siblings(store, path)
    found = []
    for target in targets:
        if target not in known:
            raise NoSuchModel(target)
        merged = carried(path, before, after, store.read(target))
        found.append(Carried(target, tuple(merged.carried), tuple(merged.conflicts), merged.content))
    return found


def new_version(store: ModelStore, bundle: str, version: str, author: Author) -> list[str]:
    """A bundle's next version as a copy: its own ids, version tags and message carry the new version."""
    name, _, old = bundle.partition("/")
    if not _VERSION.match(version) or bundle not in store.bundles():
        raise BadPath(version)
    with store.writing():
        root = store.folder
        paths = [path for path in kept_below(root) if path.startswith(f"{bundle}/")]
        if any(path.startswith(f"{name}/{version}/") for path in kept_below(root)):
            raise BadPath(version)
        own = {each for path in paths if is_model(path) for each in _ids(path, (root / path).read_bytes())}
        files = {}
        for path in paths:
            text = (root / path).read_text("utf-8")
            files[f"{name}/{version}/{path.removeprefix(f'{bundle}/')}"] = _renamed(text, name, old, version, own)
        store.write({path: text.encode() for path, text in files.items()}, f"{name} {version}", author)
    return sorted(files)


def _ids(path: str, content: bytes) -> list[str]:
    return [name for _, name in offered(path, content)]


def _renamed(text: str, name: str, old: str, new: str, own: set[str]) -> str:
    text = text.replace(f"{name}-v{old}", f"{name}-v{new}")
    text = re.sub(rf'(<zeebe:versionTag value=")v{re.escape(old)}"', rf'\g<1>v{new}"', text)
    text = re.sub(rf'("versionTag": ")v{re.escape(old)}"', rf'\g<1>v{new}"', text)
    text = re.sub(rf'((?:bundleVersion|version): )"{re.escape(old)}"', rf'\g<1>"{new}"', text)
    for each in own:  # called decisions and forms of this folder are called in their new version
        text = re.sub(rf'(="{re.escape(each)}"[^>]*versionTag=")v{re.escape(old)}"', rf'\g<1>v{new}"', text)
    return text


def usage(store: ModelStore) -> Usage:
    """All references among the working copies."""
    return Usage(store.files())
