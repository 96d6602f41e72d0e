"""Papers over the real S3 protocol: the SeaweedFS of `lienthong s3`, with the credentials of the settings."""

import os
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from minio.error import S3Error
from sqlmodel import select

from lienthong.dossiers.database import session_scope
from lienthong.dossiers.store import DocumentStore
from lienthong.dossiers.tables import Document
from lienthong.settings import Settings
from workers import issue_result, set_deadline

pytestmark = pytest.mark.services
INNER_PORTS = 10


def free_base() -> int:
    """A port base whose S3 ports are all free."""
    for base in random.sample(range(20_000, 45_000), 50):
        with_ports = range(base + 333, base + 333 + INNER_PORTS)
        if all(closed(port) for port in with_ports):
            return base
    raise AssertionError("Expected free ports, but found none")


def closed(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings(var_dir=tmp_path_factory.mktemp("s3"), port_base=free_base(), s3_secret_key="of-this-test")
    environment = {
        **os.environ,
        "LIENTHONG_VAR_DIR": str(settings.var_dir),
        "LIENTHONG_PORT_BASE": str(settings.port_base),
        "LIENTHONG_S3_SECRET_KEY": settings.s3_secret_key,
    }
    command = [sys.executable, "-m", "lienthong.cli", "s3"]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_healthy(f"http://{settings.s3_endpoint}/healthz", process)
        yield settings
    finally:
        process.terminate()
        process.wait(20)


def wait_until_healthy(url: str, process: "subprocess.Popen[bytes]") -> None:
    pause = threading.Event()
    for _ in range(600):
        assert process.poll() is None, "Expected the store to serve, but it ended"
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            pass
        pause.wait(0.05)
    raise AssertionError("Expected the store to be healthy, but it was not in time")


def test_a_content_is_kept_under_its_hash_and_read_back(s3: Settings) -> None:
    store = DocumentStore(s3)
    kept = store.put("Giấy tờ thử".encode(), "text/plain")
    assert store.put("Giấy tờ thử".encode(), "text/plain") == kept
    assert DocumentStore(s3).get(kept.key).decode() == "Giấy tờ thử"
    with pytest.raises(KeyError):
        store.get("sha256/00/missing")


def test_a_wrong_secret_is_refused(s3: Settings) -> None:
    stranger = DocumentStore(s3.model_copy(update={"s3_secret_key": "another"}))
    with pytest.raises(S3Error):
        stranger.put(b"x", "text/plain")


def test_an_issued_result_lies_in_the_store(s3: Settings, desk: Any, services: Any) -> None:
    stored = replace(services, documents=DocumentStore(s3))
    code = replace(desk, services=stored).file()
    set_deadline.handle(desk.job(code, {"scope": "bundle"}), stored)
    set_deadline.handle(desk.job(code, {"scope": "branch"}, procedureCode="K4"), stored)
    job = desk.job(code, procedureCode="K4", authority="bd-ca-huyen")
    issued = issue_result.handle(job, stored)["result"]
    with session_scope(stored.database) as session:
        document = session.exec(select(Document).where(Document.id == issued["documentId"])).one()
    assert DocumentStore(s3).get(document.storage_key).startswith(b"%PDF")
