"""The portal in Chromium without JavaScript: wide and on a phone, in both languages; then axe over every page."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect
from portal_world import FEE, NOW, PASSWORD, scan

from lienthong.dossiers import payments, supplements
from lienthong.dossiers.database import session_scope

if TYPE_CHECKING:
    from conftest import PortalSite

pytestmark = pytest.mark.browser
AXE = Path(__file__).resolve().parents[2] / "lienthong" / "staff" / "node_modules" / "axe-core" / "axe.min.js"
SIZES: dict[str, Any] = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
OPEN_PAGES = (
    "/",
    "/?q=zzz",
    "/?viec=open-business",
    "/thu-tuc/karaoke",
    "/thu-tuc/investment",
    "/thu-tuc/karaoke/K4",
    "/dang-nhap",
    "/dang-ky",
    "/tra-cuu",
    "/xac-minh",
    "/xac-minh/x",
    "/phan-anh",
    "/dich-vu",
    "/cong-khai",
    "/cong-khai/tre-han",
    "/cong-khai/chi-so",
    "/cong-khai/thoi-han-phi",
    "/cong-khai/du-lieu-mo",
)
OWN_PAGES = (
    "/ho-so",
    "/thong-bao",
    "/tai-khoan",
    "/tai-khoan/giay-to",
    "/dich-vu",
    "/nop-ho-so/karaoke",
    "/nop-ho-so/investment",
)
SMALLEST = {"width": 320, "height": 600}
each_size = pytest.mark.parametrize("size", list(SIZES))
each_language = pytest.mark.parametrize("language", ["vi", "en"])


def window(chromium: Browser, site: PortalSite, size: str = "wide", language: str = "vi", script: bool = False) -> Page:
    context = chromium.new_context(viewport=SIZES[size], java_script_enabled=script, bypass_csp=script)
    context.add_cookies([{"name": "lt_lang", "value": language, "url": site.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def sign_in(page: Page, site: PortalSite, name: str = "congdan") -> None:
    page.goto(f"{site.url}/dang-nhap?next=/ho-so")
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.click("main form button.button")
    page.wait_for_url(re.compile(r"/(ho-so|staff/)$"))


def to_papers(page: Page, site: PortalSite) -> None:
    page.goto(f"{site.url}/nop-ho-so/karaoke")
    page.click("main form.stack > button.button")
    expect(page.locator("input[type=file]").first).to_be_visible()


def to_check(page: Page, script: bool = False) -> None:
    """Hand in a page for every paper; with the script each is sent as soon as it is chosen."""
    fields = page.locator("input[name^=file_]")
    expect(fields.first).to_be_visible()
    names = [str(field.get_attribute("name")) for field in fields.all()]
    for count, name in enumerate(names, 1):
        page.set_input_files(f"#{name}", {"name": f"{name}.png", "mimeType": "image/png", "buffer": scan(name)})
        if script:
            expect(page.locator(".pages li")).to_have_count(count)
    page.click("button.button[value=check]")
    expect(page.locator("input[name=truth]")).to_be_visible()


def file(page: Page, site: PortalSite, script: bool = False) -> str:
    to_papers(page, site)
    to_check(page, script)
    page.check("input[name=truth]")
    page.click("main form.stack button.button")
    expect(page).to_have_url(re.compile(r"/ho-so/.+"))
    return page.url.rsplit("/", 1)[1]


def assert_fits(page: Page, width: int) -> None:
    """Nothing sticks out: measured from outside, since the page itself runs no script."""
    body = page.locator("body").bounding_box()
    assert body is not None
    assert body["width"] <= width
    for box in (one.bounding_box() for one in page.locator("h1, h2, main > *, table, fieldset, .card, img").all()):
        assert box is None or box["x"] + box["width"] <= width + 1


@each_language
@each_size
def test_a_citizen_files_without_javascript(
    chromium: Browser, portal_site: PortalSite, size: str, language: str
) -> None:
    page = window(chromium, portal_site, size, language)
    sign_in(page, portal_site)
    to_papers(page, portal_site)
    assert_fits(page, SIZES[size]["width"])
    page.click("button.button[value=check]")
    expect(page.get_by_role("alert")).to_be_visible()
    to_check(page)
    assert_fits(page, SIZES[size]["width"])
    page.check("input[name=truth]")
    page.click("main form.stack button.button")
    expect(page.get_by_role("status")).to_contain_text("Đã nhận hồ sơ" if language == "vi" else "was received")
    expect(page.get_by_role("link", name="Mở giấy tiếp nhận" if language == "vi" else "Open the slip")).to_be_visible()
    assert_fits(page, SIZES[size]["width"])
    page.context.close()


@each_language
@each_size
def test_no_open_page_is_wider_than_the_window(
    chromium: Browser, portal_site: PortalSite, size: str, language: str
) -> None:
    page = window(chromium, portal_site, size, language)
    for path in OPEN_PAGES:
        page.goto(portal_site.url + path)
        expect(page.locator("h1")).to_have_count(1)
        assert_fits(page, SIZES[size]["width"])
    page.context.close()


def test_nothing_sticks_out_of_the_smallest_window(chromium: Browser, portal_site: PortalSite) -> None:
    page = window(chromium, portal_site)
    page.set_viewport_size({"width": SMALLEST["width"], "height": SMALLEST["height"]})
    for path in OPEN_PAGES:
        page.goto(portal_site.url + path)
        assert_fits(page, SMALLEST["width"])
    sign_in(page, portal_site)
    for path in OWN_PAGES:
        page.goto(portal_site.url + path)
        assert_fits(page, SMALLEST["width"])
    page.context.close()


def test_the_skip_link_is_the_first_stop_of_the_keyboard(chromium: Browser, portal_site: PortalSite) -> None:
    page = window(chromium, portal_site)
    page.goto(portal_site.url)
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.context.close()


def test_large_type_is_larger(chromium: Browser, portal_site: PortalSite) -> None:
    page = window(chromium, portal_site, "phone")
    page.goto(portal_site.url)
    before = page.locator("h1").bounding_box()
    page.click("button[value=large]")
    after = page.locator("h1").bounding_box()
    assert before is not None and after is not None
    assert after["height"] > before["height"]
    assert_fits(page, 360)
    page.context.close()


def test_the_slip_opens_and_tracking_works_from_its_code(chromium: Browser, portal_site: PortalSite) -> None:
    page = window(chromium, portal_site)
    sign_in(page, portal_site)
    code = file(page, portal_site)
    page.context.close()
    page = window(chromium, portal_site, "phone")
    page.goto(f"{portal_site.url}/tra-cuu?code={code}")
    page.fill("#digits", "0001")
    page.click("main button.button")
    expect(page.locator("main")).to_contain_text("N*** V*** Thử")
    assert_fits(page, 360)
    page.context.close()


def violations(page: Page) -> list[str]:
    """Serious and critical findings of axe on the page as it stands."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url}: {one['id']} {[node['target'] for node in one['nodes']][:3]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.skipif(not AXE.exists() and not os.environ.get("CI"), reason="axe-core is not installed (build-staff)")
