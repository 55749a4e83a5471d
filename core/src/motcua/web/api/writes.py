"""Writes that a person or a machine may repeat."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response

from motcua.domain.life import Actor
from motcua.services.house import Desk, House
from motcua.services.idempotency import Memory, Repeatable, once

_REPLAYED = {"Idempotency-Replayed": "true"}


async def answer_once(
    request: Request[Any, Any, Any],
    house: House,
    desk: Desk,
    actor: Actor | None,
    key: str,
    status: int,
    do: Callable[[], Awaitable[Any]],
    memory: Memory | None = None,
) -> Response[Any]:
    """Carry out *do* once for its idempotency *key*, and answer with what it gives."""
    asked = await repeatable(request, actor, key)
    answered = await once(house, desk, asked, status, do, memory)
    headers = _REPLAYED if answered.repeated else {}
    return Response(answered.answer, status_code=answered.status, headers=headers)


async def repeatable(request: Request[Any, Any, Any], actor: Actor | None, key: str) -> Repeatable:
    """The *request* as *actor* names it by *key*.

    Citizens have no names of their own: what they send stands for them, so that nobody
    meets another's answer under a key both have thought of.
    """
    content = b"\n".join((request.method.encode(), request.url.path.encode(), await request.body()))
    anybody = f"citizen {hashlib.sha256(content).hexdigest()}"
    return Repeatable(
        actor=anybody if actor is None else str(actor.id), key=key.strip(), request=content
    )
