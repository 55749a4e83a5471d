"""Every fault of a deadline has a text in both languages, and names what it is about."""

import re

import pytest

from motcua.cli import due
from motcua.domain import deadline_errors
from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import texts

CODES = sorted(
    {
        error.code
        for module in (deadline_errors, due)
        for error in vars(module).values()
        if isinstance(error, type) and issubclass(error, MotCuaError) and error is not MotCuaError
    }
)


@pytest.mark.parametrize("code", CODES)
def test_a_fault_has_a_text_in_both_languages_with_the_same_fields(code: str) -> None:
    fields = [set(re.findall(r"\{(\w+)", texts(language)[code])) for language in ("vi", "en")]

    assert fields[0] == fields[1]


def test_all_faults_are_found() -> None:
    assert len(CODES) == 23
