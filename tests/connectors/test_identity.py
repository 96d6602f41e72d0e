"""OpenID Connect over HTTP: code with PKCE and nonce; every shortcut an attacker would try is refused."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.errors import Refused, Unavailable
from connectors.identity.call import Begun

PERSON = "052099000001"


def back_address(sandbox: Any) -> str:
    return f"{sandbox.settings.web_url}/dang-nhap/dinh-danh/tra-ve"


def sign_in(begun: Begun, username: str = PERSON, password: str = "thu-nghiem") -> httpx.Response:
    return httpx.post(begun.address, data={"username": username, "password": password})


def code_of(answer: httpx.Response) -> tuple[str, str]:
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return query["code"][0], query["state"][0]


def test_a_person_signs_in_with_an_identity_that_was_checked(sandbox: Any) -> None:
    client = sandbox.identity()
    begun = client.begin(back_address(sandbox))
    code, state = code_of(sign_in(begun))
    assert state == begun.state
    identity = client.finish(back_address(sandbox), code, begun.nonce, begun.verifier)
    assert (identity.subject, identity.account_kind) == (f"TECH-{PERSON}", 1)
    assert (identity.name, identity.personal_number) == ("Nguyễn Văn Thử", PERSON)
    ended = httpx.get(client.end_address(identity.id_token, sandbox.settings.web_url + "/"))
    assert ended.headers["location"] == sandbox.settings.web_url + "/"


def test_a_firm_signs_in_as_an_organisation(sandbox: Any) -> None:
    client = sandbox.identity()
    begun = client.begin(back_address(sandbox))
    code, _ = code_of(sign_in(begun, "4100000001"))
    identity = client.finish(back_address(sandbox), code, begun.nonce, begun.verifier)
    assert (identity.account_kind, identity.tax_code) == (2, "4100000001")


def test_a_code_is_good_once(sandbox: Any) -> None:
    client = sandbox.identity()
    begun = client.begin(back_address(sandbox))
    code, _ = code_of(sign_in(begun))
    client.finish(back_address(sandbox), code, begun.nonce, begun.verifier)
    with pytest.raises(Refused, match="invalid_grant"):
        client.finish(back_address(sandbox), code, begun.nonce, begun.verifier)


def test_a_stolen_code_is_worthless_without_its_verifier(sandbox: Any) -> None:
    client = sandbox.identity()
    begun, other = client.begin(back_address(sandbox)), client.begin(back_address(sandbox))
    code, _ = code_of(sign_in(begun))
    with pytest.raises(Refused, match="invalid_grant"):
        client.finish(back_address(sandbox), code, begun.nonce, other.verifier)


def test_a_token_of_another_sign_in_is_refused_by_its_nonce(sandbox: Any) -> None:
    client = sandbox.identity()
    begun = client.begin(back_address(sandbox))
    code, _ = code_of(sign_in(begun))
    with pytest.raises(Refused, match="does not hold"):
        client.finish(back_address(sandbox), code, "another-nonce", begun.verifier)


def test_a_wrong_password_gives_no_code(sandbox: Any) -> None:
    begun = sandbox.identity().begin(back_address(sandbox))
    answer = sign_in(begun, password="sai")
    assert answer.status_code == 401 and "location" not in answer.headers


@pytest.mark.parametrize(
    ("part", "value"),
    [("redirect_uri", "http://127.0.0.1:1/evil"), ("code_challenge_method", "plain"), ("client_id", "somebody")],
)
def test_the_provider_sends_nobody_elsewhere_and_takes_no_weaker_proof(sandbox: Any, part: str, value: str) -> None:
    begun = sandbox.identity().begin(back_address(sandbox))
    assert httpx.get(str(httpx.URL(begun.address).copy_set_param(part, value))).status_code == 400


def test_another_client_secret_redeems_nothing(sandbox: Any) -> None:
    client = sandbox.identity("another-secret")
    begun = client.begin(back_address(sandbox))
    code, _ = code_of(sign_in(begun))
    with pytest.raises(Refused, match="invalid_client"):
        client.finish(back_address(sandbox), code, begun.nonce, begun.verifier)


def test_a_provider_that_is_down_is_unavailable(sandbox: Any) -> None:
    sandbox.fault("identity", down=True)
    with pytest.raises(Unavailable):
        sandbox.identity().begin(back_address(sandbox))
