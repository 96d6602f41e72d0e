"""What a page says a second time in a form that cannot be misread unnoticed: QR codes and machine-readable lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lienthong.reading.values import as_date, personal_number, tax_check

MRZ_NUMBER = re.compile(r"([A-Z0-9<]{9})(\d)([A-Z<]{3})(\d{6})(\d)([MF<])(\d{6})(\d)")
CITIZEN_CARD = ("personal_number", "", "full_name", "date_of_birth", "sex", "address", "issue_date")
CRIMINAL_RECORD = ("", "document_number", "personal_number", "full_name", "issue_date")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def from_codes(codes: Iterable[str]) -> dict[str, str]:
    """Fields in QR codes: the citizen card's seven parts, our criminal record's five, an enterprise code in a link."""
    fields: dict[str, str] = {}
    for code in codes:
        parts = code.split("|")
        if len(parts) == 7 and personal_number(parts[0]):
            fields.update(named(CITIZEN_CARD, parts))
        elif len(parts) == 5 and parts[0] == "LLTP":
            fields.update(named(CRIMINAL_RECORD, parts))
        elif (found := re.search(r"[?&]ma=(\d{10})\b", code)) and tax_check(found.group(1)):
            fields["enterprise_code"] = found.group(1)
    return {name: iso(value) if name.endswith(("date", "birth")) else value for name, value in fields.items()}


def named(names: tuple[str, ...], parts: list[str]) -> dict[str, str]:
    return {name: part for name, part in zip(names, parts, strict=True) if name and part}


def iso(digits: str) -> str:
    """ddmmyyyy to ISO; anything else stays, and then simply agrees with nothing."""
    if not re.fullmatch(r"\d{8}", digits):
        return digits
    return as_date(int(digits[4:]), int(digits[2:4]), int(digits[:2])) or digits


def from_machine_readable(text: str) -> dict[str, str]:
    """Number and dates of a passport's second machine-readable line; only parts whose check digit is right."""
    fields: dict[str, str] = {}
    for row in text.splitlines():
        found = MRZ_NUMBER.search(row.replace(" ", ""))
        if not found:
            continue
        number, first, _country, born, second, _sex, expires, third = found.groups()
        if check_digit(number) == int(first):
            fields["passport_number"] = number.rstrip("<")
        if check_digit(born) == int(second):
            fields["date_of_birth"] = short_year(born, future=False)
        if check_digit(expires) == int(third):
            fields["expiry_date"] = short_year(expires, future=True)
    return fields


def check_digit(text: str) -> int:
    """ICAO 9303: weights 7, 3, 1."""
    return sum((ALPHABET.index(c) if c != "<" else 0) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10


def short_year(digits: str, future: bool) -> str:
    """yymmdd: expiry lies in this century, birth before the year 2030 reads as this one only below 30."""
    year = int(digits[:2])
    century = 2000 if future or year < 30 else 1900
    return as_date(century + year, int(digits[2:4]), int(digits[4:])) or digits
