"""What the desk makes of one paper before it writes anything.

The form is checked, the plugins are asked, the limit and the fees are settled.
The rules touch no database; only the look for likely duplicates reads one.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from motcua.domain.answers import Answers, check_answers, checked_person, still_asked
from motcua.domain.calendar import VN
from motcua.domain.clock_events import Extended
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.fee import FeeLine, default_fee_lines
from motcua.domain.life import Actor, Opening
from motcua.domain.procedure import ProcedureDefinition, Status
from motcua.domain.procedure_limit import ChosenLimit
from motcua.plugin.facts import Problem, Reception, Severity
from motcua.registry.dispatch import PluginFault
from motcua.services.catalogue import Published
from motcua.services.hooks import looked
from motcua.services.house import Desk, House

_LOOK_BACK = 31
_CHANNELS = {"counter": "direct", "online": "online", "post": "post"}


class NotOfferedError(MotCuaError):
    """The tenant does not take new dossiers of this procedure."""

    code = "procedure.not-offered"
    status = 409


class NotOnlineError(MotCuaError):
    """The tenant takes this procedure at its desk only."""

    code = "procedure.not-online"
    status = 409


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """A later time the applicant agreed to in writing."""

    until: dt.datetime
    paper: str


class OfficersDate(msgspec.Struct, frozen=True, kw_only=True):
    """The date an officer sets where the law's limit is not known, with its ground."""

    until: dt.datetime
    ground: str


class Filing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an applicant wants the result, and who files for them.

    Attributes:
        result_way: ``counter`` or ``post``.
        result_address: Where the post brings it.
        filed_by: Name, number and telephone of whoever files, if not the applicant.
        authority: The paper by which they may.
        no_messages: Whether the applicant wants no messages about the dossier.
    """

    result_way: str = ""
    result_address: str = ""
    filed_by: dict[str, str] = {}
    authority: str = ""
    no_messages: bool = False


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One paper of a visit, as somebody handed it in.

    Attributes:
        procedure: The procedure's code.
        applicant: Who asks: at least a name.
        answers: The form, by field id.
        variants: Ids of limit variants the officer picked.
        exemptions: Ids of fee exemptions the officer accepted.
        proofs: The paper that proves each of them, by its name or number.
        optional_fees: Ids of optional fees asked for.
        agreed: The agreed later time, where a variant asks for one.
        no_limit: The officer's date, where no limit is known.
        parts: Papers of a group (interlinked procedures), each with its own clock.
        filing: How the result comes back and who files, where that was said.
    """

    procedure: str
    applicant: dict[str, Any]
    answers: dict[str, Any] = {}
    variants: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()
    proofs: dict[str, str] = {}
    optional_fees: tuple[str, ...] = ()
    agreed: Agreed | None = None
    no_limit: OfficersDate | None = None
    parts: tuple["Paper", ...] = ()
    filing: Filing | None = None


