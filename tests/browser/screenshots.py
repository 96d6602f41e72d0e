"""Pictures of every portal and staff page, in both languages, wide and on a phone.

``python tests/browser/screenshots.py`` starts a stack of its own on free ports with the sample dossiers filed;
``--url URL --password P`` takes the pictures of one that runs. They land in ``screenshots/``; the three of the README
are copied to ``docs/pictures/``.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from lienthong.commands.first_start import create_accounts, deploy_models, new_password
from lienthong.demonstration.command import cast_of, free_port_base
from lienthong.demonstration.papers import papers_for
from lienthong.demonstration.samples import file_samples
from lienthong.dossiers.law import load_law
from lienthong.settings import Settings
from lienthong.stack import Stack, load_secrets

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}
LARGEST_PICTURE = 300_000  # bytes, for a picture that the README shows
CONSOLE = (
    *("", "models", "instances", "incidents", "interventions", "batches", "workers", "health"),
    *("data", "users", "substitutions", "audit"),
)
STAFF_PAGES = {
    "tiepnhan": (
        ("search", "/staff/tasklist/search"),
        ("reception", "/staff/tasklist/reception"),
        ("waiting-room", "/staff/tasklist/reception/bd-ttpvhcc"),
        ("petitions", "/staff/tasklist/petitions"),
        ("absence", "/staff/tasklist/absence"),
        ("notices", "/staff/tasklist/notices"),
    ),
    "ketoan": (("finance", "/staff/tasklist/finance"),),
    "vanphong": (("late-lists", "/staff/tasklist/late-lists"),),
    "thutruong": (("leader", "/staff/tasklist/leader"), ("consultations", "/staff/tasklist/consultations")),
    "quantri": tuple((name or "console", f"/staff/console/{name}".rstrip("/")) for name in CONSOLE),
}
EDITOR = "/staff/console/models/karaoke/2023/bundle.bpmn"


@contextmanager
def own_stack() -> Iterator[tuple[str, str]]:
    """Address and password of a fresh stack with the sample dossiers; it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="lienthong-pictures-"))
    os.environ |= {"LIENTHONG_VAR_DIR": str(folder), "LIENTHONG_PORT_BASE": str(free_port_base())}
    load_secrets(folder)
    stack, password = Stack(Settings()), new_password()
    try:
        create_accounts(stack.settings, password)
        stack.start()
        stack.wait()
        deploy_models(stack.settings, print)
        file_samples(cast_of(stack.settings, password), print)
        yield stack.settings.web_url, password
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Camera:
    """One browser window of one language and size."""

    def __init__(self, browser: Browser, url: str, password: str, language: str, size: str) -> None:
        self.browser, self.url, self.password = browser, url, password
        self.language, self.size = language, size
        self.folder = ROOT / "screenshots" / f"{language}-{size}"
        self.folder.mkdir(parents=True, exist_ok=True)

    def window(self, username: str | None, script: bool) -> Page:
        """A page of that person; citizens' pages are shown without scripts, as they must work."""
        context = self.browser.new_context(viewport=SIZES[self.size], java_script_enabled=script)  # type: ignore[arg-type]
        context.add_cookies([{"name": "lt_lang", "value": self.language, "url": self.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        if username is not None:
            page.goto(f"{self.url}/dang-nhap")
            page.fill("#username", username)
            page.fill("#password", self.password)
            page.click("main button.button")
        return page

    def take(self, page: Page, name: str, path: str | None = None, whole: bool = True, settle_ms: int = 0) -> None:
        """Go there, wait until it is quiet, keep the picture."""
        if path is not None:
            page.goto(self.url + path)
        page.wait_for_load_state("networkidle")
        if settle_ms:
            page.wait_for_timeout(settle_ms)
        page.screenshot(path=self.folder / f"{name}.png", full_page=whole)


def portal(camera: Camera) -> None:
    """Every page of the portal."""
    visitor = camera.window(None, script=False)
    for name, path in (
        ("home", "/"),
        ("home-nothing-found", "/?q=zzz"),
        ("bundle", "/thu-tuc/karaoke"),
        ("sign-in", "/dang-nhap"),
        ("track", "/tra-cuu"),
        ("verify", "/xac-minh"),
        ("verify-unknown", "/xac-minh/khong-co"),
        ("procedure", "/thu-tuc/karaoke/K4"),
        ("register", "/dang-ky"),
        ("petition", "/phan-anh"),
        ("essential", "/dich-vu"),
        ("public", "/cong-khai"),
        ("public-indicators", "/cong-khai/chi-so"),
        ("public-late", "/cong-khai/tre-han"),
        ("public-times-fees", "/cong-khai/thoi-han-phi"),
        ("public-data", "/cong-khai/du-lieu-mo"),
    ):
        camera.take(visitor, f"portal-{name}", path)
    visitor.context.close()
    page = camera.window("doanhnghiep", script=False)
    camera.take(page, "portal-mine", "/ho-so")
    codes = re.findall(r'href="/ho-so/([^"]+)"', page.content())
    for position, code in enumerate(codes):
        camera.take(page, f"portal-dossier-{position}", f"/ho-so/{code}")
    for name, path in (("account", "/tai-khoan"), ("my-papers", "/tai-khoan/giay-to"), ("notices", "/thong-bao")):
        camera.take(page, f"portal-{name}", path)
    _file(camera, page)
    page.context.close()
    for username, name, path in (("buudien", "post", "/uy-thac"), ("doanvien", "helper", "/ho-tro")):
        page = camera.window(username, script=False)
        camera.take(page, f"portal-{name}", path)
        page.context.close()


def _file(camera: Camera, page: Page) -> None:
    """The three steps of filing, up to the sending."""
    camera.take(page, "portal-filing-1", "/nop-ho-so/karaoke")
    page.click("main form button.button:last-of-type")
    camera.take(page, "portal-filing-2")
    page.click("button[value=check]")
    camera.take(page, "portal-filing-2-missing")
    for kind, (name, content) in papers_for(load_law(ROOT / "law", ROOT / "bpmn"), "karaoke", "clean").items():
        field = page.locator(f"#file_{kind}")
        if field.count():
            mime = "image/jpeg" if name.endswith("jpg") else "image/png"
            field.set_input_files({"name": name, "mimeType": mime, "buffer": content})
    page.click("button[value=check]")
    camera.take(page, "portal-filing-3")


def staff(camera: Camera) -> None:
    """The pages of clerks, officers, designers and administrators."""
    for username, name in (("tiepnhan", "desk"), ("canbo-laodong", "officer")):
        page = camera.window(username, script=True)
        camera.take(page, f"staff-tasklist-{name}", "/staff/tasklist", settle_ms=500)
        task = page.locator("a.task-link").first
        if task.count():
            task.click()
            page.wait_for_selector(".fjs-container")
            camera.take(page, f"staff-task-{name}", settle_ms=1500)
        page.context.close()
    for username, pages in STAFF_PAGES.items():
        page = camera.window(username, script=True)
        for name, path in pages:
            camera.take(page, f"staff-{name}", path, settle_ms=800)
        page.context.close()
    page = camera.window("thietke", script=True)
    page.goto(camera.url + EDITOR)
    page.wait_for_selector(".djs-palette")
    camera.take(page, "staff-editor", whole=False, settle_ms=2000)
    page.set_viewport_size({"width": SIZES[camera.size]["width"], "height": 1060})
    page.locator("a.bjs-powered-by").scroll_into_view_if_needed()
    camera.take(page, "staff-editor-with-mark", whole=False, settle_ms=1000)
    page.context.close()


def publish() -> None:
    """Copy the pictures of the README, reduced to a palette until they are small enough."""
    target = ROOT / "docs" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    for source, name in (
        ("vi-wide/staff-editor-with-mark.png", "console.png"),
        ("vi-wide/portal-home.png", "portal.png"),
        ("vi-wide/staff-tasklist-officer.png", "tasklist.png"),
    ):
        picture = Image.open(ROOT / "screenshots" / source).convert("RGB")
        for colors in (256, 128, 64, 32):
            out = io.BytesIO()
            picture.quantize(colors).save(out, "PNG", optimize=True)
            if out.tell() <= LARGEST_PICTURE:
                break
        (target / name).write_bytes(out.getvalue())


def take_all(url: str, password: str, only: str) -> None:
    """All pages in all four windows."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for language in ("vi", "en"):
            for size in SIZES:
                camera = Camera(browser, url, password, language, size)
                if only != "staff":
                    portal(camera)
                if only != "portal":
                    staff(camera)
                sys.stdout.write(f"{language} {size}: {len(list(camera.folder.iterdir()))} pictures\n")
        browser.close()
    publish()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="address of a stack that runs")
    parser.add_argument("--password", help="password of its demonstration accounts")
    parser.add_argument("--only", choices=("portal", "staff"), default="")
    options = parser.parse_args()
    if options.url:
        take_all(options.url, options.password, options.only)
        return
    with own_stack() as (url, password):
        take_all(url, password, options.only)


if __name__ == "__main__":
    main()
