"""Everybody who files, in Chromium: a firm with its telephone, a youth helper, a post clerk with the desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from portal_world import scan
from test_portal import SIZES, assert_fits, each_language, each_size, sign_in, to_check, violations, window

if TYPE_CHECKING:
    from conftest import PortalSite

pytestmark = pytest.mark.browser


def fill_person(page: Page, name: str) -> None:
    page.fill("#applicant_name", name)
    page.fill("#applicant_personal_number", "052099000003")
    page.fill("#applicant_phone", "0900004321")


def shape(page: Page, number: int) -> str:
    """How a page's small picture lies, once it has been loaded: it is only when it is seen."""
    picture = page.locator(".pages img").nth(number)
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    sides = "one => new Promise(done => one.decode().then(() => done([one.naturalWidth, one.naturalHeight])))"
    width, height = picture.evaluate(sides)
    return "lying" if width > height else "upright"


@each_language
@each_size
def test_a_firm_registers_and_files_with_its_telephone(
    chromium: Browser, portal_site: PortalSite, size: str, language: str
) -> None:
    page = window(chromium, portal_site, size, language, script=True)
    page.goto(f"{portal_site.url}/dang-ky?next=/nop-ho-so/karaoke")
    for field, value in (
        ("display_name", "Trần Văn Giám Đốc Thử"),
        ("personal_number", "052099000077"),
        ("phone", "0900000077"),
        ("username", f"hang.thu-{size}-{language}"),
        ("password", "Mat-khau-moi"),
        ("again", "Mat-khau-moi"),
    ):
        page.fill(f"#{field}", value)
    page.click("main form button.button")
    expect(page.locator("#applicant_name")).to_have_value("Trần Văn Giám Đốc Thử")
    expect(page.locator("#relation")).to_be_hidden()
    page.fill("#organisation_name", "Công ty TNHH Thử Nghiệm")
    page.check("input[name=q_needsCriminalRecord][value=true]")
    page.click("main form.stack > button.button")
    camera = page.locator("input[name^=camera_]").first
    assert camera.get_attribute("capture") == "environment"
    for count in (1, 2):
        picture = {"name": f"trang{count}.png", "mimeType": "image/png", "buffer": scan(f"page {count}")}
        page.locator("input[name^=camera_]").first.set_input_files(picture)  # type: ignore[arg-type]
        expect(page.locator(".pages li")).to_have_count(count)
    assert shape(page, 1) == "upright"
    page.locator("button[name=turn]").nth(1).click()
    assert shape(page, 1) == "lying"
    assert_fits(page, SIZES[size]["width"])
    fields = page.locator("input[name^=file_]")
    expect(fields.first).to_be_visible()
    names = [str(one.get_attribute("name")) for one in fields.all()]
    for count, name in enumerate(names[1:], 3):
        page.set_input_files(f"#{name}", {"name": f"{name}.png", "mimeType": "image/png", "buffer": scan(name)})
        expect(page.locator(".pages li")).to_have_count(count)
    page.click("button.button[value=check]")
    page.check("input[name=truth]")
    page.click("main form.stack button.button")
    expect(page).to_have_url(re.compile(r"/ho-so/.+"))
    assert violations(page) == []
    assert_fits(page, SIZES[size]["width"])
    page.context.close()


@each_language
@each_size
def test_a_youth_helper_files_for_somebody_beside_them(
    chromium: Browser, portal_site: PortalSite, size: str, language: str
) -> None:
    page = window(chromium, portal_site, size, language)
    sign_in(page, portal_site, "doanvien")
    page.goto(f"{portal_site.url}/ho-tro")
    assert_fits(page, SIZES[size]["width"])
    page.locator('a[href$="karaoke?cho=youth"]').click()
    fill_person(page, "Lê Văn Ví Dụ")
    page.click("main form.stack > button.button")
    to_check(page)
    page.check("input[name=truth]")
    page.click("main form.stack button.button")
    expect(page.locator("main")).to_contain_text("V*** Dụ")
    assert_fits(page, SIZES[size]["width"])
    page.goto(f"{portal_site.url}/ho-tro")
    expect(page.locator("main table").first).to_contain_text("2026-11")
    page.context.close()


@each_language
@each_size
def test_a_post_clerk_takes_in_and_the_desk_signs(
    chromium: Browser, portal_site: PortalSite, size: str, language: str
) -> None:
    page = window(chromium, portal_site, size, language)
    sign_in(page, portal_site, "buudien")
    page.goto(f"{portal_site.url}/uy-thac")
    assert_fits(page, SIZES[size]["width"])
    page.locator('a[href$="karaoke?cho=enterprise"]').click()
    fill_person(page, "Phạm Thị Giả Định")
    page.click("main form.stack > button.button")
    to_check(page)
    page.check("input[name=truth]")
    page.click("main form.stack button.button")
    expect(page.get_by_role("status")).to_contain_text("PGHS")
    assert_fits(page, SIZES[size]["width"])
    page.locator('form[action="/uy-thac/bien-ban"] button').click()
    expect(page.get_by_role("status")).to_contain_text("BBGN")
    page.context.close()
    desk = window(chromium, portal_site, size, language)
    desk.goto(f"{portal_site.url}/dang-nhap?next=/can-bo/bien-ban")
    desk.fill("#username", "tiepnhan")
    desk.fill("#password", "Thu-nghiem-1")
    desk.click("main form button.button")
    expect(desk.locator("main")).to_contain_text("Phạm Thị Giả Định")
    assert_fits(desk, SIZES[size]["width"])
    desk.locator('form[action="/can-bo/bien-ban"] button').click()
    expect(desk.get_by_role("status")).to_contain_text("BBGN")
    desk.context.close()


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("buudien", ("/uy-thac",)),
        ("doanvien", ("/ho-tro",)),
        ("tiepnhan", ("/can-bo/bien-ban", "/can-bo/phan-anh")),
    ],
)
def test_axe_finds_nothing_serious_on_the_helpers_pages(
    chromium: Browser, portal_site: PortalSite, name: str, paths: tuple[str, ...]
) -> None:
    page = window(chromium, portal_site, "phone", script=True)
    page.goto(f"{portal_site.url}/dang-nhap?next={paths[0]}")
    page.fill("#username", name)
    page.fill("#password", "Thu-nghiem-1")
    page.click("main form button.button")
    found = []
    for path in paths:
        page.goto(portal_site.url + path)
        found += violations(page)
    assert found == []
    page.context.close()