@pytest.mark.parametrize("display", ["plain", "contrast"])
@each_size
def test_axe_finds_nothing_serious_on_any_page(
    chromium: Browser, portal_site: PortalSite, size: str, display: str
) -> None:
    page = window(chromium, portal_site, size, script=True)
    if display == "contrast":
        page.context.add_cookies([{"name": "lt_display", "value": "contrast.large", "url": portal_site.url}])
    found = []
    for path in OPEN_PAGES:
        page.goto(portal_site.url + path)
        found += violations(page)
    sign_in(page, portal_site)
    found += violations(page)
    to_papers(page, portal_site)
    page.click("button.button[value=check]")
    found += violations(page)
    to_check(page, script=True)
    found += violations(page)
    code = file(page, portal_site, script=True)
    world = portal_site.world
    with session_scope(world.database) as session:
        payment = payments.create_payment(session, world.law, code, FEE, NOW)
        payments.set_pay_url(session, payment.id, "http://127.0.0.1:1/pay")
        supplements.request(session, world.store, world.law, code, None, "Thiếu sơ đồ", "tiepnhan", NOW)
    for path in (f"/ho-so/{code}", f"/phan-anh?ho_so={code}", *OWN_PAGES):
        page.goto(portal_site.url + path)
        found += violations(page)
    assert found == []
    page.context.close()
