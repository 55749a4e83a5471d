"""The table of worked examples in ``docs/explanation/deadlines.md`` against the engine."""

import datetime as dt
import re
from pathlib import Path

from motcua.domain.calendar import VN
from motcua.domain.calendar_data import national_calendar
from motcua.domain.deadline import due_at
from motcua.domain.limit import parse_limit

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "deadlines.md"
MOMENT = r"(\w{3}) (\d{4}-\d\d-\d\d \d\d:\d\d)"
ROW = re.compile(rf"^\| (\d+) \| {MOMENT} \| (same day|\d+ \w\w) \| {MOMENT} \|", re.MULTILINE)


def moment(weekday: str, text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text).replace(tzinfo=VN)
    assert f"{found:%a}" == weekday
    return found


def test_every_counted_example_of_the_page_holds() -> None:
    rows = ROW.findall(PAGE.read_text("utf-8"))

    for number, weekday, received, limit, due_weekday, due in rows:
        counted = due_at(
            national_calendar(),
            moment(weekday, received),
            parse_limit(limit.replace(" day", "_day")),
        )
        assert counted == moment(due_weekday, due), number
    assert len(rows) == 28
