"""What outward systems call: signed, idempotent, answered only after the commit."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from lienthong.dossiers import essential_payments, payments
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.payments import CallbackOutcome
from lienthong.portal.deps import Services, services

router = APIRouter(prefix="/callbacks")
BODY_LIMIT = 64 * 1024


async def raw_body(request: Request) -> bytes:
    """Dependency: the body as it was signed, bounded."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            break
    return body


@router.post("/payment")
def payment_callback(
    request: Request, body: bytes = Depends(raw_body), given: Services = Depends(services)
) -> Response:
    """The payment gateway's word: repeated, late or wrongly signed, a dossier is paid once."""
    signature = request.headers.get("X-Signature", "")
    secret = given.settings.payment_secret
    with session_scope(given.database) as session:
        of_bill = essential_payments.receive_signed_callback(session, secret, body, signature, given.now)
        outcome = of_bill or payments.receive_signed_callback(session, secret, body, signature, given.now)
    refused = {CallbackOutcome.BAD_SIGNATURE: 401, CallbackOutcome.MALFORMED: 400}
    return JSONResponse({"outcome": outcome}, refused.get(outcome, 200))
