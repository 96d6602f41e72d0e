"""Lookup 037: what goes over the wire, and what may come back."""

import logging
from typing import Any

import httpx
import pytest

from connectors.errors import CircuitOpen, Refused, Unavailable, Unreadable
from connectors.population.request import (
    Access,
    Lookup,
    authorization,
    birth_year,
    build_envelope,
    parse_envelope,
)

LOOKUP = Lookup(
    "r-1", "match-applicant", "052099000001", "Nguyễn Văn Thử", "1999", "bd-ttpvhcc/may", "bd-ttpvhcc", "lt"
)


@pytest.mark.parametrize(
    ("number", "year"),
    [
        ("052099000001", "1999"),
        ("052186000006", "1986"),
        ("052204000007", "2004"),
        ("052305000008", "2005"),
        ("123456789", ""),
        ("05209900000x", ""),
        ("٠٥٢٠٩٩٠٠٠٠٠١", ""),
        ("", ""),
    ],
)
def test_the_year_of_birth_is_read_from_the_personal_number(number: str, year: str) -> None:
    assert birth_year(number) == year


def test_an_old_number_of_nine_digits_goes_into_its_own_field() -> None:
    old = Lookup("r-1", "match-applicant", "123456789", "A", "1960", "o", "u", "lt")
    assert b"SoCMND>123456789<" in build_envelope(old)
    assert b"SoDinhDanh" not in build_envelope(old)


def test_the_digest_is_bound_to_address_and_time() -> None:
    access = Access("u", "s", "c", "k")
    one = authorization("http://a/037", access, 1)["Authorization"]
    assert one != authorization("http://b/037", access, 1)["Authorization"]
    assert one != authorization("http://a/037", access, 2)["Authorization"]
    assert "s" not in one.split()[1].replace("s", "s", 0) or one.startswith("Basic ")


@pytest.mark.parametrize(
    "content",
    [
        b"no xml at all",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        b"<a/>",
        b"<a>" + b"x" * 300_000 + b"</a>",
    ],
)
def test_an_answer_outside_the_protocol_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_envelope(content, "match-applicant")


def test_fields_beyond_the_purpose_are_dropped_even_when_they_are_sent() -> None:
    generous = (
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://dancuquocgia.bca"><e:Body>'
        b"<TraCuuThongTinCongDanResponse><CongDan><HoVaTen>A</HoVaTen><TonGiao>x</TonGiao></CongDan>"
        b"</TraCuuThongTinCongDanResponse></e:Body></e:Envelope>"
    )
    citizen = parse_envelope(generous, "match-applicant")
    assert citizen is not None
    assert citizen.fields == {"HoVaTen": "A"}


def test_a_slow_service_counts_as_unavailable(sandbox: Any) -> None:
    sandbox.fault("population", delay_ms=400)
    with pytest.raises(Unavailable, match="in time"):
        sandbox.population(timeout_s=0.05, attempts=1).look_up(LOOKUP)


def test_a_foreign_secret_is_refused(sandbox: Any) -> None:
    access = Access("lienthong", "another", "VN/BD/LIENTHONG", "key")
    url = f"{sandbox.url}/population/037"
    headers = authorization(url, access, 1)
    assert httpx.post(url, content=build_envelope(LOOKUP), headers=headers).status_code == 401


def test_after_failures_the_circuit_opens_says_so_in_metrics_and_closes_again(sandbox: Any) -> None:
    sandbox.fault("population", down=True)
    client = sandbox.population(threshold=2, open_ms=60_000, attempts=1)
    for _ in range(2):
        with pytest.raises(Unavailable):
            client.look_up(LOOKUP)
    with pytest.raises(CircuitOpen) as opened:
        client.look_up(LOOKUP)
    assert opened.value.retry_after_ms == 60_000
    value = sandbox.registry.get_sample_value
    assert value("lienthong_circuit_state", {"system": "population"}) == 2
    assert value("lienthong_connector_calls_total", {"system": "population", "outcome": "not_called"}) == 1
    sandbox.fault("population")
    client.circuit._breaker.context._state.opened_at = 0  # a minute later
    assert client.look_up(LOOKUP) is not None
    assert client.circuit.state == "closed"
    assert value("lienthong_circuit_state", {"system": "population"}) == 0


def test_a_refusal_is_an_answer_and_never_opens_the_circuit(sandbox: Any) -> None:
    client = sandbox.population(threshold=1)
    for _ in range(3):
        with pytest.raises(Refused):
            client.look_up(Lookup("r", "match-applicant", "052099000001", "A", "1999", "", "u", "lt"))
    assert client.circuit.state == "closed"


def test_each_query_is_logged_to_its_officer_and_nothing_personal_reaches_the_log(
    sandbox: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sandbox.population().look_up(LOOKUP)
    assert "052099000001" not in caplog.text
    assert "Thử" not in caplog.text
