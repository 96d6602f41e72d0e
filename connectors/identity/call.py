"""The relying party's side: begin a sign-in, then turn the returned code into checked claims."""

import time
from dataclasses import asdict, dataclass
from typing import Any, Final

import httpx
from authlib.common.security import generate_token  # type: ignore[import-untyped]
from authlib.integrations.base_client.errors import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from connectors.circuit import Circuit
from connectors.errors import Refused, Unavailable
from connectors.wire import TIMEOUT, content_of, object_of

SYSTEM: Final = "identity"
SCOPE: Final = "openid profile"
LEEWAY_S: Final = 60
REMEDY: Final = "Sign in again from the beginning."


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where to send the browser, and what to compare when it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str

    def kept(self) -> dict[str, str]:
        """What the browser's own sealed cookie keeps in between."""
        return {name: value for name, value in asdict(self).items() if name != "address"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in [V*: domain.md 8.4]: ``subject`` is the TechID, ``account_kind`` 1 person, 2 organisation."""

    issuer: str
    subject: str
    account_kind: int
    name: str
    personal_number: str
    tax_code: str
    organisation_number: str
    phone: str
    id_token: str


class IdentityClient:
    """The identity provider at ``issuer``; its own addresses and keys are discovered and kept for a while."""

    KEPT_S: Final = 600

    def __init__(self, issuer: str, client_id: str, client_secret: str, circuit: Circuit) -> None:
        self.issuer = issuer.rstrip("/")
        self.circuit = circuit
        self._client_id, self._client_secret = client_id, client_secret
        self._http = httpx.Client(timeout=TIMEOUT)
        self._known: dict[str, Any] = {}
        self._known_until = 0.0

    def close(self) -> None:
        self._http.close()

    def begin(self, redirect_uri: str) -> Begun:
        """Fresh state, nonce and verifier, and the address that asks for a code."""
        verifier, nonce = generate_token(64), generate_token(32)
        with self._client(redirect_uri) as client:
            address, state = client.create_authorization_url(
                self._discovered()["authorization_endpoint"],
                code_verifier=verifier,
                nonce=nonce,
                acr_values="vneid-2",
            )
        return Begun(str(address), str(state), nonce, verifier)

    def finish(self, redirect_uri: str, code: str, nonce: str, verifier: str) -> Identity:
        """Redeem the code and check the ID token: signature, issuer, audience, time, nonce. Raises `Refused`."""
        endpoints = self._discovered()
        token = self.circuit.call(lambda: self._token(endpoints["token_endpoint"], redirect_uri, code, verifier))
        id_token = str(token.get("id_token", ""))
        claims = self._checked(id_token, nonce)
        told = self._user_info(endpoints["userinfo_endpoint"], str(token.get("access_token", "")))
        if told.get("sub") != claims["sub"]:
            raise Refused(SYSTEM, "told of somebody else than who signed in", REMEDY)
        return identity_of(self.issuer, {**told, **claims}, id_token)

    def end_address(self, id_token: str, back: str) -> str:
        """Where the browser ends the session at the provider too."""
        query = httpx.QueryParams({"id_token_hint": id_token, "post_logout_redirect_uri": back})
        return f"{self._discovered()['end_session_endpoint']}?{query}"

    def _client(self, redirect_uri: str) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._client_id,
            client_secret=self._client_secret,
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )

    def _token(self, endpoint: str, redirect_uri: str, code: str, verifier: str) -> dict[str, Any]:
        try:
            with self._client(redirect_uri) as client:
                return dict(client.fetch_token(endpoint, code=code, code_verifier=verifier))
        except OAuthError as error:
            raise Refused(SYSTEM, f"refused the code: {error.error}", REMEDY) from error
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(SYSTEM, f"cannot be reached ({type(error).__name__})", REMEDY) from error

    def _user_info(self, endpoint: str, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        return object_of(
            SYSTEM,
            self.circuit.call(lambda: content_of(SYSTEM, lambda: self._http.get(endpoint, headers=headers))),
        )

    def _checked(self, id_token: str, nonce: str) -> dict[str, Any]:
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            token = jwt.decode(id_token, self._keys(), algorithms=["RS256"])
            rules.validate(token.claims)
        except (JoseError, ValueError) as error:
            raise Refused(SYSTEM, f"gave a token that does not hold ({type(error).__name__})", REMEDY) from error
        return dict(token.claims)

    def _discovered(self) -> dict[str, Any]:
        if time.monotonic() >= self._known_until:
            known = self._read(f"{self.issuer}/.well-known/openid-configuration")
            if known.get("issuer") != self.issuer:
                raise Refused(SYSTEM, "names another issuer than the one it was asked as", REMEDY)
            self._known = {**known, "keys": self._read(known["jwks_uri"])}
            self._known_until = time.monotonic() + self.KEPT_S
        return self._known

    def _keys(self) -> KeySet:
        return KeySet.import_key_set(self._discovered()["keys"])

    def _read(self, address: str) -> dict[str, Any]:
        content = self.circuit.call(lambda: content_of(SYSTEM, lambda: self._http.get(address)))
        return object_of(SYSTEM, content)


def identity_of(issuer: str, claims: dict[str, Any], id_token: str) -> Identity:
    """The claims in our words."""
    kind = 2 if str(claims.get("LoaiTaiKhoan", "1")) == "2" else 1
    return Identity(
        issuer=issuer,
        subject=str(claims.get("TechID") or claims["sub"]),
        account_kind=kind,
        name=str(claims.get("HoVaTen", "")),
        personal_number=str(claims.get("SoDinhDanh", "")),
        tax_code=str(claims.get("MaSoThue", "")),
        organisation_number=str(claims.get("MaSoDoanhNghiep", "")),
        phone=str(claims.get("SoDienThoai", "")),
        id_token=id_token,
    )
