"""What stands around every page of the counter, for whoever is signed in."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from motcua.domain.dossier import Role, State
from motcua.domain.life import Actor
from motcua.domain.tenant import PRACTICE, practises
from motcua.plugin.texts import text
from motcua.services import queue, transfers
from motcua.services.booking import capacity
from motcua.services.counter import Load, loads
from motcua.services.dashboard import LEADING
from motcua.services.day_closing import CLOSERS
from motcua.services.house import Desk, House
from motcua.services.idempotency import Repeatable
from motcua.services.payments import TAKERS, numbered
from motcua.services.receive import ended
from motcua.services.sessions import idle
from motcua.ui.site import MenuItem
from motcua.web.counter.session import base
from motcua.web.pages import Page, page

MINE: dict[Role, tuple[State, ...]] = {
    Role.RECEPTION: (State.SUBMITTED, State.RECEIVED, State.RESULT_READY),
    Role.FIELD: (State.APPRAISING, State.WITH_OTHER_AGENCY),
    Role.LEADER: (State.FOR_APPROVAL,),
    Role.CLERK: (State.APPROVED,),
    Role.CASHIER: (State.AWAITING_PAYMENT,),
    Role.HEAD: (
        State.SUBMITTED,
        State.RECEIVED,
        State.APPRAISING,
        State.WITH_OTHER_AGENCY,
        State.FOR_APPROVAL,
        State.APPROVED,
        State.RESULT_READY,
    ),
}
"""The states in which a dossier waits for somebody of a role."""


WINDOW = "motcua_o"
"""The cookie that says at which window of the queue this computer stands."""


class RailItem(msgspec.Struct, frozen=True):
    """One place of the counter's rail."""

    label: str
    href: str
    icon: str
    key: str = ""
    count: int | None = None
    current: bool = False


def my_states(actor: Actor) -> tuple[State, ...]:
    """The states whose dossiers wait for *actor*, in the order of a dossier's life."""
    mine = {state for role in actor.roles for state in MINE.get(role, ())}
    return tuple(state for state in State if state in mine)


class Counter:
    """One request at the counter: who asks, where, and how it is answered.

    Attributes:
        house: The application's parts.
        desk: The tenant.
        actor: The officer.
        base: Where this counter's addresses begin.
    """

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        """Take what the guard has found."""
        self.house: House = request.app.state.house
        self.desk: Desk = request.state.desk
        self.actor: Actor = request.state.actor
        self.request = request
        self.base = base(self.desk.slug)

    def now(self) -> dt.datetime:
        """The moment."""
        return self.house.now()

    def has(self, role: Role) -> bool:
        """Whether the officer acts in *role*."""
        return role in self.actor.roles

    def new_key(self) -> str:
        """A name for one form, so that sending it twice does nothing twice."""
        return self.house.new_id().hex

    async def window(self) -> queue.Window | None:
        """The window of the queue at which the officer sits, as it stands now."""
        if not queue.SERVING & set(self.actor.roles):
            return None
        name = unquote(self.request.cookies.get(WINDOW, ""))
        return await queue.window(self.house, self.desk, name)

    async def _transfers(self) -> int | None:
        """How many transfers wait for an answer; nothing for whoever has no answer to give."""
        takes = numbered(self.desk) and TAKERS & set(self.actor.roles)
        return await transfers.count(self.house, self.desk) if takes else None

    async def page(
        self,
        template: str,
        *,
        current: str = "",
        status: int = 200,
        found: tuple[Load, ...] | None = None,
        **context: Any,
    ) -> Page:
        """A page of the counter.

        Args:
            template: Its file below ``templates/counter``.
            current: Which place of the rail it belongs to.
            status: Its HTTP status.
            found: The dossiers by state, if they were counted already.
            context: What the template names.
        """
        if found is None:
            found = await loads(self.house, self.desk, self.actor)
        return page(
            f"counter/{template}",
            status=status,
            private=True,
            **frame(self.desk, self.actor, rail(self, found, current, await self._transfers())),
            now=self.now(),
            **{"window": await self.window() if current == "receive" else None} | context,
        )


