"""HMAC-SHA256 over the raw body, in hex, in the header ``X-Signature``: the same for orders and callbacks."""

import hashlib
import hmac
from typing import Final

HEADER: Final = "X-Signature"


def sign(secret: str, body: bytes) -> str:
    """The signature of exactly these bytes."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether ``signature`` is that of ``body``, compared in constant time."""
    return hmac.compare_digest(sign(secret, body).encode(), signature.strip().lower().encode())
