"""The designer in Chromium: files come back as they were, everything speaks Vietnamese, works by keyboard alone,
passes axe, leaves the bpmn.io mark free; and the whole way from a changed time limit to a deployment.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
sys.path.insert(0, str(ROOT / "tests" / "web" / "api"))

from staff_world import BPMN, World, build_world  # noqa: E402
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

from lienthong.redeploy.model_text import kept_text  # noqa: E402

__all__ = ["browser", "pytestmark"]
STAFF = ROOT / "lienthong" / "staff"
NODE = Path(sys.executable).parent / "node"
WAIT_MS = 20_000
READY = {
    "bpmn": ".outline-list li",
    "dmn": ".dmn-js-parent .tjs-container",
    "form": ".fjs-editor-container .fjs-element",
}
BUNDLE = "karaoke/2023/bundle.bpmn"
LICENCE = "procedures/procedure-karaoke-licence.bpmn"


def models(*suffixes: str) -> list[str]:
    return sorted(file.relative_to(BPMN).as_posix() for file in BPMN.rglob("*") if file.suffix in suffixes)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build_world(tmp_path_factory.mktemp("designer"))


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[Site]:
    with Site(world) as running:
        yield running


def open_model(page: Page, site: Site, path: str) -> None:
    page.goto(f"{site.url}/staff/console/models/{path}")
    expect(page.locator("h1.code")).to_have_text(path, timeout=WAIT_MS)
    expect(page.locator(READY[path.rsplit(".", 1)[1]]).first).to_be_visible(timeout=WAIT_MS)


def lint(files: list[Path]) -> list[dict[str, str]]:
    """Camunda's compatibility rules for 8.8."""
    node = NODE if NODE.exists() else Path("node")
    command = [str(node), str(ROOT / "tests" / "browser" / "compat_lint.mjs"), str(STAFF), *map(str, files)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    return list(json.loads(answer.stdout))


GO = "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }"

# files


@pytest.mark.timeout(400)
@pytest.mark.parametrize("suffix", [".bpmn", ".dmn", ".form"])
def test_every_model_opened_and_saved_unchanged_keeps_its_bytes(
    browser: Browser, site: Site, world: World, suffix: str
) -> None:
    """What an editor would save is seen in the check it asks for at the opening."""
    page = enter(browser, site, "thietke")
    sent: dict[str, str] = {}

    def note(request: Request) -> None:
        if request.url.endswith("/api/models/check"):
            body = json.loads(request.post_data or "{}")
            sent[body["name"]] = body["content"]

    page.on("request", note)
    changed = []
    for path in models(suffix):
        with page.expect_request("**/api/models/check", timeout=WAIT_MS):
            page.evaluate(GO, f"/staff/console/models/{path}")
        original = (world.settings.var_dir / "models" / path).read_bytes()
        if kept_text(path, original, sent[path].encode()) != original:
            changed.append(path)
    assert changed == []


def test_the_delivered_models_pass_camundas_rules_for_8_8(tmp_path: Path) -> None:
    assert lint([BPMN / path for path in models(".bpmn")]) == []
    bad = tmp_path / "bad.bpmn"
    bad.write_text((BPMN / LICENCE).read_text("utf-8").replace('type="set_deadline" ', ""), "utf-8")
    assert lint([bad]) != []


# words

TEXTS = """() => {
  const root = document.querySelector('main');
  const found = new Set();
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.nodeType === 3 ? node.parentElement : node;
    if (!element || element.closest('svg, [data-model-text], .cm-editor, textarea, .code, style, option')) continue;
    if (node.nodeType === 3) found.add(node.nodeValue.trim());
    else for (const name of ['title', 'placeholder', 'aria-label']) found.add((node.getAttribute(name) ?? '').trim());
  }
  return [...found].filter((text) => /[A-Za-z]{3,}/.test(text));
}"""
NO_WORDS = re.compile(
    r"^(FEEL|JSON|DMN|BPMN|HTML|ID|URL|BPMN\.iO|Powered by bpmn\.io|[\w.-]+_[\w.-]+|[a-z0-9]+([-.][a-z0-9]+)+)$"
)


OPEN_GROUPS = """() => document.querySelectorAll('.bio-properties-panel-group-header:not(.open)')
  .forEach((header) => header.click())"""


def walk_bpmn(page: Page, site: Site) -> set[str]:
    """The texts met on the way through the BPMN editor: every kind of element with all its groups open."""
    open_model(page, site, BUNDLE)
    found: set[str] = set(page.evaluate(TEXTS))
    for element in ("filed", "register-instance", "intake", "choose-fees", "is-duplicate", "done"):
        page.locator(f'[data-element="{element}"]').click()
        expect(page.locator(".bio-properties-panel-header")).to_be_visible()
        page.evaluate(OPEN_GROUPS)
        found |= set(page.evaluate(TEXTS))
    page.locator(".djs-context-pad .entry").last.click()
    found |= set(page.evaluate(TEXTS))
    page.keyboard.press("Escape")
    page.locator(".djs-context-pad .entry[data-action=replace]").click()
    expect(page.locator(".djs-popup")).to_be_visible()
    return found | set(page.evaluate(TEXTS))


def walk_dmn(page: Page, site: Site) -> set[str]:
    open_model(page, site, "karaoke/2023/karaoke-fee.dmn")
    found: set[str] = set(page.evaluate(TEXTS))
    page.locator("td.cell[data-element-id]").nth(2).click()
    found |= set(page.evaluate(TEXTS))
    page.locator("th.input-cell").first.dblclick()
    found |= set(page.evaluate(TEXTS))
    page.keyboard.press("Escape")
    page.locator("td.cell[data-element-id]").nth(1).click(button="right")
    found |= set(page.evaluate(TEXTS))
    page.keyboard.press("Escape")
    page.locator(".filters").last.locator("button").first.click()
    expect(page.locator(".dmn-drd-container, .djs-container").first).to_be_visible()
    page.locator('[data-element-id="karaoke-fee"]').click()
    page.evaluate(OPEN_GROUPS)
    return found | set(page.evaluate(TEXTS))


def walk_form(page: Page, site: Site) -> set[str]:
    open_model(page, site, "procedures/form-decide.form")
    found: set[str] = set(page.evaluate(TEXTS))
    for at in range(3):
        page.locator(".fjs-editor-container .fjs-element").nth(at + 1).click()
        page.evaluate(OPEN_GROUPS)
        found |= set(page.evaluate(TEXTS))
    return found


@pytest.mark.timeout(240)
@pytest.mark.parametrize("walk", [walk_bpmn, walk_dmn, walk_form])
def test_the_editors_speak_vietnamese_wherever_one_comes(browser: Browser, site: Site, walk: object) -> None:
    """A text that is the same in both languages was not translated; the models' own words and names are left out."""
    assert callable(walk)
    pages = {language: enter(browser, site, "thietke", WIDE, language) for language in ("vi", "en")}
    met = {language: walk(page, site) for language, page in pages.items()}
    same = {text for text in met["vi"] & met["en"] if not NO_WORDS.match(text)}
    own = [BPMN / path for path in models(".bpmn", ".dmn", ".form")]
    own += sorted((BPMN / "element-templates").glob("*.json"))
    models_words = "\n".join(file.read_text("utf-8") for file in own)
    untranslated = sorted(text for text in same if text not in models_words and "Liên Thông" not in text)
    assert untranslated == []
    assert pages["vi"].evaluate("[...window.ltUntranslated]") == []


# keyboard and axe


def press_until(page: Page, selector: str, key: str = "Tab", limit: int = 400) -> None:
    """Go on with one key until an element has the focus: by keyboard alone."""
    for _ in range(limit):
        page.keyboard.press(key)
        if page.evaluate("(selector) => document.activeElement?.matches(selector) ?? false", selector):
            return
    raise AssertionError(f"Expected {selector} to be reached by {key}, but it was not in {limit}")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_axe_finds_nothing_serious_and_the_mark_is_free(browser: Browser, site: Site, size: dict[str, int]) -> None:
    page = enter(browser, site, "thietke", size)

    def look(what: str, marks: int) -> None:
        assert serious(page) == [], what
        assert_no_sideways_scroll(page)
        shown = [mark for mark in page.locator("a[href*='bpmn.io']").all() if mark.is_visible()]
        assert len(shown) == marks, what
        for mark in shown:
            assert_uncovered(page, mark)

    page.goto(f"{site.url}/staff/console/models")
    expect(page.locator("ul.models").first).to_be_visible(timeout=WAIT_MS)
    look("projects", 0)
    open_model(page, site, BUNDLE)
    page.locator('[data-element="set-deadline"]').click()
    look("BPMN", 1)
    page.get_by_role("button", name="Chạy thử").click()
    expect(page.locator(".play-task").first).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".play .djs-element").first).to_be_visible()
    look("play", 1)
    page.get_by_role("button", name="So sánh").click()
    expect(page.locator(".two-diagrams .djs-element").last).to_be_attached(timeout=WAIT_MS)
    look("comparison", 2)
    for tab in ("Nơi dùng", "Lịch sử"):
        page.get_by_role("button", name=tab, exact=True).click()
        look(tab, 0)
    open_model(page, site, "karaoke/2023/karaoke-fee.dmn")
    look("decision table", 1)
    page.get_by_role("button", name="Sơ đồ quyết định", exact=True).click()
    expect(page.locator('[data-element-id="karaoke-fee"]')).to_be_visible()
    look("decision diagram", 1)
    open_model(page, site, "procedures/form-decide.form")
    page.get_by_role("button", name="Xem và điền thử").click()
    look("form", 2)


