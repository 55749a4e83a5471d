"""A unit that runs a one-stop shop (xã, phường), and the province and nation above it.

Names and codes of units have been used again for others: a unit is named by its
slug, and a code means a unit only together with a day. What a unit does not settle
itself it inherits from the one above.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from motcua.domain.calendar import NATIONAL_HOURS, OpeningHours
from motcua.domain.decoding import Fault
from motcua.domain.filetypes import PICTURES
from motcua.domain.queue import Queue
from motcua.domain.transfer import BankAccount

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
WEEKDAYS = 7
PRACTICE = "-luyen-tap"
"""The ending of the slug of a place to practise; no other unit may have it."""

Kind = Literal["nation", "province", "city", "ward", "commune", "special_zone"]
Level = Literal["nation", "province", "unit"]
_LEVELS: Mapping[Kind, Level] = {"nation": "nation", "province": "province", "city": "province"}

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
UnitCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2,5}$")]
PluginName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Host = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.-]+$")]


class Code(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An administrative code and the days on which it meant the unit.

    Attributes:
        code: Two digits of a province, three of a district, five of a commune.
        valid_from: The first day; ``None`` if it is not recorded.
        valid_to: The last day; ``None`` while it holds.
    """

    code: UnitCode
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Whether the code meant the unit on *day*."""
        return (self.valid_from or dt.date.min) <= day <= (self.valid_to or dt.date.max)

    def overlaps(self, other: "Code") -> bool:
        """Whether there is a day on which both hold."""
        begins = max(self.valid_from or dt.date.min, other.valid_from or dt.date.min)
        return begins <= min(self.valid_to or dt.date.max, other.valid_to or dt.date.max)


class Campaign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The dates of one campaign of a procedure that is done in campaigns.

    Attributes:
        first: The first day.
        last: The last day; what is received meanwhile is due when the office closes on it.
        ground: The plan or decision that sets the dates.
    """

    first: dt.date
    last: dt.date
    ground: Annotated[str, msgspec.Meta(min_length=1)]


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people reach a unit's one-stop shop; stands at the foot of every page.

    Attributes:
        phone: As printed.
        address: Where the desk is.
        hours: Opening hours in words.
    """

    phone: Annotated[str, msgspec.Meta(max_length=40)] = ""
    address: Annotated[str, msgspec.Meta(max_length=300)] = ""
    hours: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Crest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The picture that stands beside a unit's name.

    Attributes:
        id: Of the stored file.
        sha256: Of its content.
        media_type: What it is.
    """

    id: UUID
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    media_type: Literal["image/png", "image/jpeg", "image/webp"]

    @property
    def name(self) -> str:
        """What it is called in addresses, a new one for every other picture."""
        return f"{self.sha256[:16]}{PICTURES[self.media_type].suffix}"


class SlipTexts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a unit adds to the slips F01–F04; the words of the forms stay as they are.

    Attributes:
        opening: Stands below the title.
        contact: Whom to ask, beside the QR code, in the place of the telephone.
        note: Stands at the foot.
    """

    opening: Annotated[str, msgspec.Meta(max_length=80)] = ""
    contact: Annotated[str, msgspec.Meta(max_length=80)] = ""
    note: Annotated[str, msgspec.Meta(max_length=140)] = ""


class FeeSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount that a province or a commune has set for one fee, from a day on.

    Attributes:
        fee: The fee's id in the definitions.
        amount: VND per unit.
        valid_from: The first day of reception on which it is charged.
        basis: The resolution that set it.
    """

    fee: str
    amount: Annotated[int, msgspec.Meta(ge=0)]
    valid_from: dt.date
    basis: str


