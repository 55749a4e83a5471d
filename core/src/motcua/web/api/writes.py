"""Writes that a person or a machine may repeat."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response

from motcua.domain.life import Actor
from motcua.services.house import Desk, House
from motcua.services.idempotency import Repeatable, once

_REPLAYED = {"Idempotency-Replayed": "true"}


async def answer_once(
    request: Request[Any, Any, Any],
    house: House,
    desk: Desk,
    actor: Actor | None,
    key: str,
    status: int,
    do: Callable[[], Awaitable[Any]],
) -> Response[Any]:
    """Carry out *do* once for its idempotency *key*, and answer with what it gives."""
    content = (request.method.encode(), request.url.path.encode(), await request.body())
    asked = Repeatable(
        actor="citizen" if actor is None else str(actor.id),
        key=key.strip(),
        request=b"\n".join(content),
    )
    answered = await once(house, desk, asked, status, do)
    headers = _REPLAYED if answered.repeated else {}
    return Response(answered.answer, status_code=answered.status, headers=headers)
