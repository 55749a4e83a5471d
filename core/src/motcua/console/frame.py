"""What stands around every page of the console, and what its handlers work with."""

import datetime as dt
from typing import Any

import msgspec
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from motcua.console.gate import AnyRequest, base, kept
from motcua.console.grants import PAGES, Page
from motcua.domain.life import Actor
from motcua.plugin.texts import text, texts
from motcua.services.change import Asked
from motcua.services.house import Desk, House
from motcua.services.sessions import idle
from motcua.ui import pages

Faults = list[tuple[str, str]]


class MenuPlace(msgspec.Struct, frozen=True):
    """One line of the menu."""

    label: str
    href: str
    current: bool


class Sent:
    """What a form sent, in Unicode's composed form and without blanks around."""

    def __init__(self, form: FormMultiDict) -> None:
        """Take the fields; files are left out."""
        self._values: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                self._values.setdefault(name, []).append(pages.plain(value))

    def one(self, name: str) -> str:
        """The value of the field *name*, empty if it was not sent."""
        return self._values.get(name, [""])[-1]

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of the field *name*."""
        return tuple(self._values.get(name, ()))

    def has(self, name: str) -> bool:
        """Whether the field *name* was sent: a box that was ticked, a button that was pressed."""
        return name in self._values


class Console:
    """One request to the console: who asks, where, and how it is answered.

    Attributes:
        house: The application's parts.
        desk: The tenant.
        actor: Who asks.
        grant: The page, and who may do what there.
        base: Where this console's addresses begin.
    """

    def __init__(self, request: AnyRequest) -> None:
        """Take what the guard has found."""
        self.house: House = request.app.state.house
        self.desk: Desk = request.state.desk
        self.actor: Actor = request.state.actor
        self.grant: Page = request.state.grant
        self.request = request
        self.base = base(self.desk.slug)

    @property
    def here(self) -> str:
        """The address of this page."""
        return f"{self.base}/{self.grant.path}"

    @property
    def may_write(self) -> bool:
        """Whether who asks may change anything on this page."""
        return self.grant.writes(self.desk, self.actor)

    def now(self) -> dt.datetime:
        """The moment."""
        return self.house.now()

    async def sent(self) -> Sent:
        """What a form sent."""
        form = await self.request.form()
        self.request.state.sent = kept(form)
        return Sent(form)

    def asked(self, place: str, subject: str, seen: str = "") -> Asked:
        """Who changes what, for the history."""
        return Asked(by=self.actor, place=place, subject=subject, seen=seen)

    def page(self, template: str, *, status: int = 200, **context: Any) -> pages.Page:
        """A page of the console; *template* is below ``templates/console``."""
        done = self.request.query_params.get("xong", "")
        return pages.page(
            f"console/{template}",
            status=status,
            private=True,
            desk=self.desk,
            officer=self.actor,
            base=self.base,
            here=self.here,
            title=text(f"console.page.{self.grant.name}"),
            may_write=self.may_write,
            menu=menu(self),
            sign_out=self.request.state.door.sign_out(self.desk.slug),
            done=text(f"console.done.{done}") if f"console.done.{done}" in texts("vi") else "",
            now=self.now(),
            idle=int(idle(self.desk).total_seconds()),
            **context,
        )

    def done(self, what: str, path: str = "") -> Redirect:
        """Back to this page, which says that *what* is done."""
        return Redirect(f"{self.here}{path}?xong={what}", status_code=HTTP_303_SEE_OTHER)


TheConsole = NamedDependency[SkipValidation[Console]]


def provide_console(request: AnyRequest) -> Console:
    """The request as the console's handlers take it."""
    return Console(request)


def unconfirmed(sent: Sent, day: str, moves: int) -> Faults:
    """What is missing before something that moves due times may happen."""
    faults: Faults = []
    if not sent.has("da_xem"):
        faults.append(("da_xem", text("console.moves.not-seen")))
    if sent.one("go_lai") != day:
        faults.append(("go_lai", text("console.moves.not-typed", day=day)))
    if sent.one("so") != str(moves):
        faults.append(("so", text("console.moves.changed")))
    return faults


def menu(console: Console) -> list[tuple[str, list[MenuPlace]]]:
    """The pages that who asks may look at, by group."""
    groups: dict[str, list[MenuPlace]] = {}
    for page in PAGES.values():
        if page.reads(console.desk, console.actor):
            place = MenuPlace(
                text(f"console.page.{page.name}"),
                f"{console.base}/{page.path}" + ("/" if page.name == "tables" else ""),
                page is console.grant,
            )
            groups.setdefault(page.group, []).append(place)
    return [(text(f"console.group.{name}"), places) for name, places in groups.items()]
