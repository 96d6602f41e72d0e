"""Finding a procedure: by life event, field and word; its page says what it asks, from the data the rules use."""

import pytest
from portal_world import PortalWorld, Visitor, words


def found(portal: PortalWorld, query: str, language: str = "vi") -> set[str]:
    text = Visitor(portal, language).get(f"/?{query}").text
    return {bundle for bundle in ("karaoke", "justice-employment", "investment") if f'"/thu-tuc/{bundle}"' in text}


@pytest.mark.parametrize(
    ("query", "bundles"),
    [
        ("viec=open-business", {"karaoke"}),
        ("viec=hire-foreigner", {"justice-employment"}),
        ("linh_vuc=environment", {"investment"}),
        ("linh_vuc=fire", {"karaoke", "investment"}),
        ("q=an ninh trat tu", {"karaoke"}),
        ("q=AN NINH", {"karaoke"}),
        ("q=đầu tư", {"investment"}),
        ("q=dau tu", {"investment"}),
        ("q=mo quan", {"karaoke"}),
        ("q=moi truong&linh_vuc=culture", set()),
        ("viec=unknown", {"karaoke", "justice-employment", "investment"}),
    ],
)
def test_bundles_are_found_by_event_field_and_word(portal: PortalWorld, query: str, bundles: set[str]) -> None:
    assert found(portal, query) == bundles


def test_words_work_in_english_too(portal: PortalWorld) -> None:
    assert found(portal, "q=work permit", "en") == {"justice-employment"}


def test_a_procedures_page_shows_papers_time_fee_basis_and_how_sure_they_are(portal: PortalWorld) -> None:
    page = words(Visitor(portal).get("/thu-tuc/karaoke/K4"))
    for said in (
        "NĐ 96/2016",
        "Nguồn dữ liệu: PD-96",
        "5 ngày làm việc",
        "300.000 đồng cần đối chiếu",  # the fee's mark is M
        "Kết quả của: Đăng ký thành lập hộ kinh doanh",
        "Công an huyện Thử Nghiệm",
    ):
        assert said in page, said


def test_every_paper_of_every_procedure_has_a_sample_file(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    for code in ("K4", "K5"):
        text = visitor.get(f"/thu-tuc/karaoke/{code}").text
        samples = [part.split('"')[0] for part in text.split('href="')[1:] if ".pdf" in part.split('"')[0]]
        assert samples
        assert visitor.get(samples[0]).content.startswith(b"%PDF-")


@pytest.mark.parametrize("path", ["/thu-tuc/none", "/thu-tuc/karaoke/V1", "/thu-tuc/karaoke/K4/mau/none.pdf"])
def test_what_is_not_there_is_not_found(portal: PortalWorld, path: str) -> None:
    assert Visitor(portal).get(path).status_code == 404


def test_the_first_page_is_light_enough_for_a_slow_line(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    files = ("/", "/static/portal.css", "/static/portal.js", "/static/icon.svg")
    assert sum(len(visitor.get(path).content) for path in files) < 100_000
