"""One history, replayed by the rules of the desk into the rows it leaves.

Pure but for the plugins' deciding hooks: nothing is read or written. Numbers –
dossier codes, lines in books – are given later, in the order of all histories.
"""

import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.chain import GENESIS
from motcua.domain.dossier import TAKES_BACK, Role, transition
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.life import Act, Actor, Life, Opening, open_dossier, step
from motcua.domain.names import name_key
from motcua.services.assess import Assessed, Paper, assess
from motcua.services.histories import History, HistoryEvent, ReceptionData
from motcua.services.house import Desk, House, applicant_key
from motcua.services.ledger import chained, fee_rows, with_life
from motcua.services.lines import TOUCHING, Booked, stepped
from motcua.services.numbering import asked
from motcua.services.receive import require_open
from motcua.services.rules import rules_for
from motcua.services.told import due_told
from motcua.services.visit import declared, required_papers
from motcua.storage.rows import DocumentRow, DossierRow, EventRow, FeeRow, RegisterRow

SALT_LENGTH = 16
_RECEPTIONS = ("T02", "T03")
_LIVE_ONLY = ("T25", "T27", "T31", "T37", "T40", *TAKES_BACK)
"""T25 opens another dossier, T27 follows from a decision about the calendar, T31 names a
number, which a history is only given here, T37 to T39 are about who
holds it now, and T40 sets right what was typed here."""


class Step(msgspec.Struct, kw_only=True):
    """One replayed act: what its event will say, but for numbers and the chain."""

    act: Act
    role: str
    states: tuple[str | None, str]
    told: dict[str, Any]
    outcome: str | None
    booked: Booked = Booked()


class Replayed(msgspec.Struct, kw_only=True):
    """A history that is possible, ready to be numbered and written.

    Attributes:
        row: The dossier as it ends, without code and chain head.
        steps: What happened, in order.
        fees: Its fee lines.
        documents: Its required papers, taken as handed in.
        lines: Its lines in books as they are at the end, still without numbers.
    """

    row: DossierRow
    steps: list[Step]
    fees: list[FeeRow]
    documents: list[DocumentRow]
    lines: list[RegisterRow]

    @property
    def begun_at(self) -> dt.datetime | None:
        """When it got its temporary code, if it was not received at once."""
        first = self.steps[0].act
        return None if first.transition == "T02" else first.at

    @property
    def begun_day(self) -> dt.date | None:
        """The day of its temporary code."""
        return None if self.begun_at is None else self.begun_at.astimezone(VN).date()

    @property
    def received_day(self) -> dt.date | None:
        """The day of its code, if it was received."""
        at = self.row.received_at
        return None if at is None else at.astimezone(VN).date()


class ImpossibleEventError(MotCuaError):
    """An event of a history cannot have happened; names it and holds the cause."""

    code = "import.impossible-event"

    def __init__(self, number: int, cause: MotCuaError) -> None:
        """Keep the event's *number* in its history, from 1, and the *cause*."""
        self.number = number
        self.cause = cause
        super().__init__(f"event {number}: {cause}", number=number)


class FutureEventError(MotCuaError):
    """An event of a history is dated after the moment of the import."""

    code = "import.future"


class LiveOnlyError(MotCuaError):
    """A history contains a step that only the running system takes."""

    code = "import.live-only"


def replay(house: House, desk: Desk, history: History, *, archive: bool = True) -> Replayed:
    """What *history* leaves at the tenant of *desk*.

    Args:
        house: The application's parts.
        desk: The tenant.
        history: What happened.
        archive: Whether it is an old one; if not, what holds at the desk today holds for it.

    Raises:
        NotOfferedError: it is no old one and the tenant does not take the procedure.
        InvalidAnswersError: the form has faults; holds all of them.
        ImpossibleEventError: an event cannot have happened.
        NotInForceError: no version of the procedure was in force.
        ReceptionClosedError: the unit had ended.
        ReceptionNotBegunError: it had not begun.
    """
    received, assessed = _assessed(house, desk, history, archive=archive)
    life, steps = _lived(desk, history, received, assessed, house.now())
    row = with_life(_filed(house, desk, history, assessed, life), life, desk.calendar)
    steps[0].told = declared(row)
    if received is not None:
        steps[received].told = declared(row) | _settled(row, assessed)
    steps[-1].told |= due_told(None, row)
    return Replayed(
        row=row,
        steps=steps,
        fees=fee_rows(row.tenant_id, row.id, assessed.fees),
        documents=required_papers(row, assessed),
        lines=_booked(house, desk, row, steps),
    )


def chain(replayed: Replayed, salts: bytes) -> list[EventRow]:
    """The events of a replayed history, chained; *salts* are random bytes for all of them."""
    previous = GENESIS
    events = []
    for seq, each in enumerate(replayed.steps, start=1):
        salt = salts[(seq - 1) * SALT_LENGTH : seq * SALT_LENGTH]
        row = replayed.row
        event = chained(
            row.tenant_id,
            row.id,
            seq,
            each.act,
            each.role,
            each.states,
            each.told,
            salt,
            previous,
        )
        previous = event.hash
        events.append(event)
    return events


