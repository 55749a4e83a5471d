"""What the portal's pages need to know, and who tells them."""

import datetime as dt
from typing import Protocol

import msgspec

from motcua.domain.dossier import State
from motcua.domain.explanation import DayNote
from motcua.domain.limit import TimeLimit
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.report import percent_in_time
from motcua.services.figures import FieldFigure, Figures, Standing
from motcua.services.look import Look
from motcua.services.ratings import Rated
from motcua.ui.site import HelpDesk


class Link(msgspec.Struct, frozen=True):
    """Another commune; without a slug it has no page here."""

    slug: str
    name: str


class CommuneFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One commune's dossiers in a period.

    Attributes:
        name: With its kind, ``Phường Võ Cường``.
        received: Received in the period, none carried over.
        processed: Processed in the period.
        in_time: Processed early or on time.
        late: Processed after the due date.
        overdue: Past their time now, in a period that reaches until now.
        open: Whether it takes dossiers today.
        closed_on: The first day on which it was no more.
        successors: Who took over.
    """

    slug: str
    name: str
    received: int = 0
    processed: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    open: bool = True
    closed_on: dt.date | None = None
    successors: tuple[Link, ...] = ()

    @property
    def percent_in_time(self) -> float | None:
        """Early or on time, of what had a limit; what is overdue was not."""
        return percent_in_time(self.in_time, self.late, self.overdue)


class CommuneGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Communes that stand together, such as those of one city of 2018.

    Attributes:
        total: The words of the last row, ``Cả thành phố``.
        closed: Why they take no dossiers, if so.
    """

    title: str
    total: str
    communes: tuple[CommuneFigures, ...]
    closed: str = ""


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """All communes with their figures of a period.

    Attributes:
        monthly_mean: Dossiers a commune and month, over communes that received any.
        simulated: Whether the figures are made up.
    """

    first: dt.date
    last: dt.date
    groups: tuple[CommuneGroup, ...]
    monthly_mean: float | None = None
    simulated: bool = False

    @property
    def communes(self) -> list[CommuneFigures]:
        """Every commune of every group."""
        return [commune for group in self.groups for commune in group.communes]

    @property
    def counted(self) -> int:
        """How many communes the figures are of: those that received any, or all."""
        return sum(1 for each in self.communes if each.received) or len(self.communes)


class Commune(msgspec.Struct, frozen=True, kw_only=True):
    """One commune, as its pages present it.

    Attributes:
        province: The province or city above it.
        closed_on: The first day on which it is no more, also one still to come.
        ended: Whether that day has come; it then takes no new dossiers.
        successors: Who took over.
        look: Its colour and its crest.
        books: Whether one may book a visit.
    """

    slug: str
    name: str
    province: str
    help: HelpDesk
    closed_on: dt.date | None = None
    ended: bool = False
    successors: tuple[Link, ...] = ()
    books: bool = False
    look: Look = Look()

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it works, if one is known."""
        return None if self.closed_on is None else self.closed_on - dt.timedelta(days=1)


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """When a dossier sent at this moment would be ready."""

    due: dt.datetime
    explanation: tuple[DayNote, ...]


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A procedure as one commune offers it.

    Attributes:
        limit: The commune's limit, which may be shorter than the definition's.
        often: Whether it is among those most asked for here.
        promise: The due time of a dossier received now; only where it was asked for.
        online: Whether one may apply on the portal, as far as the commune is concerned.
    """

    definition: ProcedureDefinition
    limit: TimeLimit | None = None
    often: bool = False
    promise: Promise | None = None
    online: bool = True


class Milestone(msgspec.Struct, frozen=True, kw_only=True):
    """One step that was taken, as the citizen may see it: no names of officers.

    Attributes:
        papers: Whether the citizen sent papers with it.
    """

    transition: str
    at: dt.datetime
    papers: bool = False


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What only who holds the secret may see.

    Attributes:
        wanted: What a supplement asks for.
        until: By when it is to come, if a term was set.
        reason: Why the last step was taken, in the officer's words.
        ticket: What lets its holder act on the dossier for a while.
    """

    applicant: str
    id_number: str = ""
    wanted: tuple[str, ...] = ()
    until: dt.datetime | None = None
    reason: str = ""
    ticket: str = ""


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as its look-up shows it.

    Attributes:
        first_due: The due time on the first slip, if another one holds now.
        days: Working days from today to the due day; below zero, working days late.
        explanation: The count of the due time, day by day.
        proof: Present only if the right secret was given.
    """

    code: str
    procedure: str
    state: State
    milestones: tuple[Milestone, ...]
    limit: TimeLimit | None = None
    received_at: dt.datetime | None = None
    due: dt.datetime | None = None
    first_due: dt.datetime | None = None
    days: int = 0
    explanation: tuple[DayNote, ...] = ()
    proof: Proof | None = None

    @property
    def supplied(self) -> bool:
        """Whether papers came after they were last asked for, and the desk has not answered."""
        if self.state is not State.SUPPLEMENT_REQUESTED:
            return False
        told = [each.papers for each in self.milestones if each.papers or each.transition == "T09"]
        return bool(told) and told[-1]


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """What a commune makes public of a period: numbers, and dossiers by code alone.

    Attributes:
        fields: Counts by field of law, with its name; also of what is only overdue.
        newest: The dossiers received last.
        overdue: By field, how many are past their time now; none in a period that is over.
        now: Whether the period reaches until now.
        rated: What people said, if enough did.
    """

    first: dt.date
    last: dt.date
    figures: Figures
    fields: tuple[tuple[str, FieldFigure], ...]
    newest: tuple[Standing, ...]
    overdue: dict[str, int]
    now: bool
    rated: Rated | None = None


class PortalReads(Protocol):
    """Everything the portal reads."""

    async def overview(self, first: dt.date | None, last: dt.date | None) -> Overview:
        """The communes with the figures of a period.

        Without dates: the latest whole period that has figures.
        """

    async def commune(self, slug: str) -> Commune:
        """The commune called *slug*.

        Raises:
            MotCuaError: With code ``tenant.unknown`` and status 404.
        """

    async def commune_of_code(self, code: str) -> str | None:
        """The slug of the commune that issued a dossier code, by its agency part."""

    async def procedures(self, slug: str) -> tuple[Offer, ...]:
        """What the commune offers today, without promises."""

    async def procedure(self, slug: str, code: str, now: dt.datetime) -> Offer | None:
        """One of them, with the promise of a dossier received at *now*."""

    async def board(self, slug: str, first: dt.date | None, last: dt.date | None) -> Board:
        """What the commune makes public; without dates, of the last thirty days it has."""

    async def lookup(
        self, slug: str, code: str, secret: str | None, now: dt.datetime, address: str
    ) -> Tracked | None:
        """A dossier by its code; *address* is where somebody asks from.

        A wrong secret answers like an unknown code: ``None``, in the same time.
        """
