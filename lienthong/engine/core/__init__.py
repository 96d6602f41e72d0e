"""The pure engine: process(state, command), apply(state, event), due(state, now)."""
