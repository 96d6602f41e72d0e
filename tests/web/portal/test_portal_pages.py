"""The portal's open pages: both languages, sign-in, display, protection against forged and misleading requests."""

import re

import pytest
from portal_world import PortalWorld, Visitor, words

SCRIPT = '<script src="/static/portal.js" defer>'
LANGUAGES = ("vi", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/?q=karaoke", "/thu-tuc/karaoke", "/dang-nhap", "/tra-cuu"])
def test_an_open_page_speaks_the_chosen_language_and_names_it(portal: PortalWorld, path: str, language: str) -> None:
    answer = Visitor(portal, language).get(path)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert ("Tra cứu hồ sơ" if language == "vi" else "Track a dossier") in words(answer)
    assert re.findall(r"<script[^>]*>", answer.text) == [SCRIPT]  # it only makes pages quicker, and is never inline


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bundle", ["karaoke", "justice-employment", "investment"])
def test_every_bundle_and_its_questions_show_in_both_languages(portal: PortalWorld, bundle: str, language: str) -> None:
    visitor = Visitor(portal, language)
    visitor.sign_in()
    summary = portal.law.bundle(bundle)
    title = summary.title_vi if language == "vi" else summary.title_en
    for path in (f"/thu-tuc/{bundle}", f"/nop-ho-so/{bundle}"):
        assert title in words(visitor.get(path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_persons_own_pages_show_in_both_languages(portal: PortalWorld, language: str) -> None:
    visitor = Visitor(portal, language)
    visitor.sign_in()
    nothing = "Bạn chưa nộp hồ sơ nào" if language == "vi" else "You have not filed a dossier yet"
    assert nothing in words(visitor.get("/ho-so"))
    code = visitor.file()
    assert code in words(visitor.get("/ho-so"))
    shown = words(visitor.get(f"/ho-so/{code}"))
    assert ("Giấy tiếp nhận" if language == "vi" else "Acceptance slip") in shown
    assert ("Chờ kết quả của" if language == "vi" else "Waits for the result of") in shown


def test_the_first_page_with_its_style_is_light(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    page = visitor.get("/")
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert parts
    assert len(page.content) + sum(len(visitor.get(part).content) for part in parts) < 100_000


def test_search_needs_no_diacritics_and_says_when_there_is_nothing(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    assert "/thu-tuc/karaoke" in visitor.get("/?q=giay phep karaoke").text
    nothing = visitor.get("/?q=tàu vũ trụ")
    assert "/thu-tuc/" not in nothing.text
    assert "tàu vũ trụ" in words(nothing)


def test_what_is_typed_is_never_taken_for_markup(portal: PortalWorld) -> None:
    assert "<b>x</b>" not in Visitor(portal).get("/?q=<b>x</b>").text


@pytest.mark.parametrize("path", ["/thu-tuc/khong-co", "/khong-co"])
def test_an_unknown_page_is_a_problem_in_words(portal: PortalWorld, path: str) -> None:
    answer = Visitor(portal).get(path)
    assert answer.status_code == 404
    assert "Không tìm thấy" in words(answer)


def test_a_visitor_is_sent_to_sign_in_and_comes_back(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    away = visitor.get("/nop-ho-so/karaoke")
    assert (away.status_code, away.headers["location"]) == (303, "/dang-nhap?next=/nop-ho-so/karaoke")
    assert visitor.sign_in(next="/nop-ho-so/karaoke").headers["location"] == "/nop-ho-so/karaoke"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    wrong, unknown = visitor.sign_in(password="sai-mat-khau"), visitor.sign_in(username="khongco")
    assert wrong.status_code == unknown.status_code == 401
    assert "không đúng" in words(wrong)
    assert words(wrong) == words(unknown)
    assert visitor.get("/ho-so").status_code == 303


def test_staff_land_on_their_own_pages(portal: PortalWorld) -> None:
    assert Visitor(portal).sign_in("tiepnhan").headers["location"] == "/staff/"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/\nx"])
def test_sign_in_never_leads_to_another_site(portal: PortalWorld, target: str) -> None:
    assert Visitor(portal).sign_in(next=target).headers["location"] == "/"
    assert Visitor(portal).post("/display", {"choice": "en", "back": target}).headers["location"] == "/"


def test_signing_out_forgets_who_was_there(citizen: Visitor) -> None:
    assert citizen.post("/dang-xuat").status_code == 303
    assert citizen.get("/ho-so").headers["location"].startswith("/dang-nhap")


@pytest.mark.parametrize(
    "path", ["/dang-nhap", "/dang-xuat", "/display", "/tra-cuu", "/nop-ho-so/karaoke", "/ho-so/x/rut"]
)
def test_a_form_without_the_sessions_token_is_refused(citizen: Visitor, path: str) -> None:
    for data in ({}, {"csrf_token": "0" * 64}):
        answer = citizen.client.post(path, data=data)
        assert answer.status_code == 403
        assert "tải lại trang" in words(answer)


def test_the_token_of_another_session_is_refused(portal: PortalWorld, citizen: Visitor) -> None:
    stolen = Visitor(portal).token()
    assert citizen.client.post("/dang-xuat", data={"csrf_token": stolen}).status_code == 403


def test_type_and_contrast_switch_on_and_off_independently(portal: PortalWorld) -> None:
    visitor = Visitor(portal)

    def classes() -> set[str]:
        found = re.search(r'<html lang="\w+" class="([^"]*)"', visitor.get("/").text)
        assert found is not None
        return set(found.group(1).split())

    for choice, expected in (
        ("large", {"large"}),
        ("contrast", {"large", "contrast"}),
        ("normal", {"contrast"}),
        ("plain", set()),
        ("nonsense", set()),
    ):
        visitor.post("/display", {"choice": choice, "back": "/"})
        assert classes() == expected, choice


def test_the_language_switch_keeps_the_reader_on_the_page(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    visitor.client.cookies.clear()
    assert 'lang="vi"' in visitor.get("/tra-cuu").text
    answer = visitor.post("/display", {"choice": "en", "back": "/tra-cuu"})
    assert answer.headers["location"] == "/tra-cuu"
    assert "Track a dossier" in words(visitor.get("/tra-cuu"))


def test_a_forged_message_is_not_shown(portal: PortalWorld) -> None:
    visitor = Visitor(portal)
    visitor.client.cookies.set("lt_message", "Call%20this%20number")
    assert "Call this number" not in visitor.get("/").text
