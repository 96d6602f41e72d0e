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


def distance(left: str, right: str, most: int) -> int:
    """Edit distance; anything above ``most`` comes back as ``most + 1``."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    previous = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (letter != other)))
        if min(current) > most:
            return most + 1
        previous = current
    return min(previous[-1], most + 1)


def best_match(needle: str, haystack: str, most: int) -> tuple[int, int, int] | None:
    """Where ``needle`` fits best inside ``haystack``: (edits, start, end), or nothing within ``most`` edits.

    One pass of the usual table whose first row is free, so a match may start anywhere.
    """
    exact = haystack.find(needle)
    if exact >= 0:
        return 0, exact, exact + len(needle)
    costs = list(range(len(needle) + 1))
    starts = [0] * (len(needle) + 1)
    best: tuple[int, int, int] | None = None
    for end, letter in enumerate(haystack, 1):
        new_costs, new_starts = [0], [end]
        for row, wanted in enumerate(needle, 1):
            options = (
                (costs[row - 1] + (letter != wanted), starts[row - 1]),
                (costs[row] + 1, starts[row]),
                (new_costs[-1] + 1, new_starts[-1]),
            )
            cost, start = min(options)
            new_costs.append(cost)
            new_starts.append(start)
        costs, starts = new_costs, new_starts
        if costs[-1] <= most and (best is None or costs[-1] < best[0]):
            best = (costs[-1], starts[-1], end)
    return best
