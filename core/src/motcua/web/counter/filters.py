"""What narrows a work list: procedure, deadline, holder. It stands in the address."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import OPEN, STAFF_ROLES
from motcua.plugin.texts import text
from motcua.services import holding, worklist
from motcua.web.counter.frame import Counter

ME, NOBODY = "toi", "khong"
DUE = ("qua", "nay", "toi", "sau")
"""Past its time, today, the next working day, later."""

Option = tuple[str, str]


class Narrowed(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of a list as they stand in its address, and what may be chosen."""

    procedure: str
    due: str
    holder: str
    only: worklist.Filter
    procedures: Sequence[Option]
    dues: Sequence[Option]
    holders: Sequence[Option]

    @property
    def query(self) -> dict[str, str]:
        """The filters as parts of an address."""
        return {"thu_tuc": self.procedure, "han": self.due, "giu": self.holder}


async def narrowed(counter: Counter, procedure: str, due: str, holder: str) -> Narrowed:
    """The filters that were asked for; what nobody offers is left out."""
    house, desk = counter.house, counter.desk
    known = await worklist.procedures(house, desk, OPEN)
    people = await holding.people(house, desk, list(STAFF_ROLES))
    ids = {each.username: each.id for each in people if each.id != counter.actor.id}
    ids |= {ME: counter.actor.id or 0, NOBODY: 0}
    due = due if due in DUE else ""
    since, until = _window(counter, due)
    procedure = procedure if procedure in dict(known) else ""
    holder = holder if holder in ids else ""
    return Narrowed(
        procedure=procedure,
        due=due,
        holder=holder,
        only=worklist.Filter(
            procedure=procedure, holder=ids.get(holder), due_from=since, due_until=until
        ),
        procedures=known,
        dues=[(each, text(f"lists.due.{each}")) for each in DUE],
        holders=[
            (ME, text("counter.work.me")),
            (NOBODY, text("lists.holder.nobody")),
            *((each.username, each.full_name) for each in people if each.username in ids),
        ],
    )


def _window(counter: Counter, due: str) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Between which moments a deadline lies; the next day is the next working one."""
    now = counter.now()
    day = now.astimezone(VN).date()
    after = counter.desk.calendar.timeline.next_working(day.toordinal() + 1)
    tomorrow = _midnight(day + dt.timedelta(days=1))
    later = _midnight(dt.date.fromordinal(after) + dt.timedelta(days=1))
    windows = {
        "qua": (None, now),
        "nay": (_midnight(day), tomorrow),
        "toi": (tomorrow, later),
        "sau": (later, None),
    }
    return windows.get(due, (None, None))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VN)
