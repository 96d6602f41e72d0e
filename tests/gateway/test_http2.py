"""The engine's own HTTP/2: what real clients seldom do, and what nobody should."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import edge_models
import pytest
from edge_engines import create, creation_command, deployment_command, poll
from hypothesis import given, settings
from hypothesis import strategies as st
from pyzeebe.proto import gateway_pb2 as messages

from lienthong.engine.gateway.http2 import frames, huffman
from lienthong.engine.gateway.http2.connection import Connection
from lienthong.engine.gateway.http2.frames import Fault, Kind, Setting, frame
from lienthong.engine.gateway.http2.hpack import Decoder, HpackError, encoded
from lienthong.engine.gateway.transports import GRPCIO
from lienthong.engine.runtime.serve import Served, running

BOTH = frames.END_HEADERS
Frame = tuple[int, int, int, bytes]


# header compression, with the examples of RFC 7541, appendix C


def test_requests_are_decoded_with_a_table_that_grows() -> None:
    decoder = Decoder()
    first = decoder.decode(bytes.fromhex("828684418cf1e3c2e5f23a6ba0ab90f4ff"))
    assert first == ((":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "www.example.com"))
    second = decoder.decode(bytes.fromhex("828684be5886a8eb10649cbf"))
    assert second == (*first, ("cache-control", "no-cache"))
    third = decoder.decode(bytes.fromhex("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"))
    assert third[-1] == ("custom-key", "custom-value")
    assert decoder.decode(bytes.fromhex("be")) == (("custom-key", "custom-value"),)


def test_a_table_forgets_what_has_no_room() -> None:
    decoder = Decoder()
    decoder.decode(bytes.fromhex("3f1f") + b"".join(b"\x40\x01" + bytes((97 + n,)) + b"\x01x" for n in range(3)))
    with pytest.raises(HpackError):
        decoder.decode(b"\xbf")
    assert decoder.decode(b"\xbe") == (("c", "x"),)


@pytest.mark.parametrize(
    "block", ["80", "ff80", "ffffffffffffffff7f", "3fe2ff01", "40", "0085", "008141", "0001618300ffff", "c0"]
)
def test_a_block_that_is_none_is_refused(block: str) -> None:
    with pytest.raises(HpackError):
        Decoder().decode(bytes.fromhex(block))


def test_every_octet_has_a_code_and_what_is_encoded_plainly_comes_back() -> None:
    codes = {symbol: code for code, symbol in huffman.SYMBOLS.items()}
    bits = "".join(f"{codes[octet][1]:0{codes[octet][0]}b}" for octet in range(256))
    bits += "1" * (-len(bits) % 8)
    assert huffman.decoded(int(bits, 2).to_bytes(len(bits) // 8, "big")) == bytes(range(256))
    headers = (("grpc-status", "0"), ("long", "x" * 300))
    assert Decoder().decode(encoded(headers)) == headers


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=4))
def test_no_block_breaks_the_decoder(blocks: list[bytes]) -> None:
    decoder = Decoder()
    for block in blocks:
        try:
            decoder.decode(block)
        except HpackError:
            return


# a client that speaks in frames


class Raw:
    """Frames to a server and back."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.decoder = Decoder()

    def say(self, *octets: bytes) -> None:
        """Send."""
        self._writer.write(b"".join(octets))

    def call(self, stream: int, path: str, body: bytes, *more: tuple[str, str]) -> None:
        """A whole call."""
        self.say(headers(stream, path, *more), frame(Kind.DATA, frames.END_STREAM, stream, message(body)))

    async def hear(self) -> Frame:
        """The next frame."""
        head = await asyncio.wait_for(self._reader.readexactly(frames.HEAD), 20)
        payload = await self._reader.readexactly(int.from_bytes(head[:3], "big"))
        return head[3], head[4], int.from_bytes(head[5:], "big"), payload

    async def until(self, kind: Kind) -> Frame:
        """The next frame of a kind."""
        while True:
            found = await self.hear()
            if found[0] == kind:
                return found

    async def status(self, stream: int) -> tuple[str, str, bytes]:
        """Status and text of a call that ends, and its data."""
        data = b""
        while True:
            kind, flags, found, payload = await self.hear()
            if found != stream:
                continue
            if kind == Kind.DATA:
                data += payload
            elif kind == Kind.HEADERS:
                block = dict(self.decoder.decode(payload))
                if flags & frames.END_STREAM:
                    return block.get("grpc-status", block.get(":status", "")), block.get("grpc-message", ""), data

    async def closed(self) -> Fault:
        """Why the server ended the connection."""
        *_, payload = await self.until(Kind.GOAWAY)
        assert await asyncio.wait_for(self._reader.read(), 20) == b""
        return Fault(int.from_bytes(payload[4:8], "big"))


