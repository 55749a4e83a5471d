"""Ten thousand random histories, counted by two programs that share no code."""

import datetime as dt
import random

import pytest

from core.domain.brute import ZONE, BruteClock, Offices
from core.domain.histories import random_calendar, random_history
from motcua.domain.clock import run

CALENDARS = 400
HISTORIES = 25


@pytest.mark.parametrize("batch", range(8))
def test_two_implementations_agree_on_ten_thousand_random_histories(batch: int) -> None:
    dice = random.Random(batch)  # noqa: S311 - a seeded test, no secret
    for _ in range(CALENDARS // 8):
        calendar = random_calendar(dice)
        offices = Offices(calendar)
        for _ in range(HISTORIES):
            history = random_history(dice, calendar)
            slow = BruteClock(offices)
            for event in history:
                slow.take(event)

            fast = run(calendar, history)

            story = (calendar, history)
            assert slow.promise is not None
            assert fast.promise == _aware(slow.promise), story
            assert fast.legal_due == _aware(slow.legal), story
            assert fast.report_due == _aware(slow.report_due), story
            assert fast.current_due == _aware(slow.current_due), story
            assert fast.late_latched == slow.late, story
            assert fast.outcome == slow.outcome, story
            assert fast.paused == (slow.stood_since is not None and slow.outcome is None), story


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=ZONE)
