"""What the portal's pages read, out of the services."""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from motcua.domain.calendar import VN
from motcua.domain.calendar import Calendar as WorkingCalendar
from motcua.domain.deadline import due
from motcua.domain.names import masked, sort_key
from motcua.domain.report import Period
from motcua.plugin.texts import text
from motcua.services import figures, lookup, offers, passes, ratings, units, views
from motcua.services.booking import capacity
from motcua.services.catalogue import Published
from motcua.services.house import Desk, House, desk
from motcua.services.look import look
from motcua.services.receive import UnknownDossierError, ended
from motcua.services.report import field_names
from motcua.ui.helpdesk import help_at
from motcua.ui.site import HelpDesk
from motcua.web.portal.catalogue import field_called
from motcua.web.portal.views import (
    Board,
    Commune,
    CommuneFigures,
    CommuneGroup,
    Link,
    Milestone,
    Offer,
    Overview,
    Promise,
    Proof,
    Tracked,
)

ABOVE = ("nation", "province", "city")
"""Kinds of tenants that stand above communes and receive nothing."""

BOARD_DAYS = dt.timedelta(days=30)
"""How many days a commune's board is about, if nobody chooses any."""

OFTEN = ("2.000815", "2.000884", "1.001193", "2.000635", "1.004873", "1.000894")
"""What communes are asked for most, by the published load of Bắc Ninh city in 2018."""


class ServiceReads:
    """The portal's questions, answered by the services of one house."""

    def __init__(self, house: House, help_desk: HelpDesk, *, simulated: bool = False) -> None:
        """Answer out of *house*; *simulated* marks all figures as made up."""
        self._house = house
        self._help = help_desk
        self._simulated = simulated

    async def overview(self, first: dt.date | None, last: dt.date | None) -> Overview:
        """The communes with the figures of a period."""
        if first is None or last is None:
            first, last = await self._usual_period()
        period = Period(first, last)
        listed = await figures.units(self._house, first, last)
        serving = await units.serving(self._house)
        groups = _groups(listed, serving, self._house.today())
        counted = [unit for unit in listed if unit.received]
        received = sum(unit.received for unit in counted)
        return Overview(
            first=first,
            last=last,
            groups=groups,
            monthly_mean=received / len(counted) / period.months if counted else None,
            simulated=self._simulated,
        )

    async def commune(self, slug: str) -> Commune:
        """The commune called *slug*."""
        here = await desk(self._house, slug)
        after = await units.successors(self._house, here)
        return Commune(
            slug=here.slug,
            name=here.name,
            province=here.above,
            help=help_at(here, self._help, self._house.now()),
            closed_on=here.closed_on,
            ended=ended(here, self._house.now()),
            successors=tuple(Link(each.slug, each.name) for each in after),
            books=bool(capacity(self._house, here)),
            look=look(here),
        )

    async def commune_of_code(self, code: str) -> str | None:
        """The slug of the commune that issued a dossier code, by its agency part and its day."""
        return await lookup.unit_of_code(self._house, code)

    async def procedures(self, slug: str) -> tuple[Offer, ...]:
        """What the commune offers today, without promises."""
        here = await desk(self._house, slug)
        return tuple(_offer(here, each) for each in self._offered(here))

    async def procedure(self, slug: str, code: str, now: dt.datetime) -> Offer | None:
        """One of them, with the promise of a dossier received at *now*."""
        here = await desk(self._house, slug)
        for each in self._offered(here):
            if each.definition.code == code:
                return _offer(here, each, now)
        return None

    async def lookup(
        self, slug: str, code: str, secret: str | None, now: dt.datetime, address: str
    ) -> Tracked | None:
        """A dossier by its code."""
        here = await desk(self._house, slug)
        try:
            found = await lookup.asked(self._house, here, code, secret, address)
        except UnknownDossierError:
            return None
        ticket = passes.issue(self._house, here, found.id) if found.id else ""
        return tracked(here, found, now, ticket)

    async def board(self, slug: str, first: dt.date | None, last: dt.date | None) -> Board:
        """What the commune makes public."""
        here = await desk(self._house, slug)
        if first is None or last is None:
            over = ended(here, self._house.now())
            last = await figures.last_day(self._house, here) if over else self._house.today()
            first = last - BOARD_DAYS
        current = self._house.catalogue.current(self._house.today())
        names = field_names(self._house) | {
            each.definition.field: field_called(each.definition) for each in current
        }
        counted = await figures.figures(self._house, here, first, last)
        overdue = await figures.overdue(self._house, here, Period(first, last))
        known = {each.field for each in counted.fields}
        rest = (figures.FieldFigure(field=of) for of in sorted(overdue) if of not in known)
        return Board(
            first=first,
            last=last,
            figures=counted,
            fields=tuple(
                (names.get(each.field, each.field), each) for each in (*counted.fields, *rest)
            ),
            newest=tuple(await figures.newest(self._house, here, first, last)),
            overdue=overdue,
            now=self._house.today() in Period(first, last),
            rated=await ratings.in_public(self._house, here),
        )

    async def _usual_period(self) -> tuple[dt.date, dt.date]:
        """The whole months that have figures; this month where there are none."""
        today = self._house.today()
        first, last = await figures.busiest_span(self._house) or (today, today)
        end = calendar.monthrange(last.year, last.month)[1]
        return first.replace(day=1), last.replace(day=end)

    def _offered(self, here: Desk) -> list[Published]:
        """The versions in force today that the commune takes."""
        return [
            each
            for each in self._house.catalogue.current(self._house.today())
            if offers.offered(self._house, here, each)
        ]


