"""The house style as tests: sizes, names, and what no committed file may say."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("lienthong", "workers", "connectors")
FILE_LINES_HARD = 500
FUNCTION_LINES_HARD = 70
FORBIDDEN_MODULES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


SOURCES = [
    file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")) if "node_modules" not in file.parts
]


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_and_its_functions_stay_within_the_hard_limits(file: Path) -> None:
    text = file.read_text()
    assert len(text.splitlines()) <= FILE_LINES_HARD, "Expected at most 500 lines: find the seam"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES_HARD, f"{node.name} has {length} lines"


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(file) for file in SOURCES if file.stem in FORBIDDEN_MODULES] == []


def test_only_the_settings_read_the_environment() -> None:
    allowed = {"lienthong/settings.py", "lienthong/stack.py", "lienthong/commands/build_staff.py"}
    readers = {
        str(file.relative_to(ROOT)) for file in SOURCES if re.search(r"\bos\.(environ|getenv)\b", file.read_text())
    }
    assert readers <= allowed, f"These read the environment beside the settings: {sorted(readers - allowed)}"


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in SOURCES
        if file.read_text().strip() and not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert silent == []


def test_no_committed_file_names_a_registry_host() -> None:
    dot = "[.]"
    hosts = re.compile(
        f"pypi{dot}org|pythonhosted{dot}org|registry{dot}npmjs|deb{dot}debian{dot}org|repo1?{dot}maven|proxy{dot}golang"
    )
    named = [
        str(file.relative_to(ROOT))
        for file in tracked_files()
        if file.suffix not in {".png", ".jpg", ".pdf"} and hosts.search(file.read_text(errors="ignore"))
    ]
    assert named == []


def test_every_job_type_of_the_models_has_a_worker_of_that_name() -> None:
    types = {
        match
        for model in (ROOT / "bpmn").rglob("*.bpmn")
        for match in re.findall(r'taskDefinition[^>]*\btype="([^"=]+)"', model.read_text())
    }
    assert types, "Expected job types in bpmn/, but found none"
    workers = {file.stem for file in (ROOT / "workers").glob("*.py")}
    assert types - workers == set()
