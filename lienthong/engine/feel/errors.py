"""What may go wrong in FEEL: a text that does not parse, and an evaluation that would eat the machine."""


class FeelSyntaxError(Exception):
    """The text is no FEEL; says where (1-based line and column) and what was expected."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class FeelLimitError(Exception):
    """An evaluation asked for more than one expression may take (items, steps, depth)."""


class FeelAssertionError(FeelLimitError):
    """A limit the model set itself: the condition of an `assert` did not hold."""
