"""The table of units as a workbook."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no type stubs

from motcua.plugin.texts import text
from motcua.services.supervision import Unit
from motcua.ui.format import date
from motcua.web.supervision.frame import Seen
from motcua.web.supervision.table import Column, columns_of, names_of, warnings

_TOP = 3


def workbook(what: Seen, units: Sequence[Unit], sum_: Unit) -> bytes:
    """One sheet: a line for each of *units*, the last one their sum."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
    cell = base | {"border": 1}
    head = book.add_format(cell | {"bold": True, "align": "center", "text_wrap": True})
    title = book.add_format(base | {"bold": True, "font_size": 14})
    plain = book.add_format(base)
    sheet = book.add_worksheet(text("supervision.sheet"))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 32)
    columns = columns_of(what)
    sheet.set_column(1, len(columns), 12)
    sheet.set_column(len(columns) + 1, len(columns) + 1, 40)
    sheet.freeze_panes(_TOP + 1, 1)
    sheet.write(0, 0, text("supervision.title", name=what.above.name), title)
    days = {"first": date(what.period.first), "last": date(what.period.last)}
    sheet.write(1, 0, text("supervision.days", **days), plain)
    for place, name in enumerate(names_of(what)):
        sheet.write(_TOP, place, text(f"supervision.col.{name}"), head)
    styles = {"text": cell, "number": cell | {"num_format": "#,##0"}}
    styles["share"] = cell | {"num_format": "0.0"}
    made = {name: book.add_format(style) for name, style in styles.items()}
    bold = {name: book.add_format(style | {"bold": True}) for name, style in styles.items()}
    for row, unit in enumerate(units, start=_TOP + 1):
        _write(sheet, row, unit, unit.name, columns, made)
        if what.now:
            sheet.write(row, len(columns) + 1, "; ".join(warnings(unit)), made["text"])
    _write(sheet, _TOP + 1 + len(units), sum_, text("supervision.total"), columns, bold)
    book.close()
    return content.getvalue()


def _write(
    sheet: Any,
    row: int,
    unit: Unit,
    name: str,
    columns: Sequence[Column],
    styles: dict[str, Any],
) -> None:
    sheet.write(row, 0, name, styles["text"])
    for place, column in enumerate(columns, start=1):
        value = column.of(unit)
        style = styles["share" if isinstance(value, float) else "number"]
        if value is None:
            sheet.write_blank(row, place, None, style)
        else:
            sheet.write_number(row, place, value, style)
