"""A small province for tests of the staff app: real tables, law and models; the engine is a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse, Response
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from lienthong.api.app import api_router
from lienthong.dossiers import accounts, petitions
from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.dossiers.law import Law, load_law
from lienthong.dossiers.petitions import NewPetition
from lienthong.dossiers.portal_rules import load_portal_rules
from lienthong.dossiers.store import MemoryStore, address_of
from lienthong.dossiers.tables import Branch, Document, DocumentField, Dossier, Task, TimelineEntry
from lienthong.dossiers.tables.portal import PetitionKind
from lienthong.orchestration.errors import EngineRejected
from lienthong.orchestration.search_calls import Page
from lienthong.settings import Settings
from lienthong.web.install import install_web

ROOT = Path(__file__).resolve().parents[3]
BPMN = ROOT / "bpmn"
DIST = ROOT / "lienthong" / "staff" / "dist"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday, 10:00 in Vietnam
PASSWORD = "Thu-nghiem-1"
CODE = "000.00.01.H08-261124-0001"
PEOPLE = {
    "canbo.motcua": ("Trần Thị Mẫu", [("bd-ttpvhcc", "reception")]),
    "canbo.motcua2": ("Lê Văn Mẫu", [("bd-ttpvhcc", "reception")]),
    "canbo.vanhoa": ("Phạm Thị Thử", [("bd-svhtt", "officer")]),
    "truongphong": ("Trịnh Văn Thử", [("bd-svhtt", "unit_head")]),
    "thutruong": ("Đinh Thị Thử", [("bd-svhtt", "authority_head"), ("bd-ttpvhcc", "authority_head")]),
    "vanphong": ("Phan Văn Thử", [("bd-vpubnd", "office")]),
    "ketoan": ("Kha Thị Thử", [("bd-ttpvhcc", "finance")]),
    "thietke": ("Ngô Thiết Kế", [("bd-vpubnd", "designer")]),
    "quantri": ("Đỗ Quản Trị", [("bd-vpubnd", "administrator")]),
}
DEFINITIONS = {
    "1001": ("karaoke-v2023", "karaoke/2023/bundle.bpmn", 1),
    "1002": ("step-intake", "steps/step-intake.bpmn", 1),
    "1003": ("procedure-karaoke-licence", "procedures/procedure-karaoke-licence.bpmn", 1),
}


@dataclass
class NotebookEngine:
    """Answers the calls of the orchestration client that the API makes, and writes down the commands."""

    said: list[tuple[str, Any]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    states: dict[str, str] = field(default_factory=dict)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    after_retry: str = "resolved"
    xml: dict[str, str] = field(default_factory=dict)
    versions: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, (process_id, path, version) in DEFINITIONS.items():
            self.xml[key] = (BPMN / path).read_text("utf-8")
            self.versions[key] = (process_id, version)
        self.incidents.append(
            {
                "incidentKey": "5001",
                "errorType": "JOB_NO_RETRIES",
                "errorMessage": "Expected the population service to answer, but it timed out three times.",
                "elementId": "look-up-citizen",
                "processDefinitionId": "step-intake",
                "processDefinitionKey": "1002",
                "processInstanceKey": "2002",
                "jobKey": "6001",
                "creationTime": "2026-11-24T02:00:00Z",
                "state": "ACTIVE",
            }
        )

    def _refuse_gone(self, key: str) -> None:
        if key in self.gone:
            raise EngineRejected(404, "NOT_FOUND", f"Expected user task {key}, but it is not there")

    def user_task_form(self, key: str) -> dict[str, Any]:
        content = (BPMN / "procedures" / "form-decide.form").read_text("utf-8")
        return {"formKey": "1", "schema": content, "version": 1}

    def user_task_variables(self, key: str) -> dict[str, Any]:
        return {"dossierCode": CODE}

    def assign_user_task(self, key: str, assignee: str, allow_override: bool = True) -> None:
        self._refuse_gone(key)
        self.said.append(("assign", (key, assignee)))

    def unassign_user_task(self, key: str) -> None:
        self.said.append(("unassign", key))

    def update_user_task(self, key: str, changeset: Mapping[str, Any]) -> None:
        self.said.append(("update", (key, dict(changeset))))

    def user_task(self, key: str) -> dict[str, Any] | None:
        return {"userTaskKey": key, "state": self.states.get(key, "CREATED")}

    def complete_user_task(self, key: str, variables: Mapping[str, Any] | None = None) -> None:
        self._refuse_gone(key)
        self.gone.add(key)
        self.said.append(("complete", (key, dict(variables or {}))))

    def _instances(self) -> list[dict[str, Any]]:
        rows = [("2001", "1001", None), ("2002", "1002", "2001")]
        return [
            {
                "processInstanceKey": key,
                "processDefinitionKey": definition,
                "processDefinitionId": self.versions[definition][0],
                "processDefinitionName": None,
                "processDefinitionVersion": self.versions[definition][1],
                "parentProcessInstanceKey": parent,
                "state": "ACTIVE",
                "hasIncident": bool(self.incidents) and key == "2002",
                "startDate": "2026-11-24T01:00:00Z",
                "endDate": None,
            }
            for key, definition, parent in rows
        ]

    def process_instance(self, key: str) -> dict[str, Any] | None:
        return next((item for item in self._instances() if item["processInstanceKey"] == key), None)

    def search_process_instances(self, filter: Any = None, page: Any = None, sort: Any = ()) -> list[dict[str, Any]]:
        return _fitting(self._instances(), filter)

    def search_page(self, path: str, filter: Any = None, page: Any = None, sort: Any = ()) -> Page:
        search = {
            "process-instances": self.search_process_instances,
            "element-instances": self.search_element_instances,
        }
        items = search[path](filter)
        return Page(items, len(items), None)

    def search_process_definitions(self, filter: Any = None, page: Any = None, sort: Any = ()) -> list[dict[str, Any]]:
        rows = [
            {
                "processDefinitionKey": key,
                "processDefinitionId": process_id,
                "version": version,
                "name": process_id,
                "versionTag": "v2023",
            }
            for key, (process_id, version) in self.versions.items()
        ]
        return _fitting(rows, filter)

    def process_definition_xml(self, key: str) -> str:
        return self.xml[key]

    def search_decision_definitions(self, filter: Any = None, page: Any = None, sort: Any = ()) -> list[dict[str, Any]]:
        return []

    def search_element_instances(self, filter: Any = None, page: Any = None, sort: Any = ()) -> list[dict[str, Any]]:
        rows = [
            {"processInstanceKey": "2002", "elementId": "check-dossier", "state": "ACTIVE", "type": "USER_TASK"},
            {"processInstanceKey": "2002", "elementId": "step-intake", "state": "ACTIVE", "type": "PROCESS"},
        ]
        return _fitting(rows, filter)

    def sequence_flows(self, key: str) -> list[dict[str, Any]]:
        return []

    def element_statistics(self, definition_key: str, filter: Any = None) -> list[dict[str, Any]]:
        return [{"elementId": "check-dossier", "active": 3, "completed": 5, "canceled": 0, "incidents": 1}]

    def search_variables(self, filter: Any = None, page: Any = None, sort: Any = ()) -> list[dict[str, Any]]:
        return [{"name": "dossierCode", "value": json.dumps(CODE), "scopeKey": "2002"}]

    def search_incidents(self, filter: Any = None, page: Any = None, sort: Any = ()) -> list[dict[str, Any]]:
        return _fitting(self.incidents, filter)

    def update_job_retries(self, key: str, retries: int) -> None:
        self.said.append(("retries", (key, retries)))

    def resolve_incident(self, key: str) -> None:
        self.said.append(("resolve", key))
        old = self.incidents.pop()
        if self.after_retry == "again":
            self.incidents.append({**old, "incidentKey": "5002", "errorMessage": "Expected an answer, but got none."})

    def search_jobs(self, filter: Any = None, page: Any = None, sort: Any = ()) -> list[dict[str, Any]]:
        return [{"jobKey": "6001", "state": "COMPLETED" if self.after_retry == "resolved" else "CREATED"}]

    def cancel_process_instance(self, key: str) -> None:
        self.said.append(("cancel", key))

    def deploy(self, resources: list[tuple[str, bytes]]) -> dict[str, Any]:
        self.said.append(("deploy", [name for name, _ in resources]))
        deployments = []
        for name, content in resources:
            for key, (process_id, version) in list(self.versions.items()):
                if DEFINITIONS.get(key, ("", ""))[1] == name:
                    self.versions[f"{key}9"], self.xml[f"{key}9"] = (process_id, version + 1), content.decode()
                    entry = {"processDefinitionId": process_id, "processDefinitionVersion": version + 1}
                    deployments.append({"processDefinition": entry})
        return {"deployments": deployments}


def _fitting(rows: list[dict[str, Any]], wanted: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    asked = dict(wanted or {})
    return [row for row in rows if all(str(row.get(name, value)) == str(value) for name, value in asked.items())]


@dataclass
class World:
    """The app and what stands behind it."""

    app: FastAPI
    database: Engine
    law: Law
    store: MemoryStore
    engine: NotebookEngine
    settings: Settings


@cache
def _law() -> Law:
    return load_law(ROOT / "law", BPMN)


@cache
def _filled_database() -> bytes:
    """The database of every test, filled once: hashing passwords is slow on purpose."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "domain.sqlite3"
        database = create_database(f"sqlite:///{file}")
        upgrade(database)
        _fill(database, _law())
        with database.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            content: bytes = raw.serialize()
        database.dispose()
    return content


