"""Text as it is stored: what looks alike is alike, and nothing turns the words around it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.names import name_key, search_key
from motcua.domain.written import clean, pasted

FORMLESS = "\u202e\u2066\u200b\u200d\ufeff\u00ad\u2060\u200f\U000e0041"
NAME = "Nguyễn Thị Ánh"


@pytest.mark.parametrize("mark", FORMLESS)
def test_what_nobody_sees_is_left_out(mark: str) -> None:
    assert clean(f"{mark}Nguyễn{mark} Thị{mark} Ánh{mark}") == NAME
    assert search_key(f"nguyen{mark} thi anh") == search_key(NAME)
    assert name_key(f"{mark}{NAME}") == name_key(NAME)


@given(st.text())
def test_what_is_stored_is_stored_alike_again(text: str) -> None:
    once = clean(text)

    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
    assert "\x00" not in pasted(text)


@pytest.mark.parametrize("name", ["An 😀", "نجم الدین", "李小龍", "O'Neil-Đặng", "Y Bih Êban"])
def test_every_letter_people_have_names_in_stays(name: str) -> None:
    assert clean(name) == name


def test_lines_end_alike_and_letters_are_composed() -> None:
    parts = unicodedata.normalize("NFD", NAME)

    assert clean(f"{parts}\r\nb\u2028c\rd") == f"{NAME}\nb\nc\nd"
