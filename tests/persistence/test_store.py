"""The document store: content-addressed and never overwritten, the same in memory and on a real S3."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from minio.error import S3Error

from lienthong.commands.s3 import command, identity
from lienthong.dossiers.store import DocumentStore, MemoryStore, Store
from lienthong.settings import Settings


def free_base() -> int:
    """A port base whose S3 ports are free now."""
    for _ in range(50):
        base = 20000 + secrets.randbelow(9000)
        try:
            for offset in (333, 334, 335, 336):
                for extra in (0, 10000):
                    with socket.socket() as probe:
                        probe.bind(("127.0.0.1", base + offset + extra))
        except OSError:
            continue
        return base
    raise AssertionError("no free ports")


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("s3")
    (folder / "s3").mkdir()
    settings = Settings(port_base=free_base(), var_dir=folder)
    configuration = folder / "s3.json"
    configuration.write_text(identity(settings))
    log = (folder / "weed.log").open("wb")
    process = subprocess.Popen(command(settings, configuration), stdout=log, stderr=log, cwd=folder, env=os.environ)
    try:
        _wait(DocumentStore(settings), process, folder / "weed.log")
        yield settings
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait(store: DocumentStore, process: subprocess.Popen[bytes], log: Path) -> None:
    last: Exception | None = None
    for _ in range(120):
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            store.ensure_bucket()
            store.put(b"ready", "text/plain")
            return
        except Exception as error:
            last = error
            time.sleep(0.25)
    raise AssertionError(f"SeaweedFS did not answer: {last}")


@pytest.fixture(params=["memory", pytest.param("s3", marks=pytest.mark.services)])
def documents(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    return DocumentStore(request.getfixturevalue("s3"))


def test_what_was_put_is_got_back_under_its_hash(documents: Store) -> None:
    content = "hồ sơ thử nghiệm".encode()
    stored = documents.put(content, "text/plain")
    assert stored.key == f"sha256/{stored.sha256[:2]}/{stored.sha256}" and stored.size == len(content)
    assert documents.get(stored.key) == content
    assert documents.put(content, "text/plain") == stored


def test_a_key_that_is_not_there_is_a_key_error(documents: Store) -> None:
    with pytest.raises(KeyError):
        documents.get("sha256/00/nothing")


@pytest.mark.services
def test_a_link_opens_a_document_and_a_wrong_secret_does_not(s3: Settings) -> None:
    store = DocumentStore(s3)
    stored = store.put(b"linked", "text/plain")
    with urlopen(store.presign(stored.key), timeout=10) as answer:
        assert answer.read() == b"linked"
    given = {name: getattr(s3, name) for name in ("s3_endpoint", "s3_access_key", "s3_bucket", "s3_secure")}
    stranger = DocumentStore(SimpleNamespace(**given, s3_secret_key="wrong"))
    with pytest.raises(S3Error):
        stranger.get(stored.key)
