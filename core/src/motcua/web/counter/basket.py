"""What the papers of a visit cost, and when they are due, before anything is stored."""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from motcua.domain.dossier import State
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.fee import total
from motcua.domain.life import Act, open_dossier
from motcua.plugin.facts import Problem
from motcua.plugin.texts import text
from motcua.services.assess import Assessed, assess, with_duplicates
from motcua.services.hooks import watched
from motcua.services.ledger import due_state
from motcua.services.rules import rules_for
from motcua.services.words import fee_units, limit_words
from motcua.ui.due import DueTag
from motcua.web.counter import duplicates
from motcua.web.counter.explained import problem_words
from motcua.web.counter.frame import Counter
from motcua.web.counter.visitform import VisitForm
from motcua.web.counter.worklist import tag_of

Row = Assessed | None
"""A paper as it stands; ``None``: it cannot be received yet."""


class FeeShown(msgspec.Struct, frozen=True):
    """One line of what is to be paid; no *amount*: the province has not set it."""

    label: str
    quantity: int
    amount: int | None
    proof: str = ""
    unit: str = ""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the reception would make of the form as it stands.

    Attributes:
        each: What each paper costs; ``None``: it is not filled in yet.
        why: Why it is due then.
        duplicates: What is registered already and may be the same.
        mark: Stands for just these; sent back by who has compared them.
    """

    fees: list[FeeShown]
    each: list[int | None]
    total: int
    due: dt.datetime | None
    why: str
    tag: DueTag | None
    warnings: list[str]
    duplicates: list[str]
    mark: str

    @property
    def open(self) -> int:
        """How many papers are not filled in yet."""
        return self.each.count(None)


async def judged(counter: Counter, visit: VisitForm) -> tuple[list[FieldFault], list[Row]]:
    """Every fault of every paper, and the papers that have none, with likely duplicates."""
    faults: list[FieldFault] = []
    rows: list[Row] = []
    house, desk = counter.house, counter.desk
    async with watched(house, desk):
        for at, paper in enumerate(visit.papers()):
            lead = f"papers[{at}]."
            faults += [fault.under(lead) for fault in visit.picks(at).faults]
            rows.append(None)
            try:
                found = assess(house, desk, paper, counter.now(), visit.channel)
                rows[-1] = await with_duplicates(house, desk, counter.actor, found)
            except InvalidAnswersError as error:
                own = [fault for fault in error.faults if fault.field != "agreed"]
                faults += [fault.under(lead) for fault in own]
    return faults, rows


async def glanced(counter: Counter, visit: VisitForm) -> list[Row]:
    """The papers that could be received as they stand; what is wrong is not told yet."""
    rows: list[Row] = []
    async with watched(counter.house, counter.desk):
        for paper in visit.papers():
            try:
                made = assess(counter.house, counter.desk, paper, counter.now(), visit.channel)
            except MotCuaError:
                rows.append(None)
            else:
                rows.append(made)
    return rows


def preview(counter: Counter, rows: Sequence[Row]) -> Preview | None:
    """Fees, due time and warnings of the papers that could be received now; none: nothing."""
    good = [row for row in rows if row is not None]
    if not good:
        return None
    dues: list[tuple[dt.datetime, Assessed]] = []
    warnings: list[Problem] = []
    act = Act(transition="T02", at=counter.now(), by=counter.actor)
    for each in good:
        warnings += each.warnings
        try:
            life = open_dossier(act, rules_for(counter.desk, each.published), each.opening)
        except MotCuaError:  # no limit is known and the officer gave no date yet
            continue
        due = due_state(life, counter.desk.calendar).current_due
        if due is not None:
            dues.append((due, each))
    last, its = max(dues, key=lambda found: found[0], default=(None, None))
    told = [problem_words(each) for each in warnings]
    registered = duplicates.told(good)
    return Preview(
        fees=_summed(good),
        each=[None if row is None else total(row.fees) for row in rows],
        total=sum(total(each.fees) for each in good),
        due=last,
        why=_why(its) if its else "",
        tag=tag_of(counter, State.RECEIVED, last, counter.now()) if last else None,
        warnings=list(dict.fromkeys(told)),
        duplicates=registered,
        mark=duplicates.mark(registered),
    )


def _summed(papers: Iterable[Assessed]) -> list[FeeShown]:
    """One line for each fee, however many papers it is charged for."""
    found: dict[tuple[str, str, bool], FeeShown] = {}
    for paper in papers:
        units = fee_units(paper.published.definition)
        for line in paper.fees:
            key = (line.label, line.proof, line.amount is None)
            old = found.get(key, FeeShown(line.label, 0, 0, line.proof))
            found[key] = FeeShown(
                line.label,
                old.quantity + line.quantity,
                None if line.amount is None else (old.amount or 0) + line.amount,
                line.proof,
                units.get(line.fee_id, ""),
            )
    return list(found.values())


def _why(assessed: Assessed) -> str:
    """The limit that gives the due time, and its ground."""
    limit = assessed.opening.limit
    if limit is None:
        return assessed.opening.ground
    note = assessed.published.definition.limit.note or limit.ground
    words = limit_words(limit)
    return text("counter.receive.why", limit=words, ground=note) if note else words
