"""The post's side: orders with a tracking number, moved on by hand on a page, as a sorting office would."""

import time
from typing import Any, Final

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from connectors.post.call import PostState
from connectors.sandbox.faults import Misbehavior
from connectors.sandbox.signed import page, signed_body, signed_path, text_of
from connectors.sandbox.store import SandboxStore

SYSTEM: Final = "post"
WORDS: Final = {
    PostState.NOT_USED: ("Chưa sử dụng", "not used"),
    PostState.REGISTERED: ("Đã đăng ký", "registered"),
    PostState.COLLECTING: ("Đang thu gom", "collecting"),
    PostState.DELIVERED: ("Đã phát", "delivered"),
    PostState.CANCELED: ("Huỷ thu gom", "canceled"),
}
NEXT: Final = {
    "advance": {PostState.REGISTERED: PostState.COLLECTING, PostState.COLLECTING: PostState.DELIVERED},
    "cancel": {PostState.REGISTERED: PostState.CANCELED, PostState.COLLECTING: PostState.CANCELED},
}


def moved(order: dict[str, Any], action: str, at_ms: int) -> dict[str, Any]:
    """The order one step on; unchanged when there is no such step."""
    after = NEXT.get(action, {}).get(PostState(order["state"]))
    if after is None:
        return order
    entry = {"state": int(after), "atMs": at_ms, "place": "Bưu cục Thử Nghiệm"}
    return {**order, "state": int(after), "history": [*order["history"], entry]}


def keep_order(store: SandboxStore, value: dict[str, Any]) -> None:
    """Keep a new order under its number; an order that is known stays as it is. 400 for a field that is missing."""
    number, *_ = text_of(value, "orderNumber", "customerCode", "receiverName", "receiverTel", "receiverAddress")
    if not isinstance(value.get("codAmount"), int) or value["codAmount"] < 0:
        raise HTTPException(400, "Expected codAmount as whole VND")
    with store.transaction():
        if store.record(SYSTEM, number) is not None:
            return
        count = len(store.records(SYSTEM, 1_000_000)) + 1
        state, at_ms = int(PostState.REGISTERED), time.time_ns() // 1_000_000
        first = {"state": state, "atMs": at_ms, "place": "Bưu cục Thử Nghiệm"}
        order = {**value, "trackingNumber": f"EB{count:09}VN", "state": state, "history": [first]}
        store.keep(SYSTEM, number, order)


def post_routes(store: SandboxStore, misbehavior: Misbehavior, secret: str) -> APIRouter:
    """``/post/orders`` for the sender, ``/post/`` for whoever plays the sorting office."""
    router = APIRouter(prefix="/post")
    body = signed_body(SYSTEM, misbehavior, secret)
    signed = signed_path(SYSTEM, "/post", misbehavior, secret)

    def known(order_number: str) -> dict[str, Any]:
        order = store.record(SYSTEM, order_number)
        if order is None:
            raise HTTPException(404, "No such order")
        return order

    @router.post("/orders")
    def register(value: dict[str, Any] = Depends(body)) -> dict[str, Any]:
        keep_order(store, value)
        return known(value["orderNumber"])

    @router.get("/orders/{order_number}", dependencies=[Depends(signed)])
    def state(order: dict[str, Any] = Depends(known)) -> dict[str, Any]:
        return order

    @router.get("/")
    def office() -> Response:
        return page("post.html", orders=store.records(SYSTEM), words=WORDS, states=PostState)

    @router.post("/orders/{order_number}/{action}")
    def move(order_number: str, action: str) -> Response:
        with store.transaction():
            store.keep(SYSTEM, order_number, moved(known(order_number), action, time.time_ns() // 1_000_000))
        return RedirectResponse("/post/", 303)

    @router.post("/move")
    def move_by_form(order_number: str = Form(), action: str = Form()) -> Response:
        return move(order_number, action)

    return router
