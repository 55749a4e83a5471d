"""A clock that stands still until a test moves it."""

import datetime as dt

from motcua.domain.calendar import VN


class FixedClock:
    """Answers one moment: at first a Tuesday morning in office hours."""

    def __init__(self) -> None:
        self.moment = dt.datetime(2026, 12, 1, 9, 0, tzinfo=VN)

    def __call__(self) -> dt.datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += dt.timedelta(**span)
