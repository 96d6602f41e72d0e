"""The message gateway's side: each message id leaves once; an inbox page shows what people would have got."""

import time
from typing import Any, Final

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response

from connectors.messaging.call import CHANNELS
from connectors.sandbox.faults import Misbehavior
from connectors.sandbox.signed import page, signed_body, text_of
from connectors.sandbox.store import SandboxStore

SYSTEM: Final = "messaging"
LONGEST_SMS: Final = 640


def messaging_routes(store: SandboxStore, misbehavior: Misbehavior, secret: str) -> APIRouter:
    """``POST /messaging/messages``; ``GET /messaging/`` is everybody's inbox."""
    router = APIRouter(prefix="/messaging")
    body = signed_body(SYSTEM, misbehavior, secret)

    @router.post("/messages")
    def send(value: dict[str, Any] = Depends(body)) -> dict[str, str]:
        identity, channel, address, text = text_of(value, "messageId", "channel", "to", "text")
        if channel not in CHANNELS or (channel == "sms" and len(text) > LONGEST_SMS):
            raise HTTPException(400, f"Expected sms of at most {LONGEST_SMS} characters, or email")
        if channel == "email" and "@" not in address:
            raise HTTPException(400, "Expected an address with @")
        with store.transaction():
            if store.record(SYSTEM, identity) is None:
                store.keep(SYSTEM, identity, {**value, "atMs": time.time_ns() // 1_000_000})
        return {"reference": f"MSG-{identity}"}

    @router.get("/inbox")
    def inbox(to: str = "") -> list[dict[str, Any]]:
        return [message for _, message in store.records(SYSTEM) if to in ("", message["to"])]

    @router.get("/")
    def shown() -> Response:
        return page("messages.html", messages=[message for _, message in store.records(SYSTEM)])

    return router
