"""Keys by which other programs use the API of one unit, each for some purposes only.

A key is shown once, when it is made; afterwards only its hash is known. It ends with
its last day, or when an administrator withdraws it, from the next request on.
"""

import base64
import datetime as dt
import enum
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.services.change import Asked, change
from motcua.services.house import Desk, House
from motcua.services.limits import count
from motcua.storage.work import Work, work

MARK = "mck_"
"""How every key begins, so that one that was left lying about is known for what it is."""
_SHOWN = len(MARK) + 6
_BYTES = 32
LONGEST_NAME = 100


class Scope(enum.StrEnum):
    """What a key may be used for."""

    FIGURES = "figures"
    STATES = "states"
    SUBMIT = "submit"


class UnknownKeyError(MotCuaError):
    """The tenant has no such key, or it was withdrawn already."""

    code = "api-key.unknown"
    status = 404


class ScopeError(MotCuaError):
    """A key was used for something it was not made for."""

    code = "api-key.scope"
    status = 403


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key as its administrator sees it; *prefix* is how it begins."""

    id: UUID
    name: str
    scopes: tuple[Scope, ...]
    prefix: str
    created_at: dt.datetime
    created_by: str
    expires_on: dt.date | None
    last_used_on: dt.date | None
    revoked_at: dt.datetime | None
    revoked_by: str


async def create(
    house: House,
    desk: Desk,
    *,
    name: str,
    scopes: Sequence[str],
    expires_on: dt.date | None,
    asked: Asked,
) -> str:
    """Make a key; answers it whole, the only time anybody can.

    Raises:
        InvalidAnswersError: without a name or a purpose, or it would have ended already.
        ChangedMeanwhileError: there are other keys than the asking person saw.
    """
    _refuse(house, name, scopes, expires_on)
    key = MARK + base64.urlsafe_b64encode(house.entropy(_BYTES)).decode().rstrip("=")
    row = (house.new_id(), name, sorted(set(scopes)), key[:_SHOWN], _digest(key), house.now())

    async def write(writing: Work) -> None:
        await writing.execute(_CREATE, desk.id, *row, asked.by.name, expires_on)

    await change(house, desk, asked, as_seen, write)
    return key


async def revoke(house: House, desk: Desk, key: UUID, asked: Asked) -> None:
    """Let a key be worth nothing from the next request on.

    Raises:
        UnknownKeyError: there is none, or it was withdrawn before.
    """

    async def write(writing: Work) -> None:
        tag = await writing.execute(_REVOKE, desk.id, key, house.now(), asked.by.name)
        if tag != "UPDATE 1":
            raise UnknownKeyError(key=str(key))

    await change(house, desk, asked, as_seen, write)


async def keys(reading: Work) -> list[Key]:
    """All of the tenant's, the newest first."""
    rows = await reading.fetch(_ALL, reading.tenant_id)
    return [msgspec.convert(dict(row), Key) for row in rows]


async def as_seen(reading: Work) -> Any:
    """The tenant's keys as the history tells them: never the keys themselves."""
    return {
        f"{each.name} ({each.prefix}…)": [
            *each.scopes,
            *([f"{each.expires_on:%d/%m/%Y}"] if each.expires_on else []),
            *(["revoked"] if each.revoked_at else []),
        ]
        for each in reversed(await keys(reading))
    }


async def admit(house: House, desk: Desk, key: str) -> Key | None:
    """The key that *key* is in this tenant, while it holds; its use is counted.

    Raises:
        TooOftenError: it was used too often.
    """
    today = house.today()
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_FIND, desk.id, _digest(key), today)
        if row is None:
            return None
        found = msgspec.convert(dict(row), Key)
        if found.last_used_on != today:
            await reading.execute(_USED, desk.id, found.id, today)
    await count(house, desk, "api-key", str(found.id))
    return found


def _refuse(house: House, name: str, scopes: Sequence[str], expires_on: dt.date | None) -> None:
    faults = []
    if not name or len(name) > LONGEST_NAME:
        fault = "field.too-long" if name else "field.missing"
        faults.append(FieldFault("name", fault, label="name", most=LONGEST_NAME))
    if not scopes or not set(scopes) <= set(Scope):
        faults.append(FieldFault("scopes", "field.option", options=", ".join(Scope)))
    if expires_on is not None and expires_on < house.today():
        faults.append(FieldFault("expires_on", "api-key.over"))
    if faults:
        raise InvalidAnswersError(faults)


def _digest(key: str) -> bytes:
    """Of a random key of full length a plain hash tells nothing."""
    return hashlib.sha256(key.encode()).digest()


_COLUMNS = (
    "id, name, scopes, prefix, created_at, created_by, expires_on, last_used_on,"
    " revoked_at, revoked_by"
)

_CREATE = """
insert into api_key (tenant_id, id, name, scopes, prefix, key_hash, created_at, created_by,
                     expires_on, revoked_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')
"""

_REVOKE = """
update api_key set revoked_at = $3, revoked_by = $4
where tenant_id = $1 and id = $2 and revoked_at is null
"""

_ALL = f"select {_COLUMNS} from api_key where tenant_id = $1 order by created_at desc, id"  # noqa: S608 - words of the program's own

_FIND = f"""
select {_COLUMNS} from api_key where tenant_id = $1 and key_hash = $2 and revoked_at is null
  and (expires_on is null or expires_on >= $3)
"""  # noqa: S608 - the same

_USED = "update api_key set last_used_on = $3 where tenant_id = $1 and id = $2"
