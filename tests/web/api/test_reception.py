"""Reception at the counter: the slip at once for a known citizen, scans taken once, cash with a receipt, tickets."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import segno
from fastapi.testclient import TestClient
from sqlmodel import select
from staff_world import CODE, NOW, World, scan

from lienthong.dossiers import payments, scans
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables import AuditEntry, Document, Dossier, OutboxRow, Payment, ScannedPaper
from workers.scan_folder import ScanFolder

Person = Callable[[str], TestClient]
DESK = "bd-ttpvhcc"
ENTERED: dict[str, Any] = {
    "token": "counter-token-1",
    "bundleId": "karaoke",
    "name": "Nguyễn Văn Thử",
    "personalNumber": "052099000001",
    "phone": "0900000001",
    "options": {"roomCount": 5},
}


def receive(client: TestClient, kinds: tuple[str, ...] = (), **changes: Any) -> Any:
    entered = {**ENTERED, "kinds": list(kinds), **changes}
    files = [("files", (f"{kind}.png", scan(), "image/png")) for kind in kinds]
    return client.post("/api/reception/dossiers", data={"entered": json.dumps(entered)}, files=files or None)


def take_in(world: World, name: str = "scan.png") -> str:
    with session_scope(world.database) as session:
        return scans.take_in(session, world.store, DESK, name, scan(), "", NOW).id


def test_a_known_citizen_is_prefilled_with_the_source_and_the_look_up_is_audited(
    as_person: Person, world: World
) -> None:
    client = as_person("canbo.motcua")
    citizen = client.get("/api/reception/citizens/052099000001").json()["citizen"]
    assert (citizen["name"], citizen["phone"], citizen["source"]) == ("Nguyễn Văn Thử", "0900000001", CODE)
    assert client.get("/api/reception/citizens/052099999999").json()["citizen"] is None
    with read_scope(world.database) as session:
        acts = session.exec(select(AuditEntry.data).where(AuditEntry.act == "citizen-looked-up")).all()
        assert [act["found"] for act in acts] == [True, False]


def test_only_receptionists_look_up_citizens_and_receive(as_person: Person) -> None:
    officer = as_person("canbo.vanhoa")
    assert officer.get("/api/reception/citizens/052099000001").status_code == 403
    assert receive(officer).status_code == 403
    assert officer.get(f"/api/reception/scans/{DESK}").status_code == 403
    assert officer.post("/api/reception/tickets", json={"deskId": DESK}).status_code == 403


def test_the_slip_is_there_at_once_and_the_papers_wait_to_be_read(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    answer = receive(client, ("application-form",))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    slip = client.get(f"/api/documents/{made['slipId']}/content?print=true")
    assert slip.content.startswith(b"%PDF") and slip.headers["content-disposition"].startswith("inline")
    assert "Giấy chứng nhận đăng ký kinh doanh" in [name["vi"] for name in made["missing"]]
    with read_scope(world.database) as session:
        dossier = session.exec(select(Dossier).where(Dossier.code == made["code"])).one()
        assert (dossier.channel, dossier.options["roomCount"]) == ("counter", 5)
        assert session.exec(select(OutboxRow.kind)).all() == ["start"]  # reading the papers is the process's work


def test_pressing_twice_files_once(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    scan_id = take_in(world)
    first = receive(client, scans=[[scan_id, "application-form"]])
    second = receive(client, scans=[[scan_id, "application-form"]])
    assert first.json()["code"] == second.json()["code"] and second.status_code == 201


def test_a_scan_of_the_desk_goes_into_one_dossier_only(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    scan_id = take_in(world)
    picture = client.get(f"/api/reception/scans/{DESK}/{scan_id}.png")
    assert picture.headers["content-type"] == "image/png"
    made = receive(client, scans=[[scan_id, "application-form"]]).json()
    again = receive(client, token="counter-token-2", scans=[[scan_id, "application-form"]])
    assert (again.status_code, again.json()["code"]) == (409, "scan")
    assert client.get(f"/api/reception/scans/{DESK}").json()["items"] == []
    with read_scope(world.database) as session:
        dossier = session.exec(select(Dossier).where(Dossier.code == made["code"])).one()
        kinds = session.exec(select(Document.kind).where(Document.dossier_id == dossier.id)).all()
        assert "application-form" in kinds


def test_a_hostile_file_is_refused_in_a_sentence_and_nothing_is_filed(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    entered = json.dumps({**ENTERED, "kinds": ["application-form"]})
    files = [("files", ("x.pdf", b"MZ\x90not a pdf", "application/pdf"))]
    answer = client.post("/api/reception/dossiers", data={"entered": entered}, files=files)
    assert answer.status_code == 422 and answer.json()["vi"]
    with read_scope(world.database) as session:
        assert [row.code for row in session.exec(select(Dossier))] == [CODE]


def test_cash_is_taken_once_for_the_whole_amount_with_a_receipt(as_person: Person, world: World) -> None:
    client = as_person("canbo.motcua")
    code = receive(client).json()["code"]
    assert client.get(f"/api/reception/dossiers/{code}/payment").json()["payment"] is None
    with session_scope(world.database) as session:
        rules = [{"procedureCode": "K5", "feeItem": "karaoke-licence-new"}]
        amount = payments.create_payment(session, world.law, code, rules, NOW).amount
    short = client.post(f"/api/reception/dossiers/{code}/cash", json={"amount": amount - 1})
    assert (short.status_code, short.json()["code"]) == (409, "amount")
    first = client.post(f"/api/reception/dossiers/{code}/cash", json={"amount": amount}).json()
    second = client.post(f"/api/reception/dossiers/{code}/cash", json={"amount": amount}).json()
    assert first == second and first["number"]
    assert client.get(f"/api/documents/{first['receiptId']}/content?print=true").content.startswith(b"%PDF")
    with read_scope(world.database) as session:
        status = session.exec(select(Payment.status)).one()
        messages = [row.payload["name"] for row in session.exec(select(OutboxRow)) if row.kind == "message"]
        taken = session.exec(select(AuditEntry.actor).where(AuditEntry.act == "cash-taken")).all()
    assert status == "paid" and messages == ["payment-received"] and taken == ["canbo.motcua"]


def test_codes_are_read_from_a_picture_and_lead_to_the_dossier(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    picture = io.BytesIO()
    segno.make(f"http://cong.vn/tra-cuu?code={CODE}", micro=False).save(picture, kind="png", scale=6)
    codes = client.post("/api/reception/codes", files={"file": ("qr.png", picture.getvalue(), "image/png")}).json()[
        "codes"
    ]
    found = client.get("/api/search", params={"text": codes[0]}).json()["items"]
    assert [item["code"] for item in found] == [CODE]
    assert (
        client.post("/api/reception/codes", files={"file": ("x.png", b"no picture", "image/png")}).json()["codes"] == []
    )


def test_tickets_are_called_in_order_with_priority_first_and_two_windows_never_share_one(as_person: Person) -> None:
    client, colleague = as_person("canbo.motcua"), as_person("canbo.motcua2")
    numbers = [
        client.post("/api/reception/tickets", json={"deskId": DESK, "essential": essential}).json()["number"]
        for essential in (False, False, True, False)
    ]
    assert numbers == [1, 2, 3, 4]
    called = [
        person.post("/api/reception/tickets/next", json={"deskId": DESK, "window": window}).json()["ticket"]["number"]
        for person, window in ((client, "1"), (colleague, "2"), (client, "1"))
    ]
    assert called == [3, 1, 2]
    room = client.get(f"/api/reception/tickets/{DESK}").json()
    assert [(one["number"], one["window"]) for one in room["called"]] == [(2, "1"), (1, "2")] or len(
        room["called"]
    ) == 2
    assert (room["served"], [one["number"] for one in room["waiting"]]) == (1, [4])
    ticket_id = room["called"][0]["id"]
    assert client.post(f"/api/reception/tickets/{ticket_id}/end?absent=true").status_code == 204
    assert client.post(f"/api/reception/tickets/{ticket_id}/end").status_code == 409


def test_the_watched_folder_takes_what_has_stopped_growing_and_puts_bad_files_aside(
    world: World, tmp_path: Path
) -> None:
    services: Any = type("Parts", (), {"database": world.database, "settings": world.settings, "law": world.law})()
    services.documents = world.store
    folder = world.settings.scans / DESK
    folder.mkdir(parents=True)
    watcher = ScanFolder(services)
    growing = folder / "lớn dần.png"
    growing.write_bytes(scan()[:100])
    assert watcher.run_once(NOW) == 0
    growing.write_bytes(scan())
    (folder / "bad.pdf").write_bytes(b"MZ not a pdf")
    assert watcher.run_once(NOW) == 0  # both have just changed
    assert watcher.run_once(NOW) == 1 and watcher.run_once(NOW) == 0
    assert (folder / "taken" / "lớn dần.png").exists() and (folder / "refused" / "bad.pdf").exists()
    with read_scope(world.database) as session:
        assert session.exec(select(ScannedPaper.file_name)).all() == ["lớn dần.png"]
