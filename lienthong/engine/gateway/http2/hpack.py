"""Header compression, RFC 7541: a decoder with its table; and header blocks that need no table to encode."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from lienthong.engine.gateway.http2.huffman import HuffmanError, decoded

Headers = tuple[tuple[str, str], ...]
TABLE_SIZE = 4096
ENTRY_OVERHEAD = 32
LARGEST_LIST = 32 * 1024
LARGEST_NUMBER = 2**31
# appendix A: a name, or name and value; a name alone stands for an empty value
_STATIC = (
    ":authority\n:method GET\n:method POST\n:path /\n:path /index.html\n:scheme http\n:scheme https\n:status 200\n"
    ":status 204\n:status 206\n:status 304\n:status 400\n:status 404\n:status 500\naccept-charset\n"
    "accept-encoding gzip, deflate\naccept-language\naccept-ranges\naccept\naccess-control-allow-origin\nage\nallow\n"
    "authorization\ncache-control\ncontent-disposition\ncontent-encoding\ncontent-language\ncontent-length\n"
    "content-location\ncontent-range\ncontent-type\ncookie\ndate\netag\nexpect\nexpires\nfrom\nhost\nif-match\n"
    "if-modified-since\nif-none-match\nif-range\nif-unmodified-since\nlast-modified\nlink\nlocation\nmax-forwards\n"
    "proxy-authenticate\nproxy-authorization\nrange\nreferer\nrefresh\nretry-after\nserver\nset-cookie\n"
    "strict-transport-security\ntransfer-encoding\nuser-agent\nvary\nvia\nwww-authenticate"
)
STATIC = tuple((name, value) for name, _, value in (line.partition(" ") for line in _STATIC.split("\n")))


class HpackError(ValueError):
    """The block cannot be decoded; the connection is of no use any more."""


def _number(block: bytes, at: int, bits: int) -> tuple[int, int]:
    """An integer with a prefix of some bits, and where it ends."""
    most = (1 << bits) - 1
    value = block[at] & most
    at += 1
    if value < most:
        return value, at
    shift = 0
    while True:
        octet = block[at]
        at += 1
        value += (octet & 0x7F) << shift
        shift += 7
        if value > LARGEST_NUMBER:
            raise HpackError("Expected a smaller number in a header block")
        if not octet & 0x80:
            return value, at


def _string(block: bytes, at: int) -> tuple[str, int]:
    packed = block[at] & 0x80
    length, at = _number(block, at, 7)
    end = at + length
    if end > len(block):
        raise HpackError("Expected a whole string in a header block")
    octets = block[at:end]
    return (decoded(octets) if packed else octets).decode("latin-1"), end


class Decoder:
    """Of one connection."""

    def __init__(self) -> None:
        self._table: deque[tuple[str, str]] = deque()
        self._size = 0
        self._limit = TABLE_SIZE
        self._known: dict[bytes, Headers] = {}  # blocks that only name entries, while the table stays as it is

    def decode(self, block: bytes) -> Headers:
        """The headers of one whole block."""
        known = self._known.get(block)
        if known is not None:
            return known
        before = len(self._known)
        try:
            found, plain = self._decoded(block)
        except (IndexError, HuffmanError) as error:
            raise HpackError(f"Expected a header block, but: {error}") from error
        if plain and before < 256:
            self._known[block] = found
        return found

    def _decoded(self, block: bytes) -> tuple[Headers, bool]:
        headers: list[tuple[str, str]] = []
        at = size = 0
        plain = True
        while at < len(block):
            first = block[at]
            if first & 0x80:
                number, at = _number(block, at, 7)
                header = self._entry(number)
            elif first & 0xE0 == 0x20:
                limit, at = _number(block, at, 5)
                self._resize(limit)
                plain = False
                continue
            else:
                keeps = first & 0xC0 == 0x40
                header, at = self._literal(block, at, 6 if keeps else 4)
                if keeps:
                    self._keep(header)
                    plain = False
            size += len(header[0]) + len(header[1]) + ENTRY_OVERHEAD
            if size > LARGEST_LIST:
                raise HpackError(f"Expected at most {LARGEST_LIST} bytes of headers")
            headers.append(header)
        return tuple(headers), plain

    def _literal(self, block: bytes, at: int, bits: int) -> tuple[tuple[str, str], int]:
        number, at = _number(block, at, bits)
        if number:
            name = self._entry(number)[0]
        else:
            name, at = _string(block, at)
        value, at = _string(block, at)
        return (name, value), at

    def _entry(self, number: int) -> tuple[str, str]:
        if number == 0:
            raise HpackError("Expected an entry of the table, but got number 0")
        return STATIC[number - 1] if number <= len(STATIC) else self._table[number - len(STATIC) - 1]

    def _keep(self, header: tuple[str, str]) -> None:
        self._known.clear()
        self._table.appendleft(header)
        self._size += len(header[0]) + len(header[1]) + ENTRY_OVERHEAD
        self._shrink()

    def _resize(self, limit: int) -> None:
        if limit > TABLE_SIZE:
            raise HpackError(f"Expected a table of at most {TABLE_SIZE} bytes, but got {limit}")
        self._known.clear()
        self._limit = limit
        self._shrink()

    def _shrink(self) -> None:
        while self._size > self._limit:
            name, value = self._table.pop()
            self._size -= len(name) + len(value) + ENTRY_OVERHEAD


def _written(number: int, bits: int, first: int) -> bytes:
    most = (1 << bits) - 1
    if number < most:
        return bytes((first | number,))
    out = bytearray((first | most,))
    number -= most
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def encoded(headers: Iterable[tuple[str, str]]) -> bytes:
    """A block of plain literals that no table remembers."""
    out = bytearray()
    for name, value in headers:
        out.append(0)
        for text in (name, value):
            octets = text.encode("latin-1")
            out += _written(len(octets), 7, 0) + octets
    return bytes(out)
