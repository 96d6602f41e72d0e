"""Column types and keys that all tables share: times are UTC in the store and aware in the program."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: stored as naive UTC, read as aware UTC; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware time of the program → naive UTC of the store."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"Expected a time with its zone, but got the naive {value.isoformat()}.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Naive UTC of the store → aware UTC of the program."""
        return None if value is None else value.replace(tzinfo=UTC)


def new_id() -> str:
    """A fresh random id."""
    return str(uuid.uuid4())
