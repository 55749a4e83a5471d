"""What a code says to anybody, and its secret to whoever has it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.clock import Started
from motcua.domain.dossier import State
from motcua.domain.life import moment
from motcua.domain.limit import TimeLimit
from motcua.services.house import Desk, House
from motcua.services.ledger import life_of
from motcua.services.limits import count, forgive
from motcua.services.receive import UnknownDossierError
from motcua.services.views import Explanation, LookedUp, explained
from motcua.services.visit import hashed
from motcua.services.words import called
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, reference_work, work

_LOOKUP = """
select id from dossier
where tenant_id = $1 and (code = $2 or temporary_code = $2) and not mistake
"""

_STEPS = """
select transition, at, data, reason from dossier_event
where tenant_id = $1 and dossier_id = $2 and transition <> 'T37' order by seq
"""


async def asked(house: House, desk: Desk, code: str, secret: str | None, address: str) -> LookedUp:
    """A look-up from outside, counted by *address* and, where a secret is tried, by code.

    Raises:
        UnknownDossierError: no such code, or a wrong secret: nobody can tell which.
        TooOftenError: too many were tried.
    """
    await count(house, desk, "lookup", address)
    if secret is None:
        return await lookup(house, desk, code, None)
    subject = code.strip().upper()
    await count(house, desk, "secret", subject)
    found = await lookup(house, desk, code, secret)
    await forgive(house, desk, "secret", subject)
    return found


async def lookup(house: House, desk: Desk, code: str, secret: str | None) -> LookedUp:
    """A dossier by the code on its slip; more of it with the slip's secret.

    Raises:
        UnknownDossierError: no such code, or a wrong secret: nobody can tell which.
    """
    given = hashed(secret or "")
    async with work(house.engine, desk.id) as reading:
        found = await reading.fetchrow(_LOOKUP, desk.id, code.strip().upper())
        if found is None:
            raise UnknownDossierError(dossier=code)
        row, steps = await _read(reading, found["id"])
    proven = secret is not None and given == row.secret_hash
    if secret is not None and not proven:
        raise UnknownDossierError(dossier=code)
    return _looked_up(house, desk, row, steps, proven=proven)


async def for_holder(house: House, desk: Desk, dossier_id: UUID) -> tuple[DossierRow, LookedUp]:
    """All of a dossier for somebody who has proven to be its holder.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
    """
    async with work(house.engine, desk.id) as reading:
        row, steps = await _read(reading, dossier_id)
    return row, _looked_up(house, desk, row, steps, proven=True)


async def contact_of(house: House, desk: Desk, code: str) -> tuple[UUID, dict[str, str]] | None:
    """The dossier of a code, and telephone and mail given in it; nothing where there is none."""
    async with work(house.engine, desk.id) as reading:
        found = await reading.fetchrow(_CONTACT, desk.id, code.strip().upper())
    return (
        None
        if found is None
        else (
            found["id"],
            {name: found[name] or "" for name in ("phone", "email")},
        )
    )


async def _read(reading: Work, dossier_id: UUID) -> tuple[DossierRow, list[Any]]:
    row = (await store.load(reading, [dossier_id])).get(dossier_id)
    if row is None or row.mistake:
        raise UnknownDossierError(dossier=str(dossier_id))
    return row, await reading.fetch(_STEPS, reading.tenant_id, dossier_id)


def _looked_up(
    house: House, desk: Desk, row: DossierRow, steps: Sequence[Any], *, proven: bool
) -> LookedUp:
    told = [msgspec.json.decode(each["data"] or "{}") for each in steps]
    asked = [data for data in told if "items" in data]
    waiting = row.state in (State.SUPPLEMENT_REQUESTED, State.PRE_SUPPLEMENT)
    definition = house.catalogue.version(row.version_id).definition
    return LookedUp(
        id=row.id if proven else None,
        code=row.code or row.temporary_code or "",
        procedure=row.procedure_code,
        procedure_name=definition.name,
        short_name=called(definition),
        state=State(row.state),
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        promise_at=row.promise_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        returned_at=row.returned_at,
        steps=tuple((each["transition"], each["at"]) for each in steps),
        applicant=row.applicant if proven else None,
        limit=_started_limit(row),
        wanted=tuple(asked[-1]["items"]) if proven and waiting and asked else (),
        until=moment(asked[-1].get("until")) if proven and waiting and asked else None,
        supplied=tuple(
            each["at"]
            for each, data in zip(steps, told, strict=True)
            if each["transition"] == "T36" and "files" in data
        ),
        reason=_reason(steps) if proven else "",
        explanation=_told_to(explained(house, desk, row), proven=proven) if row.clock else None,
    )


_FOR_APPLICANTS = ("T04", "T06", "T07", "T09", "T11", "T21", "T23")
"""Steps whose reason is written for the applicant; others are between officers."""


def _reason(steps: Sequence[Any]) -> str:
    """Why the last step was taken, where that is for the applicant."""
    for last in steps[-1:]:
        if last["transition"] in _FOR_APPLICANTS:
            return str(last["reason"])
    return ""


def _told_to(found: Explanation, *, proven: bool) -> Explanation:
    """*found*; what officers wrote about an act is only for whoever has the secret."""
    if proven:
        return found
    days = (msgspec.structs.replace(day, basis="") if day.act else day for day in found.days)
    stages = tuple(msgspec.structs.replace(each, days=()) for each in found.stages)
    return msgspec.structs.replace(found, days=tuple(days), stages=stages)


_CONTACT = """
select id, applicant->>'phone' as phone, applicant->>'email' as email from dossier
where tenant_id = $1 and (code = $2 or temporary_code = $2) and not mistake
"""

_UNIT = """
select slug from tenant t where slug not like '%-luyen-tap' and exists (
  select from jsonb_array_elements(t.codes) c where c->>'code' = $1
  and coalesce((c->>'valid_from')::date, '-infinity') <= $2
  and coalesce((c->>'valid_to')::date, 'infinity') >= $2)
"""


async def unit_of_code(house: House, code: str) -> str | None:
    """The slug of the unit that issued a dossier *code*: its agency part meant it that day."""
    agency, day = code.split("-")[:2]
    try:
        issued = dt.datetime.strptime(day, "%y%m%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None
    async with reference_work(house.engine) as reading:
        row = await reading.fetchrow(_UNIT, agency, issued)
    return None if row is None else row["slug"]


def _started_limit(row: DossierRow) -> TimeLimit | None:
    """The limit a dossier was received under."""
    started = life_of(row).clock[:1]
    return started[0].limit if started and isinstance(started[0], Started) else None
