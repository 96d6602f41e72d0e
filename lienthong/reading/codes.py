"""QR codes on a page, read by zxing-cpp."""

from __future__ import annotations

import unicodedata

import zxingcpp

from lienthong.reading.picture import Grey


def read_codes(picture: Grey) -> tuple[str, ...]:
    """Contents of all QR codes, in NFC; pass the picture as it came, flattening would eat faint modules."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return tuple(unicodedata.normalize("NFC", code.text) for code in found if code.valid and code.text)
