"""One stack for all tests of faults: the five supervised processes on free ports in a folder of their own."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from running import Running

from lienthong.commands.first_start import create_accounts, deploy_models, new_password
from lienthong.demonstration.command import cast_of, free_port_base
from lienthong.settings import Settings
from lienthong.stack import Stack, load_secrets


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("stack")
    password = new_password()
    with patch.dict(os.environ):  # the processes get it; other tests of this process must not
        os.environ["LIENTHONG_VAR_DIR"] = str(folder)
        os.environ["LIENTHONG_PORT_BASE"] = str(free_port_base())
        load_secrets(folder)
        stack = Stack(Settings())
        create_accounts(stack.settings, password)
        stack.start()
    running = Running(stack, cast_of(stack.settings, password))
    try:
        stack.wait()
        deploy_models(stack.settings, lambda _line: None)
        yield running
    finally:
        running.close()


@pytest.fixture(autouse=True)
def well_behaved(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test begins and ends with outward systems that behave well and a clock that runs."""
    yield
    if "running" in request.fixturenames:
        running: Running = request.getfixturevalue("running")
        running.no_faults()
        running.cast.engine.reset_clock()
