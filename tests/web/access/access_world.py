"""A province with two dossiers of two applicants at two authorities, and everybody who may knock at a route."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from lienthong.composition import create_web
from lienthong.dossiers import accounts, seed
from lienthong.dossiers.database import session_scope, upgrade
from lienthong.dossiers.store import MemoryStore, address_of
from lienthong.dossiers.tables import (
    AuditEntry,
    Branch,
    Document,
    Dossier,
    Task,
    User,
)
from lienthong.dossiers.tables.portal import EssentialBill, EssentialService, Petition
from lienthong.orchestration.errors import EngineUnavailable
from lienthong.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PASSWORD = "mat-khau-thu"
NOBODY = "nobody"
PEOPLE = (
    NOBODY,
    "congdan",
    "nguoikhac",
    "tiepnhan",
    "canbo-congan",
    "canbo-xaydung",
    "truongphong",
    "thutruong",
    "vanphong",
    "ketoan",
    "thietke",
    "quantri",
    "buudien",
    "doanvien",
)
OWN, OTHER = "own", "other"


class SilentEngine:
    """An engine that never answers: what a route does before it asks is all that counts here."""

    def __getattr__(self, name: str) -> Any:
        def unavailable(*_arguments: object, **_named: object) -> None:
            raise EngineUnavailable(f"Expected an engine for {name}, but it does not answer")

        return unavailable


@dataclass(frozen=True, slots=True)
class Ids:
    """What stands in a path for one dossier."""

    code: str
    document: str
    task: str
    petition: str
    service: str
    bill: str


@dataclass
class AccessWorld:
    app: FastAPI
    database: Engine
    ids: dict[str, Ids]
    clients: dict[str, tuple[TestClient, str]]

    def knock(self, person: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        """One request with this person's session and its token; ``body`` as ``httpx`` takes it."""
        client, token = self.clients[person]
        headers = {"X-CSRF-Token": token, "Accept": "text/html"}
        return client.request(method, path, headers=headers, **(body or {}))

    def audited(self) -> int:
        """How many acts and views the audit holds."""
        with Session(self.database) as session:
            return len(session.exec(select(AuditEntry.seq)).all())


def build(folder: Path) -> AccessWorld:
    """The whole web over a filled database; documents in memory, the engine silent."""
    settings = Settings(
        var_dir=folder / "var",
        bpmn_dir=ROOT / "bpmn",
        law_dir=ROOT / "law",
        database_url=f"sqlite:///{folder / 'domain.sqlite3'}",
        secret_key="only-for-tests",
    )
    app = create_web(settings)
    store = MemoryStore()
    app.state.documents, app.state.orchestration, app.state.clock = store, SilentEngine(), lambda: NOW
    upgrade(app.state.database)
    with session_scope(app.state.database) as session:
        seed.seed(session, app.state.law, PASSWORD)
        accounts.create_account(
            session, "nguoikhac", PASSWORD, "Lê Thị Khác Thử", "citizen", (), "0900000009", "052099000009"
        )
        ids = {
            OWN: _dossier(session, store, "congdan", "000.00.01.H08-261124-0001", "bd-ca-huyen", "K4"),
            OTHER: _dossier(session, store, "doanhnghiep", "000.00.01.H08-261124-0002", "bd-sxd", "V9"),
        }
    clients = {person: _client(app, person) for person in PEOPLE}
    return AccessWorld(app, app.state.database, ids, clients)


def _client(app: FastAPI, person: str) -> tuple[TestClient, str]:
    client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    token = client.get("/api/session").json()["csrfToken"]
    if person != NOBODY:
        page = client.get("/dang-nhap").text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        form = {"csrf_token": found.group(1), "username": person, "password": PASSWORD, "next": "/"}
        assert client.post("/dang-nhap", data=form).status_code == 303, person
        token = client.get("/api/session").json()["csrfToken"]
    return client, token


def _dossier(session: Session, store: MemoryStore, owner: str, code: str, authority: str, procedure: str) -> Ids:
    user = session.exec(select(User).where(User.username == owner)).one()
    dossier = Dossier(
        code=code,
        filing_token=f"token-{code}",
        bundle_id="karaoke" if procedure == "K4" else "investment",
        bundle_version="2023",
        applicant_user_id=user.id,
        applicant_name=user.display_name,
        applicant_personal_number=user.personal_number,
        applicant_phone=user.phone,
        authorities={"desk": "bd-ttpvhcc", "office": "bd-vpubnd", procedure: authority},
        filed_at=NOW - timedelta(hours=2),
        accepted_at=NOW - timedelta(hours=1),
        due_at=NOW + timedelta(days=9),
        process_instance_key=f"20{code[-4:]}",
        access_token=f"secret-{code}",
    )
    session.add(dossier)
    session.flush()
    session.add(
        Branch(
            dossier_id=dossier.id,
            procedure_code=procedure,
            procedure_id="procedure",
            authority_id=authority,
            status="active",
            due_at=NOW + timedelta(days=5),
        )
    )
    document = _paper(session, store, dossier, code)
    task = f"30{code[-4:]}"
    session.add(
        Task(
            user_task_key=task,
            dossier_code=code,
            procedure_code=procedure,
            element_id="appraise",
            name="Thẩm định",
            authority_id=authority,
            role="officer",
            due_at=NOW + timedelta(days=3),
            created_at=NOW - timedelta(hours=1),
            form_id="form-decide",
            process_instance_key=f"20{code[-4:]}",
        )
    )
    return Ids(code, document, task, *_wishes(session, user, code, authority))


def _wishes(session: Session, user: User, code: str, authority: str) -> tuple[str, str, str]:
    """A petition, a service of the provider and its bill, of the same person."""
    petition = Petition(
        code=f"PA-{code[-4:]}",
        kind="petition",
        subject="Thử nghiệm",
        body="Nội dung thử nghiệm",
        authority_id=authority,
        author_user_id=user.id,
        author_name=user.display_name,
        author_phone=user.phone,
        received_at=NOW,
        due_at=NOW + timedelta(days=9),
    )
    service = EssentialService(
        code=f"DV-{code[-4:]}",
        kind="water",
        user_id=user.id or 0,
        holder_name=user.display_name,
        phone=user.phone,
        address="1 Thử",
        facts={},
        requested_at=NOW,
    )
    session.add_all([petition, service])
    session.flush()
    bill = EssentialBill(
        code=f"HD-{code[-4:]}",
        service_id=service.id,
        period="2026-11",
        amount=1000,
        due_on=NOW.date(),
        provider_reference="1",
        issued_at=NOW,
    )
    session.add(bill)
    session.flush()
    return petition.code, service.code, bill.code


def _paper(session: Session, store: MemoryStore, dossier: Dossier, text: str) -> str:
    out = io.BytesIO()
    Image.new("L", (60 + int(text[-1]), 90), 255).save(out, "PNG")
    content = out.getvalue()
    store.put(content, "image/png")
    stored = address_of(content)
    paper = Document(
        id=f"paper-{text[-4:]}-7c1e",
        dossier_id=dossier.id,
        kind="passport",
        file_name="hộ chiếu.png",
        content_type="image/png",
        size=len(content),
        sha256=stored.sha256,
        storage_key=stored.key,
        created_at=NOW,
    )
    session.add(paper)
    session.flush()
    return paper.id


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path pattern of every route, HEAD left out."""
    for route in app.routes:
        nested = getattr(route, "effective_route_contexts", None)
        found = list(nested()) if nested else [route]
        for one in found:
            for method in sorted((getattr(one, "methods", None) or set()) - {"HEAD"}):
                yield method, one.path
