"""A portal on a port of its own, and Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "web" / "portal"))

from portal_world import PortalWorld, build_portal  # noqa: E402

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


class PortalSite:
    """The portal of the tests, served."""

    def __init__(self, world: PortalWorld) -> None:
        self.world = world
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(world.app, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> PortalSite:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of the system; without it the test is skipped by name, but never in CI."""
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def portal_site(tmp_path: Path) -> Iterator[PortalSite]:
    with PortalSite(build_portal(tmp_path)) as running:
        yield running
