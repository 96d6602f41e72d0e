"""No choice can starve a join: from the start of every bundle the end is reached whatever the data say."""

from pathlib import Path

import pytest

from lienthong.engine.model.parser import parse_bpmn
from lienthong.redeploy.token_game import Fate, TokenGame
from tests.models.bpmn_files import BUNDLES, name_of


@pytest.mark.parametrize("bundle", BUNDLES, ids=name_of)
def test_every_way_through_the_bundle_comes_to_its_end(bundle: Path) -> None:
    file = bundle / "bundle.bpmn"
    (process,) = parse_bpmn(file.read_bytes()).processes
    found = TokenGame(process).fate({"filed": 1})
    assert (found.fate, found.joins) == (Fate.SAFE, ())
