"""How sure a field is. The rule that everything here serves: a wrong key field never passes the threshold.

The recogniser's own certainty is too optimistic about tone marks, so it only counts when something agrees with it:
a check digit, a QR code, a machine-readable line, or a second reading of the same place drawn differently.
"""

from __future__ import annotations

from collections.abc import Callable

from lienthong.reading.fields import Found
from lienthong.reading.folding import fold
from lienthong.reading.result import Box, ReadField
from lienthong.reading.values import tax_check

ReadAgain = Callable[[int, Box], str]
PROVEN = 0.98  # a code with error correction or check digits says the same
CHECKED = 0.97  # the number's own check digit fits
DOUBTFUL = 0.5  # something speaks against it
DISAGREED = 0.6  # the second reading differs
UNPARSED = 0.3  # a label, but no value that could be one
# Values of few possible forms: near-certain letters that parse were never wrong, a second look only costs time.
NARROW_KINDS = frozenset({"date", "long_date", "count", "sex", "money", "area", "conviction"})
WORD_CERTAINTY = 0.98  # measured on pages of other seeds: below it the recogniser's wrong tone marks begin
UNSURE_WORDS = 0.8
WORTH_READING_AGAIN = 0.5


def settle(found: list[Found], evidence: dict[str, str], read_again: ReadAgain | None) -> list[ReadField]:
    """Final value and confidence of every field; without ``read_again`` (a text layer) the letters are certain."""
    fields = [settle_one(entry, evidence, read_again) for entry in found]
    by_name = {entry.name: entry for entry in fields}
    contradicted = contradictions(by_name)
    return [lowered(entry) if entry.name in contradicted else entry for entry in fields]


def settle_one(entry: Found, evidence: dict[str, str], read_again: ReadAgain | None) -> ReadField:
    name, span = entry.rule.name, entry.span
    if entry.value is None:
        return ReadField(name, span.text, min(UNPARSED, span.certainty), span.page, span.box, ("unparsed",))
    value, confidence, mark = entry.value, span.certainty, "format"
    if name in evidence:
        value, confidence, mark = against(evidence[name], value, confidence)
    elif entry.rule.kind == "enterprise_code":
        confidence, mark = by_check_digit(value, confidence)
    elif read_again is not None:
        confidence, mark = by_second_reading(entry, confidence, read_again)
    return ReadField(name, value, round(min(confidence, 0.999), 4), span.page, span.box, (mark,))


def by_check_digit(value: str, certainty: float) -> tuple[float, str]:
    if not tax_check(value):
        return min(certainty, DOUBTFUL), "check-digit-wrong"
    return (CHECKED if certainty > DOUBTFUL else certainty), "check-digit"


def by_second_reading(entry: Found, certainty: float, read_again: ReadAgain) -> tuple[float, str]:
    """Words whose tone marks are not near-certain stay below every sensible threshold: a person looks at them."""
    words = entry.rule.kind in ("person", "text")
    if certainty < (WORD_CERTAINTY if words else WORTH_READING_AGAIN):
        return min(certainty, UNSURE_WORDS), "unsure"
    if entry.rule.kind in NARROW_KINDS and certainty >= WORD_CERTAINTY:
        return certainty, "format"
    agreed = all(same_again(text, read_again(entry.span.page, wider(box, text))) for text, box in entry.span.parts)
    return (certainty, "read-twice") if agreed else (min(certainty, DISAGREED), "readings-differ")


def against(proof: str, value: str, certainty: float) -> tuple[str, float, str]:
    """A code's words against the printed ones: tone marks are recognition's fault, other letters perhaps a forger's."""
    if proof == value:
        return value, max(PROVEN, certainty), "proven"
    if fold(proof) == fold(value):
        return proof, PROVEN, "marks-from-code"
    return value, min(certainty, DOUBTFUL), "code-differs"


def same_again(text: str, again: str) -> bool:
    return "".join(text.split()) in "".join(again.split())


def wider(box: Box, text: str) -> Box:
    """Three letters more on the left and one on the right: places inside a row are estimates."""
    step = box.width / max(1, len(text))
    left = max(0.0, box.x - 3 * step)
    return Box(left, box.y, min(1.0, box.x + box.width + step) - left, box.height)


def contradictions(fields: dict[str, ReadField]) -> set[str]:
    """A personal number tells year of birth and sex; where they disagree none of them is trusted."""
    number, born, sex = (fields.get(name) for name in ("personal_number", "date_of_birth", "sex"))
    if number is None or len(number.value) != 12:
        return set()
    digit, year = int(number.value[3]), 1900 + 100 * (int(number.value[3]) // 2) + int(number.value[4:6])
    wrong: set[str] = set()
    if born and born.value[:4].isdigit() and int(born.value[:4]) != year:
        wrong |= {"personal_number", "date_of_birth"}
    if sex and sex.value in ("Nam", "Nữ") and (sex.value == "Nữ") != bool(digit % 2):
        wrong |= {"personal_number", "sex"}
    return wrong


def lowered(entry: ReadField) -> ReadField:
    confidence = min(entry.confidence, DOUBTFUL)
    return ReadField(entry.name, entry.value, confidence, entry.page, entry.box, (*entry.checks, "contradicted"))
