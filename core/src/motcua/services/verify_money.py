"""Whether money and slips fit: numbers without a gap, sums, and what each dossier costs."""

from collections.abc import Iterable

import msgspec

from motcua.domain.chain import GENESIS
from motcua.domain.money import label
from motcua.services.gaps import gaps
from motcua.services.payments import hash_of
from motcua.services.slip_copies import SERIES as SLIPS
from motcua.services.verify_books import SHOWN, Found, shown
from motcua.storage.rows import PaymentPartRow, PaymentRow
from motcua.storage.work import Work


async def verify_money(reading: Work) -> list[Found]:
    """Everything that does not fit in the payments of one tenant."""
    found: list[Found] = [
        (
            f"{row['kind']} {row['period']}",
            "verify.series",
            {"lines": row["lines"], "counter": row["n"], "missing": shown(row["missing"])},
        )
        for query in (_SERIES, SLIPS)
        for row in await reading.fetch(query, reading.tenant_id, SHOWN + 1)
    ]
    found += await _entries(reading)
    for row in await reading.fetch(_DOSSIERS, reading.tenant_id):
        told = {"paid": row["paid"], "charged": row["charged"]}
        found.append((row["code"], "verify.overpaid", told))
    for row in await reading.fetch(_TRANSFERS, reading.tenant_id):
        told = {"reference": row["reference"], "came": row["came"]}
        found.append((row["code"], "verify.transfer", told))
    return found


class _Read(msgspec.Struct, frozen=True):
    payment: PaymentRow
    parts: list[PaymentPartRow]
    of: PaymentRow | None


async def _entries(reading: Work) -> list[Found]:
    """Each entry by itself, and its place in the chain of its series."""
    found: list[Found] = []
    before: tuple[tuple[str, str, int], int, bytes] | None = None
    async for read in reading.each(_READ, reading.tenant_id):
        one = msgspec.json.decode(read[0], type=_Read)
        row = one.payment
        where = f"{row.kind} {label(row.series, row.year, row.number)}"
        key = (row.kind, row.series, row.year)
        follows = before is not None and before[:2] == (key, row.number - 1)
        previous = before[2] if before is not None and follows else GENESIS
        # Behind a gap, which is told already, nothing is known to chain to.
        if (follows or row.number == 1) and hash_of(row, one.parts, previous) != row.hash:
            found.append((where, "verify.payment-changed", {}))
        if not _fits(one):
            found.append((where, "verify.payment-sum", {"amount": row.amount}))
        before = (key, row.number, row.hash)
    return found


def _fits(read: _Read) -> bool:
    """Whether its parts, the notes and the payment it undoes say the same amount."""
    row = read.payment
    if row.amount != _sum(read.parts) or row.amount <= 0:
        return False
    if row.tendered is not None and row.tendered - (row.change or 0) != row.amount:
        return False
    if row.kind == "payment":
        return read.of is None and (row.way == "cash") == (row.tendered is not None)
    whole = read.of is not None and read.of.kind == "payment"
    return whole and (row.kind == "refund" or (read.of and read.of.amount) == row.amount)


def _sum(parts: Iterable[PaymentPartRow]) -> int:
    return sum(each.amount for each in parts)


_SERIES = gaps(
    """
  select kind, case series when '' then year::text else series || '/' || year end, number
  from payment where tenant_id = $1
""",
    "payment",
    "refund",
    "void",
)

_READ = """
select json_build_object(
  'payment', to_jsonb(p) || jsonb_build_object('hash', encode(p.hash, 'base64')),
  'parts', coalesce((select json_agg(t) from payment_part t
                     where t.tenant_id = p.tenant_id and t.payment_id = p.id), '[]'::json),
  'of', (select to_jsonb(o) || jsonb_build_object('hash', encode(o.hash, 'base64'))
         from payment o where o.tenant_id = p.tenant_id and o.id = p.of_id))::text
from payment p where p.tenant_id = $1 order by p.kind, p.series, p.year, p.number
"""

_DOSSIERS = """
with paid as (
  select t.dossier_id, sum(case p.kind when 'payment' then t.amount else -t.amount end) as paid
  from payment_part t join payment p on p.tenant_id = t.tenant_id and p.id = t.payment_id
  where t.tenant_id = $1 group by 1),
charged as (
  select dossier_id, sum(amount) as charged from fee_line where tenant_id = $1 group by 1)
select coalesce(d.code, d.id::text) as code, p.paid::text as paid,
       coalesce(c.charged, 0)::text as charged
from paid p join dossier d on d.tenant_id = $1 and d.id = p.dossier_id
  left join charged c on c.dossier_id = p.dossier_id
where p.paid < 0 or p.paid > coalesce(c.charged, 0) order by 1
"""
"""Dossiers for which more was paid than they cost, or more given back than was paid."""

_TRANSFERS = """
select coalesce(d.code, d.id::text) as code, t.reference, t.came::text as came
from transfer t join dossier d on d.tenant_id = t.tenant_id and d.id = t.dossier_id
  join payment p on p.tenant_id = t.tenant_id and p.id = t.payment_id
where t.tenant_id = $1 and t.state = 'seen' and (
  p.kind <> 'payment' or p.way <> 'transfer' or p.amount <> least(t.came, t.asked)
  or t.back <> t.came - p.amount or not exists (
    select from payment_part r
    where r.tenant_id = t.tenant_id and r.payment_id = p.id and r.dossier_id = t.dossier_id))
order by 1
"""
"""Transfers that do not say what their payments say."""
