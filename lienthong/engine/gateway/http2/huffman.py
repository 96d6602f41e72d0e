"""The Huffman code of HPACK (RFC 7541, appendix B): made from the lengths of its codes, as the code is canonical."""

from __future__ import annotations

from functools import lru_cache

# length in bits of every octet's code, 0 to 255, then of the end of a string; as (length, how often in a row)
_RUNS = (
    "13 23 28*7 24 30 28*2 30 28*8 30 28*9 6 10*2 12 13 6 8 11 10*2 8 11 8 6*3 5*3 6*7 7 8 15 6 12 10 13 6 "
    "7*22 8 7 8 13 19 13 14 6 15 5 6 5 6 5 6*3 5 7*2 6*3 5 6 7 6 5*2 6 7*5 15 11 14 13 28 20 22 20*2 22*3 23 "
    "22 23*5 24 23 24*2 22 23 24 23*4 21 22 23 22 23*2 24 22 21 20 22*2 23*2 21 23 22*2 24 21 22 23*2 21*2 22 "
    "21 23 22 23*2 20 22*3 23 22*2 23 26*2 20 19 22 23 22 25 26*3 27*2 26 24 25 19 21 26 27*2 26 27 24 21*2 "
    "26*2 28 27*3 20 24 20 21 22 21*2 23 22*2 25*2 24*2 26 23 26 27 26*2 27*5 28 27*5 26 30"
)
END = 256
LONGEST_PADDING = 7


class HuffmanError(ValueError):
    """The octets are no string in this code."""


def _lengths() -> list[int]:
    lengths: list[int] = []
    for run in _RUNS.split():
        length, _, times = run.partition("*")
        lengths += [int(length)] * int(times or 1)
    return lengths


def _symbols() -> dict[tuple[int, int], int]:
    """(length, code) to symbol: codes count up through the symbols by length, then by number."""
    symbols: dict[tuple[int, int], int] = {}
    code = last = 0
    for length, symbol in sorted((length, symbol) for symbol, length in enumerate(_lengths())):
        code <<= length - last
        symbols[length, code] = symbol
        code, last = code + 1, length
    return symbols


SYMBOLS = _symbols()


@lru_cache(maxsize=4096)
def decoded(octets: bytes) -> bytes:
    """The string; clients say the same few over and over, so these are remembered."""
    out = bytearray()
    code = length = 0
    for octet in octets:
        for place in range(7, -1, -1):
            code, length = (code << 1) | (octet >> place & 1), length + 1
            symbol = SYMBOLS.get((length, code))
            if symbol is None:
                continue
            if symbol == END:
                raise HuffmanError("Expected no end within a string")
            out.append(symbol)
            code = length = 0
    if length > LONGEST_PADDING or code != (1 << length) - 1:
        raise HuffmanError("Expected a string to be filled up with the first bits of its end")
    return bytes(out)
