"""What a tenant takes, and on which days it works."""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from motcua.domain.answers import Answers
from motcua.domain.calendar import Session
from motcua.domain.limit import TimeLimit
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.report import Period
from motcua.plugin.facts import BookLine
from motcua.registry.catalogue import UnknownProcedureError
from motcua.registry.dispatch import PluginBlockedError
from motcua.services.catalogue import Published
from motcua.services.house import Desk, House

AHEAD = dt.timedelta(days=30)
"""How far a calendar reaches when nobody says."""


class ProcedureLine(msgspec.Struct, frozen=True, kw_only=True):
    """A procedure in a list; no *limit*: the officer sets a date with its ground."""

    code: str
    name: str
    field: str
    field_name: str
    online_level: str
    limit: TimeLimit | None


class ProcedureList(msgspec.Struct, frozen=True):
    """What a tenant takes today."""

    procedures: tuple[ProcedureLine, ...]


class ProcedureView(msgspec.Struct, frozen=True, kw_only=True):
    """A procedure as a tenant takes it.

    Attributes:
        version: The name of the version in force; dossiers keep theirs.
        offered: Whether new dossiers are taken.
        limit: The tenant's limit, which may be shorter than the definition's.
        amounts: Fee amounts set by the province or the tenant, by fee id.
        definition: Documents, form, fees, limits, steps, legal basis.
    """

    version: str
    offered: bool
    limit: TimeLimit | None
    amounts: dict[str, int]
    definition: ProcedureDefinition


class DayView(msgspec.Struct, frozen=True, kw_only=True):
    """A day and the sessions the desk is open on it."""

    date: dt.date
    working: bool
    sessions: tuple[Session, ...]
    name: str
    basis: str
    provisional: bool


class CalendarView(msgspec.Struct, frozen=True):
    """Some days in a row."""

    days: tuple[DayView, ...]


def procedures(house: House, desk: Desk) -> ProcedureList:
    """What the tenant takes today, in the order of the codes."""
    found = (each for each in house.catalogue.current(house.today()) if offered(house, desk, each))
    return ProcedureList(tuple(_line(desk, each.definition) for each in found))


def procedure(house: House, desk: Desk, code: str) -> ProcedureView:
    """One procedure in force today.

    Raises:
        UnknownProcedureError: none of that code is in force.
    """
    found = house.catalogue.find(code, house.today())
    if found is None:
        raise UnknownProcedureError(procedure=code, day=house.today().isoformat())
    fees = {fee.id for fee in found.definition.fees}
    amounts = desk.amounts_on(house.today())
    return ProcedureView(
        version=found.id,
        offered=offered(house, desk, found),
        limit=limit_of(desk, found.definition),
        amounts={fee: amount for fee, amount in amounts.items() if fee in fees},
        definition=found.definition,
    )


def on_day(house: House, code: str, day: dt.date) -> ProcedureDefinition:
    """A procedure as it was on *day*; where none was in force then, in its latest version.

    Raises:
        UnknownProcedureError: there is none of that code.
    """
    found = house.catalogue.find(code, day) or house.catalogue.latest(code)
    if found is None:
        raise UnknownProcedureError(procedure=code, day=day.isoformat())
    return found.definition


def offered(house: House, desk: Desk, published: Published) -> bool:
    """Whether the tenant takes new dossiers of *published*."""
    definition = published.definition
    if not (definition.stands_alone and desk.offers(definition.code)):
        return False
    try:
        house.registry.require_offered(desk.plugins, definition)
    except PluginBlockedError:
        return False
    return True


def limit_of(
    desk: Desk, definition: ProcedureDefinition, variants: Iterable[str] = ()
) -> TimeLimit | None:
    """The limit that holds at the tenant with the *variants* picked; ``None``: none is known."""
    return desk.own_limit(definition) or definition.choose_limit(variants).limit


def calendar(desk: Desk, period: Period) -> CalendarView:
    """Every day of *period* with its sessions."""
    length = (period.last - period.first).days + 1
    dates = (period.first + dt.timedelta(days=n) for n in range(length))
    return CalendarView(tuple(_day(desk, date) for date in dates))


def _line(desk: Desk, definition: ProcedureDefinition) -> ProcedureLine:
    return ProcedureLine(
        code=definition.code,
        name=definition.name,
        field=definition.field,
        field_name=definition.field_name,
        online_level=definition.online_level,
        limit=limit_of(desk, definition),
    )


def _day(desk: Desk, date: dt.date) -> DayView:
    facts = desk.calendar.facts(date)
    row, closure = facts.row, facts.closure
    return DayView(
        date=date,
        working=bool(facts.working),
        sessions=facts.sessions,
        name=closure.reason if closure else row.name if row else "",
        basis=closure.basis if closure else row.basis if row else "",
        provisional=facts.provisional,
    )


def numbered_in(house: House, desk: Desk, book: str) -> list[ProcedureDefinition]:
    """What a tenant takes whose papers have their numbers in a *book*.

    A plugin that names no book before it knows the paper is believed; a book that depends on
    the paper, so that nobody names it, is given everything that is numbered.
    """
    codes = [each.code for each in procedures(house, desk).procedures]
    listed = [procedure(house, desk, each).definition for each in codes]
    found = {each.code: _books(house, desk, each) for each in listed if each.result.register}
    own = [each for each in listed if book in (found.get(each.code) or ())]
    open_ = [each for each in listed if found.get(each.code) == set()]
    return own + open_ or [each for each in listed if found.get(each.code)]


def _books(house: House, desk: Desk, definition: ProcedureDefinition) -> set[str] | None:
    """The books of a paper of which nothing is known yet; ``None``: it is not numbered."""
    lines: Sequence[BookLine] | None = house.registry.ask_owner(
        "register_entries", desk.plugins, definition, answers=Answers({}), day=house.today()
    )
    return None if lines is None else {each.book for each in lines}
