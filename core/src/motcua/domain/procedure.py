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
from motcua.domain.limit import TimeLimit
from motcua.domain.procedure_limit import (
    ChosenLimit,
    Confidence,
    ItemId,
    Limit,
    LimitVariant,
    Part,
    Positive,
    Slug,
    VariantClock,
    VariantMode,
    Whole,
)

CODE_PATTERN = r"^\d\.\d{6}$"
ProcedureCode = Annotated[str, Meta(pattern=CODE_PATTERN)]


class UnknownVariantError(MotCuaError):
    """A limit variant was chosen that the procedure does not have."""

    code = "procedure.unknown-variant"


class OnlineLevel(enum.StrEnum):
    """How much of a procedure can be done online."""

    FULL = "toan-trinh"
    PARTIAL = "mot-phan"
    NONE = "khong"


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
    """What the applicant gets, and the book it is entered in (may be none).

    Attributes:
        checks: What the officer looks at before it is handed over, one thing a line.
    """

    name: Text
    register: str = ""
    checks: tuple[Text, ...] = ()


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
        short_name: What people call it, where the official name is long.
        applicants: Who may apply, where that is known.
        quiet: Whether no message is ever sent about it.
        field: The field of law (lĩnh vực), as a slug.
        limit_variants: Every special case, each with an id.
        supplement_policy: Whether the limit starts anew after a supplement.
        supplement_term: Working days the law gives a citizen to supply; the officer enters the day.
        valid_from: First day in force; none = since ever, until a dated version says otherwise.
        valid_to: Last day in force.
        parts: The parts of an interlinked group, in their order.
        decided_in: The system that decides, where it is not this one: here its state is
            only followed.
        refusal_grounds: Grounds in law on which it is not received, each with an id.
        assumed: ``simulation`` marks a version made for the demonstration, never offered live.
    """

    code: ProcedureCode
    name: Text
    short_name: str = ""
    name_en: Text
    applicants: str = ""
    quiet: bool = False
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
    decided_in: str = ""
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

    def choose_limit(self, variants: Iterable[str] = (), channel: str = "") -> ChosenLimit:
        """The limit of one dossier, with the *variants* an officer or a plugin picked.

        Those of the *channel* it came by are picked by themselves.

        A variant that ``replaces`` takes the place of the limit, the last one in
        the definition's order winning; one that ``adds`` lengthens it, or follows
        it as an extension where no rule adds the two. Variants beside the main
        clock and waits change nothing here.

        Raises:
            UnknownVariantError: If a variant is not one of the procedure's.
        """
        wanted = {self.variant(each).id for each in variants}
        wanted |= {each.id for each in self.limit_variants if each.channel == channel}
        chosen = [variant for variant in self.limit_variants if variant.id in wanted]
        limit = self.limit.time_limit
        extensions: list[TimeLimit] = []
        for variant in chosen:
            if variant.agreed or not variant.on_main_clock:
                continue
            counted = variant.time_limit
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

    def extensions(self) -> dict[str, LimitVariant]:
        """The variants that may turn out to be needed after reception (T28): they add time."""
        return {
            variant.id: variant
            for variant in self.limit_variants
            if (variant.on_main_clock or variant.stage is not None)
            and variant.mode is VariantMode.ADDS
            and not variant.agreed
        }

    def waits(self) -> dict[str, LimitVariant]:
        """The waits "up to" that an officer may begin (T33)."""
        return {each.id: each for each in self.limit_variants if each.clock is VariantClock.WAIT}


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
