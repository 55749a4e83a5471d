"""The glossary lists every transition there is, by the name a person reads."""

import re
from pathlib import Path

from motcua.domain.dossier import TRANSITIONS
from motcua.plugin.texts import text

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"
ROW = re.compile(r"^\| (T\d\d) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_the_page_has_one_row_for_each_transition() -> None:
    told = ROW.findall(PAGE.read_text(encoding="utf-8"))

    there = [
        (
            row.id,
            text(f"step.{row.id}"),
            text(f"step.{row.id}", lang="en"),
            text(f"state.{row.target}") if row.target else "–",
        )
        for row in TRANSITIONS.values()
    ]

    assert told == there
