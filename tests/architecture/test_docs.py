"""Docs that cannot rot: every command they show exists, every link leads somewhere, every snippet runs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from lienthong.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.S)
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
RUNNABLE = {"feel", "check", "test-models", "dmn"}


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_a_page_names_exists(page: Path) -> None:
    asked = set(re.findall(r"`(?:\w+=\S+ )*make ([a-z-]+)", page.read_text()))
    asked |= {
        target for _, block in BLOCK.findall(page.read_text()) for target in re.findall(r"^make ([a-z-]+)", block, re.M)
    }
    assert asked <= MAKE_TARGETS, f"{named(page)} names {sorted(asked - MAKE_TARGETS)}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_a_page_names_exists(page: Path) -> None:
    asked = set(re.findall(r"`(?:\.venv/bin/)?lienthong ([a-z][a-z-]+)", page.read_text()))
    assert asked <= set(COMMANDS), f"{named(page)} names {sorted(asked - set(COMMANDS))}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert lost == [], f"{named(page)} links to {lost}"


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_snippets_of_a_page_run(page: Path) -> None:
    """Command lines that only read the repository are run as they stand."""
    for _, block in BLOCK.findall(page.read_text()):
        for line in block.splitlines():
            match = re.match(r"(?:\.venv/bin/)?lienthong ([a-z-]+)(.*)", line.strip())
            if match is None or match.group(1) not in RUNNABLE:
                continue
            command = [
                str(Path(sys.executable).parent / "lienthong"),
                match.group(1),
                *shlex.split(match.group(2), comments=True),
            ]
            answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
            assert answer.returncode == 0, f"{line}: {answer.stdout[-500:]}{answer.stderr[-500:]}"
