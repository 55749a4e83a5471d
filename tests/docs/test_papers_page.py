"""The page about papers: the setting it shows is one."""

import datetime as dt
import re
import tomllib
from pathlib import Path

import msgspec

from motcua.documents.slips import form_sets
from motcua.domain.tenant import TenantSettings

PAGE = Path(__file__).parents[2] / "docs/explanation/papers.md"


def test_the_day_a_set_of_forms_begins_can_be_settled_as_shown() -> None:
    (shown,) = re.findall(r"`(forms_begin = .+?)`", PAGE.read_text("utf-8"))

    settings = msgspec.convert(tomllib.loads(shown), TenantSettings)

    assert settings.forms_begin == {"2025": dt.date(2025, 10, 1)}
    assert set(settings.forms_begin) <= {each.id for each in form_sets()}
