"""What may go wrong with an outward system, in three words: unavailable, refused, unreadable."""


class ConnectorFailure(Exception):
    """An outward system did not do what was asked; ``remedy`` says what a person can do about it."""

    def __init__(self, system: str, problem: str, remedy: str) -> None:
        super().__init__(f"{system}: {problem}")
        self.system = system
        self.problem = problem
        self.remedy = remedy


class Unavailable(ConnectorFailure):
    """No answer, or an answer that says "not now": trying again may help."""


class CircuitOpen(Unavailable):
    """No call was made, because the last ones failed; ``retry_after_ms`` says when one will be let through."""

    def __init__(self, system: str, retry_after_ms: int) -> None:
        super().__init__(
            system,
            "not called, because the last calls failed",
            f"Check that the {system} service runs and can be reached, then resolve this incident.",
        )
        self.retry_after_ms = retry_after_ms


class Refused(ConnectorFailure):
    """The system understood and said no: trying the same again cannot help."""


class Unreadable(ConnectorFailure):
    """The answer does not follow the protocol: somebody must look at it."""
