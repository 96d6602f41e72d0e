"""Messages: each id leaves once, long or misdirected ones are refused."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from connectors.errors import Refused, Unavailable
from connectors.messaging.call import Message

SMS = Message("N-1", "sms", "0900000001", "", "Hồ sơ HS-1 đã được tiếp nhận.")


def inbox(sandbox: Any, to: str) -> list[str]:
    return [message["text"] for message in httpx.get(f"{sandbox.url}/messaging/inbox", params={"to": to}).json()]


def test_a_message_sent_twice_arrives_once(sandbox: Any) -> None:
    gateway = sandbox.messaging()
    assert gateway.send(SMS) == gateway.send(SMS)
    gateway.send(replace(SMS, message_id="N-2", channel="email", address="thu@example.vn", text="Thư thử"))
    assert inbox(sandbox, SMS.address) == [SMS.text]
    assert inbox(sandbox, "thu@example.vn") == ["Thư thử"]


@pytest.mark.parametrize("change", [{"text": "x" * 641}, {"channel": "pigeon"}, {"channel": "email", "address": "090"}])
def test_what_cannot_be_delivered_is_refused(sandbox: Any, change: dict[str, str]) -> None:
    with pytest.raises(Refused, match="HTTP 400"):
        sandbox.messaging().send(replace(SMS, **change))


def test_a_gateway_that_is_down_is_unavailable(sandbox: Any) -> None:
    sandbox.fault("messaging", down=True)
    with pytest.raises(Unavailable):
        sandbox.messaging().send(SMS)
