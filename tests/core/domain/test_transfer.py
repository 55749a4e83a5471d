"""The words of a transfer's QR code, taken apart again and compared with known ones."""

import binascii
import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.transfer import (
    MOST_AMOUNT,
    MOST_PURPOSE,
    BankAccount,
    checksum,
    number_of,
    purpose_of,
    vietqr,
)

SIGNS = string.ascii_uppercase + string.digits
accounts = st.builds(
    BankAccount,
    bank=st.just("Ngân hàng Thử"),
    bin=st.text("0123456789", min_size=6, max_size=6),
    number=st.text(string.ascii_letters + string.digits, min_size=1, max_size=19),
    holder=st.just("UBND PHUONG MAU"),
)
codes = st.from_regex(r"(T|[0-9]{5})-[0-9]{6}-[0-9]{4,6}", fullmatch=True)


def taken_apart(words: str) -> dict[str, str]:
    """The objects of a code by their numbers, each as long as it says it is."""
    found: dict[str, str] = {}
    at = 0
    while at < len(words):
        length = int(words[at + 2 : at + 4])
        found[words[at : at + 2]] = words[at + 4 : at + 4 + length]
        at += 4 + length
    assert at == len(words)
    return found


@given(account=accounts, amount=st.integers(1, MOST_AMOUNT), code=codes)
def test_what_was_put_in_is_read_out_again(account: BankAccount, amount: int, code: str) -> None:
    words = vietqr(account, amount, purpose_of(code))

    read = taken_apart(words)
    napas = taken_apart(read["38"])
    assert list(read) == ["00", "01", "38", "53", "54", "58", "62", "63"]
    assert (napas["00"], napas["02"]) == ("A000000727", "QRIBFTTA")
    assert taken_apart(napas["01"]) == {"00": account.bin, "01": account.number}
    assert (read["01"], read["53"], read["58"]) == ("12", "704", "VN")
    assert read["54"] == str(amount)
    assert taken_apart(read["62"]) == {"08": purpose_of(code)}
    assert int(read["63"], 16) == checksum(words[:-4])


@given(words=st.text(max_size=200))
def test_the_checksum_is_that_of_another_implementation(words: str) -> None:
    assert checksum(words) == binascii.crc_hqx(words.encode(), 0xFFFF)


@given(words=st.text())
def test_a_purpose_has_only_what_banks_take(words: str) -> None:
    purpose = purpose_of(words)

    assert set(purpose) <= set(SIGNS + " ")
    assert len(purpose) <= MOST_PURPOSE
    assert purpose_of(purpose) == purpose


@given(code=codes)
def test_the_purpose_names_the_dossier_wholly(code: str) -> None:
    assert purpose_of(code).replace(" ", "-") == code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("ft26330 123", "FT26330123"),
        ("FT-1\xa0/ 02", "FT1/2"),
        ("a/b", "AB"),
        (" / 2", "2"),
        ("", ""),
    ],
)
def test_a_banks_number_is_the_same_however_it_is_typed(typed: str, number: str) -> None:
    assert number_of(typed) == number


WITH_AMOUNT = (
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA"
    "530370454061200005802VN62170813ung ho lu lut6304C15C"
)
WITHOUT = (
    "00020101021138570010A00000072701270006970415011300110019324180208QRIBFTTA53037045802VN6304"
)


@pytest.mark.parametrize(
    ("amount", "purpose", "words"),
    [(120_000, "ung ho lu lut", WITH_AMOUNT), (0, "", WITHOUT)],
    ids=["an amount and a purpose, as published", "neither: whoever pays types them"],
)
def test_known_codes(amount: int, purpose: str, words: str) -> None:
    account = BankAccount(bank="Ngân hàng Thử", bin="970415", number="0011001932418", holder="X")

    assert vietqr(account, amount, purpose).startswith(words)


@pytest.mark.parametrize(
    "wrong", [{"bin": "97041"}, {"number": "12 34"}, {"number": "1" * 20}, {"holder": ""}]
)
def test_what_is_no_account_is_refused(wrong: dict[str, str]) -> None:
    given = {"bank": "A", "bin": "970415", "number": "1", "holder": "B"} | wrong

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(given, BankAccount)