def build_world(folder: Path) -> World:
    """A filled database, the API over it, and the built staff app where it exists."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "domain.sqlite3").write_bytes(_filled_database())
    settings = Settings(
        var_dir=folder / "var",
        bpmn_dir=BPMN,
        law_dir=ROOT / "law",
        database_url=f"sqlite:///{folder / 'domain.sqlite3'}",
        secret_key="only-for-tests",
    )
    app = FastAPI()
    install_web(app, settings)
    database = create_database(settings.database_url)
    law = _law()
    world = World(app, database, law, MemoryStore(), NotebookEngine(), settings)
    app.state.database, app.state.law, app.state.documents = database, law, world.store
    app.state.orchestration, app.state.clock, app.state.retry_patience_s = world.engine, lambda: NOW, 0.0
    app.include_router(api_router)
    _serve_dist(app)
    world.store.put(scan(), "image/png")
    return world


def objection(session: Session, law: Law) -> str:
    """The dossier of this world was refused and its applicant objects; the code of the objection."""
    session.exec(select(Dossier).where(Dossier.code == CODE)).one().status = "refused"
    new = NewPetition(
        kind=PetitionKind.OBJECTION,
        subject="Không đồng ý",
        body="Việc từ chối không có căn cứ.",
        dossier_code=CODE,
        author_name="Nguyễn Văn Thử",
    )
    return petitions.submit(session, law, load_portal_rules(ROOT / "law"), new, NOW).code


def _serve_dist(app: FastAPI) -> None:
    @app.get("/staff/{path:path}")
    def staff(path: str) -> Response:
        file = DIST / path
        return FileResponse(file if path and file.is_file() else DIST / "index.html")


def scan() -> bytes:
    """A page that looks like a scanned declaration."""
    page = Image.new("RGB", (1000, 1414), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(30)
    for row, line in enumerate(("DON DE NGHI", "Ho ten: Nguyen Van Thu", "So dinh danh: 052099000001")):
        draw.text((100, 120 + row * 141), line, fill="black", font=font)
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _fill(database: Engine, law: Law) -> None:
    with session_scope(database) as session:
        law.sync_authorities(session)
        session.flush()
        for username, (name, grants) in PEOPLE.items():
            accounts.create_account(session, username, PASSWORD, name, "staff", grants=grants)
        accounts.create_account(session, "congdan", PASSWORD, "Nguyễn Văn Thử", "citizen")
        dossier = Dossier(
            code=CODE,
            filing_token="token-1",
            bundle_id="karaoke",
            bundle_version="2023",
            applicant_name="Nguyễn Văn Thử",
            applicant_personal_number="052099000001",
            applicant_phone="0900000001",
            organisation_name="Công ty TNHH Giải trí Thử Nghiệm",
            authorities={"desk": "bd-ttpvhcc", "office": "bd-vpubnd", "K5": "bd-svhtt", "K4": "bd-ca-huyen"},
            filed_at=NOW - timedelta(hours=2),
            due_at=NOW + timedelta(days=9),
            process_instance_key="2001",
            access_token="secret",
            essential=True,
        )
        session.add(dossier)
        session.flush()
        for code, authority in (("K4", "bd-ca-huyen"), ("K5", "bd-svhtt")):
            session.add(
                Branch(
                    dossier_id=dossier.id,
                    procedure_code=code,
                    procedure_id="procedure",
                    authority_id=authority,
                    status="active" if code == "K4" else "waiting",
                    due_at=NOW + timedelta(days=5),
                )
            )
        session.add(
            TimelineEntry(
                dossier_id=dossier.id,
                at=NOW - timedelta(hours=2),
                kind="filed",
                text_vi="Đã nộp hồ sơ",
                text_en="The dossier was filed",
            )
        )
        _add_paper(session, dossier.id)
        for key, authority, role, due, name in _TASKS:
            session.add(
                Task(
                    user_task_key=key,
                    dossier_code=CODE,
                    procedure_code="K5" if role == "officer" else "",
                    element_id="check-dossier",
                    name=name,
                    authority_id=authority,
                    role=role,
                    due_at=NOW + due,
                    created_at=NOW - timedelta(hours=1),
                    form_id="form-decide",
                    process_instance_key="2002",
                )
            )


_TASKS = (
    ("3001", "bd-ttpvhcc", "reception", timedelta(days=2), "Kiểm tra tính đầy đủ, hợp lệ của hồ sơ"),
    ("3002", "bd-ttpvhcc", "reception", timedelta(days=-1), "Trả kết quả cho người nộp"),
    ("3003", "bd-svhtt", "officer", timedelta(days=3), "Thẩm định điều kiện kinh doanh"),
)


def _add_paper(session: Any, dossier_id: str) -> None:
    content = scan()
    stored = address_of(content)
    paper = Document(
        id="paper-1",
        dossier_id=dossier_id,
        kind="karaoke-licence-request",
        file_name="đơn đề nghị.png",
        content_type="image/png",
        size=len(content),
        sha256=stored.sha256,
        storage_key=stored.key,
        created_at=NOW,
    )
    session.add(paper)
    session.flush()
    place = {"page": 1, "x": 0.1, "width": 0.5, "height": 0.03}
    rows = (("full_name", "Nguyễn Văn Thử", 0.99, 0.18), ("personal_number", "052099000007", 0.41, 0.28))
    for name, value, confidence, y in rows:
        session.add(DocumentField(document_id="paper-1", name=name, value=value, confidence=confidence, y=y, **place))
