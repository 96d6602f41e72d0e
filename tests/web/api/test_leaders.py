"""Heads see what they head: figures equal what lies behind them, names are masked by role, exports equal the page."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select
from staff_world import CODE, NOW, World

from lienthong.api.leader_export import Table, as_csv, as_xlsx
from lienthong.dossiers import leadership
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.leadership import FIGURES, Risk
from lienthong.dossiers.tables import AuditEntry, Branch, Dossier, OutboxRow, Task

Person = Callable[[str], TestClient]


@pytest.fixture
def busy(world: World) -> World:
    """Branches in every state at two authorities, some late, some finished late."""
    with session_scope(world.database) as session:
        for number in range(12):
            dossier = Dossier(
                code=f"000.00.01.H08-261120-{number:04}",
                filing_token=f"busy-token-{number}",
                bundle_id="karaoke",
                bundle_version="2023",
                applicant_name=f"Nguyễn Văn Thử {number}",
                authorities={"desk": "bd-ttpvhcc", "office": "bd-vpubnd", "K5": "bd-svhtt"},
                filed_at=NOW - timedelta(days=4),
                access_token=f"busy-{number}",
            )
            session.add(dossier)
            session.flush()
            finished = number % 3 == 0
            session.add(
                Branch(
                    dossier_id=dossier.id,
                    procedure_code="K5",
                    procedure_id="p",
                    authority_id="bd-svhtt" if number % 2 else "bd-ca-huyen",
                    status=("refused" if number == 6 else "issued") if finished else "active",
                    started_at=NOW - timedelta(days=4),
                    due_at=NOW + timedelta(days=number - 4),
                    finished_at=NOW if finished else None,
                )
            )
    return world


def behind(client: TestClient, figure: str, **scope: str) -> list[dict[str, Any]]:
    rows, after = [], ""
    while True:
        answer = client.get("/api/leader/dossiers", params={"figure": figure, "after": after, **scope}).json()
        rows += answer["items"]
        after = answer["after"]
        if not after:
            return rows


def test_every_figure_equals_the_dossiers_behind_it(as_person: Person, busy: World) -> None:
    for person in ("thutruong", "vanphong"):
        client = as_person(person)
        numbers = client.get("/api/leader/overview").json()["figures"]
        assert set(numbers) == set(FIGURES)
        for figure, number in numbers.items():
            assert len(behind(client, figure)) == number, (person, figure)


def test_figures_add_up_and_follow_authority_and_days(as_person: Person, busy: World) -> None:
    client = as_person("vanphong")
    numbers = client.get("/api/leader/overview").json()["figures"]
    assert numbers["finished"] == numbers["finished-on-time"] + numbers["finished-late"] == 4
    assert numbers["refused"] == 1 and numbers["finished-late"] == 2
    own = client.get("/api/leader/overview", params={"authority": "bd-svhtt"}).json()["figures"]
    other = client.get("/api/leader/overview", params={"authority": "bd-ca-huyen"}).json()["figures"]
    assert own["finished"] + other["finished"] == numbers["finished"]
    before = client.get("/api/leader/overview", params={"first": "2026-10-01", "last": "2026-10-31"}).json()["figures"]
    assert before["finished"] == before["received"] == 0 and before["open"] == numbers["open"]


def test_a_head_sees_the_own_authority_only(as_person: Person, busy: World) -> None:
    client = as_person("truongphong")
    rows = behind(client, "open")
    assert rows and {row["authorityName"]["vi"] for row in rows} == {"Sở Văn hóa và Thể thao"}
    assert behind(client, "open", authority="bd-ca-huyen") == []
    assert as_person("canbo.vanhoa").get("/api/leader/overview").status_code == 403


def test_names_are_whole_for_whoever_handles_and_masked_for_whoever_oversees(as_person: Person, busy: World) -> None:
    assert all("***" not in row["applicant"] for row in behind(as_person("truongphong"), "open"))
    assert all("***" in row["applicant"] for row in behind(as_person("vanphong"), "open"))


def test_work_at_risk_is_shown_before_it_is_late_soonest_first(as_person: Person, busy: World) -> None:
    items = as_person("vanphong").get("/api/leader/at-risk").json()["items"]
    assert [item["dueAt"] for item in items] == sorted(item["dueAt"] for item in items)
    risks = [item["risk"] for item in items]
    assert risks == ["late", "late", "high", "high", "watch"]


def test_how_near_a_branch_is_follows_working_time_and_share(world: World) -> None:
    def risk(days: float, started: float = 10) -> Risk:
        branch = Branch(
            dossier_id="d",
            procedure_code="K5",
            procedure_id="p",
            authority_id="a",
            started_at=NOW - timedelta(days=started),
            due_at=NOW + timedelta(days=days),
        )
        return leadership.risk(world.law, branch, NOW, 0.8)

    assert [risk(-1), risk(1), risk(2), risk(20)] == [Risk.LATE, Risk.HIGH, Risk.WARNING, Risk.WATCH]


def test_the_load_is_by_unit_role_and_person(as_person: Person, world: World) -> None:
    with session_scope(world.database) as session:
        session.get_one(Task, "3003").assignee = "canbo.vanhoa"
    load = as_person("thutruong").get("/api/leader/overview").json()["load"]
    found = {(row["authorityId"], row["role"], row["assignee"]): (row["open"], row["overdue"]) for row in load}
    assert found == {("bd-svhtt", "officer", "canbo.vanhoa"): (1, 0), ("bd-ttpvhcc", "reception", ""): (2, 1)}


def test_the_export_holds_what_the_page_shows_and_is_audited(as_person: Person, busy: World) -> None:
    client = as_person("vanphong")
    shown = [[row["code"], row["applicant"]] for row in behind(client, "open")]
    text = client.get("/api/leader/export", params={"figure": "open", "kind": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "Mã hồ sơ" and [[row[0], row[4]] for row in rows[1:]] == shown
    book = client.get("/api/leader/export", params={"figure": "open", "kind": "xlsx", "language": "en"}).content
    strings = zipfile.ZipFile(io.BytesIO(book)).read("xl/sharedStrings.xml").decode()
    assert "Applicant" in strings and shown[0][0] in strings
    with read_scope(busy.database) as session:
        data = session.exec(select(AuditEntry.data).where(AuditEntry.act == "dossiers-exported")).all()
        assert [(entry["figure"], entry["rows"]) for entry in data] == [("open", len(shown))] * 2
    assert client.get("/api/leader/export", params={"figure": "secret"}).status_code == 404


def test_no_cell_of_an_export_is_a_formula() -> None:
    table = Table("open", "vi", [["=1+1", "+84", "-1", "@x", "Nguyễn Văn Thử", "", "", "", ""]])
    assert "'=1+1,'+84,'-1,'@x,Nguyễn" in as_csv(table).decode("utf-8-sig")
    sheet = zipfile.ZipFile(io.BytesIO(as_xlsx(table))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_a_head_stops_a_dossier_on_a_ground_and_its_process_is_told_once(as_person: Person, world: World) -> None:
    with session_scope(world.database) as session:
        session.exec(select(Dossier).where(Dossier.code == CODE)).one().status = "supplement"
    body = {"reason": "Quá thời hạn bổ sung"}
    assert as_person("canbo.vanhoa").post(f"/api/dossiers/{CODE}/stop", json=body).status_code == 403
    head = as_person("thutruong")
    assert head.post(f"/api/dossiers/{CODE}/stop", json=body).status_code == 204
    told = head.get(f"/api/dossiers/{CODE}").json()["dossier"]["timeline"]
    assert any("Quá thời hạn bổ sung" in entry["text"]["vi"] for entry in told)
    assert head.post(f"/api/dossiers/{CODE}/stop", json=body).status_code == 204
    again = head.get(f"/api/dossiers/{CODE}").json()["dossier"]["timeline"]
    assert len(again) == len(told), "stopping twice is told once"
    with read_scope(world.database) as session:
        sent = [row.payload for row in session.exec(select(OutboxRow)).all()]
    assert [(one["name"], one["correlationKey"]) for one in sent] == [("dossier-stopped", CODE)]


def test_a_line_of_the_load_leads_to_its_tasks(as_person: Person, world: World) -> None:
    client = as_person("thutruong")
    for row in client.get("/api/leader/overview").json()["load"]:
        scope = {"authority": row["authorityId"], "role": row["role"], "assignee": row["assignee"]}
        assert len(client.get("/api/leader/tasks", params=scope).json()["items"]) == row["open"]
    foreign = {"authority": "bd-ca-huyen", "role": "officer"}
    assert client.get("/api/leader/tasks", params=foreign).json()["items"] == []


def test_the_nine_indicators_are_those_of_the_led_authority_with_formula_mark_and_dossiers(
    as_person: Person, busy: World
) -> None:
    head = as_person("truongphong")
    answer = head.get("/api/leader/indicators").json()
    assert (answer["authorityId"], len(answer["nine"])) == ("bd-svhtt", 9)
    assert all(row["formula"] and row["mark"] for row in [*answer["nine"], *answer["five"]])
    assert head.get("/api/leader/indicators", params={"authority": "bd-ca-huyen"}).status_code == 403
    for row in answer["nine"]:
        if row["drillable"]:
            found = head.get(f"/api/leader/indicators/{row['name']}").json()
            assert found["total"] == len(found["codes"])
    assert as_person("vanphong").get("/api/leader/indicators").json()["authorityId"] == ""
