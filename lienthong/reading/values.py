"""From printed words to normal forms, each with the rule that tells a possible value from an impossible one.

A parser answers the normal form, or nothing when the words cannot be such a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from lienthong.reading.folding import fold

LOOKALIKES = str.maketrans({"O": "0", "o": "0", "Q": "0", "I": "1", "l": "1", "|": "1", "B": "8", "S": "5", "Z": "2"})
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)

Parser = Callable[[str], str | None]


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text.translate(LOOKALIKES))


def personal_number(text: str) -> str | None:
    """Twelve digits: province (001-096), a digit for sex and century, two for the year of birth, six serial."""
    number = digits_of(text)
    return number if len(number) == 12 and 1 <= int(number[:3]) <= 96 and int(number[3]) <= 3 else None


def enterprise_code(text: str) -> str | None:
    """Ten digits with a check digit, thirteen for branches."""
    number = digits_of(text)
    if len(number) not in (10, 13):
        return None
    return number if len(number) == 10 else f"{number[:10]}-{number[10:]}"


def tax_check(code: str) -> bool:
    """The tenth digit of a tax code is 10 minus the weighted sum of the nine before, modulo 11."""
    total = sum(int(digit) * weight for digit, weight in zip(code[:9], TAX_WEIGHTS, strict=True))
    return 10 - total % 11 == int(code[9])


def passport_number(text: str) -> str | None:
    found = re.fullmatch(r"[A-Z]{1,2}\d{6,8}", text.replace(" ", "").strip(".,;:"))
    return found.group() if found else None


def phone(text: str) -> str | None:
    number = digits_of(text)
    return number if re.fullmatch(r"0\d{9,10}", number) else None


def short_date(text: str) -> str | None:
    found = re.fullmatch(r"\D{0,2}(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})\D{0,2}", text.translate(LOOKALIKES))
    return as_date(*map(int, reversed(found.groups()))) if found else None


def long_date(text: str) -> str | None:
    """ "ngày 05 tháng 01 năm 2022" anywhere in the text."""
    found = re.search(r"n?g?a?y\s*(\d{1,2})\s*th?\w?ng\s*(\d{1,2})\s*n.m\s*(\d{4})", fold(text))
    return as_date(int(found.group(3)), int(found.group(2)), int(found.group(1))) if found else None


def as_date(year: int, month: int, day: int) -> str | None:
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    return value.isoformat() if EARLIEST <= value < LATEST else None


def count(text: str) -> str | None:
    found = re.match(r"\s*(\d{1,4})\b", text.translate(str.maketrans("Oo", "00")))
    return str(int(found.group(1))) if found and int(found.group(1)) > 0 else None


def money(text: str) -> str | None:
    """Groups of three with full stops and the word for the currency."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{3})+)\s*(?:dong|d|vnd)\W?", fold(text.strip()))
    return f"{found.group(1)} đồng" if found else None


def area(text: str) -> str | None:
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{3})*)\s*(m2|ha)\W?", fold(text.strip()))
    return f"{found.group(1)} {found.group(2)}" if found else None


def sex(text: str) -> str | None:
    known = {"nam": "Nam", "nu": "Nữ", "nui": "Nữ", "m": "M", "f": "F"}
    return known.get(fold(text).strip(" .,;"))


def document_number(text: str) -> str | None:
    value = text.strip(" .,;:").replace(" ", "")
    return value if re.fullmatch(r"[0-9A-ZĐa-z][\w./\-ĐĂÂÊÔƠƯ]{2,30}", value) and re.search(r"\d", value) else None


def person_name(text: str) -> str | None:
    """Two to seven capitalised words of letters only; a name all in capitals becomes Title Case when Vietnamese."""
    words = text.strip(" .,;:").split()
    if not 2 <= len(words) <= 7 or not all(re.fullmatch(r"[^\W\d_]+", word) and word[0].isupper() for word in words):
        return None
    if all(word.isupper() for word in words) and any(ord(letter) > 127 for word in words for letter in word):
        return " ".join(word.capitalize() for word in words)
    return " ".join(words)


def conviction(text: str) -> str | None:
    return {"khong co an tich": "Không có án tích", "co an tich": "Có án tích"}.get(fold(text).strip(" .,;:"))


def free_text(text: str) -> str | None:
    value = " ".join(text.split()).strip(" .;:")
    return value if len(value) >= 2 else None


PARSERS: dict[str, Parser] = {
    "personal_number": personal_number,
    "enterprise_code": enterprise_code,
    "passport_number": passport_number,
    "phone": phone,
    "date": short_date,
    "long_date": long_date,
    "count": count,
    "money": money,
    "area": area,
    "sex": sex,
    "document_number": document_number,
    "person": person_name,
    "conviction": conviction,
    "text": free_text,
}
