"""The payment gateway's side: signed orders in, a hosted page for the payer, signed callbacks out."""

import json
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool

from connectors.payment.signature import HEADER, is_signed
from connectors.sandbox.faults import Misbehavior, hold_ms
from connectors.sandbox.store import SandboxStore, StoredOrder

FOLDER: Final = Path(__file__).parent
REQUIRED: Final = {"orderId": str, "amount": int, "callbackUrl": str, "returnUrl": str, "description": str}
PAGES: Final = Environment(loader=FileSystemLoader(FOLDER / "pages"), autoescape=select_autoescape(["html"]))


def read_order(content: bytes) -> dict[str, Any]:
    """The order of a request body; 400 when a field is missing, foreign or no address."""
    try:
        order = json.loads(content)
    except ValueError as error:
        raise HTTPException(400, "Expected JSON") from error
    if not isinstance(order, dict):
        raise HTTPException(400, "Expected an object")
    for name, kind in REQUIRED.items():
        if type(order.get(name)) is not kind:
            raise HTTPException(400, f"Expected {name} as {kind.__name__}")
    addresses = (urlsplit(order["callbackUrl"]), urlsplit(order["returnUrl"]))
    if order["amount"] <= 0 or any(address.scheme not in ("http", "https") for address in addresses):
        raise HTTPException(400, "Expected a positive amount and http addresses")
    return order


def callback_body(order: StoredOrder, status: str, transaction_id: str, paid_at: str) -> tuple[str, bytes]:
    """The id and the exact bytes of the callback of one transaction."""
    callback_id = f"CB-{transaction_id}"
    value = {
        "callbackId": callback_id,
        "orderId": order.order_id,
        "transactionId": transaction_id,
        "amount": order.body["amount"],
        "status": status,
        "paidAt": paid_at,
    }
    return callback_id, json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


class Gateway:
    """Orders and their payment, in one store."""

    def __init__(self, store: SandboxStore, misbehavior: Misbehavior, secret: str) -> None:
        self._store = store
        self._misbehavior = misbehavior
        self._secret = secret

    def place(self, content: bytes, signature: str) -> StoredOrder:
        """A new order, or the same one again; 401 when not signed, 409 when it differs from what was placed."""
        self._misbehavior.before_answer("payment")
        self._check(content, signature)
        order = read_order(content)
        with self._store.transaction():
            known = self._store.order(order["orderId"])
            if known is None:
                self._store.add_order(order["orderId"], order)
            elif known.body["amount"] != order["amount"]:
                raise HTTPException(409, "This order was placed with another amount")
        return self.known(order["orderId"])

    def state(self, order_id: str, signature: str) -> StoredOrder:
        self._misbehavior.before_answer("payment")
        self._check(order_id.encode(), signature)
        return self.known(order_id)

    def records(self, first: str, after: str, signature: str) -> list[StoredOrder]:
        """The transactions of a span, for reconciliation; signed over ``first/after``."""
        self._misbehavior.before_answer("payment")
        self._check(f"{first}/{after}".encode(), signature)
        return self._store.finished_orders(first, after)

    def known(self, order_id: str) -> StoredOrder:
        order = self._store.order(order_id)
        if order is None:
            raise HTTPException(404, "No such order")
        return order

    def finish(self, order_id: str, status: str) -> StoredOrder:
        """Pay or fail a pending order and queue its callbacks, in one commit; a second press changes nothing."""
        order = self.known(order_id)
        transaction_id = f"TX{secrets.token_hex(8).upper()}"
        paid_at = datetime.now(UTC).isoformat(timespec="seconds")
        fault = self._misbehavior.of("payment")
        with self._store.transaction():
            if self._store.finish_order(order_id, status, transaction_id, paid_at):
                callback_id, body = callback_body(order, status, transaction_id, paid_at)
                first_ms = time.time_ns() // 1_000_000 + hold_ms(fault, self._store.callback_count())
                for _ in range(1 + fault.repeat):
                    self._store.queue_callback(callback_id, order.body["callbackUrl"], body, first_ms)
        return self.known(order_id)

    def _check(self, content: bytes, signature: str) -> None:
        if not is_signed(self._secret, content, signature):
            raise HTTPException(401, "The signature does not fit the body")


def order_json(order: StoredOrder, request: Request) -> dict[str, Any]:
    """An order as the gateway tells it."""
    pay_url = str(request.base_url) + f"payment/pay/{quote(order.order_id, safe='')}"
    return {
        "orderId": order.order_id,
        "payUrl": pay_url,
        "status": order.status,
        "transactionId": order.transaction_id,
    }


def payment_page(order: StoredOrder) -> HTMLResponse:
    """The hosted page, in Vietnamese with English beside."""
    content = PAGES.get_template("pay.html").render(order=order, body=order.body)
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
    return HTMLResponse(content, headers=headers)


def payment_routes(store: SandboxStore, misbehavior: Misbehavior, secret: str) -> APIRouter:
    """``/payment/orders`` for the merchant, ``/payment/pay/{order}`` for the payer."""
    router = APIRouter(prefix="/payment")
    gateway = Gateway(store, misbehavior, secret)

    @router.post("/orders")
    async def place(request: Request) -> Response:
        signature = request.headers.get(HEADER, "")
        order = await run_in_threadpool(gateway.place, await request.body(), signature)
        return JSONResponse(order_json(order, request))

    @router.get("/records")
    def records(first: str, after: str, request: Request) -> Response:
        found = gateway.records(first, after, request.headers.get(HEADER, ""))
        rows = [
            {
                "orderId": one.order_id,
                "transactionId": one.transaction_id,
                "amount": one.body["amount"],
                "status": one.status,
                "paidAt": one.paid_at,
            }
            for one in found
        ]
        return JSONResponse({"records": rows})

    @router.get("/orders/{order_id}")
    def state(order_id: str, request: Request) -> Response:
        return JSONResponse(order_json(gateway.state(order_id, request.headers.get(HEADER, "")), request))

    @router.get("/pay/{order_id}")
    def page(order: StoredOrder = Depends(gateway.known)) -> Response:
        return payment_page(order)

    @router.post("/pay/{order_id}")
    def pay(order_id: str, action: str = Form("pay")) -> Response:
        order = gateway.finish(order_id, "failed" if action == "cancel" else "paid")
        return RedirectResponse(order.body["returnUrl"], status_code=303)

    return router
