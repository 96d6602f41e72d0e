"""Papers of a dossier are read once, with doubt where there is doubt, by real reading processes."""

from collections.abc import Iterator

import pytest
from filing_desk import Desk
from sqlmodel import select

from lienthong.dossiers import documents, tracking
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.tables import Document, DocumentField
from lienthong.reading.result import Box, ReadField, Reading
from lienthong.reading.samples import sample_page
from workers import digitise
from workers.context import Services, TemporaryFailure
from workers.reading_pool import Unread, close_pool, pool, read_all


@pytest.fixture(scope="module", autouse=True)
def no_process_left() -> Iterator[None]:
    yield
    close_pool(1)


def upload(kind: str, condition: str, asked: str = "") -> FileUpload:
    name, content = sample_page(kind, condition)
    return FileUpload(kind=asked or kind, file_name=name, content=content)


def fields_of(services: Services, code: str) -> dict[tuple[str, str], DocumentField]:
    """Fields by kind of document and name."""
    with session_scope(services.database) as session:
        dossier = tracking.require(session, code)
        return {
            (document.kind, field.name): field
            for document in documents.of_dossier(session, dossier.id)
            for field in documents.fields(session, document.id)
        }


def test_papers_are_read_with_fields_engine_and_place(desk: Desk, services: Services) -> None:
    code = desk.file(files=[upload("fire-acceptance", "text"), upload("criminal-record", "scanned")])
    reading = digitise.handle(desk.job(code), services)["reading"]
    assert reading["documents"] == 2
    assert reading["needsReview"] == bool(reading["lowConfidence"])
    fields = fields_of(services, code)
    number = fields["criminal-record", "personal_number"]
    assert (number.engine, number.page) == ("aster", 1) and 0 < number.y < 1 and number.confidence > 0.85
    assert fields["fire-acceptance", "document_number"].engine == "text-layer"
    assert fields["criminal-record", "document_kind"].value == "criminal-record"


def test_a_repeated_job_reads_nothing_again(desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    code = desk.file(files=[upload("fire-acceptance", "text")])
    first = digitise.handle(desk.job(code), services)

    def refuse(unread: list[Unread], _engine: str, _processes: int) -> list[tuple[str, None]]:
        assert unread == []
        return []

    monkeypatch.setattr(digitise, "read_all", refuse)
    assert digitise.handle(desk.job(code, key=2), services) == first


def test_the_same_content_in_another_dossier_borrows_its_fields(
    desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.file(files=[upload("fire-acceptance", "text")])
    digitise.handle(desk.job(first), services)
    second = desk.file("second", files=[upload("fire-acceptance", "text")])
    monkeypatch.setattr(digitise, "read_all", lambda unread, _engine, _processes: [])
    digitise.handle(desk.job(second), services)
    lent = fields_of(services, second)["fire-acceptance", "document_number"]
    assert lent.engine == digitise.KNOWN_CONTENT
    assert lent.value == fields_of(services, first)["fire-acceptance", "document_number"].value


def test_another_paper_than_asked_for_goes_to_an_officer(desk: Desk, services: Services) -> None:
    code = desk.file(files=[upload("fire-acceptance", "text", asked="criminal-record")])
    reading = digitise.handle(desk.job(code), services)["reading"]
    assert reading["needsReview"] is True
    assert "document_kind" in reading["lowConfidence"]


def test_a_reviewed_field_stays_and_needs_no_second_review(desk: Desk, services: Services) -> None:
    code = desk.file(files=[upload("fire-acceptance", "text", asked="criminal-record")])
    digitise.handle(desk.job(code), services)
    with session_scope(services.database) as session:
        document = session.exec(select(Document).where(Document.role == "upload")).one()
        documents.review_field(session, document.id, "document_kind", "criminal-record", "officer", desk.now)
    assert digitise.handle(desk.job(code, key=2), services)["reading"]["needsReview"] is False


def test_a_doubtful_field_is_named(desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    code = desk.file(files=[upload("passport", "scanned")])
    name = ReadField("full_name", "TEST ALEX", 0.84, 1, Box(0.1, 0.2, 0.3, 0.02))
    sure = ReadField("passport_number", "X0000001", 0.98, 1, Box(0.1, 0.3, 0.3, 0.02))
    result = Reading("passport", 1.0, (), (name, sure), "", "aster", 0.9)
    monkeypatch.setattr(digitise, "read_all", lambda unread, *_: [(entry.name, result) for entry in unread])
    reading = digitise.handle(desk.job(code), services)["reading"]
    assert reading == {"documents": 1, "lowConfidence": ["full_name"], "needsReview": True}


def test_a_picture_that_cannot_be_read_is_an_officers_matter_not_an_incident(
    desk: Desk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = desk.file(files=[upload("passport", "scanned")])
    monkeypatch.setattr(digitise, "read_all", lambda unread, *_: [(entry.name, None) for entry in unread])
    reading = digitise.handle(desk.job(code), services)["reading"]
    assert reading == {"documents": 1, "lowConfidence": ["document_kind"], "needsReview": True}


def test_a_dead_reading_process_is_tried_again_with_a_new_one() -> None:
    content = sample_page("fire-acceptance", "text")[1]
    unread = [Unread("one", content, "application/pdf")]
    assert [name for name, _reading in read_all(unread, "aster", 1)] == ["one"]
    for process in list(pool(1)._processes.values()):
        process.kill()
        process.join()
    with pytest.raises(TemporaryFailure):
        list(read_all(unread, "aster", 1))
    assert [name for name, _reading in read_all(unread, "aster", 1)] == ["one"]
