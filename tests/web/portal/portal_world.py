"""A portal over real tables and law; documents in memory, the engine a notebook that knows the fee decision."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw
from sqlalchemy.engine import Engine

from lienthong.dossiers import accounts
from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.portal_rules import sync_organisations
from lienthong.dossiers.store import MemoryStore
from lienthong.orchestration.errors import EngineUnavailable
from lienthong.portal.app import portal_router
from lienthong.settings import Settings
from lienthong.web.install import install_web

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday, 10:00 in Vietnam
PASSWORD = "Thu-nghiem-1"
APPLICANT = {
    "applicant_name": "Nguyễn Văn Thử",
    "applicant_personal_number": "052099000001",
    "applicant_phone": "0900000001",
    "organisation_name": "",
}
PEOPLE = (
    ("congdan", "Nguyễn Văn Thử", "citizen", ()),
    ("nguoikhac", "Lê Thị Khác", "citizen", ()),
    ("tiepnhan", "Trần Thị Mẫu", "staff", (("bd-ttpvhcc", "reception"),)),
    ("vanphong", "Phan Văn Thử Văn Phòng", "staff", (("bd-vpubnd", "office"),)),
    ("buudien", "Phùng Thị Thử Bưu Điện", "citizen", (("bd-buudien", "post_clerk"),)),
    ("doanvien", "Cao Văn Thử Thanh Niên", "citizen", (("bd-tinhdoan", "youth_helper"),)),
)
FEE = [{"procedureCode": "K4", "feeItem": "security-certificate"}]
ANSWERS = {
    "q_area": "elsewhere",
    "q_roomCount": "5",
    "q_needsRegistration": "false",
    "q_needsFireDesign": "false",
    "q_needsCriminalRecord": "false",
    "delivery": "online",
}


class FeeNotebook:
    """The one question that the portal asks of an engine."""

    def __init__(self) -> None:
        self.down = False
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def evaluate_decision(self, decision: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        if self.down:
            raise EngineUnavailable("Expected an engine, but it does not answer")
        self.asked.append((decision, variables))
        return {"output": json.dumps([{"procedureCode": "K4", "feeItem": "security-certificate"}])}


@dataclass
class PortalWorld:
    """The app and what stands behind it."""

    app: FastAPI
    database: Engine
    law: Law
    store: MemoryStore
    engine: FeeNotebook
    settings: Settings


@cache
def _law() -> Law:
    return load_law(ROOT / "law", ROOT / "bpmn")


@cache
def _filled_database() -> bytes:
    """Filled once: hashing passwords is slow on purpose."""
    with TemporaryDirectory() as folder:
        database = create_database(f"sqlite:///{Path(folder) / 'domain.sqlite3'}")
        upgrade(database)
        with session_scope(database) as session:
            _law().sync_authorities(session)
            sync_organisations(session, ROOT / "law")
            for name, title, kind, grants in PEOPLE:
                accounts.create_account(
                    session, name, PASSWORD, title, kind, grants, phone="0900000001", personal_number="052099000001"
                )
        with database.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            content: bytes = raw.serialize()
        database.dispose()
    return content


def build_portal(folder: Path) -> PortalWorld:
    """A portal whose tables, drafts and settings live below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "domain.sqlite3").write_bytes(_filled_database())
    settings = Settings(
        var_dir=folder / "var",
        bpmn_dir=ROOT / "bpmn",
        law_dir=ROOT / "law",
        database_url=f"sqlite:///{folder / 'domain.sqlite3'}",
        secret_key="only-for-tests",
        payment_secret="only-for-tests",
        upload_limit_bytes=1024 * 1024,
    )
    app = FastAPI()
    install_web(app, settings)
    world = PortalWorld(app, create_database(settings.database_url), _law(), MemoryStore(), FeeNotebook(), settings)
    app.state.database, app.state.law, app.state.documents = world.database, world.law, world.store
    app.state.orchestration, app.state.clock = world.engine, lambda: NOW
    app.include_router(portal_router)
    app.mount("/static", StaticFiles(directory=ROOT / "lienthong" / "portal" / "static"))
    return world


def scan(text: str) -> bytes:
    """A small picture of a page; another text is another content."""
    page = Image.new("L", (700, 990), 255)
    ImageDraw.Draw(page).text((60, 60), text, fill=0)
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


class Visitor:
    """Somebody at the portal with a browser that follows nothing by itself."""

    def __init__(self, world: PortalWorld, language: str = "vi") -> None:
        self.client = TestClient(world.app, follow_redirects=False)
        self.client.cookies.set("lt_lang", language)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/").text)
        assert found is not None
        return found.group(1)

    def post(self, path: str, data: Mapping[str, str] | None = None, files: Any = None) -> httpx.Response:
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, files=files)

    def sign_in(self, username: str = "congdan", password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.post("/dang-nhap", {"username": username, "password": password, **more})

    def answer(self, **changes: str) -> httpx.Response:
        return self.post("/nop-ho-so/karaoke", {**APPLICANT, **ANSWERS, **changes})

    def check(self, **changes: str) -> str:
        """Answer and hand in all papers; the address that the check page sends to."""
        return sending_of(self.hand_in(self.answer(**changes).headers["location"]))

    def hand_in(self, papers: str) -> httpx.Response:
        """Hand in a readable page for every paper of the step at the address ``papers`` and go on."""
        kinds = re.findall(r'name="file_([\w-]+)"', self.get(papers).text)
        files = [(f"file_{kind}", (f"{kind}.png", scan(kind), "image/png")) for kind in kinds]
        return self.post(papers, {"go": "check"}, files)

    def file(self) -> str:
        """File a karaoke dossier; its code."""
        papers = self.answer().headers["location"]
        action = sending_of(self.hand_in(papers))
        sent = self.post(action, {"truth": "yes"})
        assert sent.status_code == 303, words(sent)
        return sent.headers["location"].rsplit("/", 1)[1]


def sending_of(check: httpx.Response) -> str:
    """The address that the check page sends to."""
    found = re.search(r'action="(/nop-ho-so/[^"]+/gui/[^"]+)"', check.text)
    assert found is not None, words(check)
    return found.group(1)


def words(answer: httpx.Response) -> str:
    """What a reader of the page sees, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
