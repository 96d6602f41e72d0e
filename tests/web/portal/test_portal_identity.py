"""Signing in with an electronic identity through the real protocol, and what an attacker would try."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from played_sandbox import served
from portal_world import PortalWorld, Visitor, words
from sqlmodel import select

from lienthong.dossiers import profiles
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.tables import User

PERSON = "052099000003"
START, BACK = "/dang-nhap/dinh-danh", "/dang-nhap/dinh-danh/tra-ve"


@pytest.fixture
def provider(portal: PortalWorld) -> Iterator[str]:
    with served(portal.settings) as address:
        yield address


def at_the_provider(visitor: Visitor, username: str = PERSON) -> str:
    """Begin here, sign in there; the path that the provider sends the browser back to."""
    asked = visitor.get(START).headers["location"]
    answer = httpx.post(asked, data={"username": username, "password": "thu-nghiem"})
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def test_a_person_signs_in_and_comes_back_to_the_same_account(portal: PortalWorld, provider: str) -> None:
    first = Visitor(portal)
    answer = first.get(at_the_provider(first))
    assert answer.headers["location"] == "/ho-so"
    assert "Lê Văn Ví Dụ" in words(first.get("/tai-khoan"))
    assert 'value="052099000003"' in first.get("/nop-ho-so/karaoke").text
    assert "từ tài khoản định danh" in words(first.get("/nop-ho-so/karaoke"))
    second = Visitor(portal)
    second.get(at_the_provider(second))
    with read_scope(portal.database) as session:
        assert len(session.exec(select(User).where(User.display_name == "Lê Văn Ví Dụ")).all()) == 1


def test_a_firm_signs_in_as_an_organisation(portal: PortalWorld, provider: str) -> None:
    visitor = Visitor(portal)
    visitor.get(at_the_provider(visitor, "4100000001"))
    assert (
        'name="organisation_name" maxlength="200" autocomplete="organization" value="Công ty TNHH'
        in visitor.get("/nop-ho-so/karaoke").text
    )


def test_the_session_before_sign_in_is_worthless_afterwards(portal: PortalWorld, provider: str) -> None:
    visitor = Visitor(portal)
    back = at_the_provider(visitor)
    before = visitor.client.cookies.get("lt_session")
    visitor.get(back)
    assert visitor.client.cookies.get("lt_session") != before


def test_an_answer_with_another_state_signs_nobody_in(portal: PortalWorld, provider: str) -> None:
    visitor = Visitor(portal)
    query = parse_qs(urlsplit(at_the_provider(visitor)).query)
    answer = visitor.get(f"{BACK}?code={query['code'][0]}&state=another")
    assert answer.status_code == 400 and "không bắt đầu từ trình duyệt" in words(answer)


def test_an_answer_that_another_browser_began_signs_nobody_in(portal: PortalWorld, provider: str) -> None:
    attacker, victim = Visitor(portal), Visitor(portal)
    back = at_the_provider(attacker)
    assert victim.get(back).status_code == 400
    sealed = attacker.client.cookies.get("lt_identity")
    victim.get("/")
    victim.client.cookies.set("lt_identity", str(sealed))
    assert victim.get(back).status_code == 400  # the cookie belongs to the attacker's session


def test_an_answer_is_good_once(portal: PortalWorld, provider: str) -> None:
    visitor = Visitor(portal)
    back = at_the_provider(visitor)
    visitor.get(back)
    assert visitor.get(back).status_code == 400


def test_an_identity_is_linked_to_an_account_only_by_its_owner(portal: PortalWorld, provider: str) -> None:
    """The local account `congdan` names the same personal number as an identity: that alone opens nothing."""
    stranger = Visitor(portal)
    stranger.get(at_the_provider(stranger, "052099000001"))
    with read_scope(portal.database) as session:
        local = session.exec(select(User).where(User.username == "congdan")).one()
        assert profiles.identities(session, local.id or 0) == []
    owner = Visitor(portal)
    owner.sign_in()
    assert owner.get(at_the_provider(owner)).is_redirect
    assert "Đã gắn tài khoản định danh" in words(owner.get("/tai-khoan"))
    other = Visitor(portal)
    other.sign_in("nguoikhac")
    assert other.get(at_the_provider(other)).status_code == 409  # linked to somebody else already


def test_a_provider_that_is_down_is_said_in_words(portal: PortalWorld, provider: str) -> None:
    httpx.put(f"{provider}/_faults/identity", json={"down": True}).raise_for_status()
    answer = Visitor(portal).get(START)
    assert answer.status_code == 503 and "tạm thời không trả lời" in words(answer)


def test_the_way_back_leads_nowhere_else(portal: PortalWorld, provider: str) -> None:
    visitor = Visitor(portal)
    asked = visitor.get(f"{START}?next=https://example.org/").headers["location"]
    answer = httpx.post(asked, data={"username": PERSON, "password": "thu-nghiem"})
    back = urlsplit(answer.headers["location"])
    assert visitor.get(f"{back.path}?{back.query}").headers["location"] == "/"


NEW = {
    "username": "nguoi.moi",
    "display_name": "Trần Văn Mới",
    "personal_number": "052 099 000 077",
    "phone": "0900.000.077",
    "password": "Mat-khau-moi",
    "again": "Mat-khau-moi",
}


def test_somebody_registers_and_is_signed_in(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    assert visitor.post("/dang-ky", {**NEW, "next": "/dich-vu"}).headers["location"] == "/dich-vu"
    assert 'value="052099000077"' in visitor.get("/nop-ho-so/karaoke").text
    again = Visitor(portal)
    assert again.sign_in("nguoi.moi", "Mat-khau-moi").is_redirect
    taken = Visitor(portal).post("/dang-ky", NEW)
    assert taken.status_code == 422 and "đã có" in words(taken)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": "A b"}, "Tên đăng nhập phải có"),
        ({"display_name": ""}, "Nhập họ và tên"),
        ({"personal_number": "12"}, "đúng 12 chữ số"),
        ({"phone": "12"}, "9 đến 11 chữ số"),
        ({"again": "khác"}, "không giống nhau"),
        ({"password": "ngan", "again": "ngan"}, "ít nhất 8 ký tự"),
    ],
)
def test_a_registration_says_what_is_wrong(portal: PortalWorld, change: dict[str, str], said: str) -> None:
    answer = Visitor(portal).post("/dang-ky", {**NEW, **change})
    assert answer.status_code == 422 and said in words(answer)
    assert "Mat-khau-moi" not in answer.text
