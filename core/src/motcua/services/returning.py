"""Handing several results over to one person (T20), each in a transaction of its own."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.services import payments
from motcua.services.act import act
from motcua.services.house import Desk, House
from motcua.services.idempotency import Repeatable, once
from motcua.storage import dossiers as store
from motcua.storage.errors import UnavailableError
from motcua.storage.work import Work, work


class UnpaidError(MotCuaError):
    """A result is handed over only once its fee is paid."""

    code = "dossier.unpaid"
    status = 409


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Who receives, and how.

    Attributes:
        authority: The paper by which somebody receives for another; empty: for themselves.
        way: ``counter``, ``post`` or ``online``.
    """

    name: str
    id_number: str = ""
    authority: str = ""
    way: str = "counter"


async def return_all(
    house: House,
    desk: Desk,
    actor: Actor,
    given: Mapping[UUID, int],
    receiver: Receiver,
    checked: Mapping[UUID, Sequence[str]],
    *,
    key: str,
) -> dict[UUID, MotCuaError | None]:
    """Hand over the dossiers *given*, by id with the version that was seen.

    Sent again under the same *key*, what was handed over is not handed over again.

    Returns:
        By dossier: nothing where it was handed over, or what stands against it.
    """
    return {
        dossier: await _returned(
            house,
            desk,
            actor,
            (dossier, version),
            _told(receiver, checked.get(dossier, ())),
            key,
        )
        for dossier, version in given.items()
    }


def _told(receiver: Receiver, checked: Sequence[str]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "received_by": receiver.name,
        "way": receiver.way,
        "receiver_id": receiver.id_number,
        "authority": receiver.authority,
        "checked": list(checked),
    }
    return {name: value for name, value in said.items() if value}


async def _returned(
    house: House,
    desk: Desk,
    actor: Actor,
    seen: tuple[UUID, int],
    data: dict[str, Any],
    key: str,
) -> MotCuaError | None:
    dossier, version = seen
    request = msgspec.json.encode([version, data], order="deterministic")
    asked = Repeatable(actor=str(actor.id), key=f"tra-{key}-{dossier.hex}", request=request)

    async def do() -> None:
        async with work(house.engine, desk.id) as writing:
            await _require_paid(writing, dossier)
            await act(house, desk, actor, dossier, "T20", version, data=data)

    try:
        await once(house, desk, asked, 200, do)
    except UnavailableError:
        raise
    except MotCuaError as error:
        return error
    return None


async def _require_paid(writing: Work, dossier: UUID) -> None:
    """Refuse what is unpaid; nobody gives its money back before the step is taken."""
    await store.lock(writing, [dossier])
    for balance in (await payments.balances(writing, [dossier])).values():
        if balance.due:
            raise UnpaidError(amount=balance.due)
