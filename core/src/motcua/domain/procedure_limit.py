"""The time a procedure may take, as its definition says it: limit, stages, special cases.

Base and small types of everything people write in a definition file stand here too.
"""

import datetime as dt
import enum
from typing import Annotated

import msgspec
from msgspec import Meta

from motcua.domain.form import Text
from motcua.domain.limit import TimeLimit, Unit

ItemId = Annotated[str, Meta(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ClockTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Whole = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything people write in a definition file: a misspelt key is a fault."""


class Confidence(enum.StrEnum):
    """How sure a fact is: read in a source, known from practice, or not known."""

    VERIFIED = "verified"
    KNOWN = "known"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class Channel(enum.StrEnum):
    """How a dossier came: handed in at the counter, sent online, sent by post."""

    DIRECT = "direct"
    ONLINE = "online"
    POST = "post"


class VariantMode(enum.StrEnum):
    """What a limit variant does to the limit."""

    REPLACES = "replaces"
    ADDS = "adds"


class VariantClock(enum.StrEnum):
    """Which clock a limit variant runs on.

    ``main`` changes the dossier's own limit. ``beside`` is a stage of somebody
    else, or one inside the main limit: shown, never added. ``wait`` ends at an
    answer or at its limit, whichever comes first: not added days either.
    """

    MAIN = "main"
    BESIDE = "beside"
    WAIT = "wait"


class Stage(Part, frozen=True, kw_only=True):
    """One stage of a chain, with its own clock.

    Attributes:
        amount: How many units it may take; none = nobody limits it.
        counted_from: The event its clock starts at, in Vietnamese.
        after: The stage whose end it begins with; none = the one before it in the list.
            The first one begins with the reception.
    """

    id: ItemId
    label: Text
    amount: Positive | None = None
    unit: Unit | None = None
    counted_from: Text
    after: ItemId | None = None
    cutoff: ClockTime | None = None
    note: str = ""

    @property
    def time_limit(self) -> TimeLimit | None:
        """The stage's limit as the deadline engine takes it, if it has one."""
        if self.amount is None or self.unit is None:
            return None
        return _time_limit(self.amount, self.unit, self.cutoff, self.note)


class Silence(Part, frozen=True, kw_only=True):
    """Silence means consent: nobody answered within the limit, so it counts as accepted.

    Attributes:
        consequence: What follows then, in Vietnamese, as people are told.
        legal: The legal ground.
    """

    consequence: Text
    legal: Text


class Limit(Part, frozen=True, kw_only=True):
    """The time a procedure may take: a number, unknown, or a chain of stages.

    ``known = false`` means that no source gives a number: the reception officer
    enters a date and its ground, nothing is ever guessed. Stages are clocks of their
    own, in a row or side by side: inside a known limit, or without any; never one sum.

    Attributes:
        campaign: Done in campaigns whose dates each unit sets, not dossier by dossier.
        on_silence: What an unanswered limit means, where the law says so.
        round_the_clock: Clock hours that run from the moment itself, be it at night or
            on a day off; others begin at the first working hour that follows.
    """

    known: bool = True
    amount: Positive | None = None
    unit: Unit | None = None
    cutoff: ClockTime | None = None
    round_the_clock: bool = False
    note: str = ""
    stages: tuple[Stage, ...] = ()
    campaign: bool = False
    on_silence: Silence | None = None

    @property
    def time_limit(self) -> TimeLimit | None:
        """The limit as the deadline engine takes it, or ``None`` if there is no number."""
        if not self.known or self.amount is None or self.unit is None:
            return None
        counted = _time_limit(self.amount, self.unit, self.cutoff, self.note)
        return msgspec.structs.replace(counted, round_the_clock=self.round_the_clock)

    def stages_after(self, ended: str | None) -> tuple[Stage, ...]:
        """The stages that begin when the one called *ended* ends; ``None``: at reception."""
        names = (None, *(stage.id for stage in self.stages))
        return tuple(
            stage
            for stage, before in zip(self.stages, names, strict=False)
            if (stage.after or before) == ended
        )


class LimitVariant(Part, frozen=True, kw_only=True):
    """A limit in a special case, picked by an officer or a plugin by its ``id``.

    ``amount = 0`` with ``adds`` means "as agreed": the officer enters date, hour
    and the written agreement.

    Attributes:
        channel: It holds for every dossier that came this way; nobody picks it.
        stage: The stage whose clock it lengthens, instead of the dossier's own.
        consequence: Of a wait: what follows when its limit passes without an answer.
        pauses: Of a wait: whether the time really waited is left out of the limit.
    """

    id: ItemId
    when: Text
    amount: Whole
    unit: Unit
    mode: VariantMode
    cutoff: ClockTime | None = None
    clock: VariantClock = VariantClock.MAIN
    channel: Channel | None = None
    stage: ItemId | None = None
    consequence: str = ""
    pauses: bool = False
    note: str = ""
    confidence: Confidence = Confidence.KNOWN

    @property
    def agreed(self) -> bool:
        """Whether the time is agreed in writing, case by case."""
        return self.amount == 0

    @property
    def on_main_clock(self) -> bool:
        """Whether it changes the dossier's own limit."""
        return self.clock is VariantClock.MAIN and self.stage is None

    @property
    def time_limit(self) -> TimeLimit:
        """Its time as the deadline engine takes it; an agreed one has none."""
        return _time_limit(self.amount, self.unit, self.cutoff, self.note)


class ChosenLimit(msgspec.Struct, frozen=True, kw_only=True):
    """A limit with the variants chosen for one dossier.

    Attributes:
        limit: The limit to count, or ``None``: the officer enters a date and its ground.
        extensions: Further limits counted from where the one before ends.
        agreed: Whether a variant asks for an agreed date, hour and paper.
        variants: The ids chosen, in the definition's order.
    """

    limit: TimeLimit | None
    extensions: tuple[TimeLimit, ...] = ()
    agreed: bool = False
    variants: tuple[str, ...] = ()


def _time_limit(amount: int, unit: Unit, cutoff: str | None, ground: str) -> TimeLimit:
    """A limit as the deadline engine takes it; *cutoff* is ``HH:MM``."""
    return TimeLimit(
        amount=amount,
        unit=unit,
        cutoff=None if cutoff is None else dt.time.fromisoformat(cutoff),
        ground=ground,
    )
