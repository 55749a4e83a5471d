"""Form II.06a as a workbook: one sheet for all, one for each unit."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no type stubs
import xlsxwriter.exceptions  # type: ignore[import-untyped]  # it has no type stubs

from motcua.domain.errors import MotCuaError
from motcua.domain.report import COLUMNS, Row, total
from motcua.plugin.texts import text
from motcua.services.report import Report

_TOP = 5
_HEAD_ROWS = 3
_LONGEST_SHEET_NAME = 31
GROUPS = (
    ("report.group.received", 3, 6),
    ("report.group.processed", 7, 10),
    ("report.group.running", 11, 13),
)
"""What the columns of the form are about: a text, the first and the last of them."""


class SheetNotWrittenError(MotCuaError):
    """The workbook could not be written where it was wanted."""

    code = "report.not-written"


def write_sheets(path: Path, made: Report, names: dict[str, str]) -> None:
    """Write *made* to *path*.

    Args:
        path: The workbook; an old one is replaced.
        made: The report.
        names: The Vietnamese name of each field of law.

    Raises:
        SheetNotWrittenError: the file cannot be written.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    styles = _styles(book)
    _write(book, styles, text("report.sheet.all"), made, made.name, made.by_field, names)
    for unit in made.units:
        _write(book, styles, unit.tenant, made, unit.name, unit.rows, names)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise SheetNotWrittenError(path=str(path), reason=str(error)) from error


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
    cell = base | {"border": 1}
    return {
        "title": book.add_format(base | {"bold": True, "align": "center", "font_size": 14}),
        "plain": book.add_format(base),
        "note": book.add_format(base | {"italic": True, "align": "center"}),
        "head": book.add_format(cell | {"bold": True, "align": "center", "text_wrap": True}),
        "mark": book.add_format(cell | {"italic": True, "align": "center", "font_size": 10}),
        "text": book.add_format(cell | {"text_wrap": True}),
        "number": book.add_format(cell | {"num_format": "#,##0"}),
        "sum": book.add_format(cell | {"num_format": "#,##0", "bold": True}),
        "total": book.add_format(cell | {"bold": True}),
    }


def _write(
    book: xlsxwriter.Workbook,
    styles: dict[str, Any],
    sheet_name: str,
    made: Report,
    unit: str,
    rows: Sequence[Row],
    names: dict[str, str],
) -> None:
    sheet = book.add_worksheet(sheet_name[:_LONGEST_SHEET_NAME])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, 12, 10)
    sheet.write(0, 0, text("report.form-number"), styles["plain"])
    sheet.merge_range(1, 0, 1, 12, text("report.form-title"), styles["title"])
    period = {"first": f"{made.first:%d/%m/%Y}", "last": f"{made.last:%d/%m/%Y}"}
    sheet.merge_range(2, 0, 2, 12, text("report.form-period", **period), styles["note"])
    sheet.merge_range(3, 0, 3, 12, text("report.form-unit", name=unit), styles["note"])
    _write_head(sheet, styles)
    for number, row in enumerate(rows, start=1):
        line = _TOP + _HEAD_ROWS + number - 1
        sheet.write(line, 0, number, styles["number"])
        sheet.write(line, 1, names.get(row.field, row.field), styles["text"])
        _write_numbers(sheet, line, row, styles["number"])
    last = _TOP + _HEAD_ROWS + len(rows)
    sheet.merge_range(last, 0, last, 1, text("report.total"), styles["total"])
    summed = total(rows)
    _write_numbers(sheet, last, summed, styles["sum"])
    if summed.no_limit or summed.running_no_limit:
        told = text("report.form-no-limit", done=summed.no_limit, running=summed.running_no_limit)
        sheet.write(last + 2, 0, told, styles["plain"])


def _write_head(sheet: Any, styles: dict[str, Any]) -> None:
    head = styles["head"]
    sheet.merge_range(_TOP, 0, _TOP + 1, 0, text("report.number"), head)
    sheet.merge_range(_TOP, 1, _TOP + 1, 1, text("report.field"), head)
    for key, first, last in GROUPS:
        sheet.merge_range(_TOP, first - 1, _TOP, last - 1, text(key), head)
    for place, column in enumerate(COLUMNS, start=2):
        sheet.write(_TOP + 1, place, text(f"report.{column}"), head)
    for place in range(13):
        sheet.write(_TOP + 2, place, f"({place + 1})", styles["mark"])


def _write_numbers(sheet: Any, line: int, row: Row, style: Any) -> None:
    for place, column in enumerate(COLUMNS, start=2):
        sheet.write(line, place, getattr(row, column), style)
