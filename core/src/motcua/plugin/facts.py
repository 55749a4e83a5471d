"""What hooks are told and what they answer.

Deciding hooks get these values and return such values; they never read a clock,
a calendar file or a database.
"""

import datetime as dt
import enum
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

import msgspec

from motcua.domain.life import Actor
from motcua.domain.signing import Capacity


class Severity(enum.StrEnum):
    """Whether a problem stops the reception."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong (error) or doubtful (warning) about answers.

    Attributes:
        field: The field's id, or nothing if it is about the whole.
        code: A text key of the plugin, such as ``certification.no-pages``.
        told: What the text names, by placeholder.
    """

    code: str
    field: str = ""
    severity: Severity = Severity.ERROR
    told: dict[str, str | int] = {}


class OutboundMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that waits to be delivered.

    Attributes:
        id: The same each time it is tried, so that a repeat can be recognised.
        channel: ``phone`` or ``email``: what *recipient* is.
        subject: A line for channels that have one.
        unit: Who writes, as people call it.
        tenant: The slug of who writes: secrets of one unit go by it, never by a setting.
    """

    id: str
    tenant: str
    channel: str
    recipient: str
    subject: str
    body: str
    unit: str


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How one attempt to deliver a message ended.

    Attributes:
        delivered: Whether the next station has taken it.
        final: Whether trying again is of no use.
        unreachable: Whether it was the next station that failed and not this message, so
            that the unit's other messages need not be tried now.
        problem: What stood in the way, without any personal data.
    """

    delivered: bool
    final: bool = False
    unreachable: bool = False
    problem: str = ""


class Reception(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances in which a dossier is received.

    Attributes:
        received_on: The day that counts as the day of submission: online, the day of the
            click; at the counter, the day of reception.
        channel: ``direct``, ``online`` or ``post``.
        variants: Ids of limit variants the officer picked.
        exemptions: Ids of fee exemptions the officer accepted.
        asked_fees: Ids of optional fees the applicant asked for.
        amounts: Amounts the province has set, by fee id.
        days_off: Days without working time among the 31 days up to :attr:`received_on`.
        unit_codes: The unit's own administrative codes on that day.
        unit_name: What the unit is called, such as ``Phường Võ Cường``.
    """

    received_on: dt.date
    channel: str = "direct"
    variants: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()
    asked_fees: tuple[str, ...] = ()
    amounts: dict[str, int] = {}
    days_off: frozenset[dt.date] = frozenset()
    unit_codes: tuple[str, ...] = ()
    unit_name: str = ""

    def in_time(self, event: dt.date, days: int) -> bool:
        """Whether reception is within *days* of *event*.

        The day of the event does not count (Civil Code art. 147); if the last
        day is off, the next working day is still in time (art. 148).
        """
        last = event + dt.timedelta(days=days)
        late = (self.received_on - last).days
        return all(last + dt.timedelta(days=n) in self.days_off for n in range(late))


class KnownRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something a plugin keeps, from which a form can be filled in.

    Attributes:
        key: What it is picked by, among those found for the same words.
        title: What it is called in a list; numbers of people are masked there.
        answers: What it says, by the form's field ids.
        dossier_id: The dossier it comes from; who fills in a form from it has read it.
    """

    key: str
    title: str
    dossier_id: UUID
    answers: dict[str, Any]


class BookLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line to number in a register when the text is printed, or else when it is ready.

    Attributes:
        book: The register's key, such as ``SCT/BS``; one counter per tenant, book and year.
        title: The register's name, in Vietnamese.
        subject: What the line is about.
        quantity: Copies, signatures or whatever the book counts.
    """

    book: str
    title: str
    subject: str
    quantity: int = 1


class SignedBy(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs a paper, as the act of assignment says."""

    full_name: str
    title: str
    capacity: Capacity
    act: str


class BookNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number in a book, reserved for one paper of a result.

    Attributes:
        book: The register's key, such as ``SCT/BS``.
        volume: The volume of the book (quyển số) of that year.
        subject: What its line is about.
        quantity: Copies, signatures or whatever the book counts.
    """

    book: str
    year: int
    number: int
    volume: int = 1
    subject: str = ""
    quantity: int = 1


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances in which the papers of a result are issued.

    Attributes:
        at: When, by the clock on the wall in Vietnam; texts and forms are those of that day.
        unit: The unit's name, as papers say it.
        above: The province or city it belongs to.
        signer: Who signs.
        receiver: Who received the dossier.
        requester: The applicant, by the keys of a person.
        numbers: The lines in books, in the order of their numbers.
    """

    at: dt.datetime
    unit: str
    above: str
    signer: SignedBy
    receiver: str
    requester: dict[str, Any]
    numbers: tuple[BookNumber, ...] = ()


class ResultPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper of a result.

    Attributes:
        template: A typst file in the folder ``papers`` of the plugin's package.
        title: What people call the paper.
        data: What the template is told: JSON values.
    """

    template: str
    title: str
    data: dict[str, Any]


class ResultPapers(msgspec.Struct, frozen=True, kw_only=True):
    """The papers of a result; *problems* that are errors stop their printing."""

    papers: tuple[ResultPaper, ...] = ()
    problems: tuple[Problem, ...] = ()


class DossierFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What an acting hook is told about a dossier.

    Attributes:
        outcome: ``positive`` or ``negative`` once it is decided; a refusal on the merits
            is a result too, but nothing is registered by it.
    """

    id: str
    code: str
    procedure: str
    answers: dict[str, Any]
    at: dt.datetime
    outcome: str = ""


class Session(Protocol):
    """Database work under one tenant, inside the business transaction."""

    @property
    def tenant_id(self) -> int:
        """The tenant everything happens under."""

    async def run(self, query: Any) -> list[dict[str, Any]]:
        """Run one Piccolo query on the plugin's own tables."""


class AskedSession(Session, Protocol):
    """A session where somebody asks: a request to an own address, or a look into own tables."""

    @property
    def tenant_name(self) -> str:
        """The unit's name, as papers say it."""

    @property
    def actor(self) -> Actor:
        """Who asks."""

    @property
    def now(self) -> dt.datetime:
        """When; a plugin has no clock of its own."""

    async def log_read(self, dossier_id: UUID) -> None:
        """Keep that the actor reads in full what a record says that a dossier left."""


class ShownTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a plugin as the console shows it: to be looked at, never to be changed there.

    Its texts are ``<plugin>.table.<table>`` and ``<plugin>.column.<column>``. What a dossier
    says has no place in it: the console is for those who configure.

    Attributes:
        table: One of the plugin's tables.
        columns: Those that are shown; no other one exists in the console.
        order: The column the rows are ordered by; with ``-`` before it, downwards.
    """

    table: type
    columns: tuple[str, ...]
    order: str


class PluginTables(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin's own tables.

    Attributes:
        tables: Piccolo table classes; each name begins with the plugin's.
        app_config: The Piccolo ``AppConfig`` that knows their migrations.
        shown: Those an administrator may look at in the console.
    """

    tables: Sequence[type]
    app_config: Any
    shown: Sequence[ShownTable] = ()
