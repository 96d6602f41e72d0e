"""The identity provider's side: OpenID Connect with code and PKCE (S256 only), RS256 tokens, a sign-in page.

Everybody's password is `PASSWORD`: the people are synthetic, and so is the provider.
"""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

from connectors.sandbox.faults import Misbehavior
from connectors.sandbox.population import load_citizens
from connectors.sandbox.signed import page
from connectors.sandbox.store import SandboxStore

SYSTEM: Final = "identity"
PASSWORD: Final = "thu-nghiem"
CODE_S: Final = 60
TOKEN_S: Final = 600
ASKED: Final = ("client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method")


def titled(name: str) -> str:
    """NGUYỄN VĂN THỬ → Nguyễn Văn Thử."""
    return " ".join(word.capitalize() for word in name.split())


def accounts() -> dict[str, dict[str, Any]]:
    """The synthetic people as the provider knows them, and one firm, by user name."""
    people = {
        number: {
            "LoaiTaiKhoan": "1",
            "TechID": f"TECH-{number}",
            "HoVaTen": titled(citizen["HoVaTen"]),
            "SoDinhDanh": number,
            "SoCMND": "",
            "HoChieu": "",
            "MaSoThue": "",
            "MaSoDoanhNghiep": "",
        }
        for number, citizen in load_citizens().items()
    }
    firm = {
        "LoaiTaiKhoan": "2",
        "TechID": "TECH-4100000001",
        "HoVaTen": "Công ty TNHH Thử Nghiệm",
        "SoDinhDanh": "052199000002",
        "SoCMND": "",
        "HoChieu": "",
        "MaSoThue": "4100000001",
        "MaSoDoanhNghiep": "4100000001",
    }
    return {**people, "4100000001": firm}


class Provider:
    """Codes, tokens and the signing key, in one store."""

    def __init__(self, store: SandboxStore, issuer: str, client_id: str, client_secret: str, web_url: str) -> None:
        self.issuer = issuer.rstrip("/")
        self.accounts = accounts()
        self._store, self._web = store, urlsplit(web_url)
        self._client_id, self._client_secret = client_id, client_secret
        self.key = self._kept_key()

    def _kept_key(self) -> RSAKey:
        kept = self._store.record("identity-key", "rs256")
        if kept is None:
            made = RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256", "kid": secrets.token_hex(8)})
            kept = dict(made.as_dict(private=True))
            self._store.keep("identity-key", "rs256", kept)
        return RSAKey.import_key(kept)

    def check_asked(self, asked: dict[str, str]) -> None:
        """A request for a code as the registered client may make it; 400 says what is wrong."""
        if asked["client_id"] != self._client_id:
            raise HTTPException(400, "unknown client_id")
        self.check_back(asked["redirect_uri"])
        if asked["code_challenge_method"] != "S256" or not asked["code_challenge"] or not asked["state"]:
            raise HTTPException(400, "Expected state and a code_challenge with S256")

    def check_back(self, address: str) -> None:
        """Nowhere else than to the registered client; 400 for another address."""
        back = urlsplit(address)
        if (back.scheme, back.netloc) != (self._web.scheme, self._web.netloc):
            raise HTTPException(400, "redirect_uri is not registered")

    def code_for(self, username: str, asked: dict[str, str]) -> str:
        """A code for one use."""
        code = secrets.token_urlsafe(24)
        self._store.keep("identity-code", code, {"user": username, "asked": asked, "until": time.time() + CODE_S})
        return code

    def redeem(self, code: str, redirect_uri: str, verifier: str) -> dict[str, Any] | None:
        """Tokens for a code that fits its redirect address and verifier; used up either way."""
        kept = self._store.take("identity-code", code)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if (
            kept is None
            or kept["until"] < time.time()
            or kept["asked"]["redirect_uri"] != redirect_uri
            or not hmac.compare_digest(kept["asked"]["code_challenge"], challenge)
        ):
            return None
        access = secrets.token_urlsafe(24)
        self._store.keep("identity-token", access, {"user": kept["user"], "until": time.time() + TOKEN_S})
        token = self._id_token(kept["user"], kept["asked"]["nonce"])
        return {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_S, "id_token": token}

    def _id_token(self, username: str, nonce: str) -> str:
        now = int(time.time())
        subject = self.accounts[username]["TechID"]
        claims = {"iss": self.issuer, "aud": self._client_id, "sub": subject, "iat": now, "exp": now + TOKEN_S}
        if nonce:
            claims["nonce"] = nonce
        return str(jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key))

    def is_client(self, client_id: str, client_secret: str) -> bool:
        """Whether these are the registered client's credentials."""
        right = client_id == self._client_id
        return hmac.compare_digest(client_secret.encode(), self._client_secret.encode()) and right

    def who(self, access_token: str) -> dict[str, Any] | None:
        """The claims that a token opens."""
        kept = self._store.record("identity-token", access_token)
        if kept is None or kept["until"] < time.time():
            return None
        claims = self.accounts[kept["user"]]
        return {"sub": claims["TechID"], **claims}


