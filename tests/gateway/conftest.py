"""A served engine in memory, a raw stub and pyzeebe's channel to it."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import edge_engines
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.engine.runtime.serve import Served, running


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """An engine with both edges on free ports, in this loop."""
    async with running(None) as engine:
        yield engine


@pytest.fixture
async def stub(served: Served) -> AsyncIterator[GatewayStub]:
    """The raw stub."""
    async with edge_engines.stub_of(served.grpc_port) as found:
        yield found


@pytest.fixture
async def channel(served: Served) -> AsyncIterator[grpc.aio.Channel]:
    """A channel for pyzeebe."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{served.grpc_port}") as found:
        yield found
