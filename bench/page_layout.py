"""One page of a labelled paper: blocks in reading order, the typst source that draws them, and the true text.

Every block adds the same words to the picture and to the truth, so the two cannot drift.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field

import segno

MOTTO = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
FONTS = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")  # all inside the typst wheel
FONT_SIZES = {"Libertinus Serif": 13, "New Computer Modern": 12, "DejaVu Sans Mono": 9.8}
HEADER_SIZES = {"Libertinus Serif": 0.84, "New Computer Modern": 0.8, "DejaVu Sans Mono": 0.76}  # a row stays one line


def quoted(text: str) -> str:
    """A typst string literal."""
    return json.dumps(text, ensure_ascii=False)


@dataclass
class Paper:
    """A page under construction: what is drawn, what is read, and the true key fields."""

    kind: str
    blocks: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def add(self, source: str, *lines: str) -> None:
        self.blocks.append(source)
        self.lines.extend(line for line in lines if line)

    def rows(self, left: list[str], right: list[str], weight: str = "bold") -> None:
        """Two columns side by side, read row by row."""
        height = max(len(left), len(right))
        cells = [(side[row] if row < len(side) else "") for row in range(height) for side in (left, right)]
        drawn = ", ".join(f"text(weight: {quoted(weight)}, size: header, {quoted(cell)})" for cell in cells)
        self.add(f"#rows({drawn})", *[f"{cells[i]} {cells[i + 1]}".strip() for i in range(0, len(cells), 2)])

    def title(self, *lines: str) -> None:
        for line in lines:
            self.add(f"#heading-line({quoted(line)})", line)

    def line(self, text: str) -> None:
        self.add(f"#par[#{quoted(text)}]", text)

    def centered(self, text: str) -> None:
        self.add(f'#align(center, text(style: "italic", {quoted(text)}))', text)

    def value(self, name: str, label: str, value: str, truth: str | None = None) -> None:
        """A labelled key field on a line of its own; ``truth`` when its normal form differs from the print."""
        self.line(f"{label}: {value}")
        self.fields[name] = truth or value

    def pair(self, *entries: tuple[str, str, str]) -> None:
        """Two labelled values beside each other; an entry without a name is no key field."""
        texts = [f"{label}: {value}" for _name, label, value in entries]
        self.fields.update({name: value for name, _label, value in entries if name})
        self.add(f"#pair({', '.join(quoted(text) for text in texts)})", " ".join(texts))

    def table(self, rows: list[list[str]]) -> None:
        cells = ", ".join(f"[#{quoted(cell)}]" for row in rows for cell in row)
        self.add(f"#table(columns: {len(rows[0])}, {cells})", *[" ".join(row) for row in rows])

    def code(self, payload: str) -> None:
        """A QR code in the upper right corner."""
        buffer = io.BytesIO()
        segno.make(payload, error="m").save(buffer, kind="svg", scale=4, border=2)
        name = f"code-{len(self.pictures)}.svg"
        self.pictures[name] = buffer.getvalue()
        self.blocks.append(f"#place(top + right, dy: 2.6cm, image({quoted(name)}, width: 2.7cm))")

    def source(self, font: str, paper: str = "a4") -> str:
        """The whole page in typst."""
        body = "\n".join(self.blocks)
        return PRELUDE.format(font=font, size=FONT_SIZES[font], header=HEADER_SIZES[font], paper=paper) + body

    def true_text(self) -> str:
        return "\n".join(self.lines) + "\n"


PRELUDE = """#set page(paper: "{paper}", margin: (left: 2.6cm, right: 1.8cm, top: 1.8cm, bottom: 1.8cm))
#set text(font: "{font}", size: {size}pt, lang: "vi", hyphenate: false)
#set par(justify: false, leading: 0.72em, spacing: 1.0em)
#let header = {header}em
#let columns = (1fr, 1.15fr)
#let rows(..cells) = block(below: 1.2em, width: 100%, grid(columns: columns, align: center, row-gutter: 0.6em, ..cells))
#let heading-line(body) = align(center, text(weight: "bold", size: 1.12em, body))
#let pair(..cells) = grid(columns: (1fr, 1fr), ..cells)
"""
