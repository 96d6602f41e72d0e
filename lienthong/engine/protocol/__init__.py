"""Records that the floors of the engine exchange: commands, events, rejections, outcomes."""

from lienthong.engine.protocol.records import (
    Command,
    Event,
    Fact,
    Intent,
    Outcome,
    Rejection,
    RejectionType,
    ValueType,
)

__all__ = ["Command", "Event", "Fact", "Intent", "Outcome", "Rejection", "RejectionType", "ValueType"]
