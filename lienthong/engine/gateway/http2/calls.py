"""gRPC over streams: requests to handlers, replies and statuses back, deadlines, tokens, health."""

from __future__ import annotations

import asyncio
import hmac
import logging
import zlib
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

import grpc

from lienthong.engine.gateway.http2.connection import Connection
from lienthong.engine.gateway.http2.hpack import encoded
from lienthong.engine.gateway.http2.streams import Stream

LARGEST_MESSAGE = 4 * 1024 * 1024
PREFIX = 5
UNIT_SECONDS = {"H": 3600.0, "M": 60.0, "S": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9}
LONGEST_TIMEOUT_SECONDS = 10 * 365 * 86_400.0
HEAD = encoded([(":status", "200"), ("content-type", "application/grpc"), ("grpc-accept-encoding", "identity,gzip")])
DONE = encoded([("grpc-status", "0")])
Status = grpc.StatusCode
logger = logging.getLogger(__name__)


class Aborted(Exception):
    """A handler ends its call with a status."""

    def __init__(self, status: grpc.StatusCode, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Context:
    """What handlers see of their call."""

    __slots__ = ("_connection", "_stream")

    def __init__(self, connection: Connection, stream: Stream) -> None:
        self._connection, self._stream = connection, stream

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        """The headers of the call."""
        return tuple(header for header in self._stream.headers if not header[0].startswith(":"))

    def peer(self) -> str:
        """The address of the client."""
        return self._connection.peer

    async def abort(self, status: grpc.StatusCode, text: str = "") -> None:
        """End the call."""
        raise Aborted(status, text)


class Call:
    """A call whose request is being received or answered."""

    __slots__ = ("alarm", "begun", "method", "task")

    def __init__(self, method: grpc.RpcMethodHandler[Any, Any]) -> None:
        self.method = method
        self.task: asyncio.Task[None] | None = None
        self.alarm: asyncio.TimerHandle | None = None
        self.begun = False  # the head of the answer is out


class Methods:
    """Takes the place of a server where generated code registers its handlers."""

    def __init__(self) -> None:
        self.found: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        """Nothing: the registered ones are the same."""

    def add_registered_method_handlers(self, service: str, handlers: dict[str, Any]) -> None:
        """Of one service."""
        self.found.update({f"/{service}/{name}": handler for name, handler in handlers.items()})


class GrpcCalls:
    """All calls of a server."""

    def __init__(self, methods: dict[str, grpc.RpcMethodHandler[Any, Any]], token: str | None) -> None:
        self._methods = methods
        self._token = f"Bearer {token}" if token else None
        self._running: set[asyncio.Task[None]] = set()

    async def drained(self, seconds: float) -> None:
        """Wait for the calls that run, then cancel the rest."""
        if self._running:
            _, open_tasks = await asyncio.wait(self._running, timeout=seconds)
            for task in open_tasks:
                task.cancel()
            await asyncio.gather(*open_tasks, return_exceptions=True)

    # from the connection

    def begun(self, connection: Connection, stream: Stream) -> None:
        """Refuse what cannot be answered; else wait for the request."""
        headers = dict(stream.headers)
        path = headers.get(":path", "")
        if not headers.get("content-type", "").startswith("application/grpc"):
            connection.out.finish(stream, encoded([(":status", "415")]))
            return
        method = self._methods.get(path)
        refusal = self._refusal(path, headers, method)
        if refusal is not None:
            self._end(connection, stream, *refusal)
            return
        assert method is not None
        stream.call = Call(method)
        seconds = _timeout(headers.get("grpc-timeout"))
        if seconds is not None:
            loop = asyncio.get_running_loop()
            stream.call.alarm = loop.call_later(seconds, self._expire, connection, stream)

    def _refusal(self, path: str, headers: dict[str, str], method: Any) -> tuple[grpc.StatusCode, str] | None:
        given = headers.get("authorization", "")
        is_open = self._token is None or path.startswith("/grpc.health.")
        if not is_open and not hmac.compare_digest(given.encode(), str(self._token).encode()):
            return Status.UNAUTHENTICATED, "Expected a bearer token, but it is missing or wrong"
        if method is None:
            return Status.UNIMPLEMENTED, "Method not found!"
        if headers.get("grpc-encoding", "identity") not in ("identity", "gzip"):
            return Status.UNIMPLEMENTED, f"Expected no compression or gzip, but got {headers['grpc-encoding']}"
        return None

    def received(self, connection: Connection, stream: Stream) -> None:
        """Once the request is whole, hand it to its method."""
        call = stream.call
        if call is None or call.task is not None:
            return
        if len(stream.body) >= PREFIX:
            size = int.from_bytes(stream.body[1:PREFIX], "big")
            if size > LARGEST_MESSAGE:
                text = f"Received message larger than max ({size} vs. {LARGEST_MESSAGE})"
                self._end(connection, stream, Status.RESOURCE_EXHAUSTED, text)
                return
        if stream.ended:
            handle = self._stream_out if call.method.response_streaming else self._unary
            call.task = asyncio.get_running_loop().create_task(self._guarded(handle, connection, stream))
            self._running.add(call.task)
            call.task.add_done_callback(self._running.discard)

    def gone(self, stream: Stream) -> None:
        """The client no longer wants the answer."""
        call = stream.call
        if call is None:
            return
        if call.alarm is not None:
            call.alarm.cancel()
        if call.task is not None:
            call.task.cancel()

    def _expire(self, connection: Connection, stream: Stream) -> None:
        if stream.id in connection.streams:
            task = stream.call.task
            self._end(connection, stream, Status.DEADLINE_EXCEEDED, "Deadline Exceeded")
            if task is not None:
                task.cancel()

    # answering

    async def _guarded(
        self, handle: Callable[[Connection, Stream], Awaitable[None]], connection: Connection, stream: Stream
    ) -> None:
        try:
            await handle(connection, stream)
        except Aborted as aborted:
            self._end(connection, stream, aborted.status, aborted.text)
        except asyncio.CancelledError:
            self._end(connection, stream, Status.UNAVAILABLE, "The engine is stopping")
            raise
        except Exception as error:
            logger.exception("Unexpected failure of a call")
            self._end(connection, stream, Status.UNKNOWN, f"Unexpected failure of the gateway: {error!r}")

    def _request(self, stream: Stream) -> Any:
        body = stream.body
        if len(body) < PREFIX or len(body) != PREFIX + int.from_bytes(body[1:PREFIX], "big"):
            raise Aborted(Status.INTERNAL, "Expected one whole message in the request")
        content = bytes(body[PREFIX:])
        if body[0]:
            content = _unpacked(content)
        stream.body = bytearray()
        try:
            return stream.call.method.request_deserializer(content)
        except Exception as error:
            raise Aborted(Status.INTERNAL, f"Exception deserializing request! {error}") from error

    async def _unary(self, connection: Connection, stream: Stream) -> None:
        method = stream.call.method
        reply = await method.unary_unary(self._request(stream), Context(connection, stream))
        waiter = self._send(connection, stream, method.response_serializer(reply))
        if waiter is not None:
            await waiter
        self._end(connection, stream, Status.OK, "")

    async def _stream_out(self, connection: Connection, stream: Stream) -> None:
        method = stream.call.method
        replies: Any = method.unary_stream(self._request(stream), Context(connection, stream))
        async with aclosing(replies):
            async for reply in replies:
                waiter = self._send(connection, stream, method.response_serializer(reply))
                if waiter is not None:
                    await waiter
        self._end(connection, stream, Status.OK, "")

    def _send(self, connection: Connection, stream: Stream, content: bytes) -> asyncio.Future[None] | None:
        if len(content) > LARGEST_MESSAGE:
            text = f"Sent message larger than max ({len(content)} vs. {LARGEST_MESSAGE})"
            raise Aborted(Status.RESOURCE_EXHAUSTED, text)
        if stream.id not in connection.streams:
            raise asyncio.CancelledError
        if not stream.call.begun:
            stream.call.begun = True
            connection.out.open(stream, HEAD)
        return connection.out.send(stream, b"\0" + len(content).to_bytes(4, "big") + content)

    def _end(self, connection: Connection, stream: Stream, status: grpc.StatusCode, text: str) -> None:
        if stream.id not in connection.streams:
            return
        call = stream.call
        if call is not None and call.alarm is not None:
            call.alarm.cancel()
        block = DONE if status is Status.OK else _trailers(status, text)
        connection.out.finish(stream, block if call is not None and call.begun else HEAD + block)


def _trailers(status: grpc.StatusCode, text: str) -> bytes:
    number = str(status.value[0])
    return encoded(
        [("grpc-status", number), ("grpc-message", quote(text[:4_000], safe=" !\"#$&'()*+,/:;<=>?@[\\]^`{|}"))]
    )


def _timeout(text: str | None) -> float | None:
    if text is None or len(text) > 9 or text[-1:] not in UNIT_SECONDS or not text[:-1].isdigit():
        return None
    return min(int(text[:-1]) * UNIT_SECONDS[text[-1]], LONGEST_TIMEOUT_SECONDS)


def _unpacked(content: bytes) -> bytes:
    """gzip, but never more than a message may have."""
    try:
        unpacker = zlib.decompressobj(31)
        found = unpacker.decompress(content, LARGEST_MESSAGE + 1)
    except zlib.error as error:
        raise Aborted(Status.INTERNAL, f"Expected a gzip message, but: {error}") from error
    if len(found) > LARGEST_MESSAGE:
        text = f"Received message larger than max ({len(found)} vs. {LARGEST_MESSAGE})"
        raise Aborted(Status.RESOURCE_EXHAUSTED, text)
    return found
