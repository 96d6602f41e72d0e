"""An administrator deploys over running dossiers in Chromium: impact, mapping, trial, move, undo, move again.

A real engine answers; the app is the one of the other browser tests.
"""

from __future__ import annotations

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

from staff_world import CODE, build_world  # noqa: E402
from test_staff import Site, browser, enter, pytestmark  # noqa: E402

from lienthong.dossiers.tables import Dossier  # noqa: E402
from lienthong.orchestration.client import OrchestrationClient  # noqa: E402
from tests.redeploy.served import NEW, served, started, task_of  # noqa: E402

__all__ = ["browser", "pytestmark"]
WAIT_MS = 20_000
RUNNING = 6


class Running:
    """The app over a real engine with running dossiers of the old version; the working copy is the new one."""

    def __init__(self, site: Site, client: OrchestrationClient, keys: list[str]) -> None:
        self.site, self.client, self.keys = site, client, keys

    def versions(self) -> list[int]:
        found = self.client.search_process_instances({"state": "ACTIVE"})
        return sorted(int(item["processDefinitionVersion"]) for item in found)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    models = tmp_path / "models"
    (models / "demo").mkdir(parents=True)
    (models / "demo" / "licence.bpmn").write_bytes(NEW)
    world = build_world(tmp_path / "world")
    with served() as client:
        keys = started(client, RUNNING)
        world.app.state.orchestration = client
        world.app.state.settings = world.settings.model_copy(update={"bpmn_dir": models})
        with Session(world.database) as session:
            dossier = session.exec(select(Dossier).where(Dossier.code == CODE)).one()
            dossier.process_instance_key = keys[0]
            session.add(dossier)
            session.commit()
        with Site(world) as site:
            yield Running(site, client, keys)


def at_impact(browser: Browser, running: Running) -> Page:
    page = enter(browser, running.site, "quantri")
    page.goto(f"{running.site.url}/staff/console/models")
    page.locator("ul.models input[type=checkbox]").check()
    page.locator(".deploy .actions button.second").first.click()
    expect(page.locator(".impact-group").first).to_be_visible(timeout=WAIT_MS)
    return page


def groups(page: Page, verdict: str) -> int:
    return page.locator(f".impact-group[data-verdict={verdict}]").count()


def finished(page: Page, wish: str, words: str) -> None:
    job = page.locator(f".move-job[data-state=done][data-wish={wish}]").first
    expect(job.locator("[role=status]")).to_contain_text(words, timeout=WAIT_MS)


def confirmed(page: Page, count: int) -> None:
    """The dry run tells how many would move; only then they do."""
    dry = page.get_by_role("region", name="Chạy khô")
    expect(dry).to_contain_text(f"{count} hồ sơ sẽ chuyển", timeout=WAIT_MS)
    dry.get_by_role("button", name=f"Chuyển {count} hồ sơ").click()


def test_the_impact_is_read_before_anything_is_deployed(browser: Browser, running: Running) -> None:
    page = at_impact(browser, running)
    assert (groups(page, "itself"), groups(page, "choice")) == (1, 2)
    impact = page.locator(".impact")
    expect(impact).to_contain_text("Thêm bước «verify».")
    expect(impact).to_contain_text("Hẹn giờ của «late»: 5 ngày → 3 ngày.")
    expect(impact).to_contain_text("Hẹn giờ «late» giữ nguyên lúc đến hạn.")
    assert CODE in impact.inner_text() or CODE in (impact.text_content() or "")
    page.get_by_label("Bước mới của check").select_option("verify")
    expect(page.locator(".impact-group[data-verdict=itself]")).to_have_count(3)
    assert running.versions() == [1] * RUNNING


def test_dossiers_are_tried_moved_undone_and_moved_again(browser: Browser, running: Running) -> None:
    page = at_impact(browser, running)
    page.get_by_role("button", name="Triển khai phiên bản mới").click()
    move = page.locator(".move")
    expect(move).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("Bước mới của check").select_option("verify")
    expect(move.locator(".impact-group[data-verdict=itself]")).to_have_count(3)
    page.get_by_role("button", name="Chọn mọi nhóm tự chuyển được").click()
    page.get_by_role("button", name="Chuyển thử một hồ sơ").click()
    confirmed(page, 1)
    finished(page, "run", "đã chuyển: 1")
    assert running.versions() == [1] * (RUNNING - 1) + [2]
    page.get_by_role("button", name="Chuyển các nhóm đã chọn").click()
    confirmed(page, RUNNING - 1)
    finished(page, "run", f"đã chuyển: {RUNNING - 1}")
    assert running.versions() == [2] * RUNNING
    page.locator(".move-job").first.get_by_role("button", name="Hoàn tác").click()
    finished(page, "undo", f"đã chuyển về: {RUNNING - 1}")
    assert running.versions() == [1] * (RUNNING - 1) + [2]
    expect(move.locator(".impact-group")).not_to_have_count(0)
    page.get_by_role("button", name="Chuyển các nhóm đã chọn").click()
    confirmed(page, RUNNING - 1)
    finished(page, "run", f"đã chuyển: {RUNNING - 1}")
    assert running.versions() == [2] * RUNNING
    assert task_of(running.client, running.keys[0], "verify")
