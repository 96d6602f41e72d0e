"""Error rates and speed of the reading of papers, for each engine and condition of the labelled pages.

``make bench-ocr`` reads samples/pages; ``PAGES=DIR`` any folder of pictures or PDFs with NAME.gt.txt beside them, and
NAME.fields.json for key fields. ``ENGINES=aster`` picks engines. Seconds are processor seconds of one core, warm.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from lienthong.reading.engine import EngineMissing, RecognitionEngine, create_engine
from lienthong.reading.reader import read_document
from lienthong.reading.result import Reading
from lienthong.settings import settings

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "pages"
TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}


@dataclass
class Tally:
    """Sums over the pages of one engine and condition."""

    pages: int = 0
    letters: int = 0
    letter_errors: int = 0
    words: int = 0
    word_errors: int = 0
    seconds: float = 0.0
    fields: int = 0
    right: int = 0
    sure: int = 0
    wrong_but_sure: list[str] = field(default_factory=list)
    kinds: int = 0
    kinds_right: int = 0


def add_text(tally: Tally, truth: str, read: str) -> None:
    """Line breaks do not count: both texts are compared as one line."""
    wanted, got = truth.split(), read.split()
    tally.letters += len(" ".join(wanted))
    tally.letter_errors += Levenshtein.distance(" ".join(wanted), " ".join(got))
    tally.words += len(wanted)
    tally.word_errors += Levenshtein.distance(wanted, got)


def add_fields(tally: Tally, name: str, labels: dict[str, object], reading: Reading, threshold: float) -> None:
    truth = labels.get("fields", {})
    assert isinstance(truth, dict)
    tally.kinds += 1
    tally.kinds_right += labels.get("kind") == reading.kind
    tally.fields += len(truth)
    for entry in reading.fields:
        right = truth.get(entry.name) == entry.value
        tally.right += right
        if entry.confidence >= threshold:
            tally.sure += 1
            if not right:
                expected = truth.get(entry.name)
                tally.wrong_but_sure.append(
                    f"{name} {entry.name}: {entry.value!r}, not {expected!r} "
                    f"({entry.confidence:.3f}, {'+'.join(entry.checks)})"
                )


def measure(engine: RecognitionEngine, folder: Path, threshold: float) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in TYPES):
        truth = path.with_suffix(".gt.txt")
        if not truth.exists():
            continue
        condition = path.stem.rpartition(".")[2] if "." in path.stem else "pages"
        tally, content = tallies[condition], path.read_bytes()
        started = time.process_time()
        reading = read_document(content, TYPES[path.suffix.lower()], engine)
        tally.seconds += time.process_time() - started
        tally.pages += len(reading.pages)
        add_text(tally, truth.read_text(encoding="utf-8"), reading.text)
        labels = path.with_suffix(".fields.json")
        if labels.exists():
            add_fields(tally, path.name, json.loads(labels.read_text(encoding="utf-8")), reading, threshold)
    return tallies


def show(engine: str, tallies: dict[str, Tally]) -> None:
    for condition, t in tallies.items():
        fields = f"{t.right}/{t.fields}" if t.fields else "-"
        print(
            f"{engine:<10} {condition:<8} {t.pages:>5} {100 * t.letter_errors / max(1, t.letters):>6.2f}% "
            f"{100 * t.word_errors / max(1, t.words):>6.2f}% {fields:>9} {t.sure:>6} "
            f"{len(t.wrong_but_sure):>6} {t.kinds_right:>3}/{t.kinds:<3} {t.seconds / max(1, t.pages):>6.2f}"
        )


def main() -> None:
    folder = Path(os.environ.get("PAGES") or SAMPLES)
    threshold = settings().field_confidence
    print(f"{folder}; key fields count as sure from {threshold}")
    print("engine     condition pages   CER     WER  fields ok   sure  wrong kinds ok s/page")
    wrong: list[str] = []
    for name in os.environ.get("ENGINES", "aster,tesseract").split(","):
        try:
            engine = create_engine(name)
        except EngineMissing as missing:
            print(f"{name:<10} left out: {missing}")
            continue
        first = next(path for path in sorted(folder.iterdir()) if path.suffix.lower() in TYPES)
        read_document(first.read_bytes(), TYPES[first.suffix.lower()], engine)  # warm up
        tallies = measure(engine, folder, threshold)
        show(name, tallies)
        wrong += [f"{name}: {entry}" for tally in tallies.values() for entry in tally.wrong_but_sure]
        print(f"{name:<10} memory up to {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    print(f"Wrong key fields above the threshold: {len(wrong)}")
    for entry in wrong:
        print("  " + entry)


if __name__ == "__main__":
    main()
