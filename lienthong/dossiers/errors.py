"""What the domain refuses, with a code and a sentence in both languages for the person who asked."""


class DomainError(Exception):
    """A refusal by the domain; the caller's fault."""

    def __init__(self, code: str, text_vi: str, text_en: str) -> None:
        super().__init__(text_en)
        self.code = code
        self.text_vi = text_vi
        self.text_en = text_en


class NotFound(DomainError):
    """The thing asked for does not exist."""


class Conflict(DomainError):
    """The present state does not allow it."""


class Forbidden(DomainError):
    """The person may not do it."""


class Invalid(DomainError):
    """What was given cannot be used."""


class TooManyTries(DomainError):
    """It failed too often; it may be tried again later."""
