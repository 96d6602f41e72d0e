"""The console in Chromium: why an instance waits, interventions and taking them back, search, administration.

A real engine answers. Both widths, both languages, the keyboard alone, and axe on every page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests" / "browser"))
sys.path.insert(0, str(ROOT / "tests" / "web" / "api"))

from staff_world import BPMN, CODE, build_world  # noqa: E402
from test_staff import (  # noqa: E402
    NARROW,
    WIDE,
    Site,
    assert_no_sideways_scroll,
    assert_uncovered,
    browser,
    enter,
    pytestmark,
)

from lienthong.dossiers.tables import Dossier  # noqa: E402
from lienthong.orchestration.client import OrchestrationClient  # noqa: E402
from tests.redeploy.province import called, stub  # noqa: E402
from tests.redeploy.served import served  # noqa: E402

__all__ = ["browser", "pytestmark"]
AXE = (ROOT / "lienthong" / "staff" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
PAGES = ("", "instances", "incidents", "interventions", "batches", "workers", "health")
PAGES_OF_ADMINISTRATORS = ("data/limit", "data/fee", "data/day_off", "users", "substitutions", "audit")
GROUND = "Theo đề nghị của Một cửa"


class Console:
    """The app over a real engine in which one karaoke dossier runs."""

    def __init__(self, site: Site, client: OrchestrationClient, key: str, definition: str) -> None:
        self.site, self.client, self.key, self.definition = site, client, key, definition

    def open(self, browser: Browser, path: str, size: dict[str, int] = WIDE, language: str = "vi") -> Page:
        page = enter(browser, self.site, "quantri", size, language)
        page.goto(f"{self.site.url}/staff/console/{path}")
        expect(page.locator("h1")).to_be_visible()
        return page

    def elements(self) -> list[str]:
        found = self.client.search_element_instances({"processInstanceKey": self.key, "state": "ACTIVE"})
        return sorted(str(item["elementId"]) for item in found if item["type"] != "PROCESS")


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    world = build_world(tmp_path)
    content = (BPMN / "karaoke" / "2023" / "bundle.bpmn").read_bytes()
    with served() as client:
        client.deploy([(f"{name}.bpmn", stub(name)) for name in called(content)])
        files = sorted((BPMN / "karaoke" / "2023").glob("*.dmn"))
        deployed = client.deploy(
            [("karaoke/2023/bundle.bpmn", content), *((file.name, file.read_bytes()) for file in files)]
        )
        variables = {"dossierCode": CODE, "bundleId": "karaoke", "authorities": {"desk": "bd-ttpvhcc"}, "priority": 50}
        client.publish_message("karaoke-v2023", CODE, variables, "file-1")
        (found,) = client.search_process_instances({"processDefinitionId": "karaoke-v2023"})
        key = str(found["processInstanceKey"])
        with Session(world.database) as session:
            dossier = session.exec(select(Dossier).where(Dossier.code == CODE)).one()
            dossier.process_instance_key = key
            session.add(dossier)
            session.commit()
        world.app.state.orchestration = client
        with Site(world) as site:
            yield Console(
                site, client, key, str(deployed["deployments"][0]["processDefinition"]["processDefinitionKey"])
            )


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical; the script is evaluated, as the page's own policy forbids foreign ones."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(
        """axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations
             .filter((each) => ['serious', 'critical'].includes(each.impact))
             .map((each) => each.id + ': ' + each.nodes.map((node) => node.html).slice(0, 3).join(' | ')))"""
    )
    return found


@pytest.mark.parametrize(("size", "language"), [(WIDE, "vi"), (NARROW, "en")], ids=["wide-vi", "narrow-en"])
def test_every_page_is_accessible_and_fits(
    browser: Browser, console: Console, size: dict[str, int], language: str
) -> None:
    page = console.open(browser, "", size, language)
    own = (f"instances/{console.key}", f"definitions/{console.definition}")
    for path in (*PAGES, *PAGES_OF_ADMINISTRATORS, *own):
        page.goto(f"{console.site.url}/staff/console/{path}")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".loading")).to_have_count(0)
        assert serious(page) == [], path
        assert_no_sideways_scroll(page)
    for path in own:
        page.goto(f"{console.site.url}/staff/console/{path}")
        assert_uncovered(page, page.locator(".diagram a.bjs-powered-by"))


def test_the_page_says_why_it_waits_and_where(browser: Browser, console: Console) -> None:
    page = console.open(browser, f"instances/{console.key}")
    why = page.locator(".why li")
    expect(why).to_have_count(1)
    expect(why).to_contain_text("Chờ máy loại register_instance nhận việc «Gắn quy trình với hồ sơ».")
    expect(page.locator(".lt-active[data-element-id=register-instance]")).to_be_visible()


def test_a_variable_is_changed_and_changed_back(browser: Browser, console: Console) -> None:
    page = console.open(browser, f"instances/{console.key}")
    row = page.locator("[data-variable=priority]")
    row.get_by_role("button", name="Sửa").click()
    page.get_by_label("Giá trị mới").fill("70")
    page.get_by_label("Lý do").fill(GROUND)
    page.locator("form.act button[type=submit]").click()
    expect(row.locator("td pre").first).to_have_text("70")
    page.get_by_role("tab", name=re.compile("Can thiệp")).click()
    card = page.locator("[data-intervention=variables]")
    expect(card.locator(".before")).to_contain_text("50")
    expect(card.locator(".after")).to_contain_text("70")
    card.get_by_role("button", name="Hoàn tác can thiệp").click()
    page.get_by_label("Lý do").fill(GROUND)
    page.locator("form.act button[type=submit]").click()
    expect(page.locator("[data-intervention=variables]")).to_have_count(2)
    page.get_by_role("tab", name=re.compile("Biến")).click()
    expect(row.locator("td pre").first).to_have_text("50")


def test_an_instance_is_modified_on_the_diagram_with_a_preview(browser: Browser, console: Console) -> None:
    page = console.open(browser, f"instances/{console.key}", language="en")
    page.locator(".modification > summary").click()
    page.locator(".modification input[type=checkbox]").check()
    page.get_by_label("Begin", exact=True).select_option("intake")
    expect(page.locator(".lt-end[data-element-id=register-instance]")).to_be_visible()
    expect(page.locator(".lt-begin[data-element-id=intake]")).to_be_visible()
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator("[data-fate=safe]")).to_contain_text("From the new place every way can come to the end.")
    assert console.elements() == ["register-instance"]
    page.get_by_role("button", name="Modify the instance").click()
    page.get_by_label("Ground").fill(GROUND)
    page.locator("form.act button[type=submit]").click()
    expect(page.locator(".why li")).to_contain_text("Waits for somebody of (unknown) to take the task «work».")
    assert console.elements() == ["intake"]


def test_a_deadline_is_moved_with_its_ground(browser: Browser, console: Console) -> None:
    page = console.open(browser, f"instances/{console.key}")
    page.get_by_role("tab", name="Thời hạn").click()
    page.locator("[data-branch=K4]").get_by_role("button", name="Dời hạn").click()
    page.get_by_label("Hạn mới").fill("2026-12-31T16:00")
    page.get_by_label("Loại căn cứ").select_option("force-majeure")
    page.get_by_label("Lý do").fill(GROUND)
    page.locator("form.act button[type=submit]").click()
    expect(page.locator("[data-branch=K4]")).to_contain_text("16:00 31/12/26")
    expect(page.locator("#tab-panel ol")).to_contain_text("bất khả kháng")


def test_tabs_are_walked_with_the_arrow_keys(browser: Browser, console: Console) -> None:
    page = console.open(browser, f"instances/{console.key}")
    page.get_by_role("tab", name=re.compile("Biến")).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name=re.compile("Lịch sử bước"))).to_be_focused()
    expect(page.locator("#tab-panel")).to_contain_text("register-instance")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name=re.compile("Can thiệp"))).to_have_attribute("aria-selected", "true")


def test_an_instance_is_canceled_by_keyboard_alone(browser: Browser, console: Console) -> None:
    page = console.open(browser, f"instances/{console.key}")
    page.get_by_role("button", name="Hủy lượt chạy").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Lý do")).to_be_focused()
    page.keyboard.type(GROUND)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã hủy", exact=True)).to_be_visible()
    assert console.elements() == []


def test_instances_are_found_and_a_batch_is_counted_before_it_runs(browser: Browser, console: Console) -> None:
    page = console.open(browser, "instances")
    page.get_by_label("Mã hồ sơ").fill(CODE)
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_text("Tìm thấy 1 lượt chạy.")).to_be_visible()
    page.get_by_role("button", name="Chạy khô: hủy lượt chạy").click()
    expect(page.get_by_text("Sẽ hủy 1 lượt đang chạy")).to_be_visible()
    assert console.elements() == ["register-instance"]
    page.get_by_role("button", name="Hủy 1 lượt").click()
    page.get_by_label("Lý do").fill(GROUND)
    page.locator("form.act button[type=submit]").click()
    page.locator("p.notice.good a").click()
    expect(page.locator(".move-job[data-state=done]")).to_contain_text("đã hủy: 1")
    assert console.elements() == []


def test_durations_are_shown_on_the_diagram(browser: Browser, console: Console) -> None:
    (job,) = console.client.search_jobs({"state": "CREATED"})
    console.client.rest.json("POST", f"/jobs/{job['jobKey']}/completion", {"variables": {"duplicate": False}})
    page = console.open(browser, f"definitions/{console.definition}")
    page.get_by_role("button", name="Xem thời gian từng bước").click()
    expect(page.locator("[data-element-id=register-instance][class*=heat-]")).to_be_visible()
    expect(page.get_by_role("region", name="Thời gian từng bước")).to_contain_text("register-instance")


def test_a_member_of_staff_is_added_locked_out_and_unlocked(browser: Browser, console: Console) -> None:
    page = console.open(browser, "users")
    page.get_by_text("Thêm cán bộ").click()
    page.get_by_label("Tên đăng nhập").fill("canbo.moi")
    page.locator("details.panel").get_by_label("Họ tên").fill("Nguyễn Thị Thử")
    page.locator("details.panel").get_by_role("button", name="Thêm vai trò").click()
    page.get_by_role("button", name="Tạo tài khoản").click()
    password = page.locator("code.password").inner_text()
    other = browser.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    other.goto(f"{console.site.url}/staff/")
    for typed in ["sai mật khẩu"] * 5 + [password]:
        other.locator("#username").fill("canbo.moi")
        other.locator("#password").fill(typed)
        with other.expect_response(lambda answer: answer.request.method == "POST"):
            other.locator("form button[type=submit]").click()
    expect(other.get_by_role("alert")).to_contain_text("Đăng nhập sai quá nhiều lần")
    page.reload()
    card = page.locator("[data-user='canbo.moi']")
    expect(card).to_contain_text("khóa đăng nhập đến")
    card.locator("summary").click()
    card.get_by_role("button", name="Mở khóa đăng nhập").click()
    expect(card).not_to_contain_text("khóa đăng nhập đến")
    other.locator("#password").fill(password)
    other.locator("form button[type=submit]").click()
    expect(other.locator("header.top")).to_be_visible()


def test_a_time_limit_is_changed_from_a_day_on(browser: Browser, console: Console) -> None:
    page = console.open(browser, "data/limit")
    page.get_by_label("Tìm").fill("karaoke 2023 K4")
    row = page.locator("[data-law]").first
    row.locator("summary").click()
    row.get_by_label("Giá trị", exact=True).fill("9")
    row.get_by_label("Áp dụng từ ngày").fill("2027-01-01")
    row.get_by_label("Căn cứ").fill("Quyết định thử nghiệm")
    row.get_by_role("button", name="Xem trước").click()
    expect(row.locator("p.notice")).to_contain_text("value 9")
    row.get_by_role("button", name="Đề xuất thay đổi này").click()
    edit = page.locator("[data-edit=proposed]")
    expect(edit).to_contain_text("Quyết định thử nghiệm")
    edit.get_by_role("button", name="Áp dụng").click()
    expect(page.locator("[data-edit=applied]")).to_contain_text("quantri áp dụng")


def test_the_audit_is_verified(browser: Browser, console: Console) -> None:
    page = console.open(browser, "audit")
    page.get_by_role("button", name="Kiểm tra chuỗi nhật ký").click()
    expect(page.locator(".notice.good")).to_contain_text("Chuỗi nguyên vẹn")
    expect(page.locator("tbody tr").first).to_contain_text("đăng nhập")
