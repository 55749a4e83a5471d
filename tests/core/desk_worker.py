"""One desk as a process of its own: takes an order on standard input, works, tells what it did.

Started by ``test_concurrency`` several times at once on one database. It waits
for a second line before it begins, so that all begin together.
"""

import asyncio
import datetime as dt
import json
import random
import secrets
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils.compat

from core.services.shop import MONDAY, SHIPPED, copy, signature, single
from motcua.domain.calendar import Calendar
from motcua.domain.dossier import STAFF_ROLES
from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.registry.loading import load_registry
from motcua.services import redate
from motcua.services.act import act
from motcua.services.assess import Paper
from motcua.services.house import Desk, House, desk
from motcua.services.receive import receive
from motcua.services.registers import reserve
from motcua.storage.dossiers import load
from motcua.storage.dsn import Dsn
from motcua.storage.engine import ENGINE
from motcua.storage.work import work

PAPERS: tuple[Callable[[], Paper], ...] = (copy, signature, single)


class Order(msgspec.Struct):
    """What a desk is to do.

    Attributes:
        dsn: The application's address of the database.
        slug: The tenant.
        officer: Who acts, in every role.
        receptions: How many dossiers to receive at once.
        acts: How many acts to take after that, in a random order.
        seed: What the order depends on.
        certify: How many copies to certify at once, from the counter to the book.
        ready: Dossiers whose result to make ready, one after the other.
        at: What time it is.
    """

    dsn: str
    slug: str
    officer: int
    receptions: int
    acts: int = 0
    seed: int = 0
    certify: int = 0
    ready: list[UUID] = []
    at: dt.datetime = MONDAY


class Worked(msgspec.Struct):
    """What a desk did: codes it gave, and how often each act succeeded or was refused."""

    codes: list[str]
    done: dict[str, int] = {}
    refused: dict[str, int] = {}


async def main(order: Order) -> Worked:
    """Carry out *order*."""
    house = House(
        engine=ENGINE,
        registry=load_registry(SHIPPED),
        now=lambda: order.at,
        new_id=uuid_utils.compat.uuid7,
        entropy=secrets.token_bytes,
    )
    await house.engine.open(Dsn(order.dsn))
    where = await desk(house, order.slug)
    officer = Actor(order.officer, f"Người {order.seed}", STAFF_ROLES)
    print("ready", flush=True)  # noqa: T201 - it talks through its standard output
    await asyncio.to_thread(sys.stdin.readline)
    visits = await asyncio.gather(
        *(receive(house, where, officer, "counter", [copy()]) for _ in range(order.receptions))
    )
    await asyncio.gather(*(_certify(house, where, officer) for _ in range(order.certify)))
    worked = Worked([one.code for visit in visits for one in visit.dossiers])
    for each in order.ready:
        await _make_ready(house, where, officer, each, worked)
    chance = random.Random(order.seed)  # noqa: S311 - a test that can be repeated
    for _ in range(order.acts // 5):
        await asyncio.gather(*(_some_act(house, where, officer, chance, worked) for _ in range(5)))
    await house.engine.close()
    return worked


class Certified(msgspec.Struct):
    """One copy that was certified: what stands on it."""

    dossier: UUID
    numbers: list[int]


async def _certify(house: House, where: Desk, officer: Actor) -> None:
    """Certify a copy and tell its number as soon as all of it is stored."""
    (one,) = (await receive(house, where, officer, "counter", [copy()])).dossiers
    row = await act(house, where, officer, one.id, "T08", one.version)
    lines = (await reserve(house, where, officer, [one.id]))[one.id]
    for step_id in ("T16", "T18", "T19"):
        row = await act(house, where, officer, one.id, step_id, row.version + (step_id == "T16"))
    told = Certified(dossier=one.id, numbers=[line.number for line in lines])
    print(msgspec.json.encode(told).decode(), flush=True)  # noqa: T201 - as above


async def _make_ready(
    house: House, where: Desk, officer: Actor, dossier: UUID, worked: Worked
) -> None:
    """Take T19, which takes a number, unless the book was closed meanwhile."""
    async with work(house.engine, where.id) as reading:
        row = (await load(reading, [dossier]))[dossier]
    try:
        await act(house, where, officer, dossier, "T19", row.version)
        worked.done["T19"] = worked.done.get("T19", 0) + 1
    except MotCuaError as error:
        worked.refused[error.code] = worked.refused.get(error.code, 0) + 1


async def _some_act(
    house: House, where: Desk, officer: Actor, chance: random.Random, worked: Worked
) -> None:
    """Receive a visit, take a step with somebody's dossier, or move all open ones (T27)."""
    kind = chance.choice(["visit", "step", "step", "step", "step", "batch"])
    try:
        if kind == "visit":
            papers = [make() for make in chance.sample(PAPERS, 3)]
            await receive(house, where, officer, "counter", papers)
        elif kind == "batch":
            days = tuple(day for day in where.calendar.days if day.date.year != MONDAY.year)
            await redate.apply(house, where, Calendar(days=days), "Công văn 9")
        else:
            kind = await _some_step(house, where, officer, chance)
        worked.done[kind] = worked.done.get(kind, 0) + 1
    except MotCuaError as error:
        worked.refused[error.code] = worked.refused.get(error.code, 0) + 1


STEPS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "received": [("T08", {}), ("T22", {})],
    "appraising": [("T16", {}), ("T16", {}), ("T09", {"items": ["Giấy"]})],
    "supplement_requested": [("T10", {})],
    "for_approval": [("T18", {}), ("T18", {}), ("T17", {})],
    "approved": [("T19", {})],
    "result_ready": [("T20", {"received_by": "An", "way": "counter"})],
}


async def _some_step(house: House, where: Desk, officer: Actor, chance: random.Random) -> str:
    """Take a step with a dossier drawn among the few that everybody works on."""
    async with work(house.engine, where.id) as reading:
        found = await reading.fetch(_HOT, where.id)
        ids = [UUID(str(row["id"])) for row in found]
        row = (await load(reading, [chance.choice(ids)])).popitem()[1]
    step_id, data = chance.choice(STEPS.get(row.state, [("T08", {})]))
    await act(house, where, officer, row.id, step_id, row.version, reason="Cần", data=data)
    return step_id


_HOT = """
select id from dossier where tenant_id = $1 and state = any(array['received', 'appraising',
  'supplement_requested', 'for_approval', 'approved', 'result_ready'])
order by id limit 12
"""

if __name__ == "__main__":
    given = msgspec.json.decode(sys.stdin.readline(), type=Order)
    print(json.dumps(msgspec.to_builtins(asyncio.run(main(given)))))  # noqa: T201 - the same