def headers(stream: int, path: str, *more: tuple[str, str], flags: int = BOTH) -> bytes:
    """A call's head."""
    known = [(":method", "POST"), (":scheme", "http"), (":path", path), ("content-type", "application/grpc")]
    return frame(Kind.HEADERS, flags, stream, encoded([*known, *more]))


def message(body: bytes, packed: bool = False) -> bytes:
    """A message with its prefix."""
    return bytes((packed,)) + len(body).to_bytes(4, "big") + body


CREATE = "/gateway_protocol.Gateway/CreateProcessInstance"
TOPOLOGY = "/gateway_protocol.Gateway/Topology"


@pytest.fixture
async def raw(served: Served) -> AsyncIterator[Raw]:
    """A connection that has said hello."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.grpc_port)
    writer.write(frames.PREFACE + frames.settings({}))
    yield Raw(reader, writer)
    writer.close()


async def test_calls_share_a_connection_and_answer_each_for_itself(raw: Raw, served: Served) -> None:
    await served.engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
    raw.call(1, TOPOLOGY, b"")
    raw.call(3, CREATE, create("one-task").SerializeToString())
    raw.call(5, CREATE, create("nothing").SerializeToString())
    raw.call(7, "/gateway_protocol.Gateway/Nothing", b"")
    ends = {}
    replies: dict[int, bytes] = {}
    while len(ends) < 4:
        kind, flags, stream, payload = await raw.hear()
        if kind == Kind.DATA:
            replies[stream] = replies.get(stream, b"") + payload
        elif kind == Kind.HEADERS and flags & frames.END_STREAM:
            ends[stream] = dict(raw.decoder.decode(payload))["grpc-status"]
    assert ends == {1: "0", 3: "0", 5: "5", 7: "12"}
    assert messages.CreateProcessInstanceResponse.FromString(replies[3][5:]).bpmnProcessId == "one-task"


async def test_a_reply_waits_for_the_clients_windows(raw: Raw, served: Served) -> None:
    await served.engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
    await served.engine.submit(creation_command("one-task", text="x" * 100_000))
    raw.say(frames.settings({Setting.INITIAL_WINDOW_SIZE: 1_000}))
    raw.call(1, "/gateway_protocol.Gateway/ActivateJobs", poll(most=1).SerializeToString())
    *_, first = await raw.until(Kind.DATA)
    assert len(first) == 1_000
    raw.say(frame(Kind.PING, 0, 0, b"12345678"))
    assert (await raw.hear())[0] == Kind.PING, "nothing more without a larger window"
    raw.say(frames.window_update(1, 1_000_000), frames.window_update(0, 1_000_000))
    status, _, rest = await raw.status(1)
    reply = messages.ActivateJobsResponse.FromString((first + rest)[5:])
    assert (status, len(reply.jobs), len(reply.jobs[0].variables)) == ("0", 1, 100_011)


async def test_heads_in_pieces_padding_priorities_and_unknown_frames_are_understood(raw: Raw) -> None:
    block = headers(1, TOPOLOGY)[frames.HEAD :]
    padded = bytes((3,)) + b"\0\0\0\0\x10" + block[:10] + b"\0" * 3
    raw.say(frame(200, 0, 0, b"whatever"), frame(Kind.PRIORITY, 0, 1, b"\0\0\0\0\x10"))
    raw.say(frame(Kind.HEADERS, frames.PADDED | frames.PRIORITY, 1, padded))
    raw.say(frame(Kind.CONTINUATION, 0, 1, block[10:20]), frame(Kind.CONTINUATION, frames.END_HEADERS, 1, block[20:]))
    raw.say(frame(Kind.DATA, frames.PADDED, 1, b"\x02" + message(b"") + b"\0\0"))
    raw.say(headers(1, TOPOLOGY, flags=frames.END_HEADERS | frames.END_STREAM))  # trailers
    assert (await raw.status(1))[0] == "0"


async def test_a_packed_request_is_unpacked_but_no_bomb_is(raw: Raw, served: Served) -> None:
    await served.engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
    packed = gzip.compress(create("one-task").SerializeToString())
    for stream, body, status in ((1, packed, "0"), (3, gzip.compress(b"\0" * 50_000_000), "8"), (5, b"no gzip", "13")):
        raw.say(headers(stream, CREATE, ("grpc-encoding", "gzip")))
        octets = message(body, packed=True)
        for start in range(0, len(octets), 16_000):
            last = frames.END_STREAM if start + 16_000 >= len(octets) else 0
            raw.say(frame(Kind.DATA, last, stream, octets[start : start + 16_000]))
        assert (await raw.status(stream))[0] == status


async def test_a_deadline_ends_a_call_and_the_engine_lives_on(raw: Raw) -> None:
    body = poll(request_timeout_ms=60_000).SerializeToString()
    raw.call(1, "/gateway_protocol.Gateway/ActivateJobs", body, ("grpc-timeout", "50m"))
    assert (await raw.status(1))[:2] == ("4", "Deadline Exceeded")
    raw.call(3, TOPOLOGY, b"")
    assert (await raw.status(3))[0] == "0"


async def test_a_reset_call_is_forgotten_and_its_place_in_line_is_free(raw: Raw, served: Served) -> None:
    raw.call(1, "/gateway_protocol.Gateway/ActivateJobs", poll(request_timeout_ms=60_000).SerializeToString())
    while served.dispatcher.waiting() == 0:
        await asyncio.sleep(0)
    raw.say(frames.reset(1, Fault.CANCEL))
    while served.dispatcher.waiting():
        await asyncio.sleep(0)
    raw.call(3, TOPOLOGY, b"")
    assert (await raw.status(3))[0] == "0"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", "13"),
        (b"\0\0\0\0\x05ab", "13"),
        (b"\0\xff\xff\xff\xff", "8"),
        (message(b"\xff\xff"), "13"),
        (message(b"") * 2, "13"),
    ],
)
async def test_a_request_that_is_no_message_has_a_status(raw: Raw, body: bytes, status: str) -> None:
    raw.say(headers(1, CREATE), frame(Kind.DATA, frames.END_STREAM, 1, body))
    assert (await raw.status(1))[0] == status


@pytest.mark.parametrize(
    ("octets", "fault"),
    [
        (frame(Kind.DATA, 0, 0, b"x"), Fault.PROTOCOL_ERROR),
        (frame(Kind.DATA, 0, 9, b"x"), Fault.PROTOCOL_ERROR),
        (frame(Kind.HEADERS, BOTH, 2, b""), Fault.PROTOCOL_ERROR),
        (frame(Kind.HEADERS, 0, 1, b"") + frame(Kind.PING, 0, 0, b"12345678"), Fault.PROTOCOL_ERROR),
        (frame(Kind.CONTINUATION, 0, 1, b""), Fault.PROTOCOL_ERROR),
        (frame(Kind.HEADERS, BOTH | frames.PADDED, 1, b"\xff"), Fault.PROTOCOL_ERROR),
        (frame(Kind.PUSH_PROMISE, 0, 1, b""), Fault.PROTOCOL_ERROR),
        (frame(Kind.HEADERS, BOTH, 1, b"\x80"), Fault.COMPRESSION_ERROR),
        (frame(Kind.PING, 0, 0, b"short"), Fault.FRAME_SIZE_ERROR),
        (frame(Kind.SETTINGS, 0, 0, b"short"), Fault.FRAME_SIZE_ERROR),
        (frame(Kind.DATA, 0, 1, b"x" * 20_000), Fault.FRAME_SIZE_ERROR),
        (frames.window_update(0, 0), Fault.FLOW_CONTROL_ERROR),
        (frames.window_update(0, 2**31 - 1), Fault.FLOW_CONTROL_ERROR),
        (frames.settings({Setting.INITIAL_WINDOW_SIZE: 2**32 - 1}), Fault.FLOW_CONTROL_ERROR),
        (frame(Kind.HEADERS, 0, 1, b"") + frame(Kind.CONTINUATION, 0, 1, b"x" * 16_000) * 6, Fault.ENHANCE_YOUR_CALM),
    ],
)
async def test_who_breaks_the_protocol_loses_the_connection_alone(
    raw: Raw, served: Served, stub: Any, octets: bytes, fault: Fault
) -> None:
    raw.say(octets)
    assert await raw.closed() is fault
    assert (await stub.Topology(messages.TopologyRequest())).clusterSize == 1


async def test_a_flood_of_resets_loses_the_connection(raw: Raw) -> None:
    for number in range(1_000):
        raw.say(headers(2 * number + 1, TOPOLOGY), frames.reset(2 * number + 1, Fault.CANCEL))
    with suppress(ConnectionResetError):  # what it has not read yet may cost the reason
        assert await raw.closed() is Fault.ENHANCE_YOUR_CALM
    with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
        await raw.hear()


async def test_another_protocol_is_not_answered(served: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.grpc_port)
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    assert b"HTTP/1" not in await asyncio.wait_for(reader.read(), 20)
    writer.close()


class Sink(asyncio.Transport):
    """A socket to nowhere."""

    def write(self, data: Any) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""

    def is_closing(self) -> bool:
        """Never."""
        return False


class Nobody:
    """Calls that nobody answers."""

    def begun(self, connection: Any, stream: Any) -> None:
        """Nothing."""

    def received(self, connection: Any, stream: Any) -> None:
        """Nothing."""

    def gone(self, stream: Any) -> None:
        """Nothing."""


FRAMES = st.builds(
    frame,
    st.integers(0, 11),
    st.integers(0, 255),
    st.integers(0, 9),
    st.one_of(st.binary(max_size=40), st.just(b"\x82")),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(FRAMES, st.binary(max_size=30)), max_size=20), st.integers(1, 50))
def test_no_octets_break_a_connection(parts: list[bytes], size: int) -> None:
    async def spoken() -> None:
        opened: set[Connection] = set()
        connection = Connection(Nobody(), opened)
        connection.connection_made(Sink())
        octets = frames.PREFACE + b"".join(parts)
        for start in range(0, len(octets), size):
            connection.data_received(octets[start : start + size])
        connection.connection_lost(None)
        assert not opened

    asyncio.run(spoken())


async def test_the_other_transport_serves_the_same_calls() -> None:
    from edge_engines import stub_of

    async with running(None, transport=GRPCIO) as served, stub_of(served.grpc_port) as stub:
        await served.engine.submit(deployment_command("a.bpmn", edge_models.one_task()))
        made = await stub.CreateProcessInstance(create("one-task"))
        jobs = [job async for reply in stub.ActivateJobs(poll()) for job in reply.jobs]
        assert [job.processInstanceKey for job in jobs] == [made.processInstanceKey]
