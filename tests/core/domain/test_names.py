"""Names are found without accents, sorted as a dictionary does, masked in lists."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.names import masked, name_key, search_key, sort_key

ALPHABET = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
words = st.text(alphabet=ALPHABET + ALPHABET.upper() + "  ")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("  ĐẶNG   Văn\tLưỡng ", "dang van luong"),
        ("09190-261123-0001", "09190-261123-0001"),
        ("", ""),
    ],
)
def test_a_search_key_has_no_accents_and_single_spaces(words: str, key: str) -> None:
    assert search_key(words) == key


@given(words)
def test_how_the_accents_are_written_does_not_matter(text: str) -> None:
    forms = {search_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}

    assert forms == {search_key(text.upper())}
    assert search_key(search_key(text)) == search_key(text)


@given(words)
def test_a_key_of_vietnamese_words_is_plain_ascii(text: str) -> None:
    assert search_key(text).isascii()


def test_words_are_sorted_by_letters_first_and_tones_second() -> None:
    """Order of tones: none, huyền, hỏi, ngã, sắc, nặng."""
    ordered = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "măng", "mâm", "na", "đa"]

    assert sorted(ordered, key=sort_key) == ["đa", *ordered[:-1]]


def test_letters_follow_the_vietnamese_alphabet() -> None:
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy"

    assert "".join(sorted(sorted(letters), key=sort_key)) == letters


def test_what_is_no_letter_sorts_before_letters() -> None:
    assert sorted(["an b", "anb", "an"], key=sort_key) == ["an", "an b", "anb"]


@given(words)
def test_case_and_composition_do_not_change_the_order(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text.upper())) == sort_key(text)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("027190000012", "0271******12"),
        ("123456789", "1234***89"),
        ("1234567", "1234*67"),
        ("123456", "123456"),
        ("", ""),
    ],
)
def test_a_number_in_a_list_shows_its_ends_only(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_a_name_is_the_same_however_it_was_typed() -> None:
    """Spaces, capitals and the encoding of a tone say nothing; the tone itself does."""
    typed = unicodedata.normalize("NFD", "  NGUYỄN  thị An ")

    assert name_key(typed) == name_key("Nguyễn Thị An")
    assert name_key("Nguyễn Thị Ân") != name_key("Nguyễn Thị An")
