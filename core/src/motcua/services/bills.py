"""What the holder of a dossier reads of its fees: each line with its ground, paid or still due."""

import datetime as dt
from typing import Any

import msgspec

from motcua.domain.dossier import State
from motcua.domain.money import Balance
from motcua.services import payments
from motcua.services.house import House
from motcua.services.payments import Payment
from motcua.services.words import fee_units
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One fee; no *amount*: the province has set none, nothing is charged.

    Attributes:
        waived: Why it is not charged.
        proof: The paper that proves it.
    """

    label: str
    quantity: int
    unit: str
    amount: int | None
    basis: str
    waived: str = ""
    proof: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The last transfer told of or seen, as its holder reads it: by nobody's name.

    Attributes:
        back: What of it is to be sent back, or was.
    """

    state: str
    asked: int
    told_at: dt.datetime | None
    settled_at: dt.datetime | None
    note: str
    back: int


class Notice(msgspec.Struct, frozen=True):
    """What the office asked to be paid before it goes on (T12), and why."""

    amount: int
    ground: str


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """The fees of a dossier.

    Attributes:
        settled: Whether it was received: before that no fee is settled.
        transfer: The last one told of or seen.
        notice: What the dossier waits for, if it waits for a payment.
    """

    settled: bool = False
    lines: tuple[Line, ...] = ()
    balance: Balance = Balance()
    entries: tuple[Payment, ...] = ()
    transfer: Told | None = None
    notice: Notice | None = None

    @property
    def waits(self) -> bool:
        """Whether its holder told of a transfer that nobody has answered."""
        return self.transfer is not None and self.transfer.state == "told"

    @property
    def missed(self) -> str:
        """What was answered to the transfer last told of; empty: it was seen, or paid since.

        What is said of money that goes back, or of a dossier that costs nothing any more, stays.
        """
        last = self.transfer
        if last is None or last.state != "missed":
            return ""
        over = not (last.back or self.balance.waived or self.balance.due)
        return "" if over and self._paid_after(last.settled_at) else last.note

    @property
    def receipts(self) -> tuple[str, ...]:
        """The numbers of the receipts that hold."""
        return tuple(
            each.label for each in self.entries if each.kind == "payment" and not each.undone
        )

    def _paid_after(self, at: dt.datetime | None) -> bool:
        return at is not None and any(
            each.kind == "payment" and not each.undone and each.at > at for each in self.entries
        )


async def bill(house: House, reading: Work, row: DossierRow) -> Bill:
    """What the dossier *row* costs; before its reception nothing is settled."""
    if row.received_at is None:
        return Bill()
    found = await reading.fetchrow(_READ, reading.tenant_id, row.id)
    last, asked = found["transfer"], found["notice"]
    waits = row.state == State.AWAITING_PAYMENT and asked is not None
    return Bill(
        settled=True,
        lines=_lines(house, row, found["fees"]),
        balance=(await payments.balances(reading, [row.id]))[row.id],
        entries=tuple(await payments.payments(reading, [row.id])),
        transfer=None if last is None else msgspec.json.decode(last, type=Told),
        notice=msgspec.json.decode(asked, type=Notice) if waits else None,
    )


class _Fee(msgspec.Struct, frozen=True):
    fee: str
    label: str
    quantity: int
    amount: int | None
    basis: str
    exemption: str
    proof: str


def _lines(house: House, row: DossierRow, fees: Any) -> tuple[Line, ...]:
    definition = house.catalogue.version(row.version_id).definition
    units = fee_units(definition)
    grounds = {each.id: each.label for fee in definition.fees for each in fee.exemptions}
    return tuple(
        Line(
            label=each.label,
            quantity=each.quantity,
            unit=units.get(each.fee, ""),
            amount=each.amount,
            basis=each.basis,
            waived=grounds.get(each.exemption, each.exemption),
            proof=each.proof,
        )
        for each in msgspec.json.decode(fees, type=list[_Fee])
    )


_READ = """
select
 (select coalesce(json_agg(to_jsonb(f) order by f.n), '[]')::text from fee_line f
  where f.tenant_id = $1 and f.dossier_id = $2) as fees,
 (select to_jsonb(t)::text from transfer t
  where t.tenant_id = $1 and t.dossier_id = $2 order by t.id desc limit 1) as transfer,
 (select e.data::text from dossier_event e
  where e.tenant_id = $1 and e.dossier_id = $2 and e.transition = 'T12'
  order by e.seq desc limit 1) as notice
"""
