"""Procedures are found by what people call them."""

import pytest

from motcua.registry.loading import load_registry
from motcua.services.finding import everyday, found

DEFINITIONS = [
    each.definition for each in load_registry().definitions() if each.definition.stands_alone
]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("sao y", "2.000815"),
        ("SAO Y BẢN CHÍNH", "2.000815"),
        ("giấy khai sinh", "1.001193"),
        ("giay khai sinh", "1.001193"),
        ("mất giấy khai sinh", "1.004884"),
        ("xin giấy độc thân", "1.004873"),
        ("cưới", "1.000894"),
        ("làm giấy chứng tử", "1.000656"),
        ("người già", "1.014027"),
        ("lấn đất", "1.012812"),
        ("làm thủ tục nhận con nuôi", "2.001263"),
        ("hôn nh", "1.004873"),
        ("2.000815", "2.000815"),
        ("sao y bằng", "2.000815"),
        ("sao y bằng tốt nghiệp", "2.000815"),
        ("chứng thực bằng", "2.000815"),
    ],
)
def test_everyday_words_find_the_procedure(typed: str, code: str) -> None:
    assert code in found(DEFINITIONS, typed)


def test_a_saying_is_not_drowned_in_what_only_looks_alike() -> None:
    assert found(DEFINITIONS, "sao y") == {"2.000815"}
    assert found(DEFINITIONS, "độc thân") == {"1.004873"}


def test_nothing_typed_is_everything_and_nonsense_is_nothing() -> None:
    assert found(DEFINITIONS, " ") == {each.code for each in DEFINITIONS}
    assert found(DEFINITIONS, "xyzzy") == set()
    assert found(DEFINITIONS, "hộ xyzzy") == set()


def test_every_code_an_everyday_word_means_is_a_procedure() -> None:
    codes = {each.code for each in DEFINITIONS}
    meant = {means for saying in everyday().words for means in saying.means if means[1] == "."}

    assert meant <= codes


def test_every_everyday_word_finds_something() -> None:
    said = [each for saying in everyday().words for each in saying.say]

    assert [each for each in said if not found(DEFINITIONS, each)] == []
