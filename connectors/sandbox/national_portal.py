"""The National Portal's side: pushes filings to the province, takes statuses and dossiers, shows what it knows."""

import json
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from fastapi import APIRouter, Depends, Form, HTTPException, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from connectors.payment.signature import HEADER, sign
from connectors.sandbox.faults import Misbehavior
from connectors.sandbox.signed import page, signed_body, text_of
from connectors.sandbox.store import SandboxStore
from connectors.wire import canonical

SYSTEM: Final = "national-portal"
FILINGS: Final = "national-filing"
STATUSES: Final = "national-status"
DOSSIERS: Final = "national-dossier"
FILES: Final = "national-file"
PICTURE_LIMIT: Final = 5 * 1024 * 1024


class Province:
    """The province's end of the line: where filings are pushed to."""

    def __init__(self, web_url: str, secret: str, store: SandboxStore) -> None:
        self._address = f"{web_url.rstrip('/')}/lien-thong/quoc-gia/ho-so"
        self._secret, self._store = secret, store
        self._http = httpx.Client(timeout=httpx.Timeout(20.0, connect=2.0))

    def push(self, filing: dict[str, Any]) -> dict[str, Any]:
        """Push a filing and keep the answer with it; no answer is kept as -1 with its reason."""
        body = canonical(filing)
        headers = {HEADER: sign(self._secret, body), "Content-Type": "application/json"}
        try:
            answer = self._http.post(self._address, content=body, headers=headers)
            told = dict(answer.json())
        except (httpx.HTTPError, ValueError) as error:
            told = {"status": -1, "message": type(error).__name__}
        with self._store.transaction():
            kept = self._store.record(FILINGS, filing["MaHoSo"]) or {"filing": filing, "answers": []}
            answers = [*kept["answers"], told]
            self._store.keep(FILINGS, filing["MaHoSo"], {"filing": filing, "answers": answers})
        return told


def new_filing(form: dict[str, str], options: dict[str, Any], papers: list[dict[str, str]]) -> dict[str, Any]:
    """A filing in the words of the protocol [V*: domain.md 8.4]; DuLieuKhai, the e-form's answers, is ours [I]."""
    now = datetime.now(UTC)
    return {
        "MaHoSo": f"G00.99-{now:%y%m%d}-{secrets.token_hex(3).upper()}",
        "MaTTHC": form["procedure"],
        "ChuHoSo": form["applicant"],
        "LoaiDoiTuong": 1,
        "MaDoiTuong": form["personal_number"],
        "SoDienThoai": form["phone"],
        "Email": form.get("email", ""),
        "DiaChi": form.get("address", ""),
        "HinhThuc": 0,
        "NgayTiepNhan": f"{now:%Y%m%d%H%M%S}",
        "DuLieuKhai": options,
        "TaiLieuNop": papers,
    }


def national_portal_routes(store: SandboxStore, misbehavior: Misbehavior, secret: str, web_url: str) -> APIRouter:
    """What the province calls, and a page on which a citizen files."""
    router = APIRouter(prefix="/national-portal")
    _add_protocol(router, store, signed_body(SYSTEM, misbehavior, secret))
    _add_pages(router, store, Province(web_url, secret, store))
    return router


def _add_protocol(router: APIRouter, store: SandboxStore, body: Callable[[Request], Awaitable[dict[str, Any]]]) -> None:
    @router.post("/statuses")
    def status(value: dict[str, Any] = Depends(body)) -> dict[str, Any]:
        code, state = text_of(value, "MaHoSo", "TrangThai")
        if state not in {str(number) for number in range(1, 11)}:
            return {"status": -1, "message": "TrangThai 1..10"}
        identity = f"{code}/{value.get('ThoiDiemXuLy', '')}/{state}"
        known = store.record(STATUSES, identity) is not None
        store.keep(STATUSES, identity, value)
        return {"status": 1 if known else 0}

    @router.post("/dossiers")
    def dossier(value: dict[str, Any] = Depends(body)) -> dict[str, Any]:
        (code,) = text_of(value, "MaHoSo")
        known = store.record(DOSSIERS, code) is not None
        store.keep(DOSSIERS, code, value)
        return {"status": 1 if known else 0}

    @router.get("/statuses/{code}")
    def told(code: str) -> list[dict[str, Any]]:
        return [value for _, value in reversed(store.records(STATUSES, 1000)) if value["MaHoSo"] == code]

    @router.get("/files/{identity}")
    def file(identity: str) -> Response:
        kept = store.record(FILES, identity)
        if kept is None:
            raise HTTPException(404, "No such file")
        return Response(bytes.fromhex(kept["hex"]), media_type=kept["type"])


def _add_pages(router: APIRouter, store: SandboxStore, province: Province) -> None:
    @router.post("/push")
    async def push(request: Request) -> dict[str, Any]:
        """Push what the body says: the filing as it stands, or only its code to push an earlier one again."""
        value = json.loads(await request.body())
        earlier = store.record(FILINGS, str(value.get("MaHoSo", "")))
        filing = earlier["filing"] if earlier and set(value) == {"MaHoSo"} else value
        return await run_in_threadpool(province.push, filing)

    @router.get("/")
    def shown() -> Response:
        statuses = [value for _, value in store.records(STATUSES, 100)]
        return page("national_portal.html", filings=store.records(FILINGS, 50), statuses=statuses)

    @router.post("/file")
    async def file_by_form(request: Request) -> Response:
        async with request.form() as form:
            values = {name: str(value) for name, value in form.items() if not isinstance(value, UploadFile)}
            papers = [
                await _kept_paper(store, name.removeprefix("paper_"), value, str(request.base_url))
                for name, value in form.multi_items()
                if not isinstance(value, str) and value.filename
            ]
        filing = new_filing(values, json.loads(values.get("options") or "{}"), papers)
        await run_in_threadpool(province.push, filing)
        return RedirectResponse("/national-portal/", 303)

    @router.post("/again")
    def again(code: str = Form()) -> Response:
        kept = store.record(FILINGS, code)
        if kept is not None:
            province.push(kept["filing"])
        return RedirectResponse("/national-portal/", 303)


async def _kept_paper(store: SandboxStore, kind: str, file: Any, base_url: str) -> dict[str, str]:
    content = (await file.read())[:PICTURE_LIMIT]
    identity = f"{time.time_ns():x}{secrets.token_hex(4)}"
    store.keep(FILES, identity, {"hex": content.hex(), "type": file.content_type or "application/octet-stream"})
    address = f"{base_url}national-portal/files/{identity}"
    return {"MaThanhPhanHoSo": kind, "TenTepDinhKem": str(file.filename), "DuongDanTaiTepTin": address}
