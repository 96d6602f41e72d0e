"""The population database's side of lookup "037": checks the digest, answers a subset by purpose, logs the officer."""

import base64
import binascii
import hashlib
import hmac
import time
from pathlib import Path
from typing import Any, Final

import yaml
from fastapi import APIRouter, Depends, Request, Response
from lxml import etree
from starlette.concurrency import run_in_threadpool

from connectors.errors import ConnectorFailure
from connectors.population.request import (
    INTEGRATION_CODE,
    NAMESPACE,
    PURPOSES,
    SOAP,
    comparable_name,
    field_text,
    safe_tree,
)
from connectors.sandbox.faults import Misbehavior
from connectors.sandbox.store import SandboxStore

CLOCK_TOLERANCE_MS: Final = 300_000
CITIZENS_FILE: Final = Path(__file__).parent / "people" / "citizens.yaml"


class SoapFault(Exception):
    """The query is answered with this fault."""


def load_citizens(path: Path = CITIZENS_FILE) -> dict[str, dict[str, str]]:
    """The synthetic citizens by personal number."""
    return {entry["SoDinhDanh"]: entry for entry in yaml.safe_load(path.read_text(encoding="utf-8"))}


def is_authorized(headers: Any, url: str, secret: str, now_ms: int) -> bool:
    """Whether the digest fits this address, a recent time and our secret."""
    scheme, _, encoded = headers.get("Authorization", "").partition(" ")
    try:
        user, _, digest = base64.b64decode(encoded, validate=True).decode().partition(":")
        timestamp_ms = int(headers.get("Timestamp", ""))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    expected = hashlib.sha256(f"{url}{user}{timestamp_ms}{secret}".encode()).hexdigest()
    fresh = abs(now_ms - timestamp_ms) <= CLOCK_TOLERANCE_MS
    named = bool(headers.get("X-Road-Client")) and bool(headers.get("ApiKey"))
    return scheme == "Basic" and fresh and named and hmac.compare_digest(expected.encode(), digest.encode())


def read_query(content: bytes) -> dict[str, str]:
    """The fields of a request envelope by name; `SoapFault` when one is missing or foreign."""
    try:
        query = safe_tree(content).find(f".//{{{NAMESPACE}}}TraCuuThongTinCongDan")
    except ConnectorFailure as failure:
        raise SoapFault(failure.problem) from failure
    if query is None:
        raise SoapFault("Expected the operation TraCuuThongTinCongDan")
    fields = {etree.QName(field).localname: field_text(field) for field in query}
    for name in ("MaYeuCau", "MaDVC", "MaCanBo", "MaDonVi", "TaiKhoan", "HoVaTen", "NgayThangNamSinh"):
        if not fields.get(name):
            raise SoapFault(f"Expected the field {name}")
    if fields.get("MaTichHop") != INTEGRATION_CODE or fields["MaDVC"] not in PURPOSES:
        raise SoapFault("This integration code or service is not registered for this client")
    return fields


def find_citizen(citizens: dict[str, dict[str, str]], query: dict[str, str]) -> dict[str, str] | None:
    """The citizen when number, name and birth agree: the database tells nothing about anybody else."""
    citizen = citizens.get(query.get("SoDinhDanh", ""))
    if citizen is None or not citizen["NgayThangNamSinh"].startswith(query["NgayThangNamSinh"]):
        return None
    return citizen if comparable_name(citizen["HoVaTen"]) == comparable_name(query["HoVaTen"]) else None


def answer_envelope(query: dict[str, str], citizen: dict[str, str] | None) -> bytes:
    """The SOAP answer, with the fields that the query's service may see."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "dan": NAMESPACE})
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    answer = etree.SubElement(body, f"{{{NAMESPACE}}}TraCuuThongTinCongDanResponse")
    etree.SubElement(answer, f"{{{NAMESPACE}}}MaYeuCau").text = query["MaYeuCau"]
    if citizen is not None:
        record = etree.SubElement(answer, f"{{{NAMESPACE}}}CongDan")
        for name in PURPOSES[query["MaDVC"]]:
            etree.SubElement(record, f"{{{NAMESPACE}}}{name}").text = citizen.get(name, "")
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def fault_envelope(reason: str) -> bytes:
    """A SOAP 1.1 fault."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP})
    fault = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = "soapenv:Client"
    etree.SubElement(fault, "faultstring").text = reason
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def population_routes(store: SandboxStore, misbehavior: Misbehavior, secret: str) -> APIRouter:
    """``POST /population/037``."""
    router = APIRouter()
    citizens = load_citizens()

    def answer(content: bytes) -> Response:
        try:
            query = read_query(content)
        except SoapFault as fault:
            return Response(fault_envelope(str(fault)), 500, media_type="text/xml")
        citizen = find_citizen(citizens, query)
        who = (query["MaCanBo"], query["MaDonVi"])
        now_ms = time.time_ns() // 1_000_000
        store.record_lookup(query["MaYeuCau"], now_ms, who, query["MaDVC"], citizen is not None)
        return Response(answer_envelope(query, citizen), media_type="text/xml")

    @router.post("/population/037", dependencies=[Depends(lambda: misbehavior.before_answer("population"))])
    async def look_up(request: Request) -> Response:
        if not is_authorized(request.headers, str(request.url), secret, time.time_ns() // 1_000_000):
            return Response(fault_envelope("Unauthorized"), 401, media_type="text/xml")
        return await run_in_threadpool(answer, await request.body())

    return router
