"""The tutorial of a new bundle is true: its snippets, put into law and models that lack the bundle, make it run."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law import load_law
from lienthong.scenarios.command import run as run_scenarios
from tests.models.bpmn_files import ROOT

TUTORIAL = ROOT / "docs" / "tutorial" / "a-new-bundle.md"
SNIPPET = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"```bash\n(.*?)```", re.DOTALL)
MODELS = ("birth-registration", "permanent-residence", "child-insurance-card")
OPEN = date(2023, 12, 1)


def snippets() -> dict[str, str]:
    """File → what the tutorial puts into it."""
    return dict(SNIPPET.findall(TUTORIAL.read_text(encoding="utf-8")))


@pytest.fixture
def without_the_bundle(tmp_path: Path) -> Path:
    """Law and models as they were before the tutorial: every snippet taken out, no model of the bundle."""
    for folder in ("law", "bpmn"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("golden"))
    shutil.rmtree(tmp_path / "bpmn" / "birth")
    for name in MODELS:
        (tmp_path / "bpmn" / "procedures" / f"procedure-{name}.bpmn").unlink()
        (tmp_path / "bpmn" / "procedures" / f"form-{name}.form").unlink()
    for name, text in snippets().items():
        if name.startswith("law/"):
            file = tmp_path / name
            before = file.read_text(encoding="utf-8")
            assert text in before, f"the tutorial's snippet of {name} is not what the file holds"
            file.write_text(before.replace(text, ""), encoding="utf-8")
    return tmp_path


def test_before_the_tutorial_the_bundle_is_not_there(without_the_bundle: Path) -> None:
    with pytest.raises(NotFound):
        load_law(without_the_bundle / "law").bundle("birth")


def test_the_snippets_and_models_make_the_bundle_run(
    without_the_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = without_the_bundle
    shutil.copytree(ROOT / "bpmn" / "birth", root / "bpmn" / "birth")
    for name in MODELS:
        for file in (f"procedure-{name}.bpmn", f"form-{name}.form"):
            shutil.copy(ROOT / "bpmn" / "procedures" / file, root / "bpmn" / "procedures" / file)
    for name, text in snippets().items():
        file = root / name
        file.write_text(file.read_text(encoding="utf-8") + text if name.startswith("law/") else text, encoding="utf-8")
    law = load_law(root / "law")
    assert "birth" in [bundle.id for bundle in law.bundles(OPEN)]
    assert law.graph(law.bundle("birth"), {})["B2"] == ("B1",)
    assert run_scenarios([str(root / "bpmn" / "birth" / "2023" / "scenarios" / "refused-b2.yaml")]) == 0
    assert "1 of 1 scenarios passed" in capsys.readouterr().out


def test_the_commands_of_the_tutorial_end_well(monkeypatch: pytest.MonkeyPatch) -> None:
    from lienthong.cli import main

    monkeypatch.chdir(ROOT)
    (block,) = COMMAND.findall(TUTORIAL.read_text(encoding="utf-8"))
    commands = [line.split()[1:] for line in block.strip().splitlines()]
    assert [command[0] for command in commands] == ["check", "test-models"]
    for command in commands:
        assert main(command) == 0


def test_the_new_bundle_needs_no_python() -> None:
    for folder in ("lienthong", "workers", "connectors"):
        for file in (ROOT / folder).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            assert "birth-v2023" not in text and "procedure-birth-registration" not in text, file


def test_every_snippet_parses() -> None:
    found = snippets()
    assert {name for name in found if name.startswith("law/")} == {
        f"law/{name}.yaml" for name in ("authorities", "competence", "fees", "procedures", "bundles")
    }
    assert all(yaml.safe_load(text) for text in found.values())