TheCounter = NamedDependency[SkipValidation[Counter]]


def provide_counter(request: Request[Any, Any, Any]) -> Counter:
    """The request as the counter's handlers take it."""
    return Counter(request)


def frame(desk: Desk, actor: Actor, items: list[RailItem]) -> dict[str, Any]:
    """What the layout of a page for *actor* names."""
    here = base(desk.slug)
    return {
        "desk": desk,
        "officer": actor,
        "base": here,
        "rail": items,
        "idle": int(idle(desk).total_seconds()),
        "menu": [
            MenuItem(text("counter.menu.account"), f"{here}/tai-khoan"),
            MenuItem(text("counter.menu.portal", name=desk.name), f"/t/{desk.slug}/"),
            *_practice(desk),
        ],
    }


def _practice(desk: Desk) -> list[MenuItem]:
    """The way to the place to practise, or back from it."""
    if practises(desk.slug):
        return [MenuItem(text("counter.menu.real"), f"{base(desk.slug.removesuffix(PRACTICE))}/")]
    if desk.settings.get("practice"):
        return [MenuItem(text("counter.menu.practice"), f"{base(desk.slug + PRACTICE)}/")]
    return []


def pressed(
    counter: Counter, what: str, sent: Mapping[str, str], content: Sequence[Any]
) -> Repeatable:
    """A press of a button, by the key of its page and by its *content*: twice is once."""
    key, request = sent.get("khoa", "")[:64], msgspec.json.encode(content)
    digest = hashlib.sha256(request).hexdigest()[:16]
    name = f"{what}-{key}-{digest}" if key else ""
    return Repeatable(actor=str(counter.actor.id), key=name, request=request)


def rail(
    counter: Counter, found: tuple[Load, ...], current: str, transferred: int | None = None
) -> list[RailItem]:
    """The places an officer goes to, with what waits there."""
    counts = {State(load.state): load.count for load in found}
    here = counter.base
    gone = ended(counter.desk, counter.now())

    def waiting(*states: State) -> int:
        return sum(counts.get(state, 0) for state in states)

    places = [
        (Role.RECEPTION, "receive", f"{here}/tiep-nhan", "in", "F2", None),
        (None, "work", f"{here}/", "list", "", waiting(*my_states(counter.actor))),
        (
            Role.RECEPTION,
            "online",
            f"{here}/?nhom=submitted",
            "send",
            "",
            waiting(State.SUBMITTED),
        ),
        (None, "morning", f"{here}/sang", "cal", "", None),
        (
            Role.LEADER,
            "approve",
            f"{here}/duyet",
            "stamp",
            "",
            waiting(State.FOR_APPROVAL),
        ),
        (
            Role.RECEPTION,
            "return",
            f"{here}/tra",
            "hand",
            "",
            waiting(State.RESULT_READY),
        ),
        (None, "transfers", f"{here}/chuyen-khoan", "card", "", transferred),
        (None, "queue", f"{here}/hang-cho", "queue", "", None),
        (Role.RECEPTION, "visits", f"{here}/lich-hen", "cal", "", None),
        (None, "books", f"{here}/so", "stamp", "", None),
        (None, "day", f"{here}/chot-ngay", "clock", "", None),
        (None, "figures", f"{here}/so-lieu", "chart", "", None),
    ]
    shut = {
        "receive": gone,
        "transfers": transferred is None,
        "queue": not serves_queue(counter, gone=gone),
        "visits": not capacity(counter.house, counter.desk),
        "day": gone or not CLOSERS & set(counter.actor.roles),
        "figures": not LEADING & set(counter.actor.roles),
        "morning": not LEADING & set(counter.actor.roles),
    }
    return [
        RailItem(
            text(f"counter.rail.{name}"), href, icon, key, count or None, current=name == current
        )
        for role, name, href, icon, key, count in places
        if (role is None or counter.has(role)) and not shut.get(name)
    ]


def serves_queue(counter: Counter, *, gone: bool) -> bool:
    """Whether there is a queue for the officer to serve."""
    serving = bool(queue.SERVING & set(counter.actor.roles))
    return serving and "queue" in counter.desk.settings and not gone
