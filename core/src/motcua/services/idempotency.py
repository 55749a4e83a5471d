"""A request that is repeated under one key is carried out once.

The key is claimed in the very transaction that does the work: a repeat that
comes while the first is running waits for its commit, and a failure frees the
key again. For a day so much of an answer is kept as it takes to give it again: no
look-up secret, and nothing of what a dossier says.
"""

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.visit import secret_of
from motcua.storage.work import Work, work

KEPT = dt.timedelta(days=1)
LONGEST_KEY = 200


class KeyReusedError(MotCuaError):
    """An idempotency key came back with another request."""

    code = "idempotency.key-reused"


class CarriedOutError(MotCuaError):
    """A write whose answer is not kept came again: it was carried out already."""

    code = "idempotency.carried-out"
    status = 409


class Repeatable(msgspec.Struct, frozen=True, kw_only=True):
    """A write as its sender names it.

    Attributes:
        actor: Whose keys these are: the id of a member of staff, or a name only the
            sender of the same request can have.
        key: What the sender calls this request; empty: it is not to be recognised.
        request: Everything that makes it this request: method, path and body.
    """

    actor: str
    key: str
    request: bytes

    @property
    def digest(self) -> bytes:
        """The request, short."""
        return hashlib.sha256(self.request).digest()


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """How an answer that says much is given again out of little.

    Attributes:
        keep: What of the answer, as JSON values, is kept.
        again: The answer to a repeat, by what was kept.
    """

    keep: Callable[[Any], Any]
    again: Callable[[Any], Awaitable[Any]]


class Answered(msgspec.Struct, frozen=True):
    """An answer as it is stored: HTTP status and JSON value."""

    status: int
    answer: Any
    repeated: bool = False


async def once(
    house: House,
    desk: Desk,
    asked: Repeatable,
    status: int,
    do: Callable[[], Awaitable[Any]],
    memory: Memory | None = None,
) -> Answered:
    """Carry out *do*, or give the answer it gave when the request came before.

    Args:
        house: The working parts.
        desk: The tenant; keys of tenants are apart.
        asked: Key and content of the request.
        status: The HTTP status of a success.
        do: The use case; its own transaction joins this one.
        memory: What is kept of the answer; without it, all but the secrets in it.

    Raises:
        KeyReusedError: the key was used for another request.
        InvalidAnswersError: the key is too long.
    """
    if not asked.key:
        async with watched(house, desk):
            return Answered(status, msgspec.to_builtins(await do()))
    _require_short(asked.key)
    async with watched(house, desk), work(house.engine, desk.id) as writing:
        if not await _claim(writing, asked, house.now()):
            known = await _stored(writing, asked)
            answer = with_secrets(house, known.answer)
            if memory is not None:
                answer = msgspec.to_builtins(await memory.again(answer))
            return Answered(known.status, answer, repeated=True)
        answer = msgspec.to_builtins(await do())
        kept = answer if memory is None else memory.keep(answer)
        encoded = msgspec.json.encode(_without_secrets(kept)).decode()
        await writing.execute(_KEEP, desk.id, asked.actor, asked.key, status, encoded)
        return Answered(status, answer)


async def refuse_repeat(house: House, writing: Work, asked: Repeatable) -> None:
    """Claim the key of *asked* in the transaction that does its work; no answer is kept.

    Raises:
        CarriedOutError: the very same was carried out under this key.
        KeyReusedError: the key was used for another request.
        InvalidAnswersError: the key is too long.
    """
    if not asked.key:
        return
    _require_short(asked.key)
    if not await _claim(writing, asked, house.now()):
        await _stored(writing, asked)
        raise CarriedOutError(key=asked.key)


def _require_short(key: str) -> None:
    if len(key) > LONGEST_KEY:
        fault = FieldFault("Idempotency-Key", "field.too-long", label="Idempotency-Key", most=200)
        raise InvalidAnswersError([fault])


def with_secrets(house: House, kept: Any) -> Any:
    """*kept* with the secret of each dossier whose secret was told."""
    if isinstance(kept, list):
        return [with_secrets(house, each) for each in kept]
    if not isinstance(kept, dict):
        return kept
    told = {name: with_secrets(house, value) for name, value in kept.items()}
    if told.pop(_TOLD, False):
        told["secret"] = secret_of(house, UUID(told["id"]))
    return told


def _without_secrets(answer: Any) -> Any:
    """*answer* with a mark in the place of each secret."""
    if isinstance(answer, list | tuple):
        return [_without_secrets(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    kept = {name: _without_secrets(value) for name, value in answer.items()}
    if kept.get("secret"):
        del kept["secret"]
        kept[_TOLD] = True
    return kept


_TOLD = "secret_told"


async def forget_old(house: House, tenant_id: int) -> None:
    """Delete answers nobody will ask for again."""
    async with work(house.engine, tenant_id) as writing:
        await writing.execute(_FORGET, tenant_id, house.now() - KEPT)


async def _claim(work: Work, asked: Repeatable, now: dt.datetime) -> bool:
    """Whether the key is new; waits for another transaction that has just claimed it."""
    args = (asked.actor, asked.key, asked.digest, now)
    return await work.fetchrow(_CLAIM, work.tenant_id, *args) is not None


async def _stored(work: Work, asked: Repeatable) -> Answered:
    row = await work.fetchrow(_READ, work.tenant_id, asked.actor, asked.key)
    if row["request"] != asked.digest:
        raise KeyReusedError(key=asked.key)
    return Answered(row["status"], msgspec.json.decode(row["answer"]))


_CLAIM = """
insert into idempotency_key (tenant_id, actor, key, request, status, answer, created_at)
values ($1, $2, $3, $4, 0, 'null', $5)
on conflict (tenant_id, actor, key) do nothing returning 1
"""

_KEEP = """
update idempotency_key set status = $4, answer = $5
where tenant_id = $1 and actor = $2 and key = $3
"""

_READ = """
select request, status, answer::text as answer from idempotency_key
where tenant_id = $1 and actor = $2 and key = $3
"""

_FORGET = "delete from idempotency_key where tenant_id = $1 and created_at < $2"
