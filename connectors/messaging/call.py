"""Hands messages to the gateway."""

from dataclasses import dataclass
from typing import Final

import httpx

from connectors.circuit import Circuit
from connectors.errors import Unreadable
from connectors.wire import TIMEOUT, SignedClient

SYSTEM: Final = "messaging"
CHANNELS: Final = ("sms", "email")


@dataclass(frozen=True, slots=True)
class Message:
    """One message; ``message_id`` makes it idempotent. ``channel`` is ``sms`` or ``email``."""

    message_id: str
    channel: str
    address: str
    subject: str
    text: str


class MessagingClient(SignedClient):
    """The gateway at its address."""

    def __init__(self, url: str, secret: str, circuit: Circuit, timeout: httpx.Timeout = TIMEOUT) -> None:
        super().__init__(SYSTEM, url, secret, circuit, timeout)

    def send(self, message: Message) -> str:
        """The gateway's own id of the message."""
        answer = self.post(
            "/messages",
            {
                "messageId": message.message_id,
                "channel": message.channel,
                "to": message.address,
                "subject": message.subject,
                "text": message.text,
            },
        )
        if not isinstance(answer.get("reference"), str):
            raise Unreadable(SYSTEM, "the answer names no message", "Report it to the gateway's operator.")
        return str(answer["reference"])
