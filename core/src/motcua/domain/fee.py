"""Fees: what one dossier costs, line by line, in whole VND."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from motcua.domain.procedure import FeeItem, FeeKind, ProcedureDefinition


class FeeLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of what a dossier costs.

    Attributes:
        fee_id: The fee of the definition this line charges.
        label: What the receipt says.
        kind: ``phi`` or ``le-phi``: separate columns of the receipt.
        quantity: How many units.
        amount: The line's total in VND; ``None`` = not set by the province yet: shown, not charged.
        basis: The legal basis, as in the definition.
        exemption: The id of the ground on which the line is not charged.
        proof: The paper that proves the ground, as the officer named it.
    """

    fee_id: str
    label: str
    kind: FeeKind
    quantity: int = 1
    amount: int | None = 0
    basis: str = ""
    exemption: str = ""
    proof: str = ""


def total(lines: Collection[FeeLine]) -> int:
    """What is to be paid; lines without an amount are not charged."""
    return sum(line.amount or 0 for line in lines)


def default_fee_lines(
    definition: ProcedureDefinition,
    answers: Mapping[str, Any],
    *,
    asked: Collection[str] = (),
    exempt: Collection[str] = (),
    amounts: Mapping[str, int] | None = None,
) -> tuple[FeeLine, ...]:
    """The fees of a definition for *answers*, where no plugin decides otherwise.

    Args:
        definition: The version in force at reception.
        answers: What the applicant declared, already checked.
        asked: Ids of optional fees that were asked for.
        exempt: Ids of exemptions an officer accepted.
        amounts: Amounts a province has set, by fee id.
    """
    set_amounts = amounts or {}
    lines = _ladder_lines([fee for fee in definition.fees if fee.tier_from is not None], answers)
    for fee in definition.fees:
        if fee.kind is FeeKind.NONE or fee.tier_from is not None:
            continue
        quantity = _quantity(fee, answers, asked)
        each = set_amounts.get(fee.id, fee.amount_vnd)
        if quantity:
            lines.append(_line(fee, quantity, None if each is None else each * quantity))
    return tuple(_exempted(definition, line, exempt) for line in lines)


def units_in_tier(fee: FeeItem, units: int) -> int:
    """How many of *units* (pages) fall into the tier of *fee*."""
    first = fee.tier_from or 1
    last = units if fee.tier_to is None else min(units, fee.tier_to)
    return max(0, last - first + 1)


def _ladder_lines(tiers: list[FeeItem], answers: Mapping[str, Any]) -> list[FeeLine]:
    """The lines of a tiered fee: each tier's units, the cap taken off the last."""
    lines: list[FeeLine] = []
    charged = 0
    for fee in tiers:
        units = units_in_tier(fee, _count(answers, fee.tiered_by))
        amount = units * (fee.amount_vnd or 0)
        if fee.cap_vnd is not None:
            amount = min(amount, fee.cap_vnd - charged)
        charged += amount
        times = 1 if fee.quantity is None else _count(answers, fee.quantity)
        if units and times:
            lines.append(_line(fee, units * times, amount * times))
    return lines


def _line(fee: FeeItem, quantity: int, amount: int | None) -> FeeLine:
    return FeeLine(
        fee_id=fee.id,
        label=fee.label,
        kind=fee.kind,
        quantity=quantity,
        amount=amount,
        basis=fee.legal,
    )


def _quantity(fee: FeeItem, answers: Mapping[str, Any], asked: Collection[str]) -> int:
    """How many units of *fee* are due."""
    if fee.quantity is None:
        return 0 if fee.optional and fee.id not in asked else 1
    return _count(answers, fee.quantity)


def _count(answers: Mapping[str, Any], field: str | None) -> int:
    """The number answered to *field*, 0 if there is none."""
    given = answers.get(field or "")
    return given if isinstance(given, int) else 0


def _exempted(definition: ProcedureDefinition, line: FeeLine, exempt: Collection[str]) -> FeeLine:
    """*line*, free of charge if one of its fee's exemptions was accepted."""
    fee = next(fee for fee in definition.fees if fee.id == line.fee_id)
    for exemption in fee.exemptions:
        if exemption.id in exempt:
            return msgspec.structs.replace(line, amount=0, exemption=exemption.id)
    return line
