"""The personal identification number (rules 7.4)."""

import pytest

from motcua.domain.identity import id_number_doubts, is_id_number, mask


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
