"""A real sandbox over HTTP on a free loopback port, and a receiver of its callbacks."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

sys.path.insert(0, str(Path(__file__).resolve().parent))
from played_sandbox import Receiver, Sandbox, served

from lienthong.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path)


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    with stamina.set_testing(True, attempts=2, cap=True), served(settings) as url:
        sandbox = Sandbox(url, settings)
        yield sandbox
        sandbox.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()
