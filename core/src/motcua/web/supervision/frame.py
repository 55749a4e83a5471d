"""Who supervises, what is looked at, and what stands around its pages."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.errors import MotCuaError
from motcua.domain.report import Period
from motcua.plugin.texts import text
from motcua.services import supervision
from motcua.services.console_roles import console_roles
from motcua.services.house import Desk, House, desk
from motcua.services.ratings import FEWEST
from motcua.services.report import field_names
from motcua.services.sessions import SignInRequiredError, holder, idle, refuse_due
from motcua.ui.site import MenuItem
from motcua.web.counter.frame import RailItem
from motcua.web.counter.session import COOKIE, base
from motcua.web.pages import AnyRequest, Page, page
from motcua.web.portal.inputs import Period as Typed
from motcua.web.supervision.periods import PRESETS, preset

STEPS = ("received", "done", "early", "on_time", "late")
"""The columns of a table of counts by days."""


class NotSupervisorError(MotCuaError):
    """Somebody signed in who does not supervise this province."""

    code = "supervision.not-yours"
    status = 403


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at.

    Attributes:
        own: The supervisor's province.
        above: The place whose units are shown: the province, or one kept to be read.
        period: The days.
        typed: The two dates as they were typed.
        chosen: The preset, or nothing.
        places: What may be looked at: slug and name.
        today: The day on which somebody looks.
        field: The field of law that alone is shown; nothing: all.
    """

    own: Desk
    above: Desk
    period: Period
    typed: Typed
    chosen: str
    places: tuple[tuple[str, str], ...]
    today: dt.date
    field: str = ""

    @property
    def now(self) -> bool:
        """Whether the days reach until now, so that what stands now belongs to them."""
        return self.today in self.period

    @property
    def counted(self) -> tuple[str, ...]:
        """The columns of a table of counts by field or procedure."""
        return (*STEPS, *(("overdue",) if self.now else ()), "in_time")

    def running(self, month: dt.date) -> bool:
        """Whether *month*, by its first day, is that of today, and today is looked at."""
        return self.now and month == self.today.replace(day=1)

    def address(self, unit: str = "", *, days: Period | None = None, **query: str) -> str:
        """The address of a page of supervision for the same place, and the same or other days."""
        path = f"/t/{self.own.slug}/giam-sat" + (f"/{unit}" if unit else "")
        asked = {
            "noi": self.above.slug if self.above.slug != self.own.slug else "",
            "linh_vuc": self.field,
        }
        if self.chosen and days is None:
            asked["ky"] = self.chosen
        else:
            shown_days = days or self.period
            asked |= {"from": f"{shown_days.first}", "to": f"{shown_days.last}"}
        said = "&".join(f"{name}={value}" for name, value in (asked | query).items() if value)
        return f"{path}?{said}" if said else path


async def admit(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Let in who supervises this province.

    Raises:
        UnknownTenantError: there is no such tenant.
        NotAboveError: it is a unit, with nobody below it.
        SignInRequiredError: nobody is signed in here.
        NotSupervisorError: whoever is has no right to its figures.
    """
    house: House = connection.app.state.house
    found = await desk(house, connection.path_params["slug"])
    connection.state.desk = found
    try:
        who = await holder(house, found, connection.cookies.get(COOKIE, ""))
    except SignInRequiredError:
        supervision.require_above(found)
        raise
    connection.state.holder, connection.state.actor = who, who.actor
    refuse_due(who)
    supervision.require_above(found)
    if not console_roles(found, who.actor):
        raise NotSupervisorError(name=who.actor.name)


async def seen(
    request: AnyRequest, place: str, chosen: str, first: str, last: str, field: str = ""
) -> Seen:
    """What the address asks to look at; what cannot be read is told beside the usual days."""
    house: House = request.app.state.house
    own: Desk = request.state.desk
    places = await supervision.places(house, own)
    above = own
    if place in {slug for slug, _, _ in places} - {own.slug}:
        above = await desk(house, place)
    typed = Typed(first, last)
    if typed.first and typed.last and not typed.faults:
        period, chosen = Period(typed.first, typed.last), ""
    else:
        chosen = chosen if chosen in PRESETS else ("all" if above.archived else "month")
        period = preset(chosen, house.today(), await _whole(house, above, chosen))
    return Seen(
        own=own,
        above=above,
        period=period,
        typed=typed,
        chosen=chosen,
        places=tuple((slug, name) for slug, name, _ in places),
        today=house.today(),
        field=field if field in field_names(house) else "",
    )


async def _whole(house: House, above: Desk, chosen: str) -> Period | None:
    return await supervision.span(house, above) if chosen == "all" else None


def shown(request: AnyRequest, template: str, what: Seen, **context: Any) -> Page:
    """A page of supervision."""
    house: House = request.app.state.house
    here = f"/t/{what.own.slug}"
    return page(
        f"supervision/{template}",
        status=HTTP_422_UNPROCESSABLE_ENTITY if what.typed.faults else HTTP_200_OK,
        private=True,
        desk=what.own,
        officer=request.state.actor,
        base=base(what.own.slug),
        idle=int(idle(what.own).total_seconds()),
        menu=[MenuItem(text("counter.menu.account"), f"{base(what.own.slug)}/tai-khoan")],
        rail=[
            RailItem(text("supervision.rail"), f"{here}/giam-sat", "chart", current=True),
            RailItem(text("supervision.console"), f"{here}/admin/", "list"),
            RailItem(text("supervision.calendar"), f"{here}/admin/lich", "cal"),
        ],
        seen=what,
        field_name=field_names(request.app.state.house).get(what.field, ""),
        fewest=FEWEST,
        columns=columns(what.counted),
        presets=[(name, text(f"supervision.period.{name}")) for name in PRESETS],
        now=house.now(),
        **context,
    )


def columns(names: Sequence[str]) -> list[str]:
    """The heads of columns."""
    return [text(f"supervision.col.{name}") for name in names]


def day_words(day: dt.date) -> str:
    """``23/11``, below a bar."""
    return f"{day:%d/%m}"
