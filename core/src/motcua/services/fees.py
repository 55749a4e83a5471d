"""Fees that the law leaves to a province: which there are, and an amount from a day on."""

import datetime as dt
from typing import Any

import msgspec

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.procedure import FeeItem, FeeKind
from motcua.domain.tenant import FeeSet
from motcua.services.change import Asked, Read, change
from motcua.services.house import Desk, House
from motcua.storage.work import Work


class UnknownFeeError(MotCuaError):
    """No procedure in force leaves a fee of that name to be set."""

    code = "config.unknown-fee"
    status = 404


class FeeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A fee that is set by province or commune, as it stands today.

    Attributes:
        amount: What is charged today; ``None``: nothing, for nobody has set it.
        set_here: What this tenant itself has set, the latest first.
        procedures: The names of those that charge it.
    """

    fee: FeeItem
    amount: int | None
    set_here: tuple[FeeSet, ...]
    procedures: tuple[str, ...]


def fees(house: House, desk: Desk) -> list[FeeLine]:
    """Every fee the law leaves to be set, in the order of the procedures."""
    amounts = desk.amounts_on(house.today())
    own = _own(desk.settled[-1] if desk.settled else {})
    items: dict[str, FeeItem] = {}
    names: dict[str, list[str]] = {}
    for each in house.catalogue.current(house.today()):
        for fee in each.definition.fees:
            if fee.kind is not FeeKind.NONE and fee.amount_vnd is None:
                items.setdefault(fee.id, fee)
                names.setdefault(fee.id, []).append(each.definition.name)
    return [
        FeeLine(
            fee=fee,
            amount=amounts.get(name),
            set_here=tuple(row for row in reversed(own) if row.fee == name),
            procedures=tuple(names[name]),
        )
        for name, fee in items.items()
    ]


async def set_fee(house: House, desk: Desk, made: FeeSet, asked: Asked) -> None:
    """Charge *made* from its day on; dossiers received before keep what they were charged.

    Raises:
        UnknownFeeError: the law leaves no such fee to be set.
        InvalidAnswersError: its day is over.
        ChangedMeanwhileError: somebody else has set it since the form was shown.
    """
    if made.fee not in {line.fee.id for line in fees(house, desk)}:
        raise UnknownFeeError(fee=made.fee)
    if made.valid_from < house.today():
        day = f"{made.valid_from:%d/%m/%Y}"
        raise InvalidAnswersError([FieldFault("valid_from", "config.fee-past", day=day)])

    async def write(writing: Work) -> None:
        settings = await _settings(writing)
        kept = [
            row
            for row in _own(settings)
            if (row.fee, row.valid_from) != (made.fee, made.valid_from)
        ]
        rows = sorted((*kept, made), key=_order)
        settings = settings | {"fee_schedule": msgspec.to_builtins(rows)}
        await writing.execute(_SET, desk.id, msgspec.json.encode(settings).decode())

    await change(house, desk, asked, fee_as_seen(made.fee), write)


def fee_as_seen(fee: str) -> Read:
    """Reads what a tenant itself has set for *fee*."""

    async def read(reading: Work) -> Any:
        rows = [row for row in _own(await _settings(reading)) if row.fee == fee]
        return {
            f"{row.valid_from:%d/%m/%Y}": {"amount": row.amount, "basis": row.basis} for row in rows
        }

    return read


def _own(settings: dict[str, Any]) -> list[FeeSet]:
    return msgspec.convert(settings.get("fee_schedule") or [], list[FeeSet])


def _order(row: FeeSet) -> tuple[str, dt.date]:
    return row.fee, row.valid_from


async def _settings(reading: Work) -> dict[str, Any]:
    row = await reading.fetchrow("select settings from tenant where id = $1", reading.tenant_id)
    found: dict[str, Any] = msgspec.json.decode(row["settings"])
    return found


_SET = "update tenant set settings = $2::jsonb where id = $1"
