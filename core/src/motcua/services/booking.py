"""Booking a visit to the counter: half hours of the opening hours, so many people in each.

Offered where the unit has settled how many people it takes in a slot. Two people never
get the last place: each place has a number, and the database keeps a number once.
"""

import datetime as dt
import hmac
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.services.house import Desk, House
from motcua.services.receive import ended
from motcua.storage import dossiers as store
from motcua.storage.work import Work, work

SLOT = dt.timedelta(minutes=30)
DAYS = 14
"""How far ahead one may book."""
_KEPT = dt.timedelta(days=7)
_LONGEST = 120


class NotBookableError(MotCuaError):
    """The unit takes no bookings."""

    code = "booking.not-offered"
    status = 404


class SlotTakenError(MotCuaError):
    """The slot is full, over or none at all."""

    code = "booking.taken"
    status = 409


class UnknownBookingError(MotCuaError):
    """There is no such booking, or the secret is another: nobody can tell which."""

    code = "booking.unknown"
    status = 404


class Slot(msgspec.Struct, frozen=True):
    """Half an hour in which people may come, and how many more."""

    at: dt.datetime
    free: int


class Booked(msgspec.Struct, frozen=True):
    """A booking as it is told to whoever made it."""

    code: str
    secret: str
    at: dt.datetime


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes, as the counter lists it."""

    code: str
    slot_at: dt.datetime
    name: str
    phone: str
    procedure_code: str


def capacity(house: House, desk: Desk) -> int:
    """How many people a slot takes; none where booking is not offered."""
    shut = desk.archived or ended(desk, house.now())
    return 0 if shut else int(desk.settings.get("booking_per_slot") or 0)


def require_bookable(house: House, desk: Desk) -> int:
    """The capacity of a slot.

    Raises:
        NotBookableError: there is none.
    """
    most = capacity(house, desk)
    if not most:
        raise NotBookableError(tenant=desk.name)
    return most


def days(house: House, desk: Desk) -> list[dt.date]:
    """The days one may book, today first."""
    today = house.today()
    ahead = (today + dt.timedelta(days=n) for n in range(DAYS + 1))
    return [day for day in ahead if desk.calendar.facts(day).sessions]


async def slots(house: House, desk: Desk, day: dt.date) -> list[Slot]:
    """The slots of *day* that have not begun, each with its free places."""
    most = require_bookable(house, desk)
    if day not in days(house, desk):
        return []
    begins = [at for at in _begins(desk, day) if at > house.now()]
    async with work(house.engine, desk.id) as reading:
        rows: list[Any] = await reading.fetch(_TAKEN, desk.id, begins)
    taken = {row["slot_at"]: row["n"] for row in rows}
    return [Slot(at, max(0, most - taken.get(at, 0))) for at in begins]


async def book(
    house: House, desk: Desk, booking_id: UUID, at: dt.datetime, name: str, phone: str, code: str
) -> Booked:
    """Take a place in the slot that begins *at*; the same *booking_id* again takes no other.

    Raises:
        InvalidAnswersError: no name, or something is too long.
        SlotTakenError: nothing is free there.
    """
    most = require_bookable(house, desk)
    faults = [FieldFault("ten", "field.missing", label="")] if not name else []
    for field, said in (("ten", name), ("dien_thoai", phone)):
        if len(said) > _LONGEST:
            faults.append(FieldFault(field, "field.too-long", label="", most=_LONGEST))
    if faults:
        raise InvalidAnswersError(faults)
    day = at.astimezone(VN).date()
    if at <= house.now() or day not in days(house, desk) or at not in _begins(desk, day):
        raise SlotTakenError
    async with work(house.engine, desk.id) as writing:
        known = await writing.fetchrow(_KNOWN, desk.id, booking_id)
        if known is None:
            args = (booking_id, at, most, name, phone, code)
            known = await _place(house, writing, args)
    return Booked(known["code"], _secret(house, booking_id), known["slot_at"])


async def cancel(house: House, desk: Desk, code: str, secret: str) -> dt.datetime:
    """Give a place back; answers when it was.

    Raises:
        UnknownBookingError: there is no such booking, or it is not the secret.
    """
    async with work(house.engine, desk.id) as writing:
        row = await writing.fetchrow(_FIND, desk.id, code.strip().upper())
        given = secret.strip().lower()
        if row is None or not hmac.compare_digest(_secret(house, row["id"]), given):
            raise UnknownBookingError
        await writing.execute(_CANCEL, desk.id, row["id"])
    at: dt.datetime = row["slot_at"]
    return at


async def coming(house: House, desk: Desk, day: dt.date) -> list[Coming]:
    """Who comes on *day*, in order."""
    begins = dt.datetime.combine(day, dt.time(), VN)
    async with work(house.engine, desk.id) as reading:
        args = (desk.id, begins, begins + dt.timedelta(days=1))
        rows: list[Any] = await reading.fetch(_COMING, *args)
    return [msgspec.convert(dict(row), Coming) for row in rows]


async def forget_old(house: House, tenant_id: int) -> None:
    """Delete visits that are long over."""
    async with work(house.engine, tenant_id) as writing:
        await writing.execute(_FORGET, tenant_id, house.now() - _KEPT)


async def _place(house: House, writing: Work, args: tuple[Any, ...]) -> Any:
    """The first free place of a slot; whoever loses it to another one tries the next."""
    booking_id, at, most, *_ = args
    day = at.astimezone(VN).strftime("%y%m%d")
    numbers = await store.take_numbers(writing, {("booking", day): 1})
    known = await writing.fetchrow(_KNOWN, writing.tenant_id, booking_id)
    if known is not None:  # the other press of the same button was quicker
        return known
    code = f"L-{day}-{numbers['booking', day][0]:03d}"
    for _ in range(most):
        row = await writing.fetchrow(_BOOK, writing.tenant_id, *args, code, house.now())
        if row is not None:
            return row
    raise SlotTakenError


def _begins(desk: Desk, day: dt.date) -> list[dt.datetime]:
    """When the slots of *day* begin: whole ones within each session."""
    found = []
    for session in desk.calendar.facts(day).sessions:
        at = dt.datetime.combine(day, session.opens, VN)
        closes = dt.datetime.combine(day, session.closes, VN)
        while at + SLOT <= closes:
            found.append(at)
            at += SLOT
    return found


def _secret(house: House, booking_id: UUID) -> str:
    """What cancels a booking: ten letters and digits, derived from the installation's key."""
    return hmac.digest(house.key, b"booking " + booking_id.bytes, "sha256").hex()[:10]


_TAKEN = """
select slot_at, count(*)::int as n from booking
where tenant_id = $1 and slot_at = any($2) group by slot_at
"""

_KNOWN = "select code, slot_at from booking where tenant_id = $1 and id = $2"

_BOOK = """
insert into booking (tenant_id, id, slot_at, place, name, phone, procedure_code, code, made_at)
select $1::int, $2::uuid, $3::timestamptz, free.n, $5, $6, $7, $8, $9::timestamptz
from (select g.n from generate_series(1, $4::int) as g (n)
  where not exists (select from booking b
    where b.tenant_id = $1 and b.slot_at = $3 and b.place = g.n)
  order by g.n limit 1) as free
on conflict (tenant_id, slot_at, place) do nothing
returning code, slot_at
"""

_FIND = "select id, slot_at from booking where tenant_id = $1 and code = $2"

_CANCEL = "delete from booking where tenant_id = $1 and id = $2"

_COMING = """
select code, slot_at, name, phone, procedure_code from booking
where tenant_id = $1 and slot_at >= $2 and slot_at < $3 order by slot_at, place
"""

_FORGET = "delete from booking where tenant_id = $1 and slot_at < $2"
