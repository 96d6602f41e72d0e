"""Finds the key fields of a page: labels with room for recognition errors, and the words that follow them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lienthong.reading.field_rules import OTHER_LABELS, RULES, FieldRule
from lienthong.reading.folding import ends_of, start_of
from lienthong.reading.result import Page
from lienthong.reading.rows import Row, Span, joined, rows_of
from lienthong.reading.values import PARSERS, long_date

LABEL_ERROR_SHARE = 0.16
DATE_LINE = re.compile(r"^\D{2,45}ng?a?y\s*\d{1,2}\s*th\w?ng\s*\d{1,2}\s*n.m\s*\d{4}\W{0,3}$")
LONGEST_PLACE = 30  # letters before "ngày": "Bình Định, ", "Đăng ký lần đầu: "
NUMBERING = re.compile(r"\s{2,}\d{1,2}\s*[.,:]\s*$")
SHORT_LABEL = 4  # letters


@dataclass(frozen=True, slots=True)
class Found:
    """A field before its confidence is settled: where it stands and its normal form, when it has one."""

    rule: FieldRule
    span: Span
    value: str | None


@dataclass(frozen=True, slots=True)
class Label:
    start: int
    end: int
    rule: FieldRule | None
    edits: int = 0


def find_fields(kind: str, pages: tuple[Page, ...]) -> list[Found]:
    """All fields of the kind's rules that the pages hold, each once (the first that parses)."""
    found: dict[str, Found] = {}
    rules = RULES.get(kind, ())
    for page in pages:
        rows = rows_of(page)
        for entry in [*labelled_fields(rules, rows), *date_lines(rules, rows)]:
            known = found.get(entry.rule.name)
            if known is None or (known.value is None and entry.value is not None):
                found[entry.rule.name] = entry
    return merge_name(found)


def labelled_fields(rules: tuple[FieldRule, ...], rows: list[Row]) -> list[Found]:
    right = max((row.right for row in rows), default=1.0)
    entries = []
    for index, row in enumerate(rows):
        labels = labels_in(rules, row)
        for number, label in enumerate(labels):
            if label.rule is None:
                continue
            end = labels[number + 1].start if number + 1 < len(labels) else len(row.text)
            span = row.span(label.end, value_end(label.rule, row.text, label.end, end))
            following = rows[index + 1] if index + 1 < len(rows) else None
            last = number + 1 == len(labels)
            if last and label.rule.runs_on and following and runs_on(row, following, right, rules):
                span = joined(span, following.span(0, len(following.text)))
            if span.text:
                entries.append(Found(label.rule, span, parse(label.rule, span.text)))
    return entries


def value_end(rule: FieldRule, text: str, start: int, end: int) -> int:
    """Without the numbering ("  2. ") of the next label; a document's number ends with its piece."""
    if rule.kind == "document_number":
        gap = text.find("  ", start + 1, end)
        return gap if gap > 0 else end
    numbering = NUMBERING.search(text[start:end]) if end < len(text) else None
    return start + numbering.start() if numbering and numbering.start() > 0 else end


def parse(rule: FieldRule, text: str) -> str | None:
    if rule.kind == "surname":
        word = text.strip(" .,;")
        return word if word.isalpha() and word.isupper() else None
    return PARSERS[rule.kind](text)


def labels_in(rules: tuple[FieldRule, ...], row: Row) -> list[Label]:
    """Labels of the row from the left; where two overlap the longer one stays."""
    folded = row.folded
    hits = [hit for rule in rules for text in rule.labels if (hit := place(text, folded, rule))]
    hits += [hit for text in OTHER_LABELS if (hit := place(text, folded, None))]
    kept: list[Label] = []
    for hit in sorted(hits, key=lambda label: (label.start - label.end, label.edits, label.rule is None)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda label: label.start)


def place(label: str, folded: str, rule: FieldRule | None) -> Label | None:
    """A label starts a word and is followed by its colon (or what the engine made of it)."""
    most = round(len(label) * LABEL_ERROR_SHARE) if len(label) > 4 else 0
    for edits, end in sorted(ends_of(label, folded, most)):
        start = start_of(label, folded, edits, end)
        begins = start == 0 or folded[start - 1] == " "
        if len(label) <= SHORT_LABEL:  # "so", "cho": only at the beginning of a piece
            begins = start == 0 or folded[max(0, start - 2) : start] == "  "
        colon = re.match(r"\s?[.]?\s?[:;.,]+\s*", folded[end:])
        if begins and colon:
            return Label(start, end + colon.end(), rule, edits)
    return None


def runs_on(row: Row, following: Row, right: float, rules: tuple[FieldRule, ...]) -> bool:
    """The row is full, and the next one starts at the left margin without a label or a number of its own."""
    full = row.right > right - 0.18
    plain = not labels_in(rules, following) and ":" not in following.text and len(following.pieces) == 1
    numbered = re.match(r"\s*(\d{1,2}|[IVX]{1,4})\s?[.)]", following.text) is not None
    close = following.pieces[0].box.y - row.pieces[-1].box.y < 2.2 * row.pieces[-1].box.height
    short = following.right < right - 0.15 and following.left < row.left + 0.05
    return full and plain and not numbered and close and short


def date_lines(rules: tuple[FieldRule, ...], rows: list[Row]) -> list[Found]:
    """Dates written out beside a place ("Bình Định, ngày 05 tháng 01 năm 2022"); dates of laws stand in sentences."""
    rule = next((entry for entry in rules if entry.kind == "long_date"), None)
    if rule is None:
        return []
    entries = []
    for row in rows:
        offset = 0
        for piece in row.pieces:
            folded = row.folded[offset : offset + len(piece.text)]
            if DATE_LINE.match(folded) and folded.find("ng") <= LONGEST_PLACE + 8 and not folded.startswith("can cu"):
                start = re.search(r"\d", folded)
                span = row.span(offset + (start.start() if start else 0), offset + len(piece.text))
                entries.append(Found(rule, span, long_date(piece.text)))
            offset += len(piece.text) + 2
    return entries


def merge_name(found: dict[str, Found]) -> list[Found]:
    """A passport prints surname and given names apart; the dossier knows one name."""
    surname, given = found.pop("surname", None), found.pop("given_names", None)
    if surname and given:
        value = f"{surname.value} {given.value}" if surname.value and given.value else None
        rule = FieldRule("full_name", "person", ())
        found["full_name"] = Found(rule, joined(surname.span, given.span), value)
    return list(found.values())