def _groups(
    listed: Sequence[figures.UnitFigure], serving: frozenset[str], today: dt.date
) -> tuple[CommuneGroup, ...]:
    """The units that serve people first; the others below the city or province they stand in.

    Within each, those with dossiers in the period come first.
    """
    after = {unit.name: unit.slug for unit in listed if unit.open_on(today)}
    units = [unit for unit in listed if unit.kind not in ABOVE]
    here = [unit for unit in units if unit.slug in serving]
    groups = []
    for above in (unit for unit in listed if unit.kind in ABOVE):
        below = [unit for unit in units if unit.parent == above.slug]
        rest = [unit for unit in below if unit.slug not in serving]
        if rest:
            whole = "city" if above.kind == "city" else "province"
            total = text(f"ui.units.{whole if len(rest) == len(below) else 'rest'}")
            groups.append(_group(above.name, total, _why(above), rest, after, today))
    groups.sort(key=lambda group: -sum(unit.received for unit in group.communes))
    if here:
        title, total = text("ui.units.serving"), text("ui.units.serving_all")
        groups.insert(0, _group(title, total, "", here, after, today))
    return tuple(groups)


def _why(above: figures.UnitFigure) -> str:
    """Why the units below *above* take no dossiers."""
    if above.closed_on:
        return text("ui.units.closed", day=f"{above.closed_on - dt.timedelta(days=1):%d/%m/%Y}")
    return text("ui.units.not_here")


def _group(
    title: str,
    total: str,
    closed: str,
    units: Iterable[figures.UnitFigure],
    after: Mapping[str, str],
    today: dt.date,
) -> CommuneGroup:
    listed = sorted(units, key=lambda unit: (not unit.busy, sort_key(unit.name.split(" ", 1)[-1])))
    return CommuneGroup(
        title=title,
        total=total,
        communes=tuple(
            CommuneFigures(
                slug=unit.slug,
                name=unit.name,
                received=unit.received,
                processed=unit.processed,
                in_time=unit.in_time,
                late=unit.late,
                overdue=unit.overdue,
                open=unit.open_on(today),
                closed_on=unit.closed_on,
                successors=tuple(Link(after.get(name, ""), name) for name in unit.successors),
            )
            for unit in listed
        ),
        closed=closed,
    )


def _offer(here: Desk, published: Published, now: dt.datetime | None = None) -> Offer:
    definition = published.definition
    limit = offers.limit_of(here, definition)
    promise = None
    if now is not None and limit is not None:
        counted = due(here.calendar, now, limit, as_of=now.astimezone(VN).date())
        promise = Promise(due=counted.due, explanation=counted.days)
    often = definition.code in OFTEN
    return Offer(
        definition=definition,
        limit=limit,
        promise=promise,
        often=often,
        online=here.online(definition),
    )


def working_days(days: WorkingCalendar, today: dt.date, until: dt.datetime | None) -> int:
    """Working days from *today* to the day of *until*; below zero, working days late."""
    if until is None:
        return 0
    last = until.astimezone(VN).date()
    count = days.timeline.days_between
    if last >= today:
        return count(today.toordinal(), last.toordinal())
    return -count(last.toordinal(), today.toordinal())


def tracked(here: Desk, found: views.LookedUp, now: dt.datetime, ticket: str = "") -> Tracked:
    """A dossier as the portal shows it; with a *ticket*, to its holder."""
    promise, due_at = found.promise_at, found.due_at
    applicant = found.applicant
    proof = None
    if applicant is not None:
        number = masked(applicant.get("id_number", ""))
        name = applicant.get("name", "")
        proof = Proof(
            applicant=name,
            id_number=number,
            wanted=found.wanted,
            until=found.until,
            reason=found.reason,
            ticket=ticket,
        )
    return Tracked(
        code=found.code,
        procedure=found.short_name,
        state=found.state,
        milestones=tuple(
            Milestone(transition=step, at=at, papers=step == "T36" and at in found.supplied)
            for step, at in found.steps
        ),
        limit=found.limit,
        received_at=found.received_at,
        due=due_at,
        first_due=promise if promise != due_at else None,
        days=working_days(here.calendar, now.astimezone(VN).date(), due_at),
        explanation=found.explanation.days if found.explanation else (),
        proof=proof,
    )