def asked_of(request: Request) -> dict[str, str]:
    """Dependency: the parameters of a request for a code."""
    return {name: request.query_params.get(name, "") for name in ASKED}


def identity_routes(misbehavior: Misbehavior, provider: Provider) -> APIRouter:
    """The endpoints below ``/identity``."""
    router = APIRouter(prefix="/identity")
    _add_discovery(router, misbehavior, provider)
    _add_sign_in(router, provider)
    _add_tokens(router, misbehavior, provider)
    return router


def _add_discovery(router: APIRouter, misbehavior: Misbehavior, provider: Provider) -> None:
    @router.get("/.well-known/openid-configuration")
    def configuration() -> dict[str, Any]:
        misbehavior.before_answer(SYSTEM)
        here = provider.issuer
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "userinfo_endpoint": f"{here}/userinfo",
            "jwks_uri": f"{here}/jwks",
            "end_session_endpoint": f"{here}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    @router.get("/jwks")
    def keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}


def _add_sign_in(router: APIRouter, provider: Provider) -> None:
    @router.get("/authorize")
    def authorize(asked: dict[str, str] = Depends(asked_of)) -> Response:
        provider.check_asked(asked)
        return page("identity.html", people=provider.accounts, refused=False, query=urlencode(asked))

    @router.post("/authorize")
    def sign_in(
        username: str = Form(""), password: str = Form(""), asked: dict[str, str] = Depends(asked_of)
    ) -> Response:
        provider.check_asked(asked)
        if username not in provider.accounts or not hmac.compare_digest(password.encode(), PASSWORD.encode()):
            return page("identity.html", 401, people=provider.accounts, refused=True, query=urlencode(asked))
        answer = urlencode({"code": provider.code_for(username, asked), "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 303)

    @router.get("/logout")
    def logout(post_logout_redirect_uri: str = "") -> Response:
        """No session is kept here, so there is only the way back."""
        provider.check_back(post_logout_redirect_uri)
        return RedirectResponse(post_logout_redirect_uri, 303)


def _add_tokens(router: APIRouter, misbehavior: Misbehavior, provider: Provider) -> None:
    @router.post("/token")
    def token(
        request: Request,
        grant_type: str = Form(""),
        code: str = Form(""),
        redirect_uri: str = Form(""),
        code_verifier: str = Form(""),
    ) -> Response:
        misbehavior.before_answer(SYSTEM)
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        try:
            client_id, _, client_secret = base64.b64decode(given, validate=True).decode().partition(":")
        except ValueError:
            client_id, client_secret = "", ""
        if scheme.lower() != "basic" or not provider.is_client(client_id, client_secret):
            return JSONResponse({"error": "invalid_client"}, 401)
        tokens = provider.redeem(code, redirect_uri, code_verifier) if grant_type == "authorization_code" else None
        return JSONResponse({"error": "invalid_grant"}, 400) if tokens is None else JSONResponse(tokens)

    @router.get("/userinfo")
    def who(request: Request) -> Response:
        misbehavior.before_answer(SYSTEM)
        claims = provider.who(request.headers.get("Authorization", "").removeprefix("Bearer "))
        return JSONResponse({"error": "invalid_token"}, 401) if claims is None else JSONResponse(claims)
