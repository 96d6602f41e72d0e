"""What a built-in says when there is no answer."""


class NullResult(Exception):  # noqa: N818 - it is an answer, not an error
    """Raised by a built-in whose answer is null, with the reason."""
