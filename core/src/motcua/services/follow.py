"""What the holder of a dossier may see and do: follow, withdraw, say how it went."""

import datetime as dt
import hmac
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import State, Transition, transition
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import may_take
from motcua.domain.written import clean
from motcua.services import act, lookup
from motcua.services.bills import Bill, bill
from motcua.services.house import Desk, House
from motcua.services.ledger import life_of
from motcua.services.receive import CITIZEN
from motcua.services.rules import rules_for
from motcua.services.views import LookedUp
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work

LEVELS = ("rat-hai-long", "hai-long", "khong-hai-long")
YES_NO = ("co", "khong")
QUESTIONS: dict[str, tuple[str, ...]] = {
    "overall": LEVELS,
    "on_date": YES_NO,
    "visits": ("0", "1", "2", "3"),
    "more_papers": YES_NO,
    "attitude": LEVELS,
    "guidance": LEVELS,
    "online": (*LEVELS, "khong-dung"),
    "complaint": (*YES_NO, "khong-co"),
}
"""What a citizen is asked once after the result, each may be skipped (rules §8.4)."""
RATED = (State.RETURNED, State.REFUSED)
_LONGEST_NOTE = 2000


class RatedAlreadyError(MotCuaError):
    """The dossier was rated before; once is what counts."""

    code = "rating.already"
    status = 409


class NotRatedYetError(MotCuaError):
    """The dossier is not finished; there is nothing to rate yet."""

    code = "rating.too-early"
    status = 409


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One look at a dossier: when, at what, and in which roles; never who."""

    at: dt.datetime
    what: str
    roles: tuple[str, ...]


class HolderFile(msgspec.Struct, frozen=True, kw_only=True):
    """A paper of the dossier that was sent as a file."""

    id: UUID
    name: str
    size: int


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as its holder sees it, and what they may do.

    Attributes:
        withdraw: Whether it may be withdrawn now.
        supplement: Whether it waits for them to complete it.
        result: Whether they may still choose how the result comes back.
        rate: Whether it can be rated, and was not yet.
        bill: What it costs, and what of it is paid.
    """

    row: DossierRow
    told: LookedUp
    files: tuple[HolderFile, ...]
    readings: tuple[Reading, ...]
    withdraw: bool
    supplement: bool
    result: bool
    rate: bool
    bill: Bill


async def held(house: House, desk: Desk, dossier_id: UUID) -> Held:
    """The dossier of a pass.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
    """
    row, told = await lookup.for_holder(house, desk, dossier_id)
    rules = rules_for(desk, house.catalogue.version(row.version_id))
    refused = may_take(_withdrawal(row), life_of(row), CITIZEN, rules, house.now())
    async with work(house.engine, desk.id) as reading:
        files = await reading.fetch(_FILES, desk.id, dossier_id)
        readings = await reading.fetch(_READINGS, desk.id, dossier_id)
        rated = await _rated(house, reading, dossier_id)
        costs = await bill(house, reading, row)
    return Held(
        row=row,
        told=told,
        files=tuple(msgspec.json.decode(each[0], type=HolderFile) for each in files),
        readings=tuple(msgspec.json.decode(each[0], type=Reading) for each in readings),
        withdraw=refused is None,
        supplement=row.state in (State.PRE_SUPPLEMENT, State.SUPPLEMENT_REQUESTED),
        result=row.state in transition("T36").sources,
        rate=row.state in RATED and not rated,
        bill=costs,
    )


async def withdraw(
    house: House, desk: Desk, row: DossierRow, version: int, reason: str
) -> DossierRow:
    """End the dossier *row* at its holder's wish: in process (T22), or before reception (T41).

    Raises:
        InvalidAnswersError: no reason was given.
        StaleVersionError: it has changed since they read it.
        StepNotAllowedError: it is decided already.
    """
    if len(reason) > _LONGEST_NOTE:
        raise InvalidAnswersError([FieldFault("reason", "field.too-long", most=_LONGEST_NOTE)])
    step_id = _withdrawal(row).id
    return await act.act(house, desk, CITIZEN, row.id, step_id, version, reason=reason)


async def rate(
    house: House, desk: Desk, dossier_id: UUID, answers: Mapping[str, str], note: str
) -> None:
    """Keep what the holder says of a finished dossier, apart from it.

    Raises:
        NotRatedYetError: it is not finished.
        RatedAlreadyError: it was rated before.
        InvalidAnswersError: an answer is none of the options.
    """
    given = {name: said for name, said in answers.items() if said}
    faults = [
        FieldFault(name, "field.option")
        for name, said in given.items()
        if said not in QUESTIONS.get(name, ())
    ]
    if len(note) > _LONGEST_NOTE:
        faults.append(FieldFault("note", "field.too-long", most=_LONGEST_NOTE))
    if faults:
        raise InvalidAnswersError(faults)
    row, _ = await lookup.for_holder(house, desk, dossier_id)
    if row.state not in RATED:
        raise NotRatedYetError
    kept = msgspec.json.encode(given).decode()
    day = house.now().astimezone(VN).date()
    async with work(house.engine, desk.id) as writing:
        args = (_mark(house, dossier_id), row.procedure_code, day, kept, clean(note).strip())
        if await writing.fetchrow(_RATE, desk.id, *args) is None:
            raise RatedAlreadyError
        counted = (desk.province_id, day, row.procedure_code, kept)
        await writing.execute(_COUNT_RATING, desk.id, *counted)


def _withdrawal(row: DossierRow) -> Transition:
    """How its holder would withdraw *row*, whether or not they may."""
    before_reception = transition("T41")
    return before_reception if row.state in before_reception.sources else transition("T22")


async def _rated(house: House, reading: Work, dossier_id: UUID) -> bool:
    found: Any = await reading.fetchrow(_RATED_BEFORE, reading.tenant_id, _mark(house, dossier_id))
    return found is not None


def _mark(house: House, dossier_id: UUID) -> bytes:
    """What makes a rating the only one of its dossier without telling which that is."""
    return hmac.digest(house.key, b"rating " + dossier_id.bytes, "sha256")


_FILES = """
select json_build_object('id', s.id, 'name', c.name, 'size', s.size)::text
from dossier_document c
  join stored_file s on s.tenant_id = c.tenant_id and s.id = c.file_id
where c.tenant_id = $1 and c.dossier_id = $2 order by c.n
"""

_READINGS = """
select json_build_object('at', r.at, 'what', r.what, 'roles', coalesce(s.roles, '{}'))::text
from read_log r left join staff s on s.tenant_id = r.tenant_id and s.id = r.staff_id
where r.tenant_id = $1 and r.dossier_id = $2 order by r.at desc limit 200
"""

_RATE = """
insert into rating (tenant_id, mark, procedure_code, day, answers, note)
values ($1, $2, $3, $4, $5, $6) on conflict (tenant_id, mark) do nothing returning 1
"""

_COUNT_RATING = """
insert into rating_figure as f (tenant_id, province_id, day, procedure_code, question, answer, n)
select $1, $2, $3, $4, key, value, 1 from jsonb_each_text($5::jsonb)
on conflict (tenant_id, day, procedure_code, question, answer) do update set n = f.n + 1
"""

_RATED_BEFORE = "select 1 from rating where tenant_id = $1 and mark = $2"
