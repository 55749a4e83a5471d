"""The reference of settings has every setting there is, and the ranges of the code."""

import re
from pathlib import Path

from motcua.console.bounds import NUMBERS, bounds
from motcua.domain.tenant import TenantSettings

PAGE = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", PAGE, re.MULTILINE))


def test_every_setting_is_there_and_no_other() -> None:
    assert set(ROWS) == set(TenantSettings.__struct_fields__)


def test_ranges_are_those_of_the_code() -> None:
    for name in NUMBERS:
        least, most = bounds(name)
        assert f"{least} – {most} " in ROWS[name]
