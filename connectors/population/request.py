"""What is said to the population database and what it answers, as pure functions [V*: domain.md 8.2].

A purpose decides which fields are asked for and kept: whatever else the database sends is dropped here and never
reaches a worker, a log or the engine.
"""

import base64
import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Final

from lxml import etree

from connectors.errors import Refused, Unreadable

SYSTEM: Final = "population"
NAMESPACE: Final = "http://dancuquocgia.bca"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
INTEGRATION_CODE: Final = "037"
ANSWER_LIMIT_BYTES: Final = 256 * 1024
PURPOSES: Final[dict[str, tuple[str, ...]]] = {
    "match-applicant": ("SoDinhDanh", "HoVaTen", "NgayThangNamSinh"),
    "residence": ("SoDinhDanh", "HoVaTen", "NgayThangNamSinh", "ThuongTru", "NoiOHienTai"),
}


@dataclass(frozen=True, slots=True)
class Lookup:
    """One query: for whom (number, name, birth as ``yyyy`` or ``yyyyMMdd``), by which officer, for which purpose."""

    request_id: str
    purpose: str
    personal_number: str
    full_name: str
    birth: str
    officer: str
    unit: str
    account: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """How this province is known to the data-sharing platform."""

    user: str
    secret: str
    client: str
    api_key: str


@dataclass(frozen=True, slots=True)
class Citizen:
    """The fields of a citizen that the purpose allows, by their names in the protocol."""

    fields: dict[str, str]

    def is_named(self, full_name: str) -> bool:
        """Whether this is the name, whatever the case, the spaces and the way accents are encoded."""
        return comparable_name(self.fields.get("HoVaTen", "")) == comparable_name(full_name)


def comparable_name(name: str) -> str:
    """A name as names are compared: composed accents, upper case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).upper().split())


def birth_year(personal_number: str) -> str:
    """The year of birth that a 12-digit personal number carries, or nothing when it is no such number."""
    if len(personal_number) != 12 or not personal_number.isascii() or not personal_number.isdigit():
        return ""
    return str(1900 + 100 * (int(personal_number[3]) // 2) + int(personal_number[4:6]))


def authorization(url: str, access: Access, timestamp_ms: int) -> dict[str, str]:
    """The headers of one query; the digest binds address and time, so that it cannot be used elsewhere or later."""
    digest = hashlib.sha256(f"{url}{access.user}{timestamp_ms}{access.secret}".encode()).hexdigest()
    credentials = base64.b64encode(f"{access.user}:{digest}".encode()).decode()
    return {
        "Timestamp": str(timestamp_ms),
        "Authorization": f"Basic {credentials}",
        "X-Road-Client": access.client,
        "ApiKey": access.api_key,
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f"{NAMESPACE}/TraCuuThongTinCongDan",
    }


def build_envelope(lookup: Lookup) -> bytes:
    """The SOAP request ``TraCuuThongTinCongDan``."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "dan": NAMESPACE})
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    query = etree.SubElement(body, f"{{{NAMESPACE}}}TraCuuThongTinCongDan")
    number_field = "SoDinhDanh" if len(lookup.personal_number) == 12 else "SoCMND"
    for name, value in (
        ("MaYeuCau", lookup.request_id),
        ("MaDVC", lookup.purpose),
        ("MaTichHop", INTEGRATION_CODE),
        ("MaCanBo", lookup.officer),
        ("MaDonVi", lookup.unit),
        ("TaiKhoan", lookup.account),
        ("SoDienThoai", lookup.phone),
        (number_field, lookup.personal_number),
        ("HoVaTen", comparable_name(lookup.full_name)),
    ):
        etree.SubElement(query, f"{{{NAMESPACE}}}{name}").text = value
    birth = etree.SubElement(query, f"{{{NAMESPACE}}}NgayThangNamSinh")
    field = "Nam" if len(lookup.birth) == 4 else "NgayThangNam"
    etree.SubElement(birth, f"{{{NAMESPACE}}}{field}").text = lookup.birth
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def safe_tree(content: bytes) -> etree._Element:
    """XML from outside as a tree: no entities, no document type, no network, no giant."""
    if len(content) > ANSWER_LIMIT_BYTES or b"<!DOCTYPE" in content:
        raise Unreadable(SYSTEM, "the answer is too large or carries a document type", _REPORT)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(SYSTEM, "the answer is no XML", _REPORT) from error


def field_text(field: etree._Element) -> str:
    """Everything written inside one field."""
    return "".join(str(part) for part in field.itertext()).strip()


def parse_envelope(content: bytes, purpose: str) -> Citizen | None:
    """The citizen of a SOAP answer, cut down to ``purpose``; None when nobody has this number."""
    tree = safe_tree(content)
    fault = tree.find(f".//{{{SOAP}}}Fault")
    if fault is not None:
        raise Refused(SYSTEM, f"the query was refused: {(fault.findtext('faultstring') or '').strip()[:200]}", _ACCESS)
    answer = tree.find(f".//{{{NAMESPACE}}}TraCuuThongTinCongDanResponse")
    if answer is None:
        raise Unreadable(SYSTEM, "the answer is no TraCuuThongTinCongDanResponse", _REPORT)
    citizen = answer.find(f"{{{NAMESPACE}}}CongDan")
    if citizen is None:
        return None
    allowed = PURPOSES[purpose]
    return Citizen({name: field_text(field) for field in citizen if (name := etree.QName(field).localname) in allowed})


_REPORT: Final = "Compare the answer in the service's log with the protocol and report it to the service's operator."
_ACCESS: Final = "Check the account, the officer and the purpose registered for this service."
