"""Every file in a connector's ``cases`` folder, played against the sandbox over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors import errors
from connectors.payment.order import Order, OrderLine
from connectors.population.request import Lookup

ROOT = Path(__file__).resolve().parents[2]
CONNECTORS = ROOT / "connectors"


def cases(connector: str) -> list[Any]:
    files = sorted((CONNECTORS / connector / "cases").glob("*.json"))
    return [pytest.param(json.loads(file.read_text(encoding="utf-8")), id=file.stem) for file in files]


def expect_failure(expected: dict[str, Any]) -> Any:
    return pytest.raises(getattr(errors, expected["failure"]), match=expected["problem"])


@pytest.mark.parametrize("case", cases("population"))
def test_population(sandbox: Any, case: dict[str, Any]) -> None:
    sandbox.fault("population", **case["fault"])
    client, lookup, expected = sandbox.population(), Lookup(**case["lookup"]), case["expect"]
    if "failure" in expected:
        with expect_failure(expected):
            client.look_up(lookup)
        return
    citizen = client.look_up(lookup)
    assert (citizen is not None) == expected["found"], case["title"]
    if citizen is not None:
        assert sorted(citizen.fields) == expected["fields"]
        assert citizen.is_named(lookup.full_name)


@pytest.mark.parametrize("case", cases("payment"))
def test_payment(sandbox: Any, case: dict[str, Any]) -> None:
    sandbox.fault("payment", **case["fault"])
    client, expected = sandbox.payment(case["secret"]), case["expect"]

    def order(**change: Any) -> Order:
        value = {**case["order"], **change}
        return Order(**{**value, "lines": tuple(OrderLine(**line) for line in value["lines"])})

    def play() -> Any:
        placed = client.create_order(order())
        return placed if case["again"] is None else client.create_order(order(**case["again"]))

    if "failure" in expected:
        with expect_failure(expected):
            play()
        return
    placed = play()
    assert placed.status == expected["status"], case["title"]
    assert placed == client.order(case["order"]["order_id"]), "the gateway tells the same about the order afterwards"


@pytest.mark.parametrize("connector", ["population", "payment"])
def test_a_connector_points_at_the_element_template_of_its_job_type(connector: str) -> None:
    described = yaml.safe_load((CONNECTORS / connector / "connector.yaml").read_text(encoding="utf-8"))
    template = json.loads((ROOT / described["element_template"]).read_text(encoding="utf-8"))
    types = [p["value"] for p in template["properties"] if p["binding"].get("property") == "type"]
    assert types == [described["job_type"]]
    assert described["mark"] in ("V", "V*", "S", "M", "I")
