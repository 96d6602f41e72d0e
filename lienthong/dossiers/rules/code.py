"""The code of a dossier: agency identifier, date of reception, serial of the day (TT 01/2018 art. 19)."""

from datetime import date
from typing import Final

LAST_SERIAL: Final = 9999
DEFAULT_PATTERN: Final = "000.00.08.H08-{yymmdd}-{serial}"


class SerialOverflowError(ValueError):
    """An agency received more dossiers on one day than four digits can count."""


def dossier_code(pattern: str, day: date, serial: int) -> str:
    """The code for the ``serial``-th dossier of ``day``, e.g. ``000.00.08.H08-230103-0001``."""
    if not 1 <= serial <= LAST_SERIAL:
        raise SerialOverflowError(f"Expected a serial from 1 to {LAST_SERIAL} on {day}, but got {serial}.")
    if "{yymmdd}" not in pattern or "{serial}" not in pattern:
        raise ValueError(f"Expected {{yymmdd}} and {{serial}} in the pattern, but got {pattern!r}.")
    return pattern.replace("{yymmdd}", f"{day:%y%m%d}").replace("{serial}", f"{serial:04}")


def counter_name(pattern: str, day: date) -> str:
    """The name of the daily counter of an agency: its pattern filled with the day."""
    return "code:" + pattern.replace("{yymmdd}", f"{day:%y%m%d}").replace("{serial}", "")
