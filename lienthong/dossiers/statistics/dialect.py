"""What SQLite and PostgreSQL say differently in the SQL of the figures. Times are stored as naive UTC in both."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

OFFSET_HOURS: Final = 7  # Viet Nam has no daylight saving


@dataclass(frozen=True, slots=True)
class Dialect:
    """Fragments of SQL for one database."""

    name: str

    def day(self, column: str) -> str:
        """The day of an instant on the clocks of Viet Nam; days compare in order."""
        if self.name == "sqlite":
            return f"date({column}, '+{OFFSET_HOURS} hours')"
        return f"({column} + interval '{OFFSET_HOURS} hours')::date"

    def month(self, column: str) -> str:
        """``2023-01``: the month of an instant on the clocks of Viet Nam."""
        if self.name == "sqlite":
            return f"strftime('%Y-%m', {column}, '+{OFFSET_HOURS} hours')"
        return f"to_char({column} + interval '{OFFSET_HOURS} hours', 'YYYY-MM')"

    def seconds(self, later: str, earlier: str) -> str:
        """Whole seconds from one instant to another, rounded down."""
        if self.name == "sqlite":
            whole = f"(strftime('%s', substr({later}, 1, 19)) - strftime('%s', substr({earlier}, 1, 19)))"
            return f"({whole} - (substr({later}, 21) < substr({earlier}, 21)))"
        return f"floor(extract(epoch from ({later} - {earlier})))::bigint"

    def moment_key(self, column: str) -> str:
        """An instant as text that compares like the instant."""
        if self.name == "sqlite":
            return column
        return f"to_char({column}, 'YYYY-MM-DD HH24:MI:SS.US')"

    def binary(self, text: str) -> str:
        """A text that compares by its bytes, as Python does."""
        return text if self.name == "sqlite" else f'({text}) COLLATE "C"'

    def after_second_bar(self, text: str) -> str:
        """What stands behind the second ``|`` of a text."""
        if self.name == "sqlite":
            rest = f"substr({text}, instr({text}, '|') + 1)"
            return f"substr({rest}, instr({rest}, '|') + 1)"
        return f"split_part({text}, '|', 3)"


def dialect_of(session: Session) -> Dialect:
    """The dialect of a session's database."""
    return Dialect("sqlite" if session.get_bind().dialect.name == "sqlite" else "postgresql")
