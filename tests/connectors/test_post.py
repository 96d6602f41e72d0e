"""Delivery by post: registered once, followed from 1 to 3, or canceled with 4."""

from typing import Any

import httpx
import pytest

from connectors.errors import Refused, Unavailable
from connectors.post.call import Delivery, Party, PostState

DESK = Party("Trung tâm Phục vụ hành chính công", "0256000000", "127 đường Thử Nghiệm", province="Bình Định")
CITIZEN = Party("Nguyễn Văn Thử", "0900000001", "Số 1 đường Thử Nghiệm", province="Bình Định")
DELIVERY = Delivery("HS-1-KQ", DESK, CITIZEN, "Kết quả hồ sơ HS-1", 30_000)


def move(sandbox: Any, action: str) -> None:
    httpx.post(f"{sandbox.url}/post/move", data={"order_number": DELIVERY.order_number, "action": action})


def test_a_delivery_is_registered_once_and_followed_to_its_end(sandbox: Any) -> None:
    post = sandbox.post()
    first = post.register(DELIVERY, "LIENTHONG")
    assert first == post.register(DELIVERY, "LIENTHONG")
    assert (first.state, first.tracking_number) == (PostState.REGISTERED, "EB000000001VN")
    move(sandbox, "advance")
    assert post.state(DELIVERY.order_number).state is PostState.COLLECTING
    move(sandbox, "advance")
    delivered = post.state(DELIVERY.order_number)
    assert delivered.state is PostState.DELIVERED
    assert [entry["state"] for entry in delivered.history] == [1, 2, 3]
    move(sandbox, "cancel")  # what is delivered cannot be canceled
    assert post.state(DELIVERY.order_number).state is PostState.DELIVERED


def test_a_delivery_can_be_canceled_on_its_way(sandbox: Any) -> None:
    post = sandbox.post()
    post.register(DELIVERY, "LIENTHONG")
    move(sandbox, "cancel")
    assert post.state(DELIVERY.order_number).state is PostState.CANCELED


def test_the_post_refuses_another_secret_and_unknown_orders(sandbox: Any) -> None:
    with pytest.raises(Refused, match="HTTP 401"):
        sandbox.post("another").register(DELIVERY, "LIENTHONG")
    with pytest.raises(Refused, match="HTTP 404"):
        sandbox.post().state("none")


def test_one_failure_stays_unseen_and_a_post_that_is_down_is_unavailable(sandbox: Any) -> None:
    sandbox.fault("post", fail_next=1)
    assert sandbox.post().register(DELIVERY, "LIENTHONG").state is PostState.REGISTERED
    sandbox.fault("post", down=True)
    with pytest.raises(Unavailable, match="HTTP 503"):
        sandbox.post().state(DELIVERY.order_number)
