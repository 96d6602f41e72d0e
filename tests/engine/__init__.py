"""The engine core, one file a subject. Every command is also replayed: see `engine_run`."""