def _assessed(
    house: House, desk: Desk, history: History, *, archive: bool
) -> tuple[int | None, Assessed]:
    """The reception's place among the events, and the paper as the desk settled it then."""
    found = (n for n, event in enumerate(history.events) if event.transition in _RECEPTIONS)
    received = next(found, None)
    event = history.events[received or 0]
    require_open(desk, event.at, archive=archive)
    paper = _paper(history, event.data if received is not None else {})
    assessed = assess(
        house,
        desk,
        paper,
        event.at,
        history.channel,
        submitted_at=history.events[0].at if history.events[0].transition == "T01" else None,
        decide=received is not None,
        archive=archive,
    )
    return received, assessed


def _paper(history: History, data: dict[str, Any]) -> Paper:
    try:
        said = msgspec.convert(data, ReceptionData)
    except msgspec.ValidationError as error:
        raise InvalidAnswersError([FieldFault("data", "file.value", detail=str(error))]) from error
    return Paper(
        procedure=history.procedure,
        applicant=history.applicant,
        answers=history.answers,
        variants=said.variants,
        exemptions=said.exemptions,
        proofs=said.proofs,
        optional_fees=said.optional_fees,
        agreed=said.agreed,
        no_limit=said.no_limit,
    )


def _lived(
    desk: Desk, history: History, received: int | None, assessed: Assessed, now: dt.datetime
) -> tuple[Life, list[Step]]:
    rules = rules_for(desk, assessed.published)
    life: Life | None = None
    steps = []
    for n, event in enumerate(history.events):
        before = None if life is None else life.state.value
        try:
            _require_possible(event, now)
            act, role = _act(event, history, receives=n == received)
            opening = assessed.opening if n == received else None
            life = _next(life, act, rules, opening)
        except MotCuaError as error:
            raise ImpossibleEventError(n + 1, error) from error
        told = msgspec.to_builtins(act.data) if act.data else {}
        states = (before, life.state.value)
        steps.append(Step(act=act, role=role, states=states, told=told, outcome=life.outcome))
    assert life is not None, "a history has at least one event"  # noqa: S101 - its type says so
    return life, steps


def _require_possible(event: HistoryEvent, now: dt.datetime) -> None:
    """Refuse what no file can tell, whatever the states permit."""
    if event.at > now:
        raise FutureEventError(at=event.at.isoformat(), now=now.isoformat(timespec="seconds"))
    if event.transition in _LIVE_ONLY:
        raise LiveOnlyError(transition=event.transition)
    second = event.data.get("second_person")
    alone = isinstance(second, str) and name_key(second) == name_key(event.by)
    if event.transition == "T26" and alone:
        raise InvalidAnswersError([FieldFault("second_person", "import.second-person")])


def _next(life: Life | None, act: Act, rules: Any, opening: Opening | None) -> Life:
    if life is None:
        return open_dossier(act, rules, opening)
    return step(life, act, rules, opening)


def _act(event: HistoryEvent, history: History, *, receives: bool) -> tuple[Act, str]:
    """The act of *event*; its person is taken to have had the role the step asks for."""
    role = transition(event.transition).roles[0]
    name = history.applicant.get("name", event.by) if role is Role.CITIZEN else event.by
    act = Act(
        transition=event.transition,
        at=event.at,
        by=Actor(None, str(name), (role,)),
        reason=event.reason,
        data={} if receives else event.data,
    )
    return act, role.value


def _filed(
    house: House, desk: Desk, history: History, assessed: Assessed, life: Life
) -> DossierRow:
    definition = assessed.published.definition
    return DossierRow(
        tenant_id=desk.id,
        id=house.new_id(),
        external_id=history.external_id,
        procedure_code=definition.code,
        version_id=assessed.published.id,
        field=definition.field,
        plugin=assessed.published.owner,
        plugin_version=assessed.plugin_version,
        channel=history.channel,
        state=life.state.value,
        version=life.version,
        last_at=life.last_at,
        head=b"",
        applicant=assessed.applicant,
        applicant_key="" if life.received_at else applicant_key(assessed.applicant),
        answers=dict(assessed.answers),
        chosen=assessed.chosen,
        clock=[],
        receiving_id=desk.id,
        competent_id=desk.id,
        returning_id=desk.id,
    )


def _settled(row: DossierRow, assessed: Assessed) -> dict[str, Any]:
    """What the reception settled, kept in its event as the live desk keeps it."""
    return {
        "fees": msgspec.to_builtins(assessed.fees),
        "opening": msgspec.to_builtins(assessed.opening),
        "plugin": f"{row.plugin} {row.plugin_version}",
        "warnings": msgspec.to_builtins(assessed.warnings),
    }


def _booked(house: House, desk: Desk, row: DossierRow, steps: Sequence[Step]) -> list[RegisterRow]:
    """The lines at the end of *steps*, each of which is told what it did to them."""
    lines: Sequence[RegisterRow] = ()
    for each in steps:
        if each.act.transition in TOUCHING:
            then = msgspec.structs.replace(row, outcome=each.outcome)
            ask = functools.partial(asked, house, desk, row, each.act.at)
            each.booked = stepped(lines, each.act, then, ask)
            lines = each.booked.lines
    return list(lines)


__all__ = ["SALT_LENGTH", "ImpossibleEventError", "Replayed", "Step", "chain", "replay"]
