"""The table of units as a workbook: names stay names."""

import datetime as dt
import io
import re
import zipfile
from types import SimpleNamespace
from typing import Any

from motcua.domain.report import Period
from motcua.services.supervision import Counts, Unit
from motcua.web.supervision.sheet import workbook

FORMULA = '=HYPERLINK("http://example.vn","Phường Một")'


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    unit = Unit(
        id=1,
        slug="x",
        name=FORMULA,
        ended=False,
        counts=Counts(),
        today=Counts(),
        counted_at=None,
        open=0,
        overdue_of=(),
        serves=True,
        silent=0,
        never=True,
        signers_ended=0,
        book_gaps=0,
    )
    days = Period(first=dt.date(2026, 11, 1), last=dt.date(2026, 11, 30))
    what: Any = SimpleNamespace(
        above=SimpleNamespace(name=FORMULA), period=days, now=True, field=""
    )

    book = zipfile.ZipFile(io.BytesIO(workbook(what, [unit], unit)))

    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f>|hyperlink", sheet)
    assert "=HYPERLINK" in book.read("xl/sharedStrings.xml").decode()
