"""Signing in: one cookie, a token on every change, words for every refusal."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from staff_world import PASSWORD, World

from lienthong.web.session import SESSION_COOKIE, SessionCodec

Person = Callable[[str], TestClient]


def test_nobody_is_signed_in_at_first_and_the_token_is_there(world: World) -> None:
    answer = TestClient(world.app).get("/api/session").json()
    assert answer["user"] is None
    assert len(answer["csrfToken"]) == 64


def test_signing_in_says_who_one_is_and_where_one_holds_which_role(as_person: Person) -> None:
    user = as_person("canbo.motcua").get("/api/session").json()["user"]
    assert user["displayName"] == "Trần Thị Mẫu"
    assert [(grant["authorityId"], grant["role"]) for grant in user["roles"]] == [("bd-ttpvhcc", "reception")]


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(world: World) -> None:
    client = TestClient(world.app)
    client.headers["X-CSRF-Token"] = client.get("/api/session").json()["csrfToken"]
    wrong = client.post("/api/session", json={"username": "quantri", "password": "x"})
    unknown = client.post("/api/session", json={"username": "khong-co", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_a_change_without_the_token_is_refused(as_person: Person) -> None:
    client = as_person("canbo.motcua")
    answer = client.post("/api/tasks/3001/claim", headers={"X-CSRF-Token": "forged"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_the_session_id_changes_at_sign_in_and_the_old_token_dies(world: World) -> None:
    client = TestClient(world.app)
    before = client.get("/api/session").json()["csrfToken"]
    body = {"username": "quantri", "password": PASSWORD}
    after = client.post("/api/session", json=body, headers={"X-CSRF-Token": before}).json()["csrfToken"]
    assert after != before
    assert client.delete("/api/session", headers={"X-CSRF-Token": before}).status_code == 403


def test_signing_out_forgets_the_user(as_person: Person) -> None:
    client = as_person("quantri")
    assert client.delete("/api/session").json()["user"] is None
    assert client.get("/api/console/definitions").status_code == 401


def test_a_forged_cookie_is_nobody(world: World) -> None:
    forged = SessionCodec("another secret")
    client = TestClient(world.app, cookies={SESSION_COOKIE: forged.write(forged.new(1))})
    assert client.get("/api/session").json()["user"] is None


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(world: World) -> None:
    cookie = TestClient(world.app).get("/api/session").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_every_answer_carries_the_security_headers(world: World) -> None:
    headers = TestClient(world.app).get("/api/session").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_citizen_reaches_no_staff_page(as_person: Person) -> None:
    client = as_person("congdan")
    for path in ("/api/tasks", "/api/console/definitions", "/api/models", "/api/documents/paper-1/content"):
        assert client.get(path).status_code == 403, path


def test_an_unknown_path_is_a_problem_in_both_languages(world: World) -> None:
    answer = TestClient(world.app).get("/api/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["vi"] != answer.json()["en"]


def test_a_page_that_is_not_there_is_said_in_the_chosen_language(world: World) -> None:
    assert 'lang="vi"' in TestClient(world.app).get("/nothing").text
    assert '<html lang="en"' in TestClient(world.app, cookies={"lt_lang": "en"}).get("/nothing").text
