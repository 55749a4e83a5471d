"""The personal identification number (rules 7.4)."""

import pytest

from motcua.domain.identity import hidden_numbers, id_number_doubts, is_id_number, mask


@pytest.mark.parametrize(
    ("number", "birth", "sex"),
    [
        ("027090000001", "1990", "Nam"),
        ("027190000001", "1990-05-02", "Nữ"),
        ("027205000001", "2005", "Nam"),
        ("027305000001", "2005", "Nữ"),
        ("027305000001", None, None),
        ("027305000001", None, "không rõ"),
    ],
)
def test_a_number_that_fits_raises_no_doubt(
    number: str, birth: str | None, sex: str | None
) -> None:
    assert is_id_number(number)
    assert id_number_doubts(number, birth=birth, sex=sex) == []


def test_a_wrong_century_year_or_sex_is_a_doubt() -> None:
    assert id_number_doubts("027090000001", birth="2090", sex=None) == ["field.id-number-birth"]
    assert id_number_doubts("027090000001", birth="1991", sex=None) == ["field.id-number-birth"]
    assert id_number_doubts("027090000001", birth=None, sex="Nữ") == ["field.id-number-sex"]


def test_lists_show_a_number_masked() -> None:
    assert mask("027090000012") == "0270******12"


@pytest.mark.parametrize(
    ("digit", "century", "sex"),
    [
        ("0", 1900, "Nam"),
        ("1", 1900, "Nữ"),
        ("2", 2000, "Nam"),
        ("3", 2000, "Nữ"),
        ("4", 2100, "Nam"),
        ("5", 2100, "Nữ"),
    ],
)
@pytest.mark.parametrize("year", [0, 1, 47, 99])
def test_the_fourth_digit_is_century_and_sex_the_next_two_the_year(
    digit: str, century: int, sex: str, year: int
) -> None:
    # Rules 7.4: 1900s 0 and 1, 2000s 2 and 3, 2100s 4 and 5; digits 5-6 the birth year.
    number = f"027{digit}{year:02d}000001"
    other = "Nữ" if sex == "Nam" else "Nam"

    assert id_number_doubts(number, birth=f"{century + year}-05-02", sex=sex) == []
    assert id_number_doubts(number, birth=str(century + year + 100), sex=other) == [
        "field.id-number-birth",
        "field.id-number-sex",
    ]


@pytest.mark.parametrize("province", ["001", "024", "027", "096", "097", "000", "999"])
def test_any_province_is_accepted(province: str) -> None:
    # Rules 7.4: Hà Nội 001, Bắc Giang 024, Bắc Ninh 027; after the merger any.
    number = f"{province}190000001"

    assert is_id_number(number)
    assert id_number_doubts(number, birth="1990", sex="Nữ") == []


@pytest.mark.parametrize(
    "text", ["", "125481632", "02719000000", "0271900000011", "02719000000a", "027 190 000 001"]
)
def test_anything_but_twelve_digits_is_no_number(text: str) -> None:
    # Rules 7.4: an error only for length and characters; nine digits (CMND) are history.
    assert not is_id_number(text)


def test_every_number_among_words_is_masked_and_no_other_digits() -> None:
    said = "Đỗ Danh Đại, 027088602464, 03/03/1988"

    assert hidden_numbers(said) == "Đỗ Danh Đại, 0270******64, 03/03/1988"
