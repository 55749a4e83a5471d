"""Administrative procedures (thủ tục hành chính) as data.

A definition says what a procedure asks, costs, takes and gives, under which law
and since when. It is a value: a dossier keeps the version it was received under,
named by :attr:`ProcedureDefinition.version_id`, and publishing a changed text
makes another version.
"""

import datetime as dt
import enum
import hashlib
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from motcua.domain.deadline_errors import LimitSumError
from motcua.domain.errors import MotCuaError
from motcua.domain.form import DEFAULT_FORM, Field, FieldId, Text
from motcua.domain.limit import TimeLimit, Unit

CODE_PATTERN = r"^\d\.\d{6}$"
ProcedureCode = Annotated[str, Meta(pattern=CODE_PATTERN)]
ItemId = Annotated[str, Meta(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ClockTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Whole = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything people write in a definition file: a misspelt key is a fault."""


class UnknownVariantError(MotCuaError):
    """A limit variant was chosen that the procedure does not have."""

    code = "procedure.unknown-variant"


class OnlineLevel(enum.StrEnum):
    """How much of a procedure can be done online."""

    FULL = "toan-trinh"
    PARTIAL = "mot-phan"
    NONE = "khong"


class Confidence(enum.StrEnum):
    """How sure a fact is: read in a source, known from practice, or not known."""

    VERIFIED = "verified"
    KNOWN = "known"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class Status(enum.StrEnum):
    """Whether a procedure is offered, or only finished, and whether it is counted.

    ``current`` and ``legacy`` (of an older decision) are offered and counted among the
    procedures of a unit. ``related`` is offered beside them: an interlinked group, whose
    parts are procedures already. ``part`` is received inside a group only. ``retired``
    was offered until its last day; what was received under it is finished under it.
    """

    CURRENT = "current"
    LEGACY = "legacy"
    RELATED = "related"
    PART = "part"
    RETIRED = "retired"


class FormConfidence(enum.StrEnum):
    """Where a form comes from: the official declaration, or our own proposal."""

    KNOWN = "known"
    DESIGNED = "designed"


class FeeKind(enum.StrEnum):
    """The two columns of a receipt, and nothing."""

    PHI = "phi"
    LE_PHI = "le-phi"
    NONE = "none"


class DocumentKind(enum.StrEnum):
    """Whether a paper is handed in or only shown."""

    SUBMIT = "submit"
    PRESENT = "present"


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


class SupplementPolicy(enum.StrEnum):
    """What the limit does when a supplement is complete."""

    RESTART = "restart"
    RESUME = "resume"


class Step(enum.StrEnum):
    """The steps a procedure goes through inside the office."""

    RECEIVE = "tiep-nhan"
    APPRAISE = "tham-dinh"
    VERIFY = "xac-minh"
    CONSULT = "lay-y-kien"
    COUNCIL = "hop-hoi-dong"
    POST = "niem-yet"
    INTERLINK = "lien-thong"
    REGISTER = "ghi-so"
    APPROVE = "phe-duyet"
    RETURN = "tra-ket-qua"


class Stage(Part, frozen=True, kw_only=True):
    """One stage of a chain, with its own clock.

    Attributes:
        counted_from: The event its clock starts at, in Vietnamese.
    """

    id: ItemId
    label: Text
    amount: Positive
    unit: Unit
    counted_from: Text
    cutoff: ClockTime | None = None
    note: str = ""

    @property
    def time_limit(self) -> TimeLimit:
        """The stage's limit as the deadline engine takes it."""
        return _time_limit(self.amount, self.unit, self.cutoff, self.note)


class Limit(Part, frozen=True, kw_only=True):
    """The time a procedure may take: a number, unknown, or a chain of stages.

    ``known = false`` means that no source gives a number: the reception officer
    enters a date and its ground, nothing is ever guessed. A chain of stages is a
    list of clocks, never one sum; it too has no number of its own.
    """

    known: bool = True
    amount: Positive | None = None
    unit: Unit | None = None
    cutoff: ClockTime | None = None
    note: str = ""
    stages: tuple[Stage, ...] = ()

    @property
    def time_limit(self) -> TimeLimit | None:
        """The limit as the deadline engine takes it, or ``None`` if there is no number."""
        if not self.known or self.amount is None or self.unit is None:
            return None
        return _time_limit(self.amount, self.unit, self.cutoff, self.note)


class LimitVariant(Part, frozen=True, kw_only=True):
    """A limit in a special case, picked by an officer or a plugin by its ``id``.

    ``amount = 0`` with ``adds`` means "as agreed": the officer enters date, hour
    and the written agreement.
    """

    id: ItemId
    when: Text
    amount: Whole
    unit: Unit
    mode: VariantMode
    cutoff: ClockTime | None = None
    clock: VariantClock = VariantClock.MAIN
    note: str = ""
    confidence: Confidence = Confidence.KNOWN

    @property
    def agreed(self) -> bool:
        """Whether the time is agreed in writing, case by case."""
        return self.amount == 0


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


class Exemption(Part, frozen=True, kw_only=True):
    """A ground on which a fee is not charged, picked by its ``id``."""

    id: ItemId
    label: Text
    legal: str = ""


class FeeItem(Part, frozen=True, kw_only=True):
    """A fee (phí) or charge (lệ phí) of a procedure.

    Attributes:
        amount_vnd: Whole VND per unit; ``None`` if :attr:`set_by` says who sets it.
        set_by: Who sets the amount (the provincial People's Council). Until it is
            configured the fee is shown as "not set" and never charged.
        example_vnd: Another province's amount, shown to whoever configures; never charged.
        per: The unit as the law words it.
        quantity: The field that counts the units; without one the fee is due once.
        tiered_by: For a tiered fee, the field that counts what the tiers divide (pages).
            The tiered fees of a definition form one ladder with one cap per unit.
        tier_from: First unit of this tier, from 1.
        tier_to: Last unit of this tier; none = no end.
        cap_vnd: The most one unit (one copy) may cost over all tiers.
        optional: Charged only if asked for.
    """

    id: ItemId
    label: Text
    kind: FeeKind
    per: Text
    amount_vnd: Whole | None = None
    set_by: Slug | None = None
    example_vnd: Whole | None = None
    example_note: str = ""
    quantity: FieldId | None = None
    tiered_by: FieldId | None = None
    tier_from: Positive | None = None
    tier_to: Positive | None = None
    cap_vnd: Whole | None = None
    cap_per: str = ""
    optional: bool = False
    legal: str = ""
    exempt_note: str = ""
    exemptions: tuple[Exemption, ...] = ()
    note: str = ""


class DocumentItem(Part, frozen=True, kw_only=True):
    """A component document (thành phần hồ sơ)."""

    id: ItemId
    name: Text
    kind: DocumentKind
    original: Whole
    copies: Whole
    required: bool
    when: str = ""
    form: str = ""


class Result(Part, frozen=True, kw_only=True):
    """What the applicant gets, and the book it is entered in (may be none)."""

    name: Text
    register: str = ""


class RefusalGround(Part, frozen=True, kw_only=True):
    """A ground on which a dossier is not received, picked by its ``id``.

    Attributes:
        text: What the refusal slip says.
        legal: The article it rests on.
    """

    id: ItemId
    text: Text
    legal: Text
    confidence: Confidence = Confidence.KNOWN

    @property
    def words(self) -> str:
        """The ground with its article, as the refusal slip says it."""
        return f"{self.text} ({self.legal})"


class GroupPart(Part, frozen=True, kw_only=True):
    """A part of an interlinked group (liên thông): a dossier of its own, with its own clock.

    Attributes:
        procedure: The part's code.
        agency: Who decides about it.
        required: Whether the group is never without it.
        after: The part whose result it needs.
    """

    procedure: ProcedureCode
    agency: Text
    required: bool = True
    after: ProcedureCode | None = None


class ProcedureDefinition(Part, frozen=True, kw_only=True):
    """One version of one administrative procedure.

    Attributes:
        code: The national code's first part, a text key.
        field: The field of law (lĩnh vực), as a slug.
        limit_variants: Every special case, each with an id.
        supplement_policy: Whether the limit starts anew after a supplement.
        supplement_term: Working days a citizen has to supply; none = the tenant's setting.
        valid_from: First day in force; none = since ever, until a dated version says otherwise.
        valid_to: Last day in force.
        parts: The parts of an interlinked group, in their order.
        refusal_grounds: Grounds in law on which it is not received, each with an id.
        assumed: ``simulation`` marks a version made for the demonstration, never offered live.
    """

    code: ProcedureCode
    name: Text
    name_en: Text
    field: Slug
    field_name: Text
    field_name_en: str = ""
    status: Status = Status.CURRENT
    decision: str = ""
    legal_basis: Annotated[tuple[Text, ...], Meta(min_length=1)]
    online_level: OnlineLevel
    limit: Limit
    limit_variants: tuple[LimitVariant, ...] = ()
    supplement_policy: SupplementPolicy = SupplementPolicy.RESTART
    supplement_term: Positive | None = None
    fees: Annotated[tuple[FeeItem, ...], Meta(min_length=1)]
    documents: Annotated[tuple[DocumentItem, ...], Meta(min_length=1)]
    form_fields: tuple[Field, ...] = ()
    steps: Annotated[tuple[Step, ...], Meta(min_length=2)]
    result: Result
    interlinked_with: tuple[str, ...] = ()
    parts: tuple[GroupPart, ...] = ()
    refusal_grounds: tuple[RefusalGround, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    assumed: str = ""
    difference: str = ""
    code_confidence: Confidence = Confidence.KNOWN
    code_sources: Whole = 0
    online_level_confidence: Confidence = Confidence.KNOWN
    limit_confidence: Confidence = Confidence.KNOWN
    fee_confidence: Confidence = Confidence.KNOWN
    documents_confidence: Confidence = Confidence.KNOWN
    basis_confidence: Confidence = Confidence.KNOWN
    form_confidence: FormConfidence = FormConfidence.DESIGNED
    confidence: Confidence = Confidence.KNOWN
    source: str = ""
    notes: str = ""

    @property
    def version_id(self) -> str:
        """The name of this version: a digest of everything it says.

        What it leaves empty takes no part, so that a schema with one key more gives
        the definitions of before the names they had.
        """
        said = _said(msgspec.to_builtins(self))
        return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()

    @property
    def key(self) -> str:
        """Code and the beginning of the version, for people: ``2.000815@3f2a9c01``."""
        return f"{self.code}@{self.version_id[:8]}"

    @property
    def form(self) -> tuple[Field, ...]:
        """What is asked; a definition without its own form asks who, what and which papers."""
        return self.form_fields or DEFAULT_FORM

    @property
    def is_simulation(self) -> bool:
        """Whether this version exists for the demonstration only."""
        return self.assumed == "simulation"

    @property
    def is_counted(self) -> bool:
        """Whether it counts among the procedures of a unit."""
        return self.status in (Status.CURRENT, Status.LEGACY)

    @property
    def stands_alone(self) -> bool:
        """Whether somebody may ask for it by itself: no part, and nothing retired for good."""
        ended = self.status is Status.RETIRED and self.valid_to is None
        return self.status is not Status.PART and not ended

    def in_force(self, day: dt.date) -> bool:
        """Whether this version is in force on *day*."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def variant(self, variant_id: str) -> LimitVariant:
        """The limit variant called *variant_id*.

        Raises:
            UnknownVariantError: If the procedure has no such variant.
        """
        for variant in self.limit_variants:
            if variant.id == variant_id:
                return variant
        raise UnknownVariantError(procedure=self.code, variant=variant_id)

    def choose_limit(self, variants: Iterable[str] = ()) -> ChosenLimit:
        """The limit of one dossier, with the *variants* an officer or a plugin picked.

        A variant that ``replaces`` takes the place of the limit, the last one in
        the definition's order winning; one that ``adds`` lengthens it, or follows
        it as an extension where no rule adds the two. Variants beside the main
        clock and waits change nothing here.

        Raises:
            UnknownVariantError: If a variant is not one of the procedure's.
        """
        wanted = {self.variant(each).id for each in variants}
        chosen = [variant for variant in self.limit_variants if variant.id in wanted]
        limit = self.limit.time_limit
        extensions: list[TimeLimit] = []
        for variant in chosen:
            if variant.clock is not VariantClock.MAIN or variant.agreed:
                continue
            counted = _time_limit(variant.amount, variant.unit, variant.cutoff, variant.note)
            if variant.mode is VariantMode.REPLACES:
                limit = counted
            elif (longer := _sum(limit, counted)) is not None:
                limit = longer
            else:
                extensions.append(counted)
        return ChosenLimit(
            limit=limit,
            extensions=tuple(extensions),
            agreed=any(variant.agreed for variant in chosen),
            variants=tuple(variant.id for variant in chosen),
        )

    def extensions(self) -> dict[str, TimeLimit]:
        """What each variant adds when it turns out to be needed after reception (T28)."""
        return {
            variant.id: _time_limit(variant.amount, variant.unit, variant.cutoff, variant.note)
            for variant in self.limit_variants
            if variant.clock is VariantClock.MAIN
            and variant.mode is VariantMode.ADDS
            and not variant.agreed
        }


def _time_limit(amount: int, unit: Unit, cutoff: str | None, ground: str) -> TimeLimit:
    """A limit as the deadline engine takes it; *cutoff* is ``HH:MM``."""
    return TimeLimit(
        amount=amount,
        unit=unit,
        cutoff=None if cutoff is None else dt.time.fromisoformat(cutoff),
        ground=ground,
    )


def _sum(limit: TimeLimit | None, more: TimeLimit) -> TimeLimit | None:
    """*limit* and *more* as one, or ``None`` where no rule adds them."""
    try:
        return None if limit is None else limit.plus(more)
    except LimitSumError:
        return None


def _said(value: Any) -> Any:
    """*value* without the keys that say nothing; zero says something, ``None`` does not."""
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items() if not _is_silent(each)}
    if isinstance(value, list | tuple):
        return [_said(each) for each in value]
    return value


def _is_silent(value: Any) -> bool:
    return value is None or value is False or value in ("", [], (), {})
