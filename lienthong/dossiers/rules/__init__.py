"""Rules of law as pure functions over plain values: no table, no clock, no wire."""
