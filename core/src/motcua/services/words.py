"""Limits in words that people understand."""

from motcua.domain.limit import TimeLimit, Unit
from motcua.plugin.texts import text


def limit_words(limit: TimeLimit | None) -> str:
    """``3 ngày làm việc``, ``Trong ngày``; says so where no limit is set."""
    if limit is None:
        return text("ui.limit.none")
    if limit.unit is Unit.SAME_DAY and limit.amount > 1:
        return text("ui.limit.same_day_plus", amount=limit.amount - 1)
    return text(f"ui.limit.{limit.unit.value}", amount=limit.amount)
