"""Money, late lists and re-opening in Chromium, in both languages, wide and narrow; two clerks on one task."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import select

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
sys.path.insert(0, str(ROOT / "tests" / "web" / "api"))

from staff_world import CODE, NOW, World, build_world, objection  # noqa: E402
from test_tasklist_pages import WAYS, WIDE, Person, Site, browser  # noqa: E402
from test_tasklist_pages import pytestmark as browser_marks  # noqa: E402

from lienthong.dossiers import late_lists, payments, petitions  # noqa: E402
from lienthong.dossiers.database import session_scope  # noqa: E402
from lienthong.dossiers.tables import Dossier, LateList, LateListRow, Refund, TaskDraft  # noqa: E402

__all__ = ["browser"]
pytestmark = browser_marks
FEES = [{"procedureCode": "K4", "feeItem": "security-certificate"}]


def prepared(world: World) -> None:
    """A paid dossier that was refused and objected to, and a public late list with one row."""
    with session_scope(world.database) as session:
        payment = payments.create_payment(session, world.law, CODE, FEES, NOW)
        told = {"callbackId": "c", "orderId": payment.order_id, "transactionId": "TX-1", "amount": payment.amount}
        payments.receive_callback(session, {**told, "status": "paid"}, NOW)
        made = LateList(name="2026-10", year=2026, month=10, compiled_at=NOW)
        session.add(made)
        session.flush()
        session.add(
            LateListRow(
                list_id=made.id,
                authority_id="bd-ca-huyen",
                officer="Phạm Văn Thử",
                procedure_code="K4",
                dossier_code=CODE,
                received="2026-10-01",
                due="2026-10-08",
                done="2026-10-12",
                days_late=2,
                apology_before_due=False,
                cumulative=1,
            )
        )
        late_lists.approve(session, made.id, "vanphong", NOW)
        late_lists.publish(session, made.id, "vanphong", NOW)
        code = objection(session, world.law)
        petitions.answer(session, code, "Khiếu nại đúng, hồ sơ được giải quyết tiếp.", "upheld", "thutruong", NOW)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    world = build_world(tmp_path)
    prepared(world)
    with Site(world) as running:
        yield running


class Overseer(Person):
    """A person who knows the words of the areas that are loaded later."""

    def __init__(self, browser: Browser, site: Site, username: str, size: dict[str, int], language: str) -> None:
        super().__init__(browser, site, username, size, language)
        folder = ROOT / "lienthong" / "staff" / "src" / "shared" / "i18n"
        for area in ("finance", "oversight"):
            self.words |= json.loads((folder / f"{area}.{language}.json").read_text("utf-8"))


@WAYS
def test_money_goes_back_by_two_persons(browser: Browser, site: Site, size: dict[str, int], language: str) -> None:
    accountant = Overseer(browser, site, "ketoan", size, language)
    page = accountant.open("/finance")
    accountant.looks_well()
    page.locator("summary").first.click()
    page.locator("[name=code]").fill(CODE)
    accountant.press("finance.look")
    page.locator("[name=reason]").fill("Người nộp rút hồ sơ")
    page.locator("form.stack").get_by_role("button").click()
    accountant.sees("finance.asked")
    head = Overseer(browser, site, "thutruong", size, language)
    head.open("/finance")
    head.looks_well()
    head.press("finance.approve")
    head.sees("finance.state.approved")
    page = accountant.open("/finance")
    page.locator("form.stack input").first.fill("RF-1")
    accountant.press("finance.done")
    accountant.sees("finance.noRefund")
    with session_scope(site.world.database) as session:
        assert session.exec(select(Refund.state)).all() == ["done"]


@WAYS
def test_the_office_corrects_a_public_row_and_starts_a_list(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    office = Overseer(browser, site, "vanphong", size, language)
    page = office.open("/late-lists")
    page.locator("h2 button").click()
    expect(page.get_by_text("Phạm Văn Thử")).to_be_visible()
    page.locator("summary").click()
    office.looks_well()
    page.locator("[name=field]").select_option("reason")
    page.locator("[name=value]").fill("Thiên tai")
    page.locator("[name=ground]").fill("Biên bản 1")
    page.locator("form.stack").get_by_role("button").click()
    office.sees("late.corrected")
    office.press("late.start")
    office.sees("late.started")


@WAYS
def test_the_office_reopens_after_an_objection_found_right(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    office = Overseer(browser, site, "vanphong", size, language)
    page = office.open(f"/dossiers/{CODE}")
    page.get_by_text(office.words["acts.reopen"], exact=True).first.click()
    office.looks_well()
    page.locator("[name=reason]:visible").fill("Từ chối không có căn cứ")
    page.locator("details[open] form").get_by_role("button").click()
    office.sees("acts.reopened")
    with session_scope(site.world.database) as session:
        assert session.exec(select(Dossier.status).where(Dossier.code == CODE)).one() == "accepted"


def test_two_clerks_on_one_task_never_overwrite_each_other(browser: Browser, site: Site) -> None:
    first = Person(browser, site, "canbo.motcua", WIDE, "vi")
    page = first.open("/3001")
    first.press("task.claim")
    page.locator(".fjs-container textarea").fill("Của người thứ nhất")
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    second = Person(browser, site, "canbo.motcua", WIDE, "vi")  # the same account at another machine
    other = second.open("/3001")
    expect(other.locator(".fjs-container textarea")).to_have_value("Của người thứ nhất")
    other.locator(".fjs-container textarea").fill("Ở máy khác")
    expect(other.get_by_text("Đã lưu nháp")).to_be_visible()
    page.locator(".fjs-container textarea").fill("Người thứ nhất gõ tiếp")
    expect(page.locator(".notice.bad, .notice.warn").first).to_be_visible()
    with session_scope(site.world.database) as session:
        assert session.get_one(TaskDraft, "3001").data["note"] == "Ở máy khác"
