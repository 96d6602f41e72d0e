"""One call on a connection, and what a connection tells of it."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from lienthong.engine.gateway.http2.hpack import Headers

if TYPE_CHECKING:
    from lienthong.engine.gateway.http2.connection import Connection


class Stream:
    """One call."""

    __slots__ = ("body", "call", "ended", "headers", "id", "received", "unsent", "window")

    def __init__(self, stream_id: int, headers: Headers, window: int) -> None:
        self.id = stream_id
        self.headers = headers
        self.window = window
        self.body = bytearray()
        self.received = 0
        self.ended = False  # the peer says no more
        self.unsent: deque[tuple[bytes, bool, asyncio.Future[None] | None]] = deque()  # octets, whether data, who waits
        self.call: Any = None


class Calls(Protocol):
    """What is above the connection."""

    def begun(self, connection: Connection, stream: Stream) -> None:
        """The headers of a call are here."""

    def received(self, connection: Connection, stream: Stream) -> None:
        """More of the body is here, or its end."""

    def gone(self, stream: Stream) -> None:
        """The peer no longer wants the call."""