def test_a_step_is_added_renamed_and_saved_by_keyboard_alone(browser: Browser, site: Site, world: World) -> None:
    page = enter(browser, site, "thietke")
    path = "essential/essential-water.bpmn"  # no bundle calls it: the other tests find their models whole
    open_model(page, site, path)
    first = page.locator(".outline-list button").nth(1)
    element = first.get_attribute("data-element")
    press_until(page, f'[data-element="{element}"]')
    page.keyboard.press("Enter")
    expect(page.locator(".outline-element h3")).to_be_visible()
    press_until(page, ".outline-element [data-act=add] select")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press_until(page, ".outline-element [data-act=add] button")
    page.keyboard.press("Enter")
    expect(page.locator(".outline-element h3 small")).to_have_text("Việc máy")
    press_until(page, ".outline-element input")
    page.keyboard.type("Báo cho lãnh đạo")
    page.keyboard.press("Tab")
    expect(page.locator(".outline-list button[aria-pressed=true]")).to_contain_text("Báo cho lãnh đạo")
    press_until(page, ".model-bar input", "Shift+Tab")
    page.keyboard.type("Thêm bước báo")
    page.keyboard.press("Enter")
    expect(page.locator(".model-bar [role=status]")).to_contain_text("Đã lưu", timeout=WAIT_MS)
    saved = (world.settings.var_dir / "models" / path).read_text("utf-8")
    assert 'name="Báo cho lãnh đạo"' in saved
    unchanged = set((BPMN / path).read_text("utf-8").splitlines()) & set(saved.splitlines())
    assert len(unchanged) > 0.9 * len(set((BPMN / path).read_text("utf-8").splitlines()))


