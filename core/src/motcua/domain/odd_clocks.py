"""Stages and waits "up to": what begins and ends them (T32, T33) in a dossier's clock.

Which stages there are and how long a wait lasts stands in the definition; when each
began and ended stands in the dossier's events.
"""

import datetime as dt
from collections.abc import Iterable

from motcua.domain.clock_events import (
    ClockEvent,
    StageEnded,
    Waited,
)
from motcua.domain.clock_events import Stage as StageBegun
from motcua.domain.procedure_limit import Limit, LimitVariant


def stages_begun(limit: Limit, ended: str | None, at: dt.datetime) -> tuple[StageBegun, ...]:
    """The stages that begin *at* a moment because the one called *ended* is done."""
    return tuple(
        StageBegun(at=at, stage=each.id, agency=each.label, limit=each.time_limit)
        for each in limit.stages_after(ended)
    )


def stage_done(limit: Limit, stage: str, at: dt.datetime) -> tuple[ClockEvent, ...]:
    """T32: a stage ends; those that follow it begin at the same moment."""
    return (StageEnded(at=at, stage=stage), *stages_begun(limit, stage, at))


def wait_begun(wait: LimitVariant, at: dt.datetime) -> Waited:
    """T33: somebody is waited for."""
    return Waited(at=at, up_to=wait.time_limit, consequence=wait.consequence, pauses=wait.pauses)


def open_stages(clock: Iterable[ClockEvent]) -> dict[str, str]:
    """The stages at work, with what they are called, in the order they began."""
    found: dict[str, str] = {}
    for event in clock:
        if isinstance(event, StageBegun) and event.stage:
            found[event.stage] = event.agency
        elif isinstance(event, StageEnded):
            found.pop(event.stage, None)
    return found
