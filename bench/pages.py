"""Writes the labelled pages: ``python bench/pages.py [DIR] [--seed N] [--sets N]``; the same seed, the same pages.

Beside each picture NAME.png/.jpg stand NAME.gt.txt (the true text) and NAME.fields.json (the true key fields).
Fonts are those inside the typst wheel, so the pages do not depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path

import cv2
import numpy as np
import typst
from page_conditions import CONDITIONS, JPEG_QUALITY, RESOLUTION, SPOIL
from page_kinds_more import KINDS
from page_layout import FONTS, Paper

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "pages"
TEXT_LAYER_KINDS = ("criminal-record-declaration", "fire-acceptance")  # also written as a PDF with its text
DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def compile_page(paper: Paper, font: str, output: str, resolution: int = 150) -> bytes:
    inputs = {"main.typ": paper.source(font).encode(), **paper.pictures}
    result = typst.compile(inputs, format=output, ppi=resolution, ignore_system_fonts=True, timestamp=0)
    if not isinstance(result, bytes):
        raise SystemExit(f"Expected the {paper.kind} to fit on one page, but it took {len(result)}")
    return result


def draw_picture(paper: Paper, font: str, condition: str, seed: int) -> tuple[str, bytes]:
    """File ending and content of one picture."""
    png = compile_page(paper, font, "png", RESOLUTION[condition])
    grey = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if condition == "clean":
        return ".png", cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 9])[1].tobytes()
    spoiled = SPOIL[condition](grey, np.random.default_rng(seed))
    return ".jpg", cv2.imencode(".jpg", spoiled, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY[condition]])[1].tobytes()


def true_fields(paper: Paper) -> dict[str, str]:
    """Dates become ISO dates; everything else stays as printed."""
    return {name: DATE.sub(r"\3-\2-\1", value) for name, value in paper.fields.items()}


def write_labels(folder: Path, name: str, paper: Paper) -> None:
    (folder / f"{name}.gt.txt").write_text(paper.true_text(), encoding="utf-8")
    labels = {"kind": paper.kind, "fields": true_fields(paper)}
    (folder / f"{name}.fields.json").write_text(
        json.dumps(labels, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def write_set(folder: Path, seed: int, mark: str = "") -> None:
    """One page of every kind in every condition; the same person stands on the four pictures of a kind."""
    for index, (kind, draw) in enumerate(KINDS.items()):
        font = FONTS[(index + seed) % len(FONTS)]
        for step, condition in enumerate(CONDITIONS):
            paper = draw(random.Random(f"{seed}/{kind}"))
            ending, content = draw_picture(paper, font, condition, 1000 * seed + 10 * index + step)
            name = f"{kind}{mark}.{condition}"
            (folder / f"{name}{ending}").write_bytes(content)
            write_labels(folder, name, paper)
        if kind in TEXT_LAYER_KINDS:
            (folder / f"{kind}{mark}.text.pdf").write_bytes(compile_page(paper, font, "pdf"))
            write_labels(folder, f"{kind}{mark}.text", paper)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", type=int, default=1)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for number in range(chosen.sets):
        write_set(chosen.folder, chosen.seed + number, f"-{chosen.seed + number}" if chosen.sets > 1 else "")
    print(f"{len(list(chosen.folder.glob('*.gt.txt')))} labelled pages in {chosen.folder}")


if __name__ == "__main__":
    main()
