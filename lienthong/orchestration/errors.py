"""The two ways a call to an engine can fail."""

from __future__ import annotations


class EngineUnavailable(Exception):
    """The engine could not be reached or is overloaded; the call may be tried again later."""


class EngineRejected(Exception):
    """The engine refuses the call: `status` as in HTTP (400, 404, 409, …), and why."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(f"{status} {title}: {detail}")
        self.status, self.title, self.detail = status, title, detail
