"""What hooks are told."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.plugin import Reception
from motcua.plugin.enabled import EnabledPlugins, PluginState

BIRTH = dt.date(2026, 9, 22)
SATURDAY, SUNDAY = dt.date(2026, 11, 21), dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("received_on", "in_time"),
    [
        (BIRTH, True),
        (dt.date(2026, 11, 20), True),
        (SATURDAY, True),
        (dt.date(2026, 11, 23), True),
        (dt.date(2026, 11, 24), False),
    ],
)
def test_sixty_days_end_on_the_next_working_day(received_on: dt.date, in_time: bool) -> None:
    # Civil Code art. 147-148; rules 13.12: day 60 is Saturday 21 November 2026.
    weekend = Reception(received_on=received_on, days_off=frozenset({SATURDAY, SUNDAY}))

    assert weekend.in_time(BIRTH, 60) is in_time


@given(days=st.integers(1, 90), waited=st.integers(0, 120))
def test_without_days_off_the_days_are_simply_counted(days: int, waited: int) -> None:
    event = dt.date(2026, 1, 1)

    reception = Reception(received_on=event + dt.timedelta(days=waited))

    assert reception.in_time(event, days) is (waited <= days)


def test_a_plugin_nobody_mentions_is_absent() -> None:
    tenant = EnabledPlugins(
        states={
            "a": PluginState.OFFERED,
            "b": PluginState.FINISH_ONLY,
            "c": PluginState.QUARANTINED,
        }
    )

    assert tenant.state("d") is PluginState.ABSENT
    assert [tenant.works(name) for name in "abcd"] == [True, True, False, False]
