"""The floors hold: imports go down, and nothing but its protocols reaches the engine."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_contracts_of_the_import_linter_are_kept() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    answer = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
