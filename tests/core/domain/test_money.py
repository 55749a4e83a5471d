"""Money taken at the counter: what is owed, how it is said, how a series is chained."""

import datetime as dt

import msgspec
import pytest

from motcua.domain.money import Balance, Entry, entry_hash, label, notes, spoken

TAKEN = Entry(
    kind="payment",
    number=1,
    of=None,
    amount=12_000,
    way="cash",
    tendered=20_000,
    change=8_000,
    reason="",
    at=dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC),
    staff_id=1,
    staff="Lê Thị Thu",
    parts={"a": 12_000},
)


@pytest.mark.parametrize(
    ("balance", "due", "surplus"),
    [
        (Balance(charged=12_000), 12_000, 0),
        (Balance(charged=12_000, paid=12_000), 0, 0),
        (Balance(charged=12_000, paid=15_000), 0, 3_000),
        (Balance(charged=12_000, paid=5_000, waived=True), 0, 5_000),
    ],
)
def test_what_is_owed_and_what_is_paid_too_much(balance: Balance, due: int, surplus: int) -> None:
    assert (balance.due, balance.surplus) == (due, surplus)


def test_an_entry_is_chained_to_the_one_before_and_says_the_same_in_every_zone() -> None:
    here = msgspec.structs.replace(
        TAKEN, at=TAKEN.at.astimezone(dt.timezone(dt.timedelta(hours=7)))
    )

    assert entry_hash(b"before", TAKEN) == entry_hash(b"before", here)
    assert entry_hash(b"before", TAKEN) != entry_hash(b"another", TAKEN)
    assert entry_hash(b"before", TAKEN) != entry_hash(
        b"before", msgspec.structs.replace(TAKEN, amount=1)
    )


def test_small_numbers_of_notes_are_thousands() -> None:
    assert (notes(20), notes(999), notes(1_000), notes(50_000)) == (20_000, 999_000, 1_000, 50_000)


def test_amounts_and_numbers_of_receipts_as_people_write_them() -> None:
    assert spoken(1_200_000) == "1.200.000"
    assert label("", 2026, 7) == "2026-000007"
    assert label("C26T", 2026, 7) == "C26T/2026-000007"
