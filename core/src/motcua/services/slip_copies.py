"""Which copy of a slip is valid: each print is kept, and the last one is the one that counts.

A supplement and a refusal (F02, F03) get a number of the year when they are printed first; a
receipt has its dossier's, and the apology (F04) is numbered by the clerk: the head of the
agency signs it.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import msgspec

from motcua.domain.life import Actor
from motcua.domain.report import local_day
from motcua.services.gaps import gaps
from motcua.services.house import House
from motcua.storage import dossiers as store
from motcua.storage.rows import SlipRow, as_json
from motcua.storage.work import Work

NUMBERED = ("F02", "F03")
"""The slips whose numbers the desk gives."""
NO_COPY = "0"
"""Stands in the QR code of what is no print of a slip: the confirmation a citizen keeps."""
_MARK = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")


class Copy(msgspec.Struct, frozen=True):
    """One print of a slip: of which form and event, and its number where it has one."""

    form: str
    seq: int
    copy: int
    year: int
    number: int | None

    @property
    def lacks(self) -> bool:
        """Whether it is to get a number now."""
        return self.form in NUMBERED and self.number is None

    @property
    def mark(self) -> str:
        """What stands in its QR code; empty for the first print of a dossier's first slip."""
        return "" if (self.seq, self.copy) == (1, 1) else f"{self.seq}-{self.copy}"


def following(copies: Sequence[Copy], form: str, seq: int, year: int) -> Copy:
    """The next print of a slip: it keeps the number of the first."""
    last = standing(copies, form, seq)
    if last is None:
        return Copy(form, seq, 1, year, None)
    return msgspec.structs.replace(last, copy=last.copy + 1)


def standing(copies: Sequence[Copy], form: str, seq: int) -> Copy | None:
    """The print of a slip that is valid now; ``None``: it was never printed."""
    same = [each for each in copies if (each.form, each.seq) == (form, seq)]
    return max(same, key=lambda each: each.copy, default=None)


async def keep(
    house: House, writing: Work, actor: Actor, printed: Sequence[tuple[UUID, Copy]]
) -> list[Copy]:
    """Keep what is *printed* of locked dossiers; those that need a number get the next ones."""
    at = house.now()
    year = local_day(at).year
    wanted = Counter((f"slip-{copy.form}", str(year)) for _, copy in printed if copy.lacks)
    numbers = {
        key: iter(found) for key, found in (await store.take_numbers(writing, wanted)).items()
    }
    made = [
        msgspec.structs.replace(
            copy, year=year, number=next(numbers[f"slip-{copy.form}", str(year)])
        )
        if copy.lacks
        else copy
        for _, copy in printed
    ]
    rows = [
        SlipRow(
            tenant_id=writing.tenant_id,
            id=house.new_id(),
            dossier_id=dossier,
            form=copy.form,
            seq=copy.seq,
            copy=copy.copy,
            year=copy.year,
            number=copy.number,
            at=at,
            staff_id=actor.id,
        )
        for (dossier, _), copy in zip(printed, made, strict=True)
    ]
    await writing.execute(_KEEP, as_json(rows))
    return made


async def replaced_at(reading: Work, dossier: UUID, mark: str) -> dt.datetime | None:
    """When the copy with *mark* in its QR code was replaced by a later one; ``None``: it stands."""
    if mark == NO_COPY:
        return None
    found = _MARK.fullmatch(mark)
    seq, copy = (int(found[1]), int(found[2])) if found else (1, 1)
    row = await reading.fetchrow(_REPLACED, reading.tenant_id, dossier, seq, copy)
    at: dt.datetime | None = row["at"]
    return at


_KEEP = "insert into slip select * from jsonb_populate_recordset(null::slip, $1::jsonb)"

_REPLACED = """
select min(b.at) as at from slip a join slip b
  on b.tenant_id = a.tenant_id and b.dossier_id = a.dossier_id and b.form = a.form
  and (b.seq, b.copy) > (a.seq, a.copy)
where a.tenant_id = $1 and a.dossier_id = $2 and a.seq = $3 and a.copy = $4
"""

SERIES = gaps(
    """
  select 'slip-' || form, year::text, number
  from slip where tenant_id = $1 and copy = 1 and number is not null
""",
    "slip-F02",
    "slip-F03",
)
"""Series of slips with a gap, or another length than their counter says."""
