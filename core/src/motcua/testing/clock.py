"""Time in tests: it stands still until it is moved."""

import datetime as dt

from motcua.domain.calendar import VN

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=VN)
"""Monday 23 November 2026 at nine; the 24th is a holiday."""


class FixedClock:
    """Says what it was told; :meth:`tick` moves it on."""

    def __init__(self, now: dt.datetime = MONDAY) -> None:
        """Stand at *now*."""
        self.now = now

    def __call__(self) -> dt.datetime:
        """The time it is."""
        return self.now

    def tick(self, **passed: float) -> dt.datetime:
        """Let time pass – a minute, or what is said as for a ``timedelta``; answers the time."""
        self.now += dt.timedelta(**(passed or {"minutes": 1}))
        return self.now
