"""The gateway: the payer pays on its page, its signed callback decides, whatever is repeated, late or forged."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.errors import Unreadable
from connectors.payment.order import Order, parse_placed
from connectors.payment.signature import is_signed, sign
from connectors.sandbox.delivery import FIRST_RETRY_MS, RETRY_CAP_MS, CallbackDelivery, retry_delay_ms
from connectors.sandbox.faults import HOLD_MS, Fault, Misbehavior, fails, hold_ms
from connectors.sandbox.store import SandboxStore

SECRET = "embedded-payment-secret"


def order(callback_url: str, order_id: str = "HS-1") -> Order:
    return Order(order_id, "H08-1", 100_000, "Phí hồ sơ", (), callback_url, "http://127.0.0.1:9/tra-cuu")


def pay(url: str, order_id: str = "HS-1", action: str = "pay") -> httpx.Response:
    return httpx.post(f"{url}/payment/pay/{order_id}", data={"action": action})


def test_a_signature_is_that_of_exactly_these_bytes_and_this_secret() -> None:
    signature = sign("a", b"body")
    assert is_signed("a", b"body", signature.upper())
    assert not is_signed("a", b"body ", signature)
    assert not is_signed("b", b"body", signature)
    assert not is_signed("a", b"body", "")
    assert not is_signed("a", b"body", "chữ ký")


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'{"orderId": "1"}', b'{"orderId":"1","payUrl":"javascript:x","status":"paid"}']
)
def test_an_answer_that_is_no_order_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_placed(content)


def test_the_page_is_vietnamese_and_shows_the_sum(sandbox: Any, receiver: Any) -> None:
    placed = sandbox.payment().create_order(order(receiver.url))
    page = httpx.get(placed.pay_url).text
    assert 'lang="vi"' in page
    assert ">Thanh toán</button>" in page
    assert "100.000 đ" in page


def test_the_browser_comes_back_and_one_signed_callback_arrives(sandbox: Any, receiver: Any) -> None:
    sandbox.payment().create_order(order(receiver.url))
    back = pay(sandbox.url)
    assert (back.status_code, back.headers["location"]) == (303, "http://127.0.0.1:9/tra-cuu")
    pay(sandbox.url)  # a second press pays nothing
    [(body, signature)] = receiver.wait_for(1)
    assert is_signed(SECRET, body, signature)
    told = json.loads(body)
    assert (told["orderId"], told["amount"], told["status"]) == ("HS-1", 100_000, "paid")
    assert set(told) == {"callbackId", "orderId", "transactionId", "amount", "status", "paidAt"}
    assert sandbox.payment().order("HS-1").transaction_id == told["transactionId"]


def test_the_books_of_a_span_hold_what_ended_in_it_and_are_given_only_when_signed(sandbox: Any, receiver: Any) -> None:
    client, now = sandbox.payment(), datetime.now(UTC)
    for number, action in (("HS-7", "pay"), ("HS-8", "cancel"), ("HS-9", "")):
        client.create_order(order(receiver.url, number))
        if action:
            pay(sandbox.url, number, action)
    found = client.records(now - timedelta(hours=1), now + timedelta(hours=1))
    assert [(one.order_id, one.amount, one.paid) for one in found] == [
        ("HS-7", 100_000, True),
        ("HS-8", 100_000, False),
    ]
    assert client.records(now - timedelta(hours=2), now - timedelta(hours=1)) == []
    span = {"first": now.isoformat(), "after": now.isoformat()}
    assert httpx.get(f"{sandbox.url}/payment/records", params=span).status_code == 401


def test_a_canceled_payment_is_told_as_failed(sandbox: Any, receiver: Any) -> None:
    sandbox.payment().create_order(order(receiver.url))
    pay(sandbox.url, action="cancel")
    [(body, _)] = receiver.wait_for(1)
    assert json.loads(body)["status"] == "failed"


def test_told_to_repeat_the_same_callback_comes_three_times(sandbox: Any, receiver: Any) -> None:
    sandbox.fault("payment", repeat=2)
    sandbox.payment().create_order(order(receiver.url))
    pay(sandbox.url)
    assert len({body for body, _ in receiver.wait_for(3)}) == 1


def test_told_to_forge_the_first_signature_is_wrong_and_the_next_right(sandbox: Any, receiver: Any) -> None:
    sandbox.fault("payment", wrong_signature=1)
    sandbox.payment().create_order(order(receiver.url))
    pay(sandbox.url)
    assert [is_signed(SECRET, body, signature) for body, signature in receiver.wait_for(2)] == [False, True]


def test_a_callback_is_repeated_until_it_is_acknowledged(sandbox: Any, receiver: Any) -> None:
    receiver.answers = [500]
    sandbox.payment().create_order(order(receiver.url))
    pay(sandbox.url)
    assert len(receiver.wait_for(2)) == 2


def test_told_to_reorder_the_later_payment_overtakes_the_earlier(tmp_path: Path, receiver: Any) -> None:
    store = SandboxStore(tmp_path / "s.sqlite3")
    for number in range(2):
        held = hold_ms(Fault(reorder=True), store.callback_count())
        store.queue_callback(f"CB-{number}", receiver.url, str(number).encode(), 1000 + held)
    delivery = CallbackDelivery(store, Misbehavior(store), SECRET)
    assert [delivery.deliver_due(now_ms) for now_ms in (1000, 1000 + HOLD_MS, 9_999_999)] == [1, 1, 0]
    assert [body for body, _ in receiver.received] == [b"1", b"0"]
    store.close()


def test_the_wait_between_attempts_doubles_up_to_its_cap() -> None:
    assert [retry_delay_ms(n) for n in (0, 1, 2, 50)] == [FIRST_RETRY_MS, 1000, 2000, RETRY_CAP_MS]


def test_which_requests_fail() -> None:
    assert not fails(Fault(), 0.0)
    assert fails(Fault(down=True), 0.99)
    assert fails(Fault(fail_next=1), 0.99)
    assert fails(Fault(fail_rate=0.5), 0.49)
    assert not fails(Fault(fail_rate=0.5), 0.5)


def test_faults_are_counted_down_and_unknown_ones_refused(sandbox: Any) -> None:
    assert httpx.put(f"{sandbox.url}/_faults/payment", json={"explode": True}).status_code == 422
    assert httpx.put(f"{sandbox.url}/_faults/moon", json={}).status_code == 404
    sandbox.fault("population", fail_next=1)
    httpx.post(f"{sandbox.url}/population/037")
    assert httpx.get(f"{sandbox.url}/_faults/population").json()["fail_next"] == 0


def test_health_and_metrics(sandbox: Any) -> None:
    assert httpx.get(f"{sandbox.url}/health").json() == {"status": "UP"}
    assert "lienthong_sandbox_callbacks_waiting 0.0" in httpx.get(f"{sandbox.url}/metrics").text


def free_base() -> int:
    """A port base whose sandbox port is free."""
    for base in random.sample(range(20_000, 45_000), 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", base + 1090)) != 0:
                return base
    raise AssertionError("Expected a free port, but found none")


def wait_until_healthy(url: str, process: "subprocess.Popen[bytes]") -> None:
    pause = threading.Event()
    for _ in range(400):
        assert process.poll() is None, "Expected the sandbox to serve, but it ended"
        try:
            return httpx.get(f"{url}/health").raise_for_status() and None
        except httpx.TransportError:
            pause.wait(0.05)
    raise AssertionError("Expected the sandbox to be healthy, but it was not in time")


@pytest.mark.services
def test_a_killed_sandbox_still_delivers_what_it_promised(tmp_path: Path, receiver: Any) -> None:
    base = free_base()
    environment = {**os.environ, "LIENTHONG_VAR_DIR": str(tmp_path), "LIENTHONG_PORT_BASE": str(base)}
    command = [sys.executable, "-m", "lienthong.cli", "sandbox"]
    url = f"http://127.0.0.1:{base + 1090}"

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2])
        wait_until_healthy(url, process)
        return process

    process = start()
    try:
        httpx.put(f"{url}/_faults/payment", json={"delay_ms": 1500}).raise_for_status()
        body = json.dumps(
            {
                "orderId": "HS-9",
                "amount": 5,
                "description": "x",
                "lines": [],
                "callbackUrl": receiver.url,
                "returnUrl": "http://127.0.0.1:9/",
            }
        ).encode()
        httpx.post(
            f"{url}/payment/orders", content=body, headers={"X-Signature": sign(SECRET, body)}
        ).raise_for_status()
        assert pay(url, "HS-9").status_code == 303
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert receiver.received == []
        process = start()
        [(told, signature)] = receiver.wait_for(1)
        assert json.loads(told)["orderId"] == "HS-9"
        assert is_signed(SECRET, told, signature)
    finally:
        process.kill()
        process.wait(10)
