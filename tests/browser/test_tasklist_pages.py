"""The tasklist in Chromium: every persona's way in both languages, wide and narrow; live, keyboard, axe, size."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from lienthong.dossiers import scans, tasks
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.ports import DatabaseCompletions
from lienthong.dossiers.tables import Branch, Dossier, Task, TaskDraft, User
from lienthong.dossiers.tables.portal import Petition
from lienthong.orchestration.completions import CompletionSender

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "web" / "api"))

import staff_world  # noqa: E402
from staff_world import CODE, NOW, PASSWORD, World, build_world, scan  # noqa: E402

STAFF = ROOT / "lienthong" / "staff"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
AXE = (STAFF / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
QUEUE_BUDGET, TASK_BUDGET = 200_000, 400_000
EDITORS = re.compile(r"editor|bpmn-js|properties-panel|dmn|diagram-js|play-page|designer|console")
expect.set_options(timeout=15_000)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and not os.environ.get("CI"), reason="Chromium is not installed on this machine"
    ),
]
WAYS = pytest.mark.parametrize(
    ("size", "language"),
    [(WIDE, "vi"), (WIDE, "en"), (NARROW, "vi"), (NARROW, "en")],
    ids=["wide-vi", "wide-en", "narrow-vi", "narrow-en"],
)


class Site:
    """The app on a port of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.contexts: list[BrowserContext] = []
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(world.app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Site:
        assert (staff_world.DIST / "index.html").exists(), (
            "Expected the staff app to be built, but it is not: lienthong build-staff"
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for context in self.contexts:
            context.close()  # else the server would wait for the open streams
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
    with Site(build_world(tmp_path)) as running:
        yield running


def catalogue(language: str) -> dict[str, str]:
    folder = STAFF / "src" / "shared" / "i18n"
    names = (f"{language}.json", f"tasklist.{language}.json")
    return {key: text for name in names for key, text in json.loads((folder / name).read_text("utf-8")).items()}


class Person:
    """A signed-in person's page, and the words of that person's language."""

    def __init__(self, browser: Browser, site: Site, username: str, size: dict[str, int], language: str) -> None:
        self.site, self.words = site, catalogue(language)
        context = browser.new_context(viewport=size, accept_downloads=True)  # type: ignore[arg-type]
        site.contexts.append(context)
        context.add_cookies([{"name": "lt_lang", "value": language, "url": site.url}])
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{site.url}/staff/")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("form button[type=submit]").click()
        expect(self.page.locator("header.top")).to_be_visible()

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.site.url}/staff/tasklist{path}")
        expect(self.page.locator("h1").first).to_be_visible()
        return self.page

    def press(self, key: str, **values: object) -> None:
        self.page.get_by_role("button", name=self.words[key].format(**values), exact=True).first.click()

    def sees(self, key: str, **values: object) -> None:
        expect(self.page.get_by_text(self.words[key].format(**values)).first).to_be_visible()

    def looks_well(self) -> None:
        """Nothing serious for axe, no sideways scrolling, no script that failed."""
        self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [
            (rule["id"], [node["html"][:120] for node in rule["nodes"][:3]])
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
        assert serious == [], serious
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert self.errors == []


@WAYS
def test_a_receptionist_receives_a_known_citizen_and_gives_the_slip(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    world = site.world
    with session_scope(world.database) as session:
        scans.take_in(session, world.store, "bd-ttpvhcc", "scan-0001.png", scan(), "", NOW)
    person = Person(browser, site, "canbo.motcua", size, language)
    page = person.open("/reception")
    person.looks_well()
    page.locator("[name=personalNumber]").fill("052099000001")
    expect(page.locator("[name=name]")).to_have_value("Nguyễn Văn Thử")
    person.sees("reception.known", source=CODE)
    page.locator("select").first.select_option("karaoke")
    expect(page.locator(".asked li").first).to_be_visible()
    page.locator(".scans button.button").click()
    page.locator("input[type=file][multiple]").set_input_files(
        {"name": "đơn.png", "mimeType": "image/png", "buffer": scan()}
    )
    person.looks_well()
    person.press("reception.receive")
    expect(page.locator(".ticket-number")).to_contain_text("H08")
    with page.context.expect_page() as slip:
        page.get_by_role("link", name=person.words["reception.printSlip"]).click()
    slip.value.close()
    person.looks_well()
    with session_scope(world.database) as session:
        assert scans.waiting(session, "bd-ttpvhcc") == []


@WAYS
def test_a_receptionist_calls_a_number_and_finds_a_dossier_by_its_code(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    person = Person(browser, site, "canbo.motcua", size, language)
    page = person.open("/reception/bd-ttpvhcc")
    person.press("ticket.give")
    expect(page.locator("[role=status] .ticket-number")).to_have_text("1")
    person.press("ticket.next")
    expect(page.locator(".display .ticket-number")).to_have_text("1")
    person.looks_well()
    person.press("ticket.served")
    expect(page.locator(".display .ticket-number")).to_have_count(0)
    page = person.open("/reception")
    page.locator("[name=code]").fill(f"https://x.vn/tra-cuu?code={CODE}")
    page.keyboard.press("Enter")
    page.locator("a.task-link").click()
    expect(page.locator("h1")).to_have_text(CODE)
    person.looks_well()


@WAYS
def test_an_officer_appraises_asks_a_colleague_and_undoes(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    world = site.world
    world.app.state.clock = lambda: datetime.now(UTC)  # the page counts the seconds of the real clock
    person = Person(browser, site, "canbo.vanhoa", size, language)
    page = person.page
    person.press("queue.takeNext")
    expect(page.locator(".fjs-container")).to_be_visible()
    person.looks_well()
    page.locator(".task-form ~ details > summary").click()
    expect(page.locator(".law .tag").first).to_be_visible()
    page.locator(".comments ~ form textarea").fill("Nhờ @truongphong xem phần K5")
    person.press("comment.send")
    expect(page.locator(".comments li")).to_have_count(1)
    page.get_by_label("Từ chối giải quyết").check()  # forms are the models' own, in Vietnamese
    page.locator(".fjs-container textarea").fill("Không đủ điều kiện")
    person.looks_well()
    person.press("task.complete")
    expect(page.locator(".undo-bar")).to_be_visible()
    expect(page.locator("ol.tasks > li")).to_have_count(0)
    person.press("undo.undo")
    expect(page.locator(".fjs-container textarea")).to_have_value("Không đủ điều kiện")
    expect(page.locator(".undo-bar")).to_have_count(0)
    person.press("task.complete")
    expect(page.locator(".undo-bar")).to_be_visible()
    expect(page.locator("ol.tasks > li")).to_have_count(0)
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert CompletionSender(DatabaseCompletions(world.database), world.engine).run_once(later) == 1
    assert [key for said, (key, _) in world.engine.said if said == "complete"] == ["3003"]


@WAYS
def test_an_officer_sets_a_new_date_consults_and_appoints_a_substitute(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    person = Person(browser, site, "canbo.vanhoa", size, language)
    page = person.open(f"/dossiers/{CODE}")
    page.get_by_text(person.words["acts.extend"], exact=True).first.click()
    page.locator("form:has(textarea[name=reason]) textarea").first.fill("Chờ kết quả kiểm định")
    person.press("acts.extend")
    person.sees("acts.extended")
    page.get_by_text(person.words["acts.consult"], exact=True).first.click()
    page.locator("[name=askedAuthorityId]").select_option("bd-sxd")
    page.locator("[name=question]").fill("Có phù hợp quy hoạch không?")
    person.press("acts.consult")
    person.sees("acts.consulted")
    person.looks_well()
    page = person.open("/absence")
    page.locator(".person select").nth(1).select_option("truongphong")
    today = datetime.now(UTC).date()
    page.locator("[name=firstDay]").fill(str(today))
    page.locator("[name=lastDay]").fill(str(today + timedelta(days=3)))
    person.press("absence.appoint")
    expect(page.locator(".models li")).to_have_count(1)
    person.looks_well()


@WAYS
def test_a_head_of_unit_gives_a_task_and_reads_the_load(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    with session_scope(site.world.database) as session:
        session.get_one(Task, "3003").escalated_group = "bd-svhtt/unit_head"
    person = Person(browser, site, "truongphong", size, language)
    page = person.page
    expect(page.locator("ol.tasks > li")).to_have_count(1)
    page.locator("a.task-link").click()
    page.get_by_text(person.words["task.give"], exact=True).click()
    page.locator(".claim .person select").select_option("canbo.vanhoa")
    person.press("bulk.assign")
    person.sees("task.heldBy", name="canbo.vanhoa")
    person.looks_well()
    page = person.open("/leader")
    expect(page.get_by_text("canbo.vanhoa", exact=True)).to_be_visible()
    person.looks_well()
    person_below = Person(browser, site, "canbo.vanhoa", size, language)
    expect(person_below.page.locator(".bell")).to_contain_text("1")
    person_below.open("/notices")
    person_below.looks_well()


@WAYS
def test_a_head_of_authority_signs_several_decisions_at_once(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    world = site.world
    with session_scope(world.database) as session:
        for number in range(3):
            session.add(
                Task(
                    user_task_key=f"700{number}",
                    dossier_code=CODE,
                    procedure_code="K5",
                    element_id="decide",
                    name="Lãnh đạo xem xét, ký",
                    authority_id="bd-svhtt",
                    role="authority_head",
                    due_at=NOW + timedelta(days=4),
                    created_at=NOW,
                )
            )
    with session_scope(world.database) as session:
        from lienthong.dossiers import documents

        documents.review_field(session, "paper-1", "personal_number", "052099000001", "canbo.vanhoa", NOW)
    person = Person(browser, site, "thutruong", size, language)
    page = person.page
    expect(page.locator("ol.tasks > li")).to_have_count(3)
    for box in page.locator(".task-box").all()[:2]:
        box.check()
    person.looks_well()
    person.press("bulk.sign")
    expect(page.locator("ol.tasks > li")).to_have_count(1)
    assert len([said for said in world.engine.said if said[0] == "complete"]) == 2


@WAYS
def test_a_leader_drills_from_a_figure_to_dossiers_and_exports_them(
    browser: Browser, site: Site, size: dict[str, int], language: str
) -> None:
    with session_scope(site.world.database) as session:
        branch = session.get_one(Branch, _branch(site.world, "K4"))
        branch.due_at = NOW - timedelta(days=1)
    person = Person(browser, site, "vanphong", size, language)
    page = person.open("/leader")
    page.locator(".figure.late-now").click()
    row = page.locator("section[aria-live] tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("***")  # the office oversees: names are masked
    person.looks_well()
    for kind in ("xlsx", "csv"):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(kind, re.IGNORECASE)).click()
        assert download.value.suggested_filename.endswith(f".{kind}")


def _branch(world: World, code: str) -> str:
    from sqlmodel import select

    with session_scope(world.database) as session:
        dossier = session.exec(select(Dossier).where(Dossier.code == CODE)).one()
        wanted = select(Branch.id).where(Branch.dossier_id == dossier.id, Branch.procedure_code == code)
        return session.exec(wanted).one()


@WAYS
def test_a_receptionist_answers_a_petition(browser: Browser, site: Site, size: dict[str, int], language: str) -> None:
    with session_scope(site.world.database) as session:
        session.add(
            Petition(
                code="PA-261124-0001",
                kind="petition",
                subject="Phải chờ lâu tại quầy",
                body="Hôm qua tôi chờ hơn một giờ mà chưa được gọi số.",
                authority_id="bd-ttpvhcc",
                author_name="Nguyễn Văn Thử",
                author_phone="0900000001",
                received_at=NOW,
                due_at=NOW + timedelta(days=5),
            )
        )
    person = Person(browser, site, "canbo.motcua", size, language)
    page = person.open("/petitions")
    page.locator("h2 button").click()
    expect(page.get_by_text("hơn một giờ")).to_be_visible()
    person.looks_well()
    page.locator("[name=outcome]").select_option("upheld")
    page.locator("[name=text]").fill("Chúng tôi xin lỗi và đã mở thêm quầy.")
    person.press("petition.send")
    expect(page.locator(".empty")).to_be_visible()
    page.locator(".check input").check()
    expect(page.locator("h2 button")).to_have_count(1)


def test_a_claim_of_a_colleague_shows_without_a_reload(browser: Browser, site: Site) -> None:
    person = Person(browser, site, "canbo.motcua", WIDE, "vi")
    row = person.page.locator("[data-task='3001']")
    expect(row.get_by_role("button")).to_have_text("Nhận việc")
    with session_scope(site.world.database) as session:
        from sqlmodel import select

        colleague = session.exec(select(User).where(User.username == "canbo.motcua2")).one()
        tasks.claim(session, tasks.viewer_of(session, colleague.id or 0), "3001", NOW)
    expect(row).to_contain_text("canbo.motcua2 đang xử lý", timeout=4000)


def test_the_whole_way_is_walked_with_the_keyboard(browser: Browser, site: Site) -> None:
    site.world.settings.undo_grace_s = 0
    person = Person(browser, site, "canbo.motcua", WIDE, "vi")
    page = person.page
    expect(page.locator("ol.tasks > li")).to_have_count(2)
    page.keyboard.press("?")
    person.sees("queue.allKeys")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".task-box").first).to_be_checked()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator(".fjs-container")).to_be_visible()
    page.get_by_label("Từ chối giải quyết").focus()
    page.keyboard.press("Space")
    page.locator(".fjs-container textarea").focus()
    page.keyboard.type("Thiếu căn cứ")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("h1")).to_contain_text("Trả kết quả")  # the next task of the queue
    assert [said[0] for said in site.world.engine.said] == ["assign", "complete"]


def test_looking_at_a_task_writes_no_draft_and_typing_does(browser: Browser, site: Site) -> None:
    person = Person(browser, site, "canbo.motcua", WIDE, "vi")
    page = person.open("/3001")
    person.press("task.claim")
    page.locator(".fjs-container textarea").click()
    page.wait_for_timeout(2_000)  # longer than the pause after which typing is kept
    with session_scope(site.world.database) as session:
        assert session.get(TaskDraft, "3001") is None
    page.locator(".fjs-container textarea").fill("Đang xem")
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    with session_scope(site.world.database) as session:
        assert session.get_one(TaskDraft, "3001").data["note"] == "Đang xem"


def test_a_filter_is_kept_and_its_address_can_be_sent(browser: Browser, site: Site) -> None:
    person = Person(browser, site, "canbo.motcua", WIDE, "vi")
    page = person.page
    page.locator(".filter.overdue").click()
    expect(page.locator("ol.tasks > li")).to_have_count(1)
    page.locator(".saved > summary").click()
    page.locator(".saved [name=name]").fill("Quá hạn của quầy")
    page.locator(".saved [name=sharedWith]").select_option("bd-ttpvhcc")
    person.press("filter.save")
    expect(page.locator(".saved li")).to_contain_text("Quá hạn của quầy")
    colleague = Person(browser, site, "canbo.motcua2", WIDE, "vi")
    colleague.page.goto(page.url)
    expect(colleague.page.locator("ol.tasks > li")).to_have_count(1)
    colleague.page.goto(f"{site.url}/staff/tasklist")
    colleague.page.locator(".saved > summary").click()
    colleague.page.get_by_role("button", name="Quá hạn của quầy").click()
    expect(colleague.page.locator("ol.tasks > li")).to_have_count(1)


def test_the_queue_and_a_task_load_within_their_budget_and_without_the_editors(browser: Browser, site: Site) -> None:
    person = Person(browser, site, "canbo.motcua", WIDE, "vi")
    fetched: list[str] = []
    person.page.on("request", lambda request: fetched.append(request.url))
    person.open("")
    expect(person.page.locator("ol.tasks > li")).to_have_count(2)
    queue = weight(fetched)
    assert queue <= QUEUE_BUDGET, f"{queue:,} bytes gzipped"
    assert [url for url in fetched if EDITORS.search(url.rsplit("/", 1)[-1])] == []
    fetched.clear()
    person.open("/3001")
    expect(person.page.locator(".fjs-container")).to_be_visible()
    task = weight(fetched)
    assert task <= TASK_BUDGET, f"{task:,} bytes gzipped"
    assert [url for url in fetched if EDITORS.search(url.rsplit("/", 1)[-1])] == []


def weight(urls: list[str]) -> int:
    """Bytes, gzipped, of the app's own files among these addresses, each once; at least the script must be there."""
    names = {url.split("/staff/", 1)[1].split("?")[0] for url in urls if "/staff/assets/" in url}
    assert any(name.endswith(".js") for name in names)
    files = [staff_world.DIST / name for name in names] + [staff_world.DIST / "index.html"]
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
