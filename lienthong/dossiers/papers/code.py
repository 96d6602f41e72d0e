"""The short code printed on a paper: made from what the paper is, so that making it again gives the same code."""

import hashlib
import hmac
import re
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: nobody mistakes a letter for a digit
_LENGTH: Final = 12
_LIKE: Final = str.maketrans("OIL", "011")


def paper_code(secret: str, *parts: str) -> str:
    """``XXXX-XXXX-XXXX`` (60 bits) for a paper: keyed, so that nobody can compute the codes of other papers."""
    digest = hmac.new(secret.encode(), "\x1f".join(parts).encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:8], "big")
    text = "".join(_ALPHABET[number >> shift & 31] for shift in range(0, 5 * _LENGTH, 5))
    return "-".join(text[start : start + 4] for start in range(0, _LENGTH, 4))


def as_typed(text: str) -> str:
    """A code as somebody typed it, in its printed form; "" when it is none."""
    letters = re.sub(r"[\s-]", "", text).upper().translate(_LIKE)
    if len(letters) != _LENGTH or set(letters) - set(_ALPHABET):
        return ""
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))