class TenantSettings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a unit may settle; ``None`` leaves it to the one above.

    Attributes:
        contact: How people reach it.
        hours: When the office is open.
        fee_amounts: Fees in VND that the province or the commune has set, by fee id.
        fee_schedule: The same with the day from which each holds, and its basis.
        own_approval: Whether an officer may approve what they appraised.
        session_idle_minutes: After how long without a request a member of staff signs in again.
        supplement_within_days: Working days within which a supplement may be asked.
        campaigns: The dates of campaigns, by the procedure's code.
        draft_days: How long an application online is kept after its last change.
        file_megabytes: The largest file an applicant may send.
        booking_per_slot: How many people may book the same half hour; without it nobody can.
        forms_begin: The first day of a set of the forms F01–F04, by its id, where the province
            settled another than the set says itself.
        receipt_series: What stands before the numbers of receipts for money; without it they
            are plain numbers of the year.
        brand: The colour of its pages.
        crest: The picture beside its name; a unit below does not inherit it.
        messages: Messages in its own words, by kind.
        slip_texts: What it adds to slips.
        queue: The lines people wait in, and the windows that call them.
        bank_account: Where fees are transferred to; never inherited.
        practice: Whether a place to practise was opened beside it.
    """

    contact: Contact | None = None
    hours: OpeningHours | None = None
    fee_amounts: dict[str, Annotated[int, msgspec.Meta(ge=0)]] | None = None
    fee_schedule: tuple[FeeSet, ...] | None = None
    own_approval: bool | None = None
    session_idle_minutes: Annotated[int, msgspec.Meta(ge=5, le=720)] | None = None
    supplement_within_days: Annotated[int, msgspec.Meta(ge=1, le=365)] | None = None
    campaigns: dict[str, tuple[Campaign, ...]] | None = None
    draft_days: Annotated[int, msgspec.Meta(ge=1, le=365)] | None = None
    file_megabytes: Annotated[int, msgspec.Meta(ge=1, le=50)] | None = None
    booking_per_slot: Annotated[int, msgspec.Meta(ge=1, le=50)] | None = None
    forms_begin: dict[Literal["2018", "2025"], dt.date] | None = None
    receipt_series: Annotated[str, msgspec.Meta(pattern=r"^[^\s]{1,20}$")] | None = None
    brand: Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}$")] | None = None
    crest: Crest | None = None
    messages: dict[str, Annotated[str, msgspec.Meta(max_length=600)]] | None = None
    slip_texts: SlipTexts | None = None
    queue: Queue | None = None
    bank_account: BankAccount | None = None
    practice: bool | None = None


class TenantFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people write of a unit in ``tenants/<province>/<commune>.toml``.

    Attributes:
        name: With its kind, as on paper: ``Phường Võ Cường``.
        kind: What sort of unit.
        type_vi: The first word or words of ``name``; empty for the nation.
        codes: Its administrative codes, each with its days.
        predecessors: Names of the units it was formed from.
        successors: Names of the units it went into.
        hosts: Host names of its own.
        plugins: What the unit is offered; ``None`` takes the province's. One that was
            switched off in the console stays off.
        settings: What it settles itself.
        opened_on: Its first day.
        closed_on: The first day on which it receives nothing any more.
        archived: Kept to be read only.
    """

    name: Name
    kind: Kind
    type_vi: str
    codes: tuple[Code, ...] = ()
    predecessors: tuple[Name, ...] = ()
    successors: tuple[Name, ...] = ()
    hosts: tuple[Host, ...] = ()
    plugins: tuple[PluginName, ...] | None = None
    settings: TenantSettings = TenantSettings()
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None
    archived: bool = False


class Tenant(TenantFile, frozen=True, kw_only=True):
    """A unit with its place among the others.

    Attributes:
        slug: Its name in addresses; it never changes.
        parent: The slug of the unit above it; ``None`` for the nation.
    """

    slug: str
    parent: str | None = None

    @property
    def level(self) -> Level:
        """Nation, province (or a city standing for one), or a unit below."""
        return _LEVELS.get(self.kind, "unit")


def practises(slug: str) -> bool:
    """Whether the tenant called *slug* is a place to practise, where everything is invented."""
    return slug.endswith(PRACTICE)


def employer(slug: str) -> str:
    """The slug of the unit whose accounts are used at *slug*: its own, unless it practises."""
    return slug.removesuffix(PRACTICE)


def code_at(codes: Iterable[Code], day: dt.date) -> str | None:
    """The code out of *codes* that held on *day*."""
    return next((code.code for code in codes if code.holds(day)), None)


def tenant_at(tenants: Iterable[Tenant], code: str, day: dt.date) -> Tenant | None:
    """The unit that *code* meant on *day*; the same code may mean another on another day."""
    return next((one for one in tenants if code_at(one.codes, day) == code), None)


