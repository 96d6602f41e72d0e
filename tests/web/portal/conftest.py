"""Fixtures of the portal's tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "connectors"))  # its sandbox is played here too
from portal_world import PortalWorld, Visitor, build_portal


@pytest.fixture
def portal(tmp_path: Path) -> PortalWorld:
    return build_portal(tmp_path)


@pytest.fixture
def citizen(portal: PortalWorld) -> Visitor:
    """A citizen who has signed in."""
    visitor = Visitor(portal)
    assert visitor.sign_in().status_code == 303
    return visitor
