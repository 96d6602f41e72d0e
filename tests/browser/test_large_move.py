"""An administrator deploys a karaoke bundle over 300 running dossiers that stand in 19 different places.

The impact is read, they are moved, some of them work on, all are moved back, and moved again; then every dossier is
driven to its end. The engine is real; what the bundle calls and the workers are stubs.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests" / "browser"))
sys.path.insert(0, str(ROOT / "tests" / "web" / "api"))

from staff_world import CODE, NOW, build_world  # noqa: E402
from test_redeploy import confirmed, finished  # noqa: E402
from test_staff import Site, browser, enter  # noqa: E402
from test_staff import pytestmark as browser_marks  # noqa: E402

from lienthong.dossiers.tables import Dossier  # noqa: E402
from tests.redeploy.province import BEGINNING, FOLDER, K4, K5A, RECIPES, Province, keys_of, with_review  # noqa: E402
from tests.redeploy.served import served  # noqa: E402

__all__ = ["browser"]
pytestmark = [*browser_marks, pytest.mark.services, pytest.mark.timeout(600)]
DOSSIERS = 300
PATH = "karaoke/2023/bundle.bpmn"
LONG_MS = 120_000


class Large:
    """The app over the province; the working copy of the bundle is the next version."""

    def __init__(self, site: Site, province: Province) -> None:
        self.site, self.province = site, province


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Large]:
    folder = tmp_path / "models" / "karaoke" / "2023"
    folder.mkdir(parents=True)
    (folder / "bundle.bpmn").write_bytes(with_review((FOLDER / "bundle.bpmn").read_bytes()))
    world = build_world(tmp_path / "world")
    with served() as client:
        province = Province(client, DOSSIERS)
        province.seed()
        _write_dossiers(world.database, province.keys)
        world.app.state.orchestration = client
        world.app.state.settings = world.settings.model_copy(update={"bpmn_dir": tmp_path / "models"})
        with Site(world) as site:
            yield Large(site, province)


def _write_dossiers(database: object, keys: dict[str, str]) -> None:
    with Session(database) as session:  # type: ignore[arg-type]
        pattern = session.exec(select(Dossier).where(Dossier.code == CODE)).one()
        for code, key in keys.items():
            session.add(
                Dossier(
                    code=code,
                    filing_token=f"token-{code}",
                    bundle_id="karaoke",
                    bundle_version="2023",
                    applicant_name="Nguyễn Văn Thử",
                    authorities=pattern.authorities,
                    filed_at=NOW,
                    due_at=pattern.due_at,
                    process_instance_key=key,
                    access_token=f"secret-{code}",
                )
            )
        session.commit()


def choose_all_and_move(page: Page, count: int) -> None:
    page.get_by_role("button", name="Chọn mọi nhóm tự chuyển được").click()
    page.get_by_role("button", name="Chuyển các nhóm đã chọn").click()
    confirmed(page, count)


def test_three_hundred_dossiers_move_go_back_and_move_again_and_all_end_right(browser: Browser, large: Large) -> None:
    province = large.province
    assert len(province.markings()) >= 12
    page = enter(browser, large.site, "quantri")
    page.goto(f"{large.site.url}/staff/console/models")
    page.get_by_label(f"Chọn {PATH}").check()
    page.get_by_role("button", name="Xem thay đổi").click()
    groups = page.locator(".impact-group[data-verdict=itself]")
    expect(groups).to_have_count(len(RECIPES), timeout=LONG_MS)
    expect(page.locator(".impact")).to_contain_text("Thêm bước «Rà soát pháp lý».")
    expect(page.locator(".impact h3").first).to_contain_text(f"{DOSSIERS} lượt đang chạy")
    listed = page.locator(".impact .dossier-list li .code").all_text_contents()
    assert sorted(listed) == sorted(province.keys)
    page.get_by_role("button", name="Triển khai phiên bản mới").click()
    expect(page.locator(".move")).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".move .impact-group")).to_have_count(len(RECIPES), timeout=LONG_MS)

    choose_all_and_move(page, DOSSIERS)
    finished(page, "run", f"đã chuyển: {DOSSIERS}")
    assert province.versions() == Counter({2: DOSSIERS})

    beyond = keys_of(province, [[*BEGINNING, *RECIPES[12][len(BEGINNING) :]]])
    assert RECIPES[12][-1] == K4 and beyond
    province.drive(lambda root, act: root in beyond and act == K5A)
    reviewing = province.passed("karaoke-appraisal").keys() & beyond
    assert reviewing == beyond, "these wait for the legal review, which the old version does not have"

    page.locator(".move-job").first.get_by_role("button", name="Hoàn tác").click()
    finished(page, "undo", f"đã chuyển về: {DOSSIERS - len(beyond)}")
    expect(page.locator(".move-job").first).to_contain_text(f"giữ ở phiên bản mới: {len(beyond)}")
    assert province.versions() == Counter({1: DOSSIERS - len(beyond), 2: len(beyond)})

    page.reload()
    page.get_by_label(f"Chọn {PATH}").check()
    page.get_by_role("button", name="Chuyển hồ sơ", exact=True).click()
    expect(page.locator(".move .impact-group")).to_have_count(len(RECIPES) - 1, timeout=LONG_MS)
    choose_all_and_move(page, DOSSIERS - len(beyond))
    finished(page, "run", f"đã chuyển: {DOSSIERS - len(beyond)}")
    assert province.versions() == Counter({2: DOSSIERS})

    province.drive(lambda _root, _act: True)
    assert Counter(str(item["state"]) for item in province.roots()) == Counter({"COMPLETED": DOSSIERS})
    every = set(province.recipe)
    assert province.passed("done") == Counter(every), "every dossier comes to its end, and none twice"
    assert province.passed("hand-over") == Counter(every)
    past_review = keys_of(province, RECIPES[-3:])  # at the licence, or behind it
    assert province.passed("legal-review") == Counter(every - past_review)
    assert province.client.search_incidents({"state": "ACTIVE"}) == []
