"""The deploy-time validation catalogue, line by line; and that what Camunda 8.8 accepts is accepted."""

import re
from pathlib import Path

import pytest

import lienthong.engine.model
from lienthong.engine.model.validation import check_bpmn

from .catalogue_accepted import ACCEPTED
from .catalogue_rows import ROWS, Row

# Rules about the file as a whole or about attributes of any element: rows of test_validation.py and test_deployment.py.
ELSEWHERE = {"readable", "xml-entity", "headers", "input-mapping", "output-mapping", "boolean"}


@pytest.mark.parametrize("row", ROWS, ids=[row.says for row in ROWS])
def test_a_model_that_breaks_a_rule_gets_the_finding_of_that_rule(row: Row) -> None:
    found = {(problem.element_id, problem.rule) for problem in check_bpmn(row.content, "p.bpmn")}
    assert (row.element_id, row.rule) in found, found


def test_the_rows_say_different_things() -> None:
    said = [(row.says, row.element_id, row.rule) for row in ROWS]
    assert len(said) == len(set(said))
    assert len({row.content for row in ROWS}) == len(ROWS), "two rows break one model"


def test_every_rule_that_the_source_names_has_a_row() -> None:
    folder = Path(lienthong.engine.model.__file__).parent
    source = "".join(file.read_text() for file in sorted(folder.glob("*.py")))
    written = re.findall(r'Problem\(\s*[^,()]*(?:\([^()]*\))?[^,()]*,\s*"([a-z-]+)"', source)
    written += re.findall(r'reading\.problem\(\s*[^,()]*(?:\([^()]*\))?,\s*"([a-z-]+)"', source)
    written += re.findall(r'self\.problem\(\s*[^,()]*(?:\([^()]*\))?,\s*"([a-z-]+)"', source)
    assert len(set(written)) > 40
    assert set(written) - {row.rule for row in ROWS} <= ELSEWHERE


@pytest.mark.parametrize("says", ACCEPTED)
def test_what_camunda_8_8_accepts_is_accepted(says: str) -> None:
    assert check_bpmn(ACCEPTED[says], "p.bpmn") == []