class Assessed(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that may be taken in, with everything settled that is settled now."""

    paper: Paper
    published: Published
    plugin_version: str
    answers: Answers
    applicant: dict[str, Any]
    opening: Opening
    fees: tuple[FeeLine, ...]
    chosen: dict[str, Any]
    warnings: tuple[Problem, ...]
    duplicates: tuple[Problem, ...] = ()
    faults: tuple[PluginFault, ...] = ()

    @property
    def doubts(self) -> tuple[Problem, ...]:
        """Everything an officer should look at once more."""
        return (*self.warnings, *self.duplicates)


def assess(
    house: House,
    desk: Desk,
    paper: Paper,
    at: dt.datetime,
    channel: str,
    *,
    submitted_at: dt.datetime | None = None,
    decide: bool = True,
    archive: bool = False,
    part: bool = False,
    earlier: bool = False,
) -> Assessed:
    """Check *paper* and settle its limit and fees.

    Args:
        house: The application's parts.
        desk: The tenant.
        paper: What was handed in.
        at: When it is received.
        channel: ``counter``, ``online`` or ``post``.
        submitted_at: When it was submitted online; counts for "in time".
        decide: Whether to settle limit and fees; a submission leaves them open.
        archive: Whether this is an old history: versions made for the demonstration
            take part, and it does not matter what the tenant offers today.
        part: Whether the paper is a part of a group.
        earlier: Whether it was declared before, maybe under another version: what is not
            asked any more is left out.

    Raises:
        NotInForceError: no version of the procedure is in force.
        NotOfferedError: the tenant does not take it.
        InvalidAnswersError: the form has faults; holds all of them.
        PluginFailedError: a plugin that had to decide failed.
    """
    day = at.astimezone(VN).date()
    published = house.catalogue.in_force(paper.procedure, day, simulation=archive)
    definition = published.definition
    if not archive:
        require_offered(house, desk, published, part=part)
    given = still_asked(definition.form, paper.answers) if earlier else paper.answers
    answers, faults = check_answers(definition, given, applicant=paper.applicant, today=day)
    counts_from = (submitted_at or at).astimezone(VN).date()
    reception = _reception(desk, paper, counts_from, channel)
    asking = {"answers": answers, "reception": reception}
    faults += _choice_faults(published, paper, _CHANNELS[channel])
    if not archive:
        faults += _proof_faults(published, paper)
    if faults:
        raise InvalidAnswersError(faults)
    asked = house.registry.ask_each("problems", desk.plugins, definition, **asking)
    found: list[Problem] = [problem for _, given in asked.answers for problem in given]
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    if errors:
        raise InvalidAnswersError(
            [FieldFault(each.field or "", each.code, **each.told) for each in errors]
        )
    opening = Opening()
    fees: tuple[FeeLine, ...] = ()
    limit: ChosenLimit | None = None
    if decide:
        limit = house.registry.ask_owner("time_limit", desk.plugins, definition, **asking)
        limit = limit or definition.choose_limit(paper.variants, _CHANNELS[channel])
        opening = _opening(desk, published, paper, limit, at)
        fees = _proven(_fees(house, desk, definition, answers, reception), paper.proofs)
    return Assessed(
        paper=paper,
        published=published,
        plugin_version=house.registry.require_owner(desk.plugins, definition).manifest.version,
        answers=answers,
        applicant=_applicant(answers, paper, day),
        opening=opening,
        fees=fees,
        chosen=msgspec.to_builtins(
            {
                "variants": limit.variants if limit else paper.variants,
                "exemptions": paper.exemptions,
                "optional_fees": paper.optional_fees,
                **_filed(paper),
            }
        ),
        warnings=tuple(each for each in found if each.severity is Severity.WARNING),
        faults=tuple(asked.faults),
    )


def estimated(
    house: House, desk: Desk, paper: Paper, answers: Answers, at: dt.datetime, channel: str
) -> tuple[FeeLine, ...]:
    """What *paper* would cost if it were taken in *at* that moment, by its checked *answers*.

    Raises:
        NotInForceError: no version of the procedure is in force.
        PluginBlockedError: the plugin that decides cannot be asked.
    """
    day = at.astimezone(VN).date()
    definition = house.catalogue.in_force(paper.procedure, day).definition
    reception = _reception(desk, paper, day, channel)
    return _fees(house, desk, definition, answers, reception)


def _reception(desk: Desk, paper: Paper, day: dt.date, channel: str) -> Reception:
    """What plugins are told of the reception of *paper*, which counts from *day*."""
    return Reception(
        received_on=day,
        channel=_CHANNELS[channel],
        variants=paper.variants,
        exemptions=paper.exemptions,
        asked_fees=paper.optional_fees,
        amounts=desk.amounts_on(day),
        days_off=_days_off(desk, day),
        unit_codes=tuple(each.code for each in desk.codes if each.holds(day)),
        unit_name=desk.name,
    )


def _fees(
    house: House,
    desk: Desk,
    definition: ProcedureDefinition,
    answers: Answers,
    reception: Reception,
) -> tuple[FeeLine, ...]:
    """The fees as the procedure's plugin decides them, or else as its definition has them."""
    asking = {"answers": answers, "reception": reception}
    lines: tuple[FeeLine, ...] | None = house.registry.ask_owner(
        "fee_lines", desk.plugins, definition, **asking
    )
    if lines is not None:
        return lines
    return default_fee_lines(
        definition,
        answers,
        asked=reception.asked_fees,
        exempt=reception.exemptions,
        amounts=reception.amounts,
    )


INCOMPLETE = ("field.missing", "field.too-few")
"""Faults of a form that was not filled in to its end."""


def noted(house: House, paper: Paper, at: dt.datetime) -> Assessed:
    """*paper* as somebody began to hand it in, to be turned away: it need not be complete.

    Nothing is decided about it and it does not matter whether the tenant offers it; what
    was said must still be of the right kind.

    Raises:
        NotInForceError: no version of the procedure is in force.
        InvalidAnswersError: nobody asks, or an answer is of a wrong kind; holds all faults.
    """
    day = at.astimezone(VN).date()
    published = house.catalogue.in_force(paper.procedure, day)
    answers, found = check_answers(
        published.definition, paper.answers, applicant=paper.applicant, today=day
    )
    faults = [
        each for each in found if each.fault not in INCOMPLETE or each.field.startswith("applicant")
    ]
    if faults:
        raise InvalidAnswersError(faults)
    owner = house.registry.plugins.get(published.owner)
    return Assessed(
        paper=paper,
        published=published,
        plugin_version=owner.manifest.version if owner else "",
        answers=answers,
        applicant=_applicant(answers, paper, day),
        opening=Opening(),
        fees=(),
        chosen={"variants": [], "exemptions": [], "optional_fees": [], **_filed(paper)},
        warnings=(),
    )


async def with_duplicates(house: House, desk: Desk, actor: Actor, assessed: Assessed) -> Assessed:
    """*assessed* with what its plugin has registered that may be the same, for *actor* to see.

    Raises:
        PluginBlockedError: the plugin that has to look cannot.
    """
    definition = assessed.published.definition
    asked = {"answers": assessed.answers}
    found = await looked(house, desk, actor, "likely_duplicates", definition, **asked)
    warnings = tuple(replace(each, severity=Severity.WARNING) for each in found or ())
    return replace(assessed, duplicates=warnings)


def filing_of(chosen: dict[str, Any]) -> Filing | None:
    """What was said about result and filer, out of what a dossier keeps as chosen."""
    said = chosen.get("filing")
    return None if said is None else msgspec.convert(said, Filing)


def _filed(paper: Paper) -> dict[str, Any]:
    return {} if paper.filing is None else {"filing": msgspec.to_builtins(paper.filing)}


def require_offered(house: House, desk: Desk, published: Published, *, part: bool = False) -> None:
    """Refuse what the tenant takes no new dossiers of; *part*: it comes as part of a group.

    Raises:
        NotOfferedError: the tenant does not take it.
        PluginBlockedError: its plugin cannot be asked, or only finishes.
    """
    definition = published.definition
    code = definition.code
    house.registry.require_offered(desk.plugins, definition)
    begins = definition.stands_alone or (part and definition.status is Status.PART)
    if not (begins and desk.offers(code)):
        raise NotOfferedError(procedure=code, tenant=desk.name)


def _choice_faults(published: Published, paper: Paper, channel: str) -> list[FieldFault]:
    """What was picked that the definition does not have for a paper of this *channel*."""
    definition = published.definition
    variants = {each.id for each in definition.limit_variants if each.channel in (None, channel)}
    fees = {fee.id for fee in definition.fees if fee.optional}
    exemptions = {each.id for fee in definition.fees for each in fee.exemptions}
    picked = (
        ("variants", paper.variants, variants),
        ("optional_fees", paper.optional_fees, fees),
        ("exemptions", paper.exemptions, exemptions),
    )
    return [
        FieldFault(name, "field.option", label=each, options=", ".join(sorted(known)))
        for name, given, known in picked
        for each in given
        if each not in known
    ]


def _proof_faults(published: Published, paper: Paper) -> list[FieldFault]:
    """Exemptions that were accepted without the paper that proves them."""
    known = {each.id: each for fee in published.definition.fees for each in fee.exemptions}
    return [
        FieldFault("proofs", "field.proof", label=known[each].label)
        for each in paper.exemptions
        if each in known and not paper.proofs.get(each, "").strip()
    ]


def _proven(lines: Iterable[FeeLine], proofs: Mapping[str, str]) -> tuple[FeeLine, ...]:
    """*lines* with the papers that prove their exemptions."""
    return tuple(replace(each, proof=proofs.get(each.exemption, "").strip()) for each in lines)


def _opening(
    desk: Desk, published: Published, paper: Paper, chosen: ChosenLimit, at: dt.datetime
) -> Opening:
    limit = desk.own_limit(published.definition) or chosen.limit
    extensions = [Extended(at=at, limit=extra, ground=extra.ground) for extra in chosen.extensions]
    if chosen.agreed:
        if paper.agreed is None:
            raise InvalidAnswersError([FieldFault("agreed", "field.missing", label="agreed")])
        agreed = paper.agreed
        extensions.append(
            Extended(at=at, until=agreed.until, ground=agreed.paper, paper=agreed.paper)
        )
    if limit is not None:
        return Opening(limit=limit, extensions=tuple(extensions))
    day = at.astimezone(VN).date()
    definition = published.definition
    campaign = desk.campaign_end(definition.code, day) if definition.limit.campaign else None
    if campaign is not None:
        until, ground = campaign
        more = tuple(extensions)
        return Opening(until=until, ground=ground, set_by="campaign", extensions=more)
    date = paper.no_limit
    return Opening(
        until=date.until if date else None,
        ground=date.ground if date else "",
        extensions=tuple(extensions),
    )


def _days_off(desk: Desk, last: dt.date) -> frozenset[dt.date]:
    if last not in desk.days_off:
        days = (last - dt.timedelta(days=back) for back in range(_LOOK_BACK))
        timeline = desk.calendar.timeline
        found = frozenset(day for day in days if not timeline.is_working(day.toordinal()))
        desk.days_off[last] = found
    return desk.days_off[last]


def _applicant(answers: Answers, paper: Paper, today: dt.date) -> dict[str, Any]:
    """The applicant as checked, with what the form asks of a requester besides."""
    checked = answers.get("requester")
    return dict(checked) if isinstance(checked, dict) else checked_person(paper.applicant, today)
