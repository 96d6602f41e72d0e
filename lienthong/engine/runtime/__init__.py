"""The running engine: one writer, one clock, answers after the commit."""
