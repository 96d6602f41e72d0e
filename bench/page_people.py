"""Plainly invented persons and firms for the labelled pages, drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Đỗ", "Bùi", "Hồ"]
MIDDLE_MALE = ["Văn", "Hữu", "Đức", "Quốc", "Minh"]
MIDDLE_FEMALE = ["Thị", "Ngọc", "Thị Thu", "Thị Mỹ"]
GIVEN = ["Thử", "Mẫu", "Nghiệm", "Ví Dụ", "Tập Sự", "Giả Định"]  # "test", "sample", "example": no real person
STREETS = ["Thử Nghiệm", "Ví Dụ", "Mẫu Đơn", "Giả Tưởng", "Tập Dượt"]
WARDS = ["phường Mẫu Một", "phường Mẫu Hai", "xã Thử Nghiệm", "phường Ví Dụ"]
TOWNS = ["thành phố Quy Nhơn", "thị xã An Nhơn", "thị xã Hoài Nhơn", "huyện Tuy Phước"]
FIRMS = ["Thử Nghiệm Xanh", "Ví Dụ Miền Trung", "Mẫu Số Một", "Giả Lập Quy Nhơn"]
FOREIGNERS = ["TEST ALEX", "SAMPLE MARIA", "EXAMPLE JOHN", "SPECIMEN ANNA"]


@dataclass(frozen=True)
class Person:
    """A Vietnamese person whose number agrees with sex and year of birth, as real ones do."""

    full_name: str
    sex: str
    born: date
    personal_number: str
    address: str
    phone: str


@dataclass(frozen=True)
class Foreigner:
    full_name: str
    sex: str
    born: date
    passport_number: str
    issued: date
    expires: date


@dataclass(frozen=True)
class Firm:
    name: str
    code: str
    address: str


def day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def long_day(value: date) -> str:
    return f"ngày {value.day:02d} tháng {value.month:02d} năm {value.year}"


def draw_address(chance: random.Random) -> str:
    number, street, ward = chance.randint(1, 299), chance.choice(STREETS), chance.choice(WARDS)
    return f"{number} {street}, {ward}, {chance.choice(TOWNS)}, tỉnh Bình Định"


def draw_person(chance: random.Random) -> Person:
    male = chance.random() < 0.5
    born = date(1960, 1, 1) + timedelta(days=chance.randint(0, 15000))
    digit = (0 if male else 1) + (2 if born.year >= 2000 else 0)
    name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE_MALE if male else MIDDLE_FEMALE)} {chance.choice(GIVEN)}"
    number = f"052{digit}{born.year % 100:02d}{chance.randint(1, 999):06d}"
    phone = f"0900000{chance.randint(0, 999):03d}"
    return Person(name, "Nam" if male else "Nữ", born, number, draw_address(chance), phone)


def draw_foreigner(chance: random.Random) -> Foreigner:
    born = date(1965, 1, 1) + timedelta(days=chance.randint(0, 12000))
    issued = date(2019, 1, 1) + timedelta(days=chance.randint(0, 1300))
    name = chance.choice(FOREIGNERS)
    number = f"X{chance.randint(0, 9999999):07d}"
    expires = issued.replace(year=issued.year + 10, day=min(issued.day, 28))
    return Foreigner(name, "M" if "ALEX" in name or "JOHN" in name else "F", born, number, issued, expires)


def draw_firm(chance: random.Random) -> Firm:
    first = [4, 1, 0, 1] + [chance.randint(0, 9) for _ in range(5)]
    return Firm(f"Công ty TNHH {chance.choice(FIRMS)}", tax_code(first), draw_address(chance))


def tax_code(first_nine: list[int]) -> str:
    """Ten digits whose last one is the check digit of Vietnamese tax codes (weights mod 11)."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    rest = 10 - sum(digit * weight for digit, weight in zip(first_nine, weights, strict=True)) % 11
    if rest == 10 or rest < 0:  # such numbers are not given out: take the next one
        return tax_code([*first_nine[:8], (first_nine[8] + 1) % 10])
    return "".join(map(str, first_nine)) + str(rest)


def machine_readable(person: Foreigner, country: str = "UTO") -> tuple[str, str]:
    """The two MRZ lines of a passport (ICAO 9303); UTO is the standard's own invented country."""
    family, given = person.full_name.split()
    first = f"P<{country}{family}<<{given}".ljust(44, "<")
    born, expires = person.born.strftime("%y%m%d"), person.expires.strftime("%y%m%d")
    number = person.passport_number.ljust(9, "<")
    body = f"{number}{check_digit(number)}{country}{born}{check_digit(born)}{person.sex}"
    body += f"{expires}{check_digit(expires)}" + "<" * 14 + "0"
    whole = body[:10] + body[13:20] + body[21:43]
    return first, body + str(check_digit(whole))


def check_digit(text: str) -> int:
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return sum((values.index(c) if c != "<" else 0) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10
