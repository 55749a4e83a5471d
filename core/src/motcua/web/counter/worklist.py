"""The work list: dossiers by deadline, in tabs by stage, found by search."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import get
from litestar.params import FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_303_SEE_OTHER

from motcua.domain.calendar import VN
from motcua.domain.dossier import FINAL, OPEN, RUNNING, State
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.names import search_key
from motcua.plugin.texts import text
from motcua.services import views, worklist
from motcua.services.counter import MOST_ENDED, Load, loads
from motcua.storage.work import work as together
from motcua.ui.due import DueTag, due_tag
from motcua.web.counter.batch import offered
from motcua.web.counter.filters import narrowed
from motcua.web.counter.frame import Counter, TheCounter, my_states
from motcua.web.forms.typed import whole
from motcua.web.portal.reads import working_days

STAGES: dict[str, tuple[State, ...]] = {
    "submitted": (State.SUBMITTED,),
    "received": (State.RECEIVED,),
    "appraising": (State.APPRAISING, State.WITH_OTHER_AGENCY),
    "waiting": (State.SUPPLEMENT_REQUESTED, State.PRE_SUPPLEMENT),
    "paying": (State.AWAITING_PAYMENT,),
    "for_approval": (State.FOR_APPROVAL,),
    "approved": (State.APPROVED,),
    "result_ready": (State.RESULT_READY,),
    "done": FINAL,
}
"""The tabs after the officer's own and that of everything open."""

MOST_SEARCHED = 200
GROUPS = ("late", "today", "soon", "ok", "ready", "rest", "ended")
CURRENT_OF = {"submitted": "online", "for_approval": "approve", "result_ready": "return"}


class Tab(msgspec.Struct, frozen=True):
    """One tab with its number; *late* where a dossier in it is past its time.

    Attributes:
        over: There are more than *count*.
    """

    label: str
    href: str
    count: int
    current: bool
    late: bool
    over: bool


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the list."""

    id: str
    version: int
    code: str
    procedure: str
    applicant: str
    id_number: str
    tag: DueTag
    state: str
    holder: str
    ended: bool
    answered: bool


class Group(msgspec.Struct, frozen=True):
    """Rows of one urgency."""

    name: str
    title: str
    lines: list[Line]


@get("/")
async def work(
    counter: TheCounter,
    nhom: FromQuery[str] = "",
    q: FromQuery[str] = "",
    sau: FromQuery[str] = "",
    thu_tuc: FromQuery[str] = "",
    han: FromQuery[str] = "",
    giu: FromQuery[str] = "",
    xong: FromQuery[str] = "",
) -> Response[Any]:
    """Dossiers, nearest deadline first; a whole code leads straight to its dossier."""
    q = q.strip()[:MOST_SEARCHED]
    name = nhom if nhom in (*STAGES, "mine", "open") else ("" if q else _usual(counter))
    async with together(counter.house.engine, counter.desk.id):
        narrow = await narrowed(counter, thu_tuc, han, giu)
        query = {"nhom": name, "q": q, **narrow.query}
        try:
            found = await worklist.dossiers(
                counter.house,
                counter.desk,
                counter.actor,
                q=q,
                states=_shown_states(counter, name, narrow.due),
                after=sau,
                only=narrow.only,
            )
        except InvalidAnswersError:  # no page gave that cursor
            return Redirect(_page(counter, **query), status_code=HTTP_303_SEE_OTHER)
        if len(found.dossiers) == 1 and search_key(found.dossiers[0].code) == search_key(q):
            dossier = f"{counter.base}/ho-so/{found.dossiers[0].id}"
            return Redirect(dossier, status_code=HTTP_303_SEE_OTHER)
        counted = await loads(counter.house, counter.desk, counter.actor)
        within = counted
        if narrow.only != worklist.EVERYTHING:
            within = await loads(counter.house, counter.desk, counter.actor, narrow.only)
    here = _page(counter, **query, sau=sau)
    taken = whole(xong)
    return await counter.page(
        "worklist.html",
        current=CURRENT_OF.get(name, "work"),
        found=counted,
        tabs=_tabs(counter, within, name, narrow.query),
        groups=_groups(counter, found.dossiers, counter.now()),
        shown=len(found.dossiers),
        q=q,
        nhom=name,
        narrow=narrow,
        title=text(f"counter.tab.{name}") if name else text("counter.tab.search"),
        following=_page(counter, **query, sau=found.after) if found.after else "",
        first=_page(counter, **query) if sau else "",
        here=here,
        steps=offered(counter.actor, _states(counter, name) or OPEN),
        done="" if taken is None else text("lists.taken", count=taken),
    )


def _usual(counter: Counter) -> str:
    return "mine" if my_states(counter.actor) else "open"


def _states(counter: Counter, name: str) -> tuple[State, ...]:
    """The states of a tab; a search without a tab looks everywhere."""
    if name == "mine":
        return my_states(counter.actor) or OPEN
    return {"open": OPEN, "": (), **STAGES}[name]


def _shown_states(counter: Counter, name: str, due: str) -> tuple[State, ...]:
    """The states of a tab; due is only what still runs."""
    states = _states(counter, name)
    if not due:
        return states
    return tuple(state for state in states or OPEN if state in RUNNING)


def _tabs(
    counter: Counter, counted: Sequence[Load], current: str, filters: Mapping[str, str]
) -> list[Tab]:
    by_state = {State(load.state): load for load in counted}

    def tab(name: str) -> Tab:
        states = _shown_states(counter, name, filters["han"])
        found = [by_state[state] for state in states if state in by_state]
        over = states == FINAL and sum(load.count for load in found) > MOST_ENDED
        return Tab(
            label=text(f"counter.tab.{name}"),
            href=_page(counter, nhom=name, **filters),
            count=MOST_ENDED if over else sum(load.count for load in found),
            current=name == current,
            late=any(load.late for load in found if State(load.state) in RUNNING),
            over=over,
        )

    mine = ["mine"] if my_states(counter.actor) else []
    return [tab(name) for name in (*mine, "open", *STAGES)]


def _groups(
    counter: Counter, dossiers: Sequence[views.DossierLine], now: dt.datetime
) -> list[Group]:
    """The rows of a page by urgency, the most urgent first."""
    rows: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for dossier in dossiers:
        line = line_of(counter, dossier, now)
        rows[_group(dossier.state, line.tag)].append(line)
    return [
        Group(name, text(f"counter.group.{name}"), lines) for name, lines in rows.items() if lines
    ]


def _group(state: State, tag: DueTag) -> str:
    if state is State.RESULT_READY:
        return "ready"
    return "ended" if state in FINAL else tag.state


def line_of(counter: Counter, dossier: views.DossierLine, now: dt.datetime) -> Line:
    """A row of a list."""
    return Line(
        id=str(dossier.id),
        version=dossier.version,
        code=dossier.code,
        procedure=dossier.short_name,
        applicant=dossier.applicant,
        id_number=dossier.id_number,
        tag=tag_of(counter, dossier.state, dossier.due_at, now),
        state=text(f"state.{dossier.state.value}"),
        holder=dossier.holder,
        ended=dossier.state in FINAL,
        answered=dossier.answered,
    )


def tag_of(counter: Counter, state: State, due: dt.datetime | None, now: dt.datetime) -> DueTag:
    """How urgent a dossier is, in the tenant's working days."""
    days = working_days(counter.desk.calendar, now.astimezone(VN).date(), due)
    return due_tag(state, due, days, now)


def _page(counter: Counter, **query: str) -> str:
    """The address of a list; what is empty stays out."""
    return f"{counter.base}/?{urlencode({key: value for key, value in query.items() if value})}"
