"""The whole state of an engine."""

from __future__ import annotations


class State:
    """Everything that runs; equal by value."""

    def snapshot(self) -> bytes:
        """The state as bytes that `restore` reads."""
        raise NotImplementedError

    @classmethod
    def restore(cls, snapshot: bytes) -> State:
        """The state that `snapshot` was taken of."""
        raise NotImplementedError