AXE = (STAFF / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def serious(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    return [f"{each['id']}: {node['target']}" for each in grave for node in each["nodes"]]


# what the parts do


def test_feel_is_checked_by_the_engine_and_put_into_the_element(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "thietke")
    open_model(page, site, LICENCE)
    page.locator('[data-element="appraise"]').click()
    feel = page.locator(".feel")
    feel.locator("select").select_option(label="Soạn giấy phép từ kết quả thẩm định: Ngày đến hạn")
    field = feel.locator(".cm-content")
    field.fill("dueAt + ")
    expect(feel.locator(".notice.bad")).to_contain_text("Biểu thức chưa đúng (dòng 1")
    field.fill("if urgent then x else dueAt")
    expect(feel.locator(".notice.good")).to_contain_text("Đọc các biến: dueAt, urgent, x")
    feel.locator("textarea").fill('{"urgent": true, "x": 7}')
    expect(feel.locator("output")).to_have_text("7")
    feel.get_by_role("button", name="Đặt vào phần tử").click()
    expect(page.locator(".outline-element").get_by_label("Ngày đến hạn")).to_have_value("=if urgent then x else dueAt")


def test_a_finding_leads_to_its_place(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "thietke")
    open_model(page, site, LICENCE)
    page.locator('[data-element="appraise"]').click()
    page.locator(".outline-element").get_by_label("Ngày đến hạn").fill("=unheardOf")
    page.locator(".outline-element").get_by_label("Ngày đến hạn").blur()
    page.locator('[data-element="decide"]').click()
    findings = page.locator(".findings")
    expect(findings).to_contain_text("đọc biến «unheardOf», nhưng không ai đặt biến đó", timeout=WAIT_MS)
    findings.locator("summary").click()
    findings.locator("li", has_text="unheardOf").get_by_role("button").click()
    expect(page.locator('.outline-list [data-element="appraise"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator('.djs-element[data-element-id="appraise"]')).to_have_class(re.compile("lt-warned"))


def test_a_draft_survives_the_closing_of_the_page(browser: Browser, site: Site) -> None:
    page = enter(browser, site, "quantri")
    open_model(page, site, "steps/step-escalate.bpmn")
    page.locator(".outline-list button").first.click()
    with page.expect_response("**/api/designer/drafts/**", timeout=WAIT_MS):
        page.locator(".outline-element").get_by_label("Tên", exact=True).fill("Bắt đầu nhắc")
        page.locator(".outline-element").get_by_label("Tên", exact=True).blur()
        expect(page.locator(".model-bar [role=status]")).to_contain_text("đã giữ nháp", timeout=WAIT_MS)
    page.on("dialog", lambda dialog: dialog.accept())
    open_model(page, site, "steps/step-escalate.bpmn")
    page.get_by_role("button", name="Mở bản nháp").click()
    expect(page.locator(".outline-list button").first).to_contain_text("Bắt đầu nhắc", timeout=WAIT_MS)
