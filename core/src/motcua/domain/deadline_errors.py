"""What can be wrong with a time limit, a calendar or the history of a clock."""

from motcua.domain.errors import MotCuaError


class LimitTextError(MotCuaError):
    """A written time limit such as ``3 wd`` could not be read."""

    code = "deadline.limit-text"


class LimitAmountError(MotCuaError):
    """A time limit counts less than one unit, or more than any law ever set."""

    code = "deadline.limit-amount"


class ConventionError(MotCuaError):
    """A unit was combined with a convention that is not defined for it."""

    code = "deadline.convention"


class LimitSumError(MotCuaError):
    """Two time limits were added whose sum no rule defines."""

    code = "deadline.limit-sum"


class NaiveTimeError(MotCuaError):
    """A moment was given without its time zone."""

    code = "deadline.naive-time"


class TimeRangeError(MotCuaError):
    """A moment lies outside the years a one-stop shop can count in."""

    code = "deadline.time-range"


class NoWorkingTimeError(MotCuaError):
    """The calendar has no working hour in the ten years after a moment."""

    code = "deadline.no-working-time"


class SessionsError(MotCuaError):
    """The sessions of a day overlap, are out of order or end before they begin."""

    code = "calendar.sessions"


class CalendarFileError(MotCuaError):
    """A calendar file could not be read."""

    code = "calendar.file"


class ClockHistoryError(MotCuaError):
    """The events of a clock cannot have happened in this order."""

    code = "clock.impossible-history"


class ClockNotStartedError(ClockHistoryError):
    """A clock's first event is not its start, or it was started twice."""

    code = "clock.not-started"


class ClockOrderError(ClockHistoryError):
    """An event of a clock is dated before the one it follows."""

    code = "clock.order"


class ClockStoppedError(ClockHistoryError):
    """Something was entered after the clock had stopped for good."""

    code = "clock.stopped"


class ClockWaitingError(ClockHistoryError):
    """The clock stands already: for a supplement, a payment or an answer."""

    code = "clock.waiting"


class ClockNotWaitingError(ClockHistoryError):
    """An end was entered of a wait that had not begun."""

    code = "clock.not-waiting"


class ClockEventError(ClockHistoryError):
    """An event does not say what it must, or says what this clock cannot take."""

    code = "clock.event"


class SecondReappointmentError(MotCuaError):
    """A dossier was re-appointed twice; the rules allow it once."""

    code = "clock.second-reappointment"
    status = 409


class NotLaterError(MotCuaError):
    """A new due time is not later than the one in force."""

    code = "clock.not-later"
    status = 409
