"""Words, dates and money as a reader of the portal sees them, in both languages."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from lienthong.web.language import Language

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CATALOGUES = Path(__file__).parent / "i18n"


@lru_cache
def catalogue(language: Language) -> dict[str, str]:
    """All strings of one language."""
    return dict(json.loads((CATALOGUES / f"{language}.json").read_text(encoding="utf-8")))


def translator(language: Language) -> Callable[..., str]:
    """``t(key, **places)`` for one language. Raises KeyError for a string that is not in the catalogue."""
    strings = catalogue(language)

    def translate(key: str, **places: object) -> str:
        return strings[key].format(**places)

    return translate


def date_time(moment: datetime | None) -> str:
    """A point in time as written in Vietnam: 09:05 03/01/2023; empty for none."""
    return "" if moment is None else moment.astimezone(ZONE).strftime("%H:%M %d/%m/%Y")


def day_in_words(moment: datetime | None, language: Language) -> str:
    """A due time with its day of the week: ``thứ Ba, 16:30 24/11/2026``; empty for none."""
    if moment is None:
        return ""
    local = moment.astimezone(ZONE)
    weekday = catalogue(language)[f"day.{local.weekday()}"]
    return f"{weekday}, {local:%H:%M %d/%m/%Y}" if language == "vi" else f"{weekday} {local:%-d %B %Y}, {local:%H:%M}"


def money(amount: int) -> str:
    """Whole VND with dots between thousands: 4.000.000 đồng."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def size(count: int) -> str:
    """A file's size in kB or MB, decimal."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"
