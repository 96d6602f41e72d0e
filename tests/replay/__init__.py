"""The log is the truth: random models, random paths, and after every step fold(log) == state."""
