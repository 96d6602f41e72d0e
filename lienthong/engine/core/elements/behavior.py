"""What a kind of element does at its two turning points.

`activate` is called once ACTIVATING has been emitted, and again when an incident of it is resolved:
it may raise Failure before it emits, emits ACTIVATED, and completes at once unless the element waits.
`complete` is called when the wait is over, and again after an incident.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lienthong.engine.core import flows
from lienthong.engine.core.entities import ElementInstance
from lienthong.engine.core.step import Step
from lienthong.engine.model.elements import FlowNode

Hook = Callable[[Step, ElementInstance, FlowNode], None]


@dataclass(slots=True)
class ElementBehavior:
    """The two hooks of a kind of element."""

    activate: Hook
    complete: Hook = flows.finish
