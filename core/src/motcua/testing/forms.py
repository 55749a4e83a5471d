"""Forms filled in: what an applicant may answer, what an officer would type, what is sent back.

:func:`filled` is a Hypothesis strategy of valid answers to any form; :func:`typed`
says what stands in the counter's fields for them; :func:`sent_back` draws the page
with it and reads what a browser would send.
"""

import datetime as dt
import functools
import unicodedata
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from jinja2 import Environment

from motcua.domain.form import (
    AddressField,
    BooleanField,
    DateField,
    EnumField,
    Field,
    FileField,
    GroupField,
    IntegerField,
    MoneyField,
    PersonField,
    TextField,
)
from motcua.testing.clock import MONDAY
from motcua.ui.environment import environment
from motcua.ui.site import HelpDesk, Site
from motcua.web.forms.fields import FormWriter
from motcua.web.forms.typed import written

LEAD = "g0"
"""What the names of a form's fields begin with at the counter."""
TODAY = MONDAY.date()
SETTINGS = settings(
    max_examples=3,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
"""How often each form is filled in by the contract: rarely, as there are many forms."""
_LONGEST, _MOST_ROWS = 40, 3
_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyÀẠẢẮẾỆỘỚỨỸĐ 0123456789.,;:-/()“”\"'&<>"


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def lines(longest: int = _LONGEST) -> SearchStrategy[str]:
    """One line of text as people write it, with what a page must escape."""
    drawn = st.text(_LETTERS, min_size=1, max_size=min(longest, _LONGEST))
    return drawn.map(_clean).filter(bool)


days = st.dates(dt.date(1930, 1, 1), TODAY).map(dt.date.isoformat)
people = st.fixed_dictionaries(
    {"name": lines()},
    optional={
        "id_number": st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii),
        "birth": days | st.integers(1930, TODAY.year).map(str),
        "address": lines(),
    },
)


@st.composite
def filled(draw: DrawFn, fields: Iterable[Field]) -> dict[str, Any]:
    """Valid answers to *fields*, as the counter can take them."""
    answers: dict[str, Any] = {}
    for field in fields:
        hidden = field.when is not None and not field.when.holds(answers.get(field.when.field))
        if hidden or field.computed or not (field.required or draw(st.booleans())):
            continue
        value = draw(_answer(field))
        if value not in ("", [], {}):
            answers[field.id] = value
    return answers


def _answer(field: Field) -> SearchStrategy[Any]:
    if field.repeat is None:
        return _value(field)
    least = max(1, field.repeat.min)
    most = max(least, min(field.repeat.max, _MOST_ROWS))
    row = lines() if isinstance(field, FileField) else _value(field).filter(bool)
    return st.lists(row, min_size=least, max_size=most)


def _value(field: Field) -> SearchStrategy[Any]:  # noqa: C901, PLR0911 - one per kind of field
    match field:
        case TextField(pattern=None):
            return lines(field.max_length)
        case TextField():
            most = field.max_length
            drawn = st.from_regex(field.pattern or "", fullmatch=True)
            return drawn.filter(lambda text: text == _clean(text) and 0 < len(text) <= most)
        case IntegerField() | MoneyField():
            return st.integers(field.min, field.max)
        case BooleanField():
            return st.booleans() if field.required else st.just(value=True)
        case DateField():
            return days
        case PersonField():
            return people
        case AddressField():
            return lines()
        case EnumField():
            return st.sampled_from(field.options)
        case FileField():
            return st.just(field.label)
        case GroupField():
            return filled(field.fields)


def typed(fields: Iterable[Field], answers: Mapping[str, Any], lead: str = LEAD) -> dict[str, str]:
    """What an officer would have typed for *answers*."""
    found: dict[str, str] = {}
    for field in fields:
        if field.id in answers:
            found |= _typed_field(field, answers[field.id], f"{lead}.{field.id}")
    return found


def _typed_field(field: Field, value: Any, name: str) -> dict[str, str]:
    if field.repeat is None:
        return _typed_value(field, value, name)
    if isinstance(field, FileField):
        return {name: "\n".join(value)}
    found = {f"{name}#": str(len(value))}
    for at, row in enumerate(value):
        found |= _typed_value(field, row, f"{name}[{at}]")
    return found


def _typed_value(field: Field, value: Any, name: str) -> dict[str, str]:
    match field:
        case GroupField():
            return typed(field.fields, value, name)
        case FileField():
            return {name: "1"}
        case TextField() | AddressField() | EnumField():
            return {name: value}
        case _:
            return written(value, name)


def sent_back(fields: Iterable[Field], values: Mapping[str, str]) -> dict[str, str]:
    """What a browser sends of the page that shows *fields* with *values* in them."""
    widgets = FormWriter(values, {}).fields(fields, LEAD)
    components: Any = _pages().globals["ui"]
    reader = _Sent()
    reader.feed("".join(components.widget(each) for each in widgets))
    reader.close()
    return reader.found


@functools.cache
def _pages() -> Environment:
    site = Site(place="Tỉnh Thử", help=HelpDesk(name="Trung tâm thử"), test_data=True)
    return environment(site, str)


class _Sent(HTMLParser):
    """Reads the fields of a page as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._area = self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        match tag:
            case "input" if said.get("type") != "checkbox" or "checked" in said:
                self.found[said["name"]] = said.get("value", "")
            case "textarea":
                self._area = said["name"]
                self.found[self._area] = ""
            case "select":
                self._choice = said["name"]
                self.found[self._choice] = ""
            case "option" if "selected" in said:
                self.found[self._choice] = said["value"]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.found[self._area] = self.found[self._area].removeprefix("\n")
            self._area = ""