def effective_settings(chain: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The settings that hold: of the nation, then the province, then the unit, each over the last.

    Args:
        chain: What each settles itself, the nation's first.
    """
    found: dict[str, Any] = {}
    for settings in chain:
        found |= settings
    return found


def amounts_on(chain: Sequence[Mapping[str, Any]], day: dt.date) -> dict[str, int]:
    """The fee amounts that hold on *day*, by fee id.

    What the nearer unit has set holds over what one above has; of one unit's own, what
    began last.

    Args:
        chain: What each settles itself, the nation's first.
        day: The day of reception.
    """
    found: dict[str, int] = {}
    for settings in chain:
        found |= settings.get("fee_amounts") or {}
        dated = msgspec.convert(settings.get("fee_schedule") or (), tuple[FeeSet, ...])
        begun = sorted((row for row in dated if row.valid_from <= day), key=_beginning)
        found |= {row.fee: row.amount for row in begun}
    return found


def _beginning(row: FeeSet) -> dt.date:
    return row.valid_from


def hours_of(settings: Mapping[str, Any]) -> OpeningHours:
    """The opening hours in effective *settings*, for the calendar of deadlines."""
    hours = settings.get("hours")
    return NATIONAL_HOURS if hours is None else msgspec.convert(hours, OpeningHours)


def campaign_at(settings: Mapping[str, Any], procedure: str, day: dt.date) -> Campaign | None:
    """The campaign of *procedure* that *day* falls in, by effective *settings*."""
    rows = settings.get("campaigns", {}).get(procedure, ())
    campaigns = msgspec.convert(rows, tuple[Campaign, ...])
    return next((each for each in campaigns if each.first <= day <= each.last), None)


def faults_of(tenant: Tenant) -> list[Fault]:
    """What is wrong with one unit's file although each value can be read."""
    faults: list[Fault] = []
    if not SLUG.fullmatch(tenant.slug):
        faults.append(Fault(key="", code="tenants.slug", told={"slug": tenant.slug}))
    if practises(tenant.slug):
        faults.append(Fault(key="", code="tenants.slug-practice"))
    if not tenant.name.startswith(tenant.type_vi):
        told = {"name": tenant.name, "type_vi": tenant.type_vi}
        faults.append(Fault(key="name", code="tenants.name-without-type", told=told))
    if unicodedata.normalize("NFC", tenant.name) != tenant.name:
        faults.append(Fault(key="name", code="tenants.not-nfc", told={"name": tenant.name}))
    if tenant.opened_on and tenant.closed_on and tenant.opened_on >= tenant.closed_on:
        faults.append(Fault(key="closed_on", code="tenants.closed-before-opened"))
    settings = tenant.settings
    faults += _code_faults(tenant.codes)
    if settings.queue and not settings.queue.sound:
        faults.append(Fault(key="settings.queue", code="tenants.queue"))
    return faults + _hours_faults(settings.hours) + _campaign_faults(settings.campaigns or {})


def _code_faults(codes: Sequence[Code]) -> list[Fault]:
    faults = []
    for at, code in enumerate(codes):
        told = {"code": code.code}
        if not code.overlaps(code):
            faults.append(Fault(key=f"codes[{at}].valid_to", code="tenants.code-days", told=told))
        if any(code.overlaps(other) for other in codes[:at]):
            faults.append(Fault(key=f"codes[{at}]", code="tenants.two-codes", told=told))
    return faults


def _hours_faults(hours: OpeningHours | None) -> list[Fault]:
    return [
        Fault(key=f"settings.hours.weeks[{at}].week", code="tenants.week")
        for at, weekly in enumerate(hours.weeks if hours else ())
        if len(weekly.week) != WEEKDAYS
    ]


def _campaign_faults(campaigns: Mapping[str, Sequence[Campaign]]) -> list[Fault]:
    return [
        Fault(key=f"settings.campaigns.{code}[{at}].last", code="tenants.campaign-days")
        for code, rows in campaigns.items()
        for at, each in enumerate(rows)
        if each.last < each.first
    ]


def shared_faults(tenants: Sequence[Tenant]) -> list[tuple[Tenant, Fault]]:
    """What two units claim both: a slug, a host name, a code on the same day."""
    faults: list[tuple[Tenant, Fault]] = []
    slugs: dict[str, Tenant] = {}
    hosts: dict[str, Tenant] = {}
    codes: dict[str, list[tuple[Tenant, Code]]] = {}
    for tenant in tenants:
        if slugs.setdefault(tenant.slug, tenant) is not tenant:
            faults.append((tenant, _taken("", tenant.slug, slugs[tenant.slug])))
        for at, host in enumerate(tenant.hosts):
            if hosts.setdefault(host, tenant) is not tenant:
                faults.append((tenant, _taken(f"hosts[{at}]", host, hosts[host])))
        for at, code in enumerate(tenant.codes):
            others = codes.setdefault(code.code, [])
            faults += [
                (tenant, _taken(f"codes[{at}].code", code.code, other))
                for other, theirs in others
                if other is not tenant and theirs.overlaps(code)
            ]
            others.append((tenant, code))
    return faults


def _taken(key: str, value: str, other: Tenant) -> Fault:
    return Fault(key=key, code="tenants.taken", told={"value": value, "other": other.name})
