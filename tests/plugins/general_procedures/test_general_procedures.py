"""The other nineteen fields: what is known, what stays unknown, what is a chain."""

import datetime as dt

import pytest

from motcua.domain.fee import total
from motcua.domain.limit import Unit
from motcua.domain.procedure import VariantClock
from motcua.plugin import Reception, default_fee_lines
from motcua_general_procedures import plugin

TODAY = dt.date(2026, 11, 23)
CURRENT = {each.code: each for each in plugin.procedures() if not each.is_simulation}


@pytest.mark.parametrize("code", ["1.011606", "1.012971", "1.012974", "2.000794", "2.002165"])
def test_a_limit_no_source_gives_stays_unknown(code: str) -> None:
    # Rules 15.1: the officer enters a date and its ground; nothing is guessed.
    definition = CURRENT[code]

    assert definition.choose_limit().limit is None
    assert definition.limit.note


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("1.014027", "10 wd"),
        ("1.014028", "3 wd"),
        ("1.013750", "3 wd"),
        ("2.001944", "15 wd"),
        ("2.000282", "10 wd"),
        ("2.000286", "10 wd"),
        ("1.012812", "30 cd"),
        ("1.004946", "12 ch"),
        ("1.010092", "13 wd"),
    ],
)
def test_limits_found_later_carry_their_number(code: str, limit: str) -> None:
    # Rules 15.1.
    chosen = CURRENT[code].choose_limit().limit

    assert chosen is not None
    assert chosen.short() == limit


def test_state_compensation_is_a_chain_of_stages_without_a_sum() -> None:
    # Law 10/2017/QH14 art. 43-46; rules 15.1.
    stages = CURRENT["2.002165"].limit.stages

    assert [stage.time_limit.short() for stage in stages] == [
        "2 wd",
        "2 wd",
        "15 cd",
        "2 wd",
        "10 cd",
    ]
    assert all(stage.counted_from for stage in stages)


def test_stages_of_others_are_shown_beside_the_limit() -> None:
    # Law on adoption art. 19: 30 days in all, its parts are not added to it.
    adoption = CURRENT["2.001263"]

    chosen = adoption.choose_limit(["opinions", "registration", "abandoned-child"])

    assert chosen.limit == adoption.limit.time_limit
    assert chosen.extensions == ()
    assert adoption.variant("opinions").clock is VariantClock.BESIDE


def test_military_registration_online_takes_two_hours() -> None:
    definition = CURRENT["1.013133"]

    online = plugin.time_limit(definition, Reception(received_on=TODAY, channel="online"))

    assert online is not None
    assert online.limit is not None
    assert (online.limit.amount, online.limit.unit) == (2, Unit.WORKING_HOUR)
    assert plugin.time_limit(definition, Reception(received_on=TODAY)) is None


def test_a_procedure_without_an_online_limit_keeps_its_own() -> None:
    online = Reception(received_on=TODAY, channel="online")

    assert plugin.time_limit(CURRENT["1.001776"], online) is None


def test_adoption_costs_four_hundred_thousand_unless_exempt() -> None:
    # Decree 114/2016/NĐ-CP.
    adoption = CURRENT["2.001263"]

    assert total(default_fee_lines(adoption, {})) == 400_000
    assert total(default_fee_lines(adoption, {}, exempt=["relative"])) == 0


def test_every_other_procedure_is_free() -> None:
    charged = [code for code, each in CURRENT.items() if total(default_fee_lines(each, {}))]

    assert charged == ["2.001263"]
