"""Given once, used again: by the owner, by others with consent, never once withdrawn, revoked or run out."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from lienthong.dossiers import acceptance, accounts, components, filing, repository, results
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.repository import Owner
from lienthong.dossiers.tables import Dossier, OwnerKind
from lienthong.dossiers.tables.portal import ExternalIdentity
from tests.persistence.conftest import karaoke

PERSON = Owner(OwnerKind.PERSON, "052099000001")
FIRM = Owner(OwnerKind.ORGANISATION, "hộ kinh doanh thử nghiệm")


@pytest.fixture
def earlier(session: Session, store: MemoryStore, law: Law, dossier: Dossier, now: datetime) -> Dossier:
    """An accepted dossier of the person, with an issued security certificate."""
    acceptance.accept(session, store, law, dossier.code, "canbo", now)
    results.issue(session, store, law, dossier.code, "K4", "bd-ca-huyen", "canbo", now)
    return dossier


def account(session: Session, name: str, number: str) -> int:
    created = accounts.create_account(session, name, "mat-khau-thu-1", "Thử", "citizen", personal_number=number)
    assert created.id is not None
    return created.id


def vouched(session: Session, name: str, number: str, now: datetime) -> int:
    """An account for whose number an identity provider vouches."""
    user_id = account(session, name, number)
    session.add(
        ExternalIdentity(
            issuer="https://dinh-danh.example", subject=name, user_id=user_id, personal_number=number, linked_at=now
        )
    )
    return user_id


def reused(
    session: Session, store: MemoryStore, law: Law, paper: bytes, now: datetime, user: int | None = None, firm: str = ""
) -> list[str]:
    """What a later filing without papers finds again."""
    number = "" if firm else "052099000001"
    changes = {"files": [], "applicant_user_id": user, "organisation_name": firm, "applicant_personal_number": number}
    later = karaoke(f"later-{user}-{firm}-{now.timestamp()}", paper).model_copy(update=changes)
    code = filing.file_dossier(session, store, law, later, now + timedelta(days=20)).code
    return components.check_reuse(session, law, code, now + timedelta(days=20)).reused


def test_a_result_is_kept_once_for_its_owner(session: Session, earlier: Dossier, now: datetime) -> None:
    [item] = repository.items(session, PERSON)
    assert (item.kind, item.dossier_code) == ("security-certificate", earlier.code)
    from lienthong.dossiers.documents import get

    assert repository.keep(session, earlier, get(session, item.document_id), now) == []


def test_the_own_account_uses_the_own_papers_and_a_strangers_does_not(
    session: Session, store: MemoryStore, law: Law, paper: bytes, earlier: Dossier, now: datetime
) -> None:
    own, stranger = vouched(session, "chu.so.huu", PERSON.key, now), account(session, "nguoi.la", "052099000009")
    typed = account(session, "chi.go.so", PERSON.key)
    assert "K4/criminal-record" in reused(session, store, law, paper, now, own)
    assert "K4/criminal-record" not in reused(session, store, law, paper, now, stranger)
    assert "K4/criminal-record" not in reused(session, store, law, paper, now, typed), "anybody may type a number"


def test_consent_lets_another_file_until_its_day_and_no_longer_once_withdrawn(
    session: Session, store: MemoryStore, law: Law, paper: bytes, earlier: Dossier, now: datetime
) -> None:
    proxy = account(session, "nguoi.nop.ho", "052099000009")
    until = (now + timedelta(days=30)).date()
    repository.give_consent(session, PERSON, "user:1", now, "criminal-record", until)
    found = reused(session, store, law, paper, now, proxy)
    assert "K4/criminal-record" in found and "K4/fire-acceptance" not in found
    late = now + timedelta(days=30)
    assert "K4/criminal-record" not in reused(session, store, law, paper, late, proxy)
    repository.withdraw_consent(session, PERSON, "user:1", now + timedelta(days=1), "criminal-record")
    own = vouched(session, "chu.so.huu", PERSON.key, now)
    again = reused(session, store, law, paper, now + timedelta(days=2), own)
    assert "K4/criminal-record" not in again and "K4/fire-acceptance" in again
    repository.give_consent(session, PERSON, "user:1", now + timedelta(days=3))
    assert "K4/criminal-record" in reused(session, store, law, paper, now + timedelta(days=4), proxy)


def test_an_organisations_papers_need_its_account_or_its_consent(
    session: Session, store: MemoryStore, law: Law, paper: bytes, now: datetime
) -> None:
    firm = "Hộ kinh doanh  Thử Nghiệm"
    clerk, other = account(session, "ke.toan", "052099000002"), account(session, "nguoi.khac", "052099000003")
    first = karaoke("firm", paper).model_copy(
        update={"organisation_name": firm, "applicant_user_id": clerk, "applicant_personal_number": ""}
    )
    dossier = filing.file_dossier(session, store, law, first, now)
    acceptance.accept(session, store, law, dossier.code, "canbo", now)
    results.issue(session, store, law, dossier.code, "K4", "bd-ca-huyen", "canbo", now)
    assert [one.kind for one in repository.items(session, FIRM)] == ["security-certificate"]
    assert "K4/fire-acceptance" in reused(session, store, law, paper, now, clerk, firm)
    assert "K4/fire-acceptance" not in reused(session, store, law, paper, now, other, firm)
    repository.give_consent(session, FIRM, "ke.toan", now)
    assert "K4/fire-acceptance" in reused(session, store, law, paper, now, other, firm)


def test_a_revoked_paper_is_not_used_again(session: Session, earlier: Dossier, now: datetime) -> None:
    [item] = repository.items(session, PERSON)
    later = Dossier(
        id="later",
        code="later",
        filing_token="later",
        bundle_id="karaoke",
        bundle_version="2023",
        applicant_name="Nguyễn Văn Thử",
        applicant_personal_number=PERSON.key,
        filed_at=now,
        access_token="later",
    )
    on = now.date()
    assert item.document_id in {one.document_id for one in repository.held(session, later, on)}
    repository.revoke(session, item.id, "bd-ca-huyen", "thu hồi", now)
    assert item.document_id not in {one.document_id for one in repository.held(session, later, on)}
    with pytest.raises(Conflict):
        repository.revoke(session, item.id, "bd-ca-huyen", "lần nữa", now)
    with pytest.raises(NotFound):
        repository.revoke(session, "no-item", "x", "x", now)
