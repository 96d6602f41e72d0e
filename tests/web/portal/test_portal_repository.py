"""One's own papers: what is kept, and who may use them again, said by the person alone."""

from portal_world import NOW, PortalWorld, Visitor, words
from sqlmodel import select

from lienthong.dossiers import acceptance, repository, results
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.repository import Owner
from lienthong.dossiers.tables import OwnerKind, User
from lienthong.dossiers.tables.portal import ExternalIdentity

NUMBER = "052099000001"
PAGE = "/tai-khoan/giay-to"


def vouched(world: PortalWorld, username: str = "congdan") -> None:
    """An identity provider vouches for the account's number."""
    with session_scope(world.database) as session:
        user = session.exec(select(User).where(User.username == username)).one()
        assert user.id is not None
        identity = ExternalIdentity(
            issuer="https://dinh-danh.example", subject="T1", user_id=user.id, personal_number=NUMBER, linked_at=NOW
        )
        session.add(identity)


def issued(world: PortalWorld, code: str) -> None:
    """The dossier was accepted and its K4 has a result."""
    with session_scope(world.database) as session:
        acceptance.accept(session, world.store, world.law, code, "canbo", NOW)
        results.issue(session, world.store, world.law, code, "K4", "bd-ca-huyen", "canbo", NOW)


def allowed(world: PortalWorld) -> list[tuple[str, bool]]:
    with read_scope(world.database) as session:
        found = repository.consents(session, Owner(OwnerKind.PERSON, NUMBER))
        return [(one.kind, one.withdrawn_at is None) for one in found]


def test_an_issued_result_is_listed_and_can_be_opened(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    visitor.sign_in()
    assert "Kho chưa có giấy tờ nào" in words(visitor.get(PAGE))
    code = visitor.file()
    issued(portal, code)
    shown = visitor.get(PAGE)
    assert code in shown.text and "Kho chưa có" not in words(shown)
    address = shown.text.split(f'href="/ho-so/{code}/tai-lieu/')[1].split('"')[0]
    assert visitor.get(f"/ho-so/{code}/tai-lieu/{address}").status_code == 200


def test_consent_is_given_taken_back_and_refused_by_the_person_alone(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    visitor.sign_in()
    assert "gắn tài khoản định danh" in words(visitor.get(PAGE))
    assert visitor.post(f"{PAGE}/dong-y").status_code == 403
    assert allowed(portal) == []
    vouched(portal)
    assert visitor.post(f"{PAGE}/dong-y", {"until": "không phải ngày"}).status_code == 422
    assert visitor.post(f"{PAGE}/dong-y", {"until": "2027-01-31"}).status_code == 303
    assert "Đang cho phép" in words(visitor.get(PAGE)) and "31/01/2027" in words(visitor.get(PAGE))
    assert visitor.post(f"{PAGE}/rut").status_code == 303
    assert allowed(portal) == [("", False)]
    assert "Không cho phép" in words(visitor.get(PAGE))


def test_a_number_that_was_only_typed_shows_nobody_elses_papers(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    visitor.sign_in()
    issued(portal, visitor.file())
    other = Visitor(portal)
    other.sign_in("nguoikhac")
    assert "Kho chưa có giấy tờ nào" in words(other.get(PAGE))
