"""The life of an element instance, as a table.

    (none) → ACTIVATING → ACTIVATED → COMPLETING → COMPLETED
                   └───────────┴───────────┴─→ TERMINATING → TERMINATED

An element waits in ACTIVATED, or in ACTIVATING or COMPLETING with an incident. COMPLETED and
TERMINATED are the end: the instance is gone from the state.
"""

from __future__ import annotations

from lienthong.engine.protocol.records import Intent

_RUNNING = frozenset({Intent.ELEMENT_ACTIVATING, Intent.ELEMENT_ACTIVATED, Intent.ELEMENT_COMPLETING})
FROM: dict[Intent, frozenset[Intent]] = {
    Intent.ELEMENT_ACTIVATED: frozenset({Intent.ELEMENT_ACTIVATING}),
    Intent.ELEMENT_COMPLETING: frozenset({Intent.ELEMENT_ACTIVATED}),
    Intent.ELEMENT_COMPLETED: frozenset({Intent.ELEMENT_COMPLETING}),
    Intent.ELEMENT_TERMINATING: _RUNNING,
    Intent.ELEMENT_TERMINATED: frozenset({Intent.ELEMENT_TERMINATING}),
}
