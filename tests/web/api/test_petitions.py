"""Petitions over the API: each authority sees and answers its own, the Provincial Office all."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from staff_world import NOW, World

from lienthong.dossiers import petitions
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.petitions import NewPetition
from lienthong.dossiers.portal_rules import load_portal_rules

LAW_DIR = Path(__file__).resolve().parents[3] / "law"
ANSWER = {"text": "Đã kiểm tra và chấn chỉnh.", "outcome": "upheld"}


@pytest.fixture
def code(world: World) -> str:
    new = NewPetition(
        subject="Chờ lâu", body="Tôi chờ hai giờ ở quầy.", authority_id="bd-svhtt", author_name="Lê Thị Khác Thử"
    )
    with session_scope(world.database) as session:
        return petitions.submit(session, world.law, load_portal_rules(LAW_DIR), new, NOW).code


def codes(client: TestClient, **query: str) -> list[str]:
    return [one["code"] for one in client.get("/api/petitions", params=query).json()["items"]]


def test_the_office_answers_once_and_it_leaves_the_list(as_person: Callable[[str], TestClient], code: str) -> None:
    office = as_person("vanphong")
    assert codes(office) == [code]
    answered = office.post(f"/api/petitions/{code}/answer", json=ANSWER)
    assert (answered.status_code, answered.json()["answer"]) == (200, ANSWER["text"])
    assert office.post(f"/api/petitions/{code}/answer", json=ANSWER).status_code == 409
    assert codes(office) == [] and codes(office, all="true") == [code]


def test_another_authority_neither_sees_nor_answers_it(as_person: Callable[[str], TestClient], code: str) -> None:
    desk = as_person("canbo.motcua")
    assert codes(desk) == []
    assert desk.get(f"/api/petitions/{code}").status_code == 404
    assert desk.post(f"/api/petitions/{code}/answer", json=ANSWER).status_code == 404


def test_nobody_else_is_let_in(as_person: Callable[[str], TestClient], code: str) -> None:
    assert as_person("congdan").get("/api/petitions").status_code == 403


@pytest.mark.parametrize("change", [{"text": "Vâng."}, {"outcome": "perhaps"}])
def test_an_answer_says_something(as_person: Callable[[str], TestClient], code: str, change: dict[str, str]) -> None:
    assert as_person("vanphong").post(f"/api/petitions/{code}/answer", json={**ANSWER, **change}).status_code == 422
