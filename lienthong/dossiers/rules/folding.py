"""Vietnamese text as it is searched: small letters, no diacritics, đ as d; so that both ways of typing find it."""

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """``Nguyễn Văn Đức`` as ``nguyen van duc``; signs and spaces stay."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).lower()


def words(text: str) -> list[str]:
    """The folded words and numbers of a text."""
    return _WORD.findall(fold(text))


def authority_word(authority_id: str) -> str:
    """The one word by which the search text of a dossier names an authority that takes part in it."""
    return "at" + authority_id.replace("-", "")
