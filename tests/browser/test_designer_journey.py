"""The whole way of a change: a time limit and a new step in the karaoke licence, tried, kept as a scenario, deployed.

A designer draws and plays; the old scenarios stop at the new step, which is then told to each of them; an
administrator sees the gate pass and deploys to a real engine.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests" / "browser"))
sys.path.insert(0, str(ROOT / "tests" / "web" / "api"))

from staff_world import World, build_world  # noqa: E402
from test_staff import Site, browser, enter  # noqa: E402
from test_staff import pytestmark as browser_marks  # noqa: E402

from lienthong.orchestration.client import OrchestrationClient  # noqa: E402
from tests.redeploy.served import served  # noqa: E402

__all__ = ["browser"]
pytestmark = [*browser_marks, pytest.mark.services, pytest.mark.timeout(600)]
LICENCE = "procedures/procedure-karaoke-licence.bpmn"
BUNDLE = "karaoke/2023/bundle.bpmn"
PROCESS = "procedure-karaoke-licence"
STEP = "Soát xét dự thảo"
LIMIT = '=date and time(dueAt) - duration("PT4H")'
WAIT_MS, LONG_MS = 20_000, 180_000
MOST_ACTS = 40


class Province:
    """The staff app over all models and a real engine."""

    def __init__(self, world: World, site: Site, client: OrchestrationClient) -> None:
        self.world, self.site, self.client = world, site, client

    def file(self, path: str) -> str:
        """A file of the working copy."""
        return (self.world.settings.var_dir / "models" / path).read_text("utf-8")


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    world = build_world(tmp_path / "world")
    models = world.settings.bpmn_dir
    with served() as client:
        world.app.state.orchestration = client
        files = [file for folder in ("steps", "procedures") for file in (models / folder).glob("*.*")]
        client.deploy([(file.relative_to(models).as_posix(), file.read_bytes()) for file in files])
        with Site(world) as site:
            yield Province(world, site, client)


def draw(page: Page) -> None:
    """Another time limit for the signature; a person looks at the draft before."""
    page.locator('[data-element="decide"]').click()
    element = page.locator(".outline-element")
    element.get_by_label("Ngày đến hạn").fill(LIMIT)
    element.get_by_label("Ngày đến hạn").blur()
    page.locator('[data-element="appraise"]').click()
    way = element.locator("[data-act=insert]").first
    way.locator("select").select_option("UserTask")
    way.locator("button").click()
    expect(element.locator("h3 small")).to_have_text("Việc của người")
    element.get_by_label("Tên", exact=True).fill(STEP)
    element.get_by_label("Tên", exact=True).blur()


def play_to_the_end(page: Page) -> list[str]:
    """Complete what is open, pay when asked, until the play has ended; the tasks in the order they were done."""
    done = []
    for _ in range(MOST_ACTS):
        expect(page.locator(".play-choices[aria-busy=false]")).to_be_visible(timeout=WAIT_MS)
        if page.locator(".play-state .tag").inner_text() == "Đã kết thúc":
            return done
        task = page.locator(".play-task").first
        if task.count():
            done.append(str(task.get_attribute("data-task")))
            task.get_by_role("button", name="Hoàn thành").click()
        else:
            page.get_by_role("button", name="payment-received").click()
        expect(page.locator(".play-choices")).to_be_visible()
        page.wait_for_function("() => document.querySelector('.play-choices')?.getAttribute('aria-busy') === 'false'")
    raise AssertionError(f"Expected the play to end, but it did not after {done}")


def keep_as_scenario(page: Page) -> None:
    """What was seen at the end is noted, and the play kept under a name."""
    page.get_by_role("button", name="Ghi nhận trạng thái lúc này").click()
    page.get_by_label("Lưu lần chạy này thành kịch bản").fill("Có bước soát xét")
    page.get_by_role("button", name="Lưu kịch bản").click()
    expect(page.locator(".scenarios .notice.good")).to_contain_text("co-buoc-soat-xet.yaml", timeout=WAIT_MS)


def run_all(page: Page) -> None:
    """Every scenario of the bundle on the working copy."""
    page.locator(".scenarios button", has_text="kịch bản").filter(has_text="Chạy cả").click()


def deploy(page: Page, province: Province) -> None:
    """The administrator sees every gate pass, and deploys."""
    page.goto(f"{province.site.url}/staff/console/models")
    page.locator("ul.models li", has_text=LICENCE.rsplit("/", 1)[1]).locator("input[type=checkbox]").check()
    page.locator(".deploy .actions button.second").first.click()
    expect(page.locator("[data-gate=passed]").first).to_be_visible(timeout=LONG_MS)
    expect(page.locator("[data-gate=failed]")).to_have_count(0)
    page.get_by_role("button", name="Triển khai phiên bản mới").click()
    expect(page.locator(".deploy > .notice.good")).to_contain_text(f"{PROCESS} v2", timeout=LONG_MS)


def test_a_designer_changes_tries_and_keeps_and_an_administrator_deploys(browser: Browser, province: Province) -> None:
    page = enter(browser, province.site, "thietke")
    page.goto(f"{province.site.url}/staff/console/models/{LICENCE}")
    expect(page.locator(".outline-list li").first).to_be_visible(timeout=WAIT_MS)
    draw(page)
    page.get_by_placeholder("Nội dung thay đổi").fill("Soát xét dự thảo trước khi ký")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".model-bar [role=status]")).to_contain_text("Đã lưu", timeout=WAIT_MS)
    page.goto(f"{province.site.url}/staff/console/models/{BUNDLE}")
    page.get_by_role("button", name="Chạy thử").click()
    done = play_to_the_end(page)
    new = next(task for task in done if task.startswith("karaoke-licence/Activity_"))
    keep_as_scenario(page)
    kept = province.file("karaoke/2023/scenarios/co-buoc-soat-xet.yaml")
    assert new in kept and "ended: true" in kept

    run_all(page)
    expect(page.locator(".scenarios .tag.bad").first).to_contain_text("kịch bản không đạt", timeout=LONG_MS)
    page.locator(".play-steps li button", has_text=f"task {new}").first.click()
    page.get_by_role("button", name=f"Thêm «task {new}» vào mọi kịch bản dừng ở đó").click()
    expect(page.locator(".scenarios .tag.good").first).to_contain_text("kịch bản đều đạt", timeout=LONG_MS)

    deploy(enter(browser, province.site, "quantri"), province)
    (newest,) = [
        found
        for found in province.client.search_process_definitions({"processDefinitionId": PROCESS})
        if found["version"] == 2
    ]
    xml = html.unescape(province.client.process_definition_xml(newest["processDefinitionKey"]))
    assert STEP in xml and LIMIT in xml
