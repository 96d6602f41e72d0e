"""What leaves on a connection: octets of one turn of the loop in one piece, data within the peer's windows."""

from __future__ import annotations

import asyncio

from lienthong.engine.gateway.http2 import frames
from lienthong.engine.gateway.http2.frames import ConnectionFault, Fault, Kind, frame
from lienthong.engine.gateway.http2.streams import Stream

LARGEST_FRAME = 1 << 20  # even when the peer would take a larger one


class Outgoing:
    """The half of a connection that writes."""

    def __init__(self, streams: dict[int, Stream]) -> None:
        self._streams = streams
        self.transport: asyncio.Transport | None = None
        self.completed = 0
        self._output: list[bytes] = []
        self._window = frames.FIRST_WINDOW
        self.stream_window = frames.FIRST_WINDOW
        self._frame_size = frames.SMALLEST_FRAME

    def write(self, octets: bytes) -> None:
        """Send octets with whatever else this turn of the loop has to send."""
        if not self._output:
            asyncio.get_running_loop().call_soon(self.flush)
        self._output.append(octets)

    def flush(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(b"".join(self._output))
        self._output.clear()

    def open(self, stream: Stream, block: bytes) -> None:
        """Send the head of an answer."""
        self.write(frame(Kind.HEADERS, frames.END_HEADERS, stream.id, block))

    def send(self, stream: Stream, data: bytes) -> asyncio.Future[None] | None:
        """Send data as far as the windows allow; what to await for the rest, or None when all of it is on its way."""
        if not stream.unsent and len(data) <= min(stream.window, self._window, self._frame_size):
            stream.window -= len(data)
            self._window -= len(data)
            self.write(frame(Kind.DATA, 0, stream.id, data))
            return None
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        stream.unsent.append((data, True, waiter))
        self._send_unsent(stream)
        return None if waiter.done() else waiter

    def finish(self, stream: Stream, block: bytes) -> None:
        """End a stream with a header block, after whatever is still unsent."""
        trailers = frame(Kind.HEADERS, frames.END_HEADERS | frames.END_STREAM, stream.id, block)
        if stream.unsent:
            stream.unsent.append((trailers, False, None))
            self._send_unsent(stream)
        else:
            self._over(stream, trailers)

    def _over(self, stream: Stream, last: bytes) -> None:
        self.write(last)
        if not stream.ended:  # it may still send: it need not
            self.write(frames.reset(stream.id, Fault.NO_ERROR))
        self.completed += 1
        self._streams.pop(stream.id, None)

    def _send_unsent(self, stream: Stream) -> None:
        while stream.unsent:
            data, counts, waiter = stream.unsent[0]
            if not counts:
                stream.unsent.clear()
                self._over(stream, data)
                return
            room = min(stream.window, self._window)
            while data and room > 0:
                part, data = data[: min(room, self._frame_size)], data[min(room, self._frame_size) :]
                stream.window -= len(part)
                self._window -= len(part)
                room -= len(part)
                self.write(frame(Kind.DATA, 0, stream.id, part))
            if data:
                stream.unsent[0] = (data, True, waiter)
                return
            stream.unsent.popleft()
            if waiter is not None and not waiter.done():
                waiter.set_result(None)

    def set_frame_size(self, size: int) -> None:
        """The peer takes frames of this size."""
        self._frame_size = min(max(size, frames.SMALLEST_FRAME), LARGEST_FRAME)

    def set_stream_window(self, window: int) -> None:
        """The peer gives every stream, those that are open too, this window."""
        if window > frames.LARGEST_WINDOW:
            raise ConnectionFault(Fault.FLOW_CONTROL_ERROR, "Expected a smaller window")
        more, self.stream_window = window - self.stream_window, window
        for stream in list(self._streams.values()):
            stream.window += more
            self._send_unsent(stream)

    def grow(self, stream_id: int, more: int) -> None:
        """The peer takes so much more on a stream, or (0) on the connection."""
        stream = self._streams.get(stream_id)
        if stream_id == 0:
            self._window += more
        elif stream is not None:
            stream.window += more
        if more == 0 or max(self._window, stream.window if stream else 0) > frames.LARGEST_WINDOW:
            raise ConnectionFault(Fault.FLOW_CONTROL_ERROR, "Expected a window from 1 to 2^31 - 1")
        for each in list(self._streams.values()) if stream_id == 0 else [stream] if stream is not None else []:
            self._send_unsent(each)
