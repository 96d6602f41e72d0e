"""The only client of an engine: commands and searches, the relay of the outbox, the feed of user tasks."""
