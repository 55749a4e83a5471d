"""Limits in words that people understand."""

import datetime as dt
import re

from motcua.domain.calendar import VN
from motcua.domain.limit import TimeLimit, Unit
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import spoken, text, texts
from motcua.services.catalogue import Catalogue


def limit_words(limit: TimeLimit | None) -> str:
    """``3 ngày làm việc``, ``Trong ngày``; says so where no limit is set."""
    if limit is None:
        return text("ui.limit.none")
    if limit.unit is Unit.SAME_DAY and limit.amount > 1:
        return text("ui.limit.same_day_plus", amount=limit.amount - 1)
    return text(f"ui.limit.{limit.unit.value}", amount=limit.amount)


def called(definition: ProcedureDefinition) -> str:
    """A procedure's name for people: the short one, or without the words that all begin with."""
    if spoken() == "en":
        return definition.name_en
    name = definition.short_name or definition.name.removeprefix("Thủ tục ")
    return name[:1].upper() + name[1:]


def counted_in(per: str) -> str:
    """What a fee is counted in, in the language that is spoken where the word is known."""
    return texts(spoken()).get(f"ui.per.{per}", per)


def called_on(known: Catalogue, code: str, day: dt.date, *, archive: bool = False) -> str:
    """What people called the procedure *code* on *day*, or call it in its latest version.

    Args:
        known: The published procedures.
        code: The procedure's code.
        day: The day.
        archive: Whether versions made for the demonstration may answer.
    """
    found = known.find(code, day, simulation=archive) or known.latest(code)
    return called(found.definition) if found else code


def fee_units(definition: ProcedureDefinition) -> dict[str, str]:
    """What each fee is counted in, in one short word: ``trang``, ``bản``, ``trường hợp``."""
    return {
        fee.id: _BEYOND_THE_WORD.split(counted_in(fee.per), maxsplit=1)[0]
        for fee in definition.fees
    }


def moment_words(at: dt.datetime) -> str:
    """``16:30 23/11/2026``, for a sentence."""
    return f"{at.astimezone(VN):%H:%M %d/%m/%Y}"


_BEYOND_THE_WORD = re.compile(r" \(| của | of ")
"""Where the law's wording of a unit goes on to explain it."""
