"""Text without tone marks and case, for comparisons that survive recognition errors; and how far two texts differ."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case without marks, one output letter an input letter, so that positions stay valid."""
    return "".join(fold_letter(letter) for letter in text)


def fold_letter(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    plain = unicodedata.normalize("NFD", letter)[:1].lower()
    return plain if len(plain) == 1 else letter


def ends_of(needle: str, haystack: str, most: int) -> list[tuple[int, int]]:
    """(edits, end) of every place where ``needle`` ends within ``most`` edits; a match may start anywhere.

    The bit-parallel table of Myers: one column of the edit table is two integers, so a page costs milliseconds.
    """
    masks: dict[str, int] = {}
    for position, letter in enumerate(needle):
        masks[letter] = masks.get(letter, 0) | (1 << position)
    full, top = (1 << len(needle)) - 1, 1 << (len(needle) - 1)
    plus, minus, score, ends = full, 0, len(needle), []
    for position, letter in enumerate(haystack, 1):
        mask = masks.get(letter, 0)
        diagonal = (((mask & plus) + plus) ^ plus) | mask | minus
        up, down = minus | (full & ~(diagonal | plus)), plus & diagonal
        score += bool(up & top) - bool(down & top)
        up, down = (up << 1) & full, (down << 1) & full
        plus, minus = down | (full & ~(diagonal | up)), up & diagonal
        if score <= most:
            ends.append((score, position))
    return ends


def best_match(needle: str, haystack: str, most: int) -> tuple[int, int, int] | None:
    """Where ``needle`` fits best inside ``haystack``: (edits, start, end), or nothing within ``most`` edits."""
    exact = haystack.find(needle)
    if exact >= 0:
        return 0, exact, exact + len(needle)
    ends = ends_of(needle, haystack, most) if most else []
    if not ends:
        return None
    edits, end = min(ends)
    return edits, start_of(needle, haystack, edits, end), end


def start_of(needle: str, haystack: str, edits: int, end: int) -> int:
    """The same table backwards from a known end; the longest match of that cost."""
    backwards = haystack[max(0, end - len(needle) - edits) : end][::-1]
    found = [length for cost, length in ends_of(needle[::-1], backwards, edits) if cost <= edits]
    return end - max(found) if found else max(0, end - len(needle))
