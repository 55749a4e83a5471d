"""Limits, fees and counted days in words."""

import datetime as dt

import pytest

from fakes.portal import BIRTH, COPY, MARITAL, NOW, SIGNATURE, at
from motcua.domain.explanation import DayNote, Why
from motcua.domain.limit import TimeLimit, Unit
from motcua.domain.procedure import FeeItem, FeeKind
from motcua.domain.procedure_limit import Limit, Stage
from motcua.plugin.texts import texts
from motcua.services.words import limit_words
from motcua.ui.explain import day_lines
from motcua.ui.words import amount_words, fee_words, offered_limit_words


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (1, Unit.SAME_DAY, "Trong ngày"),
        (3, Unit.SAME_DAY, "Trong ngày, thêm 2 ngày làm việc"),
        (3, Unit.WORKING_DAY, "3 ngày làm việc"),
        (8, Unit.WORKING_HOUR, "8 giờ làm việc"),
        (7, Unit.CALENDAR_DAY, "7 ngày"),
        (12, Unit.CLOCK_HOUR, "12 giờ"),
    ],
)
def test_a_limit_is_said_in_its_own_unit(amount: int, unit: Unit, words: str) -> None:
    assert limit_words(TimeLimit(amount=amount, unit=unit)) == words


def test_an_unknown_limit_is_never_guessed() -> None:
    assert limit_words(None) == "Chưa ấn định"
    assert offered_limit_words(Limit(known=False)) == "Chưa ấn định"


def test_a_chain_of_stages_is_never_one_sum() -> None:
    """Rules §15.1: a chain of stages is a list of stage clocks."""
    stages = tuple(
        Stage(id=name, label=name, amount=2, unit=Unit.WORKING_DAY, counted_from="khi thụ lý")
        for name in ("mot", "hai")
    )

    assert offered_limit_words(Limit(stages=stages)) == "2 giai đoạn, mỗi giai đoạn một hạn"
    inside = Limit(amount=30, unit=Unit.CALENDAR_DAY, stages=stages)
    assert offered_limit_words(inside) == "30 ngày"


def test_a_campaign_is_said_to_be_one() -> None:
    """Rules §15.1: the yearly review is no dossier clock."""
    words = offered_limit_words(Limit(known=False, campaign=True))
    assert words == "Theo đợt, ngày do đơn vị ấn định"


def test_fees_are_said_as_people_pay_them() -> None:
    """Circular 226/2016: 2,000 a page; civil status on time is free (Law 60/2014 art. 11)."""
    assert fee_words(COPY.fees) == "2.000\u00a0đ một trang"
    assert fee_words(SIGNATURE.fees) == "10.000\u00a0đ một trường hợp"
    assert fee_words(BIRTH.fees) == "Miễn phí trong một số trường hợp"
    assert fee_words(BIRTH.fees[:1]) == "Miễn phí"
    assert fee_words(BIRTH.fees[1:]) == "Theo mức của tỉnh"
    assert fee_words([*SIGNATURE.fees, *MARITAL.fees]) == "Từ 3.000\u00a0đ"


def test_a_cap_stands_beside_the_amount() -> None:
    assert amount_words(COPY.fees[0]) == (
        "2.000\u00a0đ một trang, nhiều nhất 200.000\u00a0đ một bản"
    )
    assert amount_words(BIRTH.fees[0]) == "Miễn phí"
    assert amount_words(BIRTH.fees[1]) == "Theo mức của tỉnh"
    assert amount_words(FeeItem(id="k", label="k", kind=FeeKind.NONE, per="việc")) == "Miễn phí"


def test_every_reason_of_a_day_has_words() -> None:
    known = texts("vi")

    assert [why for why in Why if f"ui.why.{why.value}" not in known] == []


def test_hours_are_counted_as_hours() -> None:
    notes = [
        DayNote(date=dt.date(2026, 11, 23), counted=1.5, why=Why.COUNTED),
        DayNote(date=dt.date(2026, 11, 25), counted=6, why=Why.COUNTED),
    ]

    lines = day_lines(notes, at(25, 14), NOW, TimeLimit(amount=8, unit=Unit.WORKING_HOUR))

    assert [line.count for line in lines] == ["1,5 giờ", "6 giờ"]


def test_half_and_provisional_days_say_so() -> None:
    note = DayNote(
        date=dt.date(2027, 2, 4), counted=1, why=Why.COUNTED, half=True, provisional=True
    )

    (line,) = day_lines([note], None, NOW, None)

    assert line.words == "Ngày làm việc (nửa ngày), lịch dự kiến"


def test_vietnamese_and_english_have_the_same_keys() -> None:
    own = [{key for key in texts(lang) if key.startswith("ui.")} for lang in ("vi", "en")]

    assert own[0] == own[1]
