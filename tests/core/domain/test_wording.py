"""A unit's own words for messages: plain placeholders, the needed ones, not too long."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua import services as services_package
from motcua.domain.wording import KINDS, faults, filled, parts
from motcua.plugin.texts import LANGUAGES, texts
from motcua.services.messages import TOLD

CODE = KINDS["code"]


def codes(body: str) -> list[str]:
    return [each.fault for each in faults("code", CODE, body)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Mã {code}, {minutes} phút, {unit}", []),
        ("Mã của bạn", ["message.required"]),
        ("{code} của {name}", ["message.placeholder"]),
        ("{code!r}", ["message.placeholder"]),
        ("{code:>999}", ["message.placeholder"]),
        ("{code.__class__}", ["message.placeholder", "message.required"]),
        ("{code", ["message.braces"]),
        ("{code} {{x}}", ["message.braces"]),
        ("{code}" + "ằ" * 300, ["message.too-long"]),
    ],
)
def test_words_name_what_their_kind_knows(body: str, found: list[str]) -> None:
    assert codes(body) == found


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_usual_words_are_in_order(name: str, lang: str) -> None:
    assert not faults(name, KINDS[name], texts(lang)[KINDS[name].default])


@pytest.mark.parametrize(
    ("body", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("ằ" * 70, 1), ("ằ" * 71, 2), ("ằ" * 134, 2), ("ằ" * 135, 3)],
)
def test_short_messages_are_counted_as_telephones_count_them(body: str, count: int) -> None:
    assert parts(body) == count


def test_every_message_that_is_left_has_its_words_here() -> None:
    services = Path(services_package.__file__).parent
    left = re.compile(
        r'(?:leave\(house, writing|tell_of\(house, desk, writing, definition, row), "(\w+)"'
    )
    kinds = {kind for file in services.glob("*.py") for kind in left.findall(file.read_text())}

    assert kinds | set(TOLD.values()) == set(KINDS)


@given(body=st.text())
def test_words_in_order_can_always_be_filled_in(body: str) -> None:
    if not codes("{code}" + body):
        assert CODE.sample["code"] in filled("{code}" + body, CODE.sample)
