"""One HTTP/2 connection of the server: frames in, streams with whole gRPC requests out; flow control both ways.

What is written within one turn of the event loop leaves in one piece. A peer that breaks the protocol
loses its connection; one that floods is not answered before it reads.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable

from lienthong.engine.gateway.http2 import frames
from lienthong.engine.gateway.http2.frames import ConnectionFault, Fault, Kind, Setting, frame
from lienthong.engine.gateway.http2.hpack import Decoder, Headers, HpackError
from lienthong.engine.gateway.http2.outgoing import Outgoing
from lienthong.engine.gateway.http2.streams import Calls, Stream

MOST_STREAMS = 10_000
OWN_WINDOW = 8 * 1024 * 1024  # of a stream: twice the largest request
CONNECTION_WINDOW = 256 * 1024 * 1024
UPDATE_AFTER = 1024 * 1024
LARGEST_BLOCK = 64 * 1024
RESETS_FOR_FREE = 500  # beyond, a peer may reset as many streams as it lets complete


class Connection(asyncio.Protocol):
    """The protocol of one accepted socket."""

    def __init__(self, calls: Calls, opened: set[Connection]) -> None:
        self._calls = calls
        self._opened = opened
        self.streams: dict[int, Stream] = {}
        self.peer = ""
        self.closing = False
        self.out = Outgoing(self.streams)
        self._input = bytearray()
        self._preface = True
        self._decoder = Decoder()
        self._block: tuple[int, int, bytearray] | None = None  # stream, flags, header block that goes on
        self._last = 0
        self._taken = 0  # octets received and not yet granted again
        self._resets = 0
        self._handlers: dict[int, Callable[[int, int, bytes], None]] = {
            Kind.DATA: self._data,
            Kind.HEADERS: self._headers,
            Kind.CONTINUATION: self._continuation,
            Kind.RST_STREAM: self._reset,
            Kind.SETTINGS: self._settings,
            Kind.PING: self._ping,
            Kind.WINDOW_UPDATE: self._window_update,
            Kind.PUSH_PROMISE: self._push_promise,
        }

    # the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say what we can."""
        assert isinstance(transport, asyncio.Transport)
        self.out.transport = transport
        self._opened.add(self)
        host, port = (*(transport.get_extra_info("peername") or ("", 0)),)[:2]
        self.peer = f"ipv6:[{host}]:{port}" if ":" in host else f"ipv4:{host}:{port}"
        limits = {Setting.MAX_CONCURRENT_STREAMS: MOST_STREAMS, Setting.INITIAL_WINDOW_SIZE: OWN_WINDOW}
        self.out.write(frames.settings(limits | {Setting.MAX_HEADER_LIST_SIZE: LARGEST_BLOCK // 2}))
        self.out.write(frames.window_update(0, CONNECTION_WINDOW - frames.FIRST_WINDOW))

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody waits for answers any more."""
        self.closing = True
        self._opened.discard(self)
        for stream in list(self.streams.values()):
            self._drop(stream)
        self.out.transport = None

    def pause_writing(self) -> None:
        """A peer that does not read is not read either."""
        if self.out.transport is not None:
            self.out.transport.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        if self.out.transport is not None and not self.out.transport.is_closing():
            self.out.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Whole frames are handled, the rest waits."""
        self._input += data
        try:
            self._consume()
        except ConnectionFault as fault:
            self.end(fault.fault, str(fault))
        except HpackError as error:
            self.end(Fault.COMPRESSION_ERROR, str(error))

    def _consume(self) -> None:
        found, at = self._input, 0
        if self._preface:
            if not frames.PREFACE.startswith(found[: len(frames.PREFACE)]):
                raise ConnectionFault(Fault.PROTOCOL_ERROR, "Expected the preface of HTTP/2")
            if len(found) < len(frames.PREFACE):
                return
            self._preface, at = False, len(frames.PREFACE)
        while len(found) - at >= frames.HEAD and not self.closing:
            size = found[at] << 16 | found[at + 1] << 8 | found[at + 2]
            if size > frames.SMALLEST_FRAME:
                raise ConnectionFault(Fault.FRAME_SIZE_ERROR, f"Expected a smaller frame than {size} octets")
            end = at + frames.HEAD + size
            if len(found) < end:
                break
            kind, flags = found[at + 3], found[at + 4]
            stream = int.from_bytes(found[at + 5 : at + 9], "big") & frames.LARGEST_WINDOW
            if self._block is not None and kind != Kind.CONTINUATION:
                raise ConnectionFault(Fault.PROTOCOL_ERROR, "Expected the rest of a header block")
            handler = self._handlers.get(kind)
            if handler is not None:
                handler(flags, stream, bytes(found[at + frames.HEAD : end]))
            at = end
        del found[:at]

    # frames that come in

    def _headers(self, flags: int, stream_id: int, payload: bytes) -> None:
        if stream_id % 2 == 0:
            raise ConnectionFault(Fault.PROTOCOL_ERROR, "Expected an odd stream")
        payload = _unpadded(flags, payload)
        if flags & frames.PRIORITY:
            payload = payload[5:]
        self._block = (stream_id, flags, bytearray(payload))
        self._whole_block(flags)

    def _continuation(self, flags: int, stream_id: int, payload: bytes) -> None:
        if self._block is None or self._block[0] != stream_id:
            raise ConnectionFault(Fault.PROTOCOL_ERROR, "Expected no continuation")
        self._block[2].extend(payload)
        if len(self._block[2]) > LARGEST_BLOCK:
            raise ConnectionFault(Fault.ENHANCE_YOUR_CALM, f"Expected at most {LARGEST_BLOCK} octets of headers")
        self._whole_block(flags)

    def _whole_block(self, flags: int) -> None:
        if self._block is None or not flags & frames.END_HEADERS:
            return
        (stream_id, first, block), self._block = self._block, None
        headers = self._decoder.decode(bytes(block))
        stream = self.streams.get(stream_id)
        if stream is None:
            stream = self._opened_stream(stream_id, headers)
        elif not first & frames.END_STREAM:
            raise ConnectionFault(Fault.PROTOCOL_ERROR, "Expected trailers to end their stream")
        if stream is not None and first & frames.END_STREAM:
            self._ended(stream)

    def _opened_stream(self, stream_id: int, headers: Headers) -> Stream | None:
        if stream_id <= self._last:
            return None  # of a call that is over
        self._last = stream_id
        if self.closing or len(self.streams) >= MOST_STREAMS:
            self.out.write(frames.reset(stream_id, Fault.REFUSED_STREAM))
            return None
        stream = self.streams[stream_id] = Stream(stream_id, headers, self.out.stream_window)
        self._calls.begun(self, stream)
        return self.streams.get(stream_id)

    def _data(self, flags: int, stream_id: int, payload: bytes) -> None:
        if stream_id == 0 or stream_id > self._last:
            raise ConnectionFault(Fault.PROTOCOL_ERROR, "Expected data of an open stream")
        self._taken += len(payload)
        if self._taken >= UPDATE_AFTER:
            self.out.write(frames.window_update(0, self._taken))
            self._taken = 0
        stream = self.streams.get(stream_id)
        if stream is None or stream.ended:
            return
        stream.received += len(payload)
        if stream.received > OWN_WINDOW:
            raise ConnectionFault(Fault.FLOW_CONTROL_ERROR, "Expected no more than the stream's window")
        stream.body += _unpadded(flags, payload)
        if flags & frames.END_STREAM:
            self._ended(stream)
        else:
            self._calls.received(self, stream)

    def _ended(self, stream: Stream) -> None:
        stream.ended = True
        self._calls.received(self, stream)

    def _reset(self, flags: int, stream_id: int, payload: bytes) -> None:
        _check_size(payload, 4)
        stream = self.streams.get(stream_id)
        if stream is None:
            return
        self._resets += 1
        if self._resets > RESETS_FOR_FREE + self.out.completed:
            raise ConnectionFault(Fault.ENHANCE_YOUR_CALM, "Expected fewer streams to be reset")
        self._drop(stream)

    def _settings(self, flags: int, stream_id: int, payload: bytes) -> None:
        if flags & frames.ACK:
            return
        if stream_id or len(payload) % 6:
            raise ConnectionFault(Fault.FRAME_SIZE_ERROR, "Expected settings of six octets each")
        for name, value in struct.iter_unpack(">HI", payload):
            if name == Setting.INITIAL_WINDOW_SIZE:
                self.out.set_stream_window(value)
            elif name == Setting.MAX_FRAME_SIZE:
                self.out.set_frame_size(value)
        self.out.write(frame(Kind.SETTINGS, frames.ACK, 0))

    def _ping(self, flags: int, stream_id: int, payload: bytes) -> None:
        _check_size(payload, 8)
        if not flags & frames.ACK:
            self.out.write(frame(Kind.PING, frames.ACK, 0, payload))

    def _window_update(self, flags: int, stream_id: int, payload: bytes) -> None:
        _check_size(payload, 4)
        self.out.grow(stream_id, int.from_bytes(payload, "big") & frames.LARGEST_WINDOW)

    def _push_promise(self, flags: int, stream_id: int, payload: bytes) -> None:
        raise ConnectionFault(Fault.PROTOCOL_ERROR, "Expected no push from a client")

    def _drop(self, stream: Stream) -> None:
        self.streams.pop(stream.id, None)
        for _, _, waiter in stream.unsent:
            if waiter is not None:
                waiter.cancel()
        self._calls.gone(stream)

    # the end

    def go_away(self) -> None:
        """Take no more calls."""
        self.closing = True
        self.out.write(frames.go_away(self._last, Fault.NO_ERROR))

    def end(self, fault: Fault = Fault.NO_ERROR, text: str = "") -> None:
        """Say why, and close."""
        self.closing = True
        self.out.write(frames.go_away(self._last, fault, text))
        self.out.flush()
        if self.out.transport is not None:
            self.out.transport.close()


def _unpadded(flags: int, payload: bytes) -> bytes:
    if not flags & frames.PADDED:
        return payload
    if not payload or payload[0] >= len(payload):
        raise ConnectionFault(Fault.PROTOCOL_ERROR, "Expected less padding than the frame is long")
    return payload[1 : len(payload) - payload[0]]


def _check_size(payload: bytes, size: int) -> None:
    if len(payload) != size:
        raise ConnectionFault(Fault.FRAME_SIZE_ERROR, f"Expected a frame of {size} octets, but got {len(payload)}")
