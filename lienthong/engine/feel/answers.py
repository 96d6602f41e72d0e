"""What a built-in says when there is no answer."""


class NullResult(Exception):
    """Raised by a built-in whose answer is null, with the reason."""
