"""Making a village day: what fits a line of a sheet is taken along, with numbers of its book."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from motcua.domain.answers import REQUESTER, Answers
from motcua.domain.calendar import VN
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.form import (
    BooleanField,
    DateField,
    EnumField,
    Field,
    IntegerField,
    MoneyField,
    TextField,
)
from motcua.domain.life import Actor
from motcua.domain.limit import Unit
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.facts import BookLine
from motcua.services import blocks, offers, village_signers
from motcua.services.book_rights import KEEP, require
from motcua.services.house import Desk, House
from motcua.services.words import called
from motcua.storage.work import Work, work

MOST_IN_ROW = 5
"""A paper that has to say no more than so many things stands in one line of a sheet."""
NOON = dt.time(12)
"""When it is looked at who may sign that day; each line is looked at for its own hour."""
AHEAD = dt.timedelta(days=60)
"""How far ahead numbers are reserved."""
_SIMPLE = (TextField, EnumField, IntegerField, MoneyField, DateField, BooleanField)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A village day to be made.

    Attributes:
        officer: Who is at the table, by name.
        signers: Who signs, by name.
        counts: How many numbers are taken along, by procedure.
    """

    day: dt.date
    place: str
    officer: str
    signers: tuple[str, ...]
    counts: Mapping[str, int]


def in_one_line(definition: ProcedureDefinition) -> tuple[Field, ...]:
    """What a paper of a procedure has to say, if that is little and simple; else nothing."""
    needed = tuple(
        field
        for field in definition.form
        if field.required and not field.computed and field.id != REQUESTER
    )
    simple = all(
        isinstance(field, _SIMPLE) and field.repeat is None and field.when is None
        for field in needed
    )
    return needed if simple and len(needed) <= MOST_IN_ROW else ()


def kinds(house: House, desk: Desk) -> list[ProcedureDefinition]:
    """What can be taken along: done the same day, numbered, and said in one line of a sheet."""
    listed = offers.procedures(house, desk).procedures
    found = [offers.procedure(house, desk, each.code).definition for each in listed]
    return [each for each in found if _same_day(each) and in_one_line(each)]


def kind_name(definition: ProcedureDefinition) -> str:
    """What a kind of work is called on a sheet: without what the law adds in brackets."""
    return called(definition).partition(" (")[0]


def _same_day(definition: ProcedureDefinition) -> bool:
    """Whether it is done in one sitting and numbered in a book."""
    return definition.limit.unit is Unit.SAME_DAY and bool(definition.result.register)


async def make(house: House, desk: Desk, actor: Actor, plan: Plan) -> UUID:
    """Make a village day: its numbers are reserved from now on.

    Raises:
        RoleNotAllowedError: the actor does not keep books.
        InvalidAnswersError: something is missing or wrong; holds all of it.
        BookClosedError: a book is closed.
    """
    require(actor, KEEP)
    offered = {each.code: each for each in kinds(house, desk)}
    _require_whole(house, desk, plan, offered)
    async with work(house.engine, desk.id) as reading:
        await _require_people(house, reading, desk, plan, [offered[code] for code in plan.counts])
    wanted = sorted((_book(house, desk, offered[code], plan.day), code) for code in plan.counts)
    id_ = house.new_id()
    reason = f"{plan.place.strip()}, {plan.day:%d/%m/%Y}"
    async with work(house.engine, desk.id) as writing:
        made = {}
        for (book, title), code in wanted:
            asked = (book, plan.counts[code], reason)
            block = await blocks.reserve_block(
                house, desk, actor, *asked, year=plan.day.year, title=title
            )
            made[code] = block.id
        said = (plan.place.strip(), plan.officer.strip(), list(plan.signers))
        await writing.execute(_MAKE, desk.id, id_, plan.day, *said, house.now(), actor.name)
        await writing.execute(_SHEETS, desk.id, id_, list(made), list(made.values()))
    return id_


def _require_whole(
    house: House, desk: Desk, plan: Plan, offered: Mapping[str, ProcedureDefinition]
) -> None:
    """Refuse a plan that lacks something, or is for a day nothing may be entered of."""
    faults = [
        FieldFault(name, "field.missing", label=name)
        for name in ("place", "officer", "signers")
        if not (value := getattr(plan, name)) or not "".join(value).strip()
    ]
    first, last = blocks.first_day(desk, house.now()), house.today() + AHEAD
    if not first <= plan.day <= last:
        told = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        faults.append(FieldFault("day", "village.day-out", **told))
    if not plan.counts or not set(plan.counts) <= set(offered):
        faults.append(FieldFault("counts", "village.kinds-missing", label="counts"))
    faults += [
        FieldFault(f"counts.{code}", "field.too-many", label=code, most=blocks.MOST)
        for code, count in plan.counts.items()
        if not 0 < count <= blocks.MOST
    ]
    if faults:
        raise InvalidAnswersError(faults)


async def _require_people(
    house: House, reading: Work, desk: Desk, plan: Plan, taken: Sequence[ProcedureDefinition]
) -> None:
    """Refuse an officer who is none, and signers who may not sign that day what is taken along."""
    faults = []
    if await reading.fetchrow(_OFFICER, desk.id, plan.officer.strip()) is None:
        faults.append(FieldFault("officer", "village.officer-unknown", name=plan.officer.strip()))
    noon = dt.datetime.combine(plan.day, NOON, VN)
    able = await village_signers.at(reading, noon)
    for name in plan.signers:
        own = [each for each in able if each.called(name)]
        if not own:
            faults.append(FieldFault("signers", "village.signer-unknown", name=name))
        elif all(village_signers.alone(desk, each, plan.officer) for each in own):
            faults.append(FieldFault("signers", "village.signer-alone", name=name))
    chosen = [each for each in able if any(each.called(name) for name in plan.signers)]
    faults += [
        FieldFault("signers", "village.signer-scope", kind=kind_name(kind))
        for kind in taken
        if not any(each.signs(house, desk, kind, noon) for each in chosen)
    ]
    if faults:
        raise InvalidAnswersError(faults)


def _book(
    house: House, desk: Desk, definition: ProcedureDefinition, day: dt.date
) -> tuple[str, str]:
    """The book, and its title, in which the procedure's papers are numbered that day.

    Raises:
        InvalidAnswersError: its plugin names none before it knows the paper.
    """
    lines: Sequence[BookLine] | None = house.registry.ask_owner(
        "register_entries", desk.plugins, definition, answers=Answers({}), day=day
    )
    if not lines:
        raise InvalidAnswersError([FieldFault("counts", "village.kinds-missing", label="counts")])
    return lines[0].book, lines[0].title


_OFFICER = "select from staff where tenant_id = $1 and active and full_name = $2 limit 1"

_MAKE = """
insert into village_day
  (tenant_id, id, day, place, officer, signers, made_at, made_by, closed_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, '')
"""

_SHEETS = """
insert into village_sheet (tenant_id, day_id, place, procedure_code, block_id)
select $1, $2, s.place, s.code, s.block
from unnest($3::text[], $4::uuid[]) with ordinality as s (code, block, place)
"""
