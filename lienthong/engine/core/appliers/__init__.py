"""One function an event, by domain; each only stores what the event carries."""
