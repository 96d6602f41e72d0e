"""An event sub-process begins when its start event has been struck (`catching.trigger`); then it is a scope."""

from __future__ import annotations

from lienthong.engine.core.elements import sub_process
from lienthong.engine.core.elements.behavior import ElementBehavior

BEHAVIOR = ElementBehavior(sub_process.activate, sub_process.complete)
