"""The runner of the compatibility kit, on a kit of two cases; and on the real one where it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .models import definitions, literal

ROOT = Path(__file__).parents[2]
RUNNER = ROOT / "bench" / "conformance.py"
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName>
<testCase id="1"><inputNode name="n"><value xsi:type="xsd:decimal">2</value></inputNode>
<resultNode name="d"><expected><value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase>
<testCase id="2"><inputNode name="n"><value xsi:type="xsd:decimal">2</value></inputNode>
<resultNode name="d"><expected><value xsi:type="xsd:decimal">4</value></expected></resultNode></testCase>
</testCases>"""


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(RUNNER), *arguments],
        env={**os.environ, "TCK": str(folder)},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
        cwd=ROOT,
    )


def test_passed_and_failed_cases_are_counted(tmp_path: Path) -> None:
    content = definitions(
        '<inputData id="i" name="n"><variable name="n"/></inputData>'
        + literal("d", "n + 1", '<informationRequirement><requiredInput href="#i"/></informationRequirement>')
    )
    (tmp_path / "m.dmn").write_bytes(content)
    (tmp_path / "m-test-01.xml").write_text(CASES, "utf-8")
    done = _run(tmp_path, "--failures")
    assert done.stdout.splitlines()[-1] == "DMN TCK: 1 of 2"
    assert "2 d: expected Decimal('4'), got Decimal('3')" in done.stdout


def test_an_absent_kit_is_no_failure(tmp_path: Path) -> None:
    assert "No DMN TCK" in _run(tmp_path / "absent").stdout


def test_at_least_99_of_100_of_the_kit_pass() -> None:
    kit = Path(os.environ.get("TCK", ROOT / "../shared/dmn-tck"))
    if not kit.is_dir():
        pytest.skip(f"no DMN TCK in '{kit}': set TCK to the folder of the kit")
    passed, _, total = _run(kit).stdout.splitlines()[-1].removeprefix("DMN TCK: ").split()
    assert int(total) > 2000
    assert int(passed) >= 0.99 * int(total)
