"""A table as CSV (UTF-8 with a mark, so that spreadsheets show Vietnamese) and as XLSX; no cell is ever a formula."""

import csv
import io
from dataclasses import dataclass
from typing import Final

import xlsxwriter  # type: ignore[import-untyped]

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
_HEADS: Final = {
    "vi": [
        "Mã hồ sơ",
        "Mã thủ tục",
        "Thủ tục",
        "Cơ quan giải quyết",
        "Người nộp",
        "Trạng thái",
        "Ngày nộp",
        "Hạn trả",
        "Ngày xong",
    ],
    "en": [
        "Dossier",
        "Procedure code",
        "Procedure",
        "Authority",
        "Applicant",
        "Status",
        "Filed",
        "Due",
        "Finished",
    ],
}
_WIDTHS: Final = (28, 10, 44, 36, 28, 12, 18, 18, 18)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows behind one figure, as texts, with heads in one language."""

    name: str
    language: str
    rows: list[list[str]]


def harmless(cell: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def as_csv(table: Table) -> bytes:
    """Comma-separated, quoted where needed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADS[table.language])
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(table: Table) -> bytes:
    """One sheet with a frozen head row and a filter."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(table.name[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, (head, width) in enumerate(zip(_HEADS[table.language], _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table.rows), len(_WIDTHS) - 1)
    return out.getvalue()
