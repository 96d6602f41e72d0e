"""The staff app in Chromium: a clerk's and a designer's way through it, wide and narrow, in both languages."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

GATE_MS = 120_000
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "web" / "api"))

from staff_world import DIST, PASSWORD, World, build_world  # noqa: E402

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and not os.environ.get("CI"), reason="Chromium is not installed on this machine"
    ),
]


class Site:
    """The app on a port of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(world.app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Site:
        assert (DIST / "index.html").exists(), (
            "Expected the staff app to be built, but it is not: lienthong build-staff"
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    world = build_world(tmp_path)
    world.settings.undo_grace_s = 0  # no worker releases what is held here; holding has its own test
    with Site(world) as running:
        yield running


def enter(browser: Browser, site: Site, username: str, size: dict[str, int] = WIDE, language: str = "vi") -> Page:
    """A page signed in as a person; every console error and failed script fails the test that looks at it."""
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    context.add_cookies([{"name": "lt_lang", "value": language, "url": site.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{site.url}/staff/")
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    expect(page.locator("header.top")).to_be_visible()
    return page


def assert_uncovered(page: Page, element: Locator) -> None:
    """An element is wholly inside the window and nothing lies over any of its corners or its middle."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None and box["width"] > 20 and box["height"] > 8
    size = page.viewport_size
    assert size is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"] + 0.5
    inside = element.evaluate(
        """(mark) => {
          const box = mark.getBoundingClientRect();
          const points = [[.05,.1],[.95,.1],[.05,.9],[.95,.9],[.5,.5]];
          return points.map(([x, y]) => {
            const top = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
            return top !== null && (top === mark || mark.contains(top) || top.contains(mark) && top.tagName === 'A');
          });
        }"""
    )
    assert inside == [True] * 5, "Expected the bpmn.io mark to be fully visible, but something covers it"


def assert_no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_clerk_claims_checks_the_doubtful_field_and_completes(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "canbo.motcua")
    expect(page.locator("ol.tasks > li")).to_have_count(2)
    expect(page.locator("ol.tasks > li").first).to_have_class(re.compile("late"))
    page.locator("[data-task='3001'] button").click()
    expect(page.locator(".fjs-container")).to_be_visible()
    page.get_by_label("Ký", exact=True).check()
    page.locator(".fjs-container textarea").fill("Đủ giấy tờ")
    expect(page.locator(".notice.warn")).to_be_visible()
    mark = page.locator(".mark.doubt")
    expect(mark).to_be_visible()
    mark.click()
    chosen = page.locator(".field.chosen input")
    expect(chosen).to_have_value("052099000007")
    chosen.fill("052099000001")
    page.locator(".field.chosen button").click()
    expect(page.locator(".mark.doubt")).to_have_count(0)
    page.get_by_role("button", name="Hoàn thành", exact=True).click()
    expect(page.locator("ol.tasks > li")).to_have_count(1)
    assert (
        "complete",
        ("3001", {"outcome": "sign", "note": "Đủ giấy tờ"}),
    ) in site.world.engine.said


def test_what_was_typed_last_is_sent_even_when_the_key_is_pressed_at_once(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "canbo.motcua")
    page.locator("[data-task='3001'] button").click()
    page.get_by_label("Từ chối giải quyết").check()
    page.locator(".fjs-container textarea").type("Thiếu căn cứ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("ol.tasks > li")).to_have_count(1)
    sent = dict(site.world.engine.said)["complete"][1]
    assert (sent["outcome"], sent["note"]) == ("refuse", "Thiếu căn cứ")


def test_a_draft_is_kept_on_the_server_and_nothing_on_the_device(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "canbo.motcua")
    page.locator("[data-task='3001'] button").click()
    page.locator(".fjs-container textarea").fill("Đang xem dở")
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    page.reload()
    expect(page.locator(".fjs-container textarea")).to_have_value("Đang xem dở")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("#username")).to_be_visible()
    assert page.evaluate("JSON.stringify(localStorage)").count("Đang xem dở") == 0
    page = enter(browser, site, "canbo.motcua")
    page.goto(f"{site.url}/staff/tasklist/3001")
    expect(page.locator(".fjs-container textarea")).to_have_value("Đang xem dở")


def test_the_queue_is_worked_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "canbo.motcua")
    expect(page.locator("ol.tasks > li")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Kiểm tra tính đầy đủ")
    page.go_back()
    page.keyboard.press("/")
    page.keyboard.type("không có gì như thế")
    expect(page.locator(".empty")).to_be_visible()


def test_the_editors_are_not_fetched_for_the_queue_nor_for_a_task(browser: Browser, site: Site) -> None:
    fetched: list[str] = []
    page = enter(browser, site, "canbo.motcua")
    page.on("request", lambda request: fetched.append(request.url))
    page.reload()
    expect(page.locator("ol.tasks > li")).to_have_count(2)
    assert not any(re.search("bpmn-editor|diagram|task-form", url) for url in fetched)
    page.locator("a.task-link").first.click()
    expect(page.locator(".fjs-container")).to_be_visible()
    assert not any(re.search("bpmn-editor|/diagram", url) for url in fetched)
    page.get_by_role("button", name="Xem sơ đồ").click()
    expect(page.locator(".lt-active").first).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_bpmn_io_mark_is_fully_visible_in_viewer_and_editor(
    browser: Browser, site: Site, size: dict[str, int]
) -> None:
    page = enter(browser, site, "thietke", size)
    page.goto(f"{site.url}/staff/console/definitions/1002")
    assert_uncovered(page, page.locator(".diagram a.bjs-powered-by"))
    page.goto(f"{site.url}/staff/console/models/steps/step-intake.bpmn")
    expect(page.locator(".djs-palette")).to_be_visible()
    assert_uncovered(page, page.locator(".editor-canvas a.bjs-powered-by"))
    assert_no_sideways_scroll(page)


@pytest.mark.timeout(300)
def test_a_designer_renames_a_step_and_an_administrator_deploys_it(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "thietke")
    page.goto(f"{site.url}/staff/console/models/steps/step-intake.bpmn")
    page.locator("[data-element-id='check-dossier']").first.click()
    page.locator(".bio-properties-panel [data-group-id=group-general] .bio-properties-panel-group-header").click()
    page.locator(".bio-properties-panel [data-entry-id=name] textarea").fill("Kiểm tra tại Một cửa")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(page.locator(".notice.good")).to_be_visible()
    page.get_by_placeholder("Nội dung thay đổi").fill("Đổi tên bước")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("[role=status]", has_text="Đã lưu")).to_be_visible()
    page.context.close()

    page = enter(browser, site, "quantri")
    page.goto(f"{site.url}/staff/console/models")
    page.get_by_label("Chọn steps/step-intake.bpmn").check()
    page.get_by_role("button", name="Xem thay đổi").click()
    expect(page.locator(".deploy")).to_contain_text("check-dossier")
    deploy = page.get_by_role("button", name="Triển khai phiên bản mới")
    expect(deploy).to_be_enabled(timeout=GATE_MS)  # a step of every bundle: all scenarios run first
    deploy.click()
    expect(page.locator(".deploy .notice.good", has_text="step-intake v2")).to_be_visible(timeout=GATE_MS)


def test_the_change_menu_of_the_editor_speaks_vietnamese(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "thietke")
    page.goto(f"{site.url}/staff/console/models/steps/step-intake.bpmn")
    expect(page.locator("[data-action='create.start-event']")).to_have_attribute("aria-label", "Tạo sự kiện bắt đầu")
    page.locator("[data-element-id='check-dossier']").first.click()
    page.locator(".djs-context-pad [data-action=replace]").click()
    expect(page.locator(".djs-popup")).to_contain_text("Công việc của máy")


def test_a_retry_in_the_console_says_what_became_of_it(browser: Browser, site: Site) -> None:
    site.world.engine.after_retry = "again"
    page = enter(browser, site, "quantri", language="en")
    page.goto(f"{site.url}/staff/console/incidents")
    expect(page.locator(".incident")).to_contain_text("Expected the population service to answer")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".incident .notice.warn")).to_contain_text("failed again")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_page_scrolls_sideways(browser: Browser, site: Site, size: dict[str, int]) -> None:
    page = enter(browser, site, "canbo.motcua", size)
    expect(page.locator("ol.tasks > li")).to_have_count(2)
    assert_no_sideways_scroll(page)
    page.goto(f"{site.url}/staff/tasklist/3001")
    expect(page.locator(".fjs-container")).to_be_visible()
    assert_no_sideways_scroll(page)
    page = enter(browser, site, "quantri", size, "en")
    for path in ("console", "console/models", "console/incidents", "console/instances/2002"):
        page.goto(f"{site.url}/staff/{path}")
        expect(page.locator("h1")).to_be_visible()
        assert_no_sideways_scroll(page)
