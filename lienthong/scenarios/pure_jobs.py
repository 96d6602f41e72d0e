"""Job types whose rule is pure: a scenario runs the rule itself, with the virtual now, not an invented answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from lienthong.scenarios.format import Publication


@dataclass(slots=True)
class PureAnswer:
    """What the rule gives back, and the messages that the worker's outbox would publish."""

    variables: dict[str, Any]
    publish: list[Publication] = field(default_factory=list)


class PureJobs(Protocol):
    """Rules by job type; ``answer`` gives None when this type (or this job) has no pure rule."""

    def answer(
        self, job_type: str, headers: Mapping[str, str], variables: Mapping[str, Any], now: datetime
    ) -> PureAnswer | None:
        """The rule's answer to one job at the virtual ``now``."""
        ...


class NoPureJobs:
    """No rules: every job must be answered in the file."""

    def answer(
        self, job_type: str, headers: Mapping[str, str], variables: Mapping[str, Any], now: datetime
    ) -> PureAnswer | None:
        """Never answers."""
        return None
