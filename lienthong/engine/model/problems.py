"""What is wrong with a model: where, by which rule, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Problem:
    """A finding of the parser or of a rule; `element_id` is "" when it concerns the file."""

    element_id: str
    rule: str
    message: str
