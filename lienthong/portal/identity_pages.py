"""Sign in with an electronic identity (OpenID Connect, code with PKCE).

State, nonce and verifier wait in a sealed cookie of this browser for ten minutes, bound to its session, and are used
once; so an answer that somebody else began, or that comes a second time, signs nobody in.
"""

import hmac
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from connectors.errors import ConnectorFailure
from connectors.identity.call import Identity, IdentityClient
from lienthong.dossiers import profiles
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.profiles import ProvenIdentity
from lienthong.portal.account import local_path
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import go, page
from lienthong.web.session import sign_in_session, web_session
from lienthong.web.users import CurrentUser, optional_user

router = APIRouter(prefix="/dang-nhap/dinh-danh")
COOKIE: Final = "lt_identity"
SECONDS: Final = 600


def identity_client(request: Request) -> IdentityClient:
    """The provider's client, made at the first sign-in of this process."""
    state = request.app.state
    if getattr(state, "identity", None) is None:
        from prometheus_client import CollectorRegistry

        from connectors.circuit import Circuit, CircuitMetrics

        chosen = state.settings
        way = Circuit("identity", CircuitMetrics(CollectorRegistry()))
        state.identity = IdentityClient(
            chosen.identity_issuer, chosen.identity_client_id, chosen.identity_client_secret, way
        )
    client: IdentityClient = state.identity
    return client


def _sealer(given: Services) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(given.settings.secret_key, salt="lienthong-identity-v1")


def back_address(given: Services) -> str:
    """Where the provider sends the browser."""
    return f"{given.settings.web_url.rstrip('/')}/dang-nhap/dinh-danh/tra-ve"


@router.get("")
def begin(
    request: Request,
    next: str = "/ho-so",
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """To the provider's page; when somebody is signed in already, the identity will be linked to that account."""
    try:
        begun = identity_client(request).begin(back_address(given))
    except ConnectorFailure:
        return _refused(request, user, "identity.unavailable", 503)
    session = web_session(request)
    session.changed = True  # so that a visitor's very first request keeps the session it is bound to
    kept = {
        **begun.kept(),
        "next": local_path(next),
        "session": session.session_id,
        "link": None if user is None else user.id,
    }
    answer = go(begun.address)
    secure = given.settings.web_url.startswith("https:")
    answer.set_cookie(COOKIE, _sealer(given).dumps(kept), max_age=SECONDS, httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/tra-ve")
def finish(
    request: Request,
    code: str = "",
    state: str = "",
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """Back from the provider: compare, redeem the code, sign in with a fresh session."""
    kept = _kept(request, given)
    if kept is None or not code or not hmac.compare_digest(str(kept["state"]).encode(), state.encode()):
        return _refused(request, user, "identity.not_begun", 400)
    try:
        identity = identity_client(request).finish(back_address(given), code, kept["nonce"], kept["verifier"])
    except ConnectorFailure:
        return _refused(request, user, "identity.refused", 401)
    link_to = kept["link"] if user is not None and user.id == kept["link"] else None
    with session_scope(given.database) as session:
        account = profiles.sign_in_by_identity(session, proven(identity), given.now, link_to)
        user_id = account.id or 0
    sign_in_session(request, user_id)
    answer = go(str(kept["next"]), "identity.linked" if link_to is not None else "identity.done")
    answer.delete_cookie(COOKIE)
    return answer


def _kept(request: Request, given: Services) -> dict[str, Any] | None:
    """What this browser's own session began, if it did so within ten minutes."""
    try:
        kept = _sealer(given).loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
    except BadSignature:
        return None
    fits = isinstance(kept, dict) and kept.get("session") == web_session(request).session_id
    return kept if fits else None


def proven(identity: Identity) -> ProvenIdentity:
    """The provider's claims in the domain's words."""
    return ProvenIdentity(
        issuer=identity.issuer,
        subject=identity.subject,
        name=identity.name,
        personal_number=identity.personal_number,
        organisation=identity.account_kind == 2,
        tax_code=identity.tax_code,
        phone=identity.phone,
    )


def _refused(request: Request, user: CurrentUser | None, key: str, status: int) -> Response:
    """The sign-in page with what went wrong; the cookie of the try is gone."""
    answer = page(request, "sign_in.html", user, {"next": "/ho-so", "refused": False, "trouble": key}, status)
    answer.delete_cookie(COOKIE)
    return answer
