"""The portal's pages: communes, one commune, a procedure, the look-up of a dossier."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, QueryParameter, SkipValidation, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_404_NOT_FOUND,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from motcua.domain.calendar import VN
from motcua.domain.report import percent_in_time
from motcua.plugin.texts import text
from motcua.services.words import limit_words
from motcua.ui.due import PAUSED, due_tag
from motcua.ui.explain import DayLine, day_lines
from motcua.ui.qr import drawn
from motcua.web.client import address
from motcua.web.hosts import lookup_address
from motcua.web.language import SWITCH
from motcua.web.pages import AnyRequest, page
from motcua.web.portal import catalogue, overview, tracking
from motcua.web.portal.follow.session import pass_cookie
from motcua.web.portal.inputs import Period, dossier_code
from motcua.web.portal.views import Commune, PortalReads, Tracked

Clock = Callable[[], dt.datetime]
Reads = NamedDependency[SkipValidation[PortalReads]]
Now = NamedDependency[SkipValidation[Clock]]


class LookupForm(msgspec.Struct):
    """What the look-up form sends; the secret never stands in an address."""

    ma: str = ""
    bi_mat: str = ""
    lam: str = ""


FormBody = URLEncodedBody[LookupForm]


def portal(reads: PortalReads, now: Clock) -> Router:
    """The portal's routes.

    Args:
        reads: Answers what the pages ask.
        now: The clock.
    """
    return Router(
        path="/",
        route_handlers=[
            communes,
            guide,
            commune_home,
            commune_guide,
            board,
            procedure,
            lookup,
            lookup_with_secret,
        ],
        dependencies={
            "reads": Provide(lambda: reads, sync_to_thread=False),
            "now": Provide(lambda: now, sync_to_thread=False),
        },
        include_in_schema=False,
    )


@get("/")
async def communes(
    reads: Reads,
    q: FromQuery[str] = "",
    first: Annotated[str, QueryParameter(name="from")] = "",
    last: Annotated[str, QueryParameter(name="to")] = "",
) -> Template | Redirect:
    """All communes with the figures of a period; a dossier code leads to its look-up."""
    if (code := dossier_code(q)) and (slug := await reads.commune_of_code(code)):
        return _to_lookup(slug, code)
    period = Period(first, last)
    chosen = (None, None) if period.faults else (period.first, period.last)
    found = await reads.overview(*chosen)
    return page(
        "portal/communes.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if period.faults else HTTP_200_OK,
        overview=found,
        figures=overview.total(found.communes),
        groups=overview.matching(found, q),
        q=q,
        period=period,
    )


@get("/t/{slug:str}")
async def commune_home(
    slug: FromPath[str],
    reads: Reads,
    q: FromQuery[str] = "",
    field: Annotated[str, QueryParameter(name="linh-vuc")] = "",
) -> Template | Redirect:
    """A commune: look-up, what is often asked for, its procedures by field."""
    here = await reads.commune(slug)
    if code := dossier_code(q):
        return _to_lookup(slug, code)
    offers = await reads.procedures(slug)
    searching = bool(q.strip() or field)
    return page(
        "portal/commune.html",
        commune=here,
        q=q,
        field=field,
        fields=catalogue.fields(offers),
        often=[] if searching else catalogue.rows(slug, [each for each in offers if each.often]),
        results=catalogue.grouped(slug, catalogue.matching(offers, q, field)) if searching else [],
        searching=searching,
        count=len(offers),
    )


@get("/huong-dan", sync_to_thread=False)
def guide() -> Template:
    """How one goes through a procedure, wherever one lives."""
    return page("portal/guide.html", commune=None)


@get("/t/{slug:str}/huong-dan")
async def commune_guide(slug: FromPath[str], reads: Reads) -> Template:
    """The same, with the commune's own desk at its foot."""
    return page("portal/guide.html", commune=await reads.commune(slug))


@get("/t/{slug:str}/cong-khai")
async def board(
    request: AnyRequest,
    slug: FromPath[str],
    reads: Reads,
    first: Annotated[str, QueryParameter(name="from")] = "",
    last: Annotated[str, QueryParameter(name="to")] = "",
) -> Template:
    """What a commune makes public: its numbers, and where dossiers stand, by code alone."""
    here = await reads.commune(slug)
    period = Period(first, last)
    chosen = (None, None) if period.faults else (period.first, period.last)
    found = await reads.board(slug, *chosen)
    overdue = sum(found.overdue.values())
    return page(
        "portal/board.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if period.faults else HTTP_200_OK,
        commune=here,
        period=period,
        board=found,
        fields=[
            overview.field_row(name, each, found.overdue.get(each.field, 0), now=found.now)
            for name, each in found.fields
        ],
        newest=[overview.standing_row(slug, each, now=found.now) for each in found.newest],
        overdue=overdue,
        lookup=drawn(lookup_address(request, slug)),
        in_time=percent_in_time(
            found.figures.early + found.figures.on_time, found.figures.late, overdue
        ),
    )


@get("/t/{slug:str}/thu-tuc/{code:str}")
async def procedure(slug: FromPath[str], code: FromPath[str], reads: Reads, now: Now) -> Template:
    """One procedure: who, what, how long, how much, under which law."""
    here = await reads.commune(slug)
    moment = now()
    offer = await reads.procedure(slug, code, moment)
    if offer is None:
        raise NotFoundException
    return page(
        "portal/procedure.html",
        commune=here,
        sheet=catalogue.sheet(offer),
        online=catalogue.online(offer) and not here.ended,
        promise=offer.promise,
        lines=day_lines(offer.promise.explanation, offer.promise.due, moment, offer.limit)
        if offer.promise
        else [],
    )


@get("/t/{slug:str}/tra-cuu")
async def lookup(
    request: AnyRequest, slug: FromPath[str], reads: Reads, now: Now, ma: FromQuery[str] = ""
) -> Template | Redirect:
    """A dossier by its code alone: state and dates."""
    here = await reads.commune(slug)
    if not ma.strip():
        return _ask(here, LookupForm())
    return await _answer(request, here, LookupForm(ma=ma), reads, now())


@post("/t/{slug:str}/tra-cuu", status_code=HTTP_200_OK)
async def lookup_with_secret(
    request: AnyRequest, slug: FromPath[str], data: FormBody, reads: Reads, now: Now
) -> Template | Redirect:
    """A dossier by code and secret: also what is personal."""
    return await _answer(request, await reads.commune(slug), data, reads, now())


async def _answer(
    request: AnyRequest, here: Commune, form: LookupForm, reads: PortalReads, now: dt.datetime
) -> Template | Redirect:
    """The dossier, or the form again with what is wrong with it."""
    if form.lam == SWITCH:
        return _ask(here, form)
    code = dossier_code(form.ma)
    if code is None:
        key = "ui.lookup.no_code" if form.ma.strip() else "ui.lookup.empty"
        return _ask(here, form, text(key), HTTP_422_UNPROCESSABLE_ENTITY)
    found = await reads.lookup(here.slug, code, form.bi_mat.strip() or None, now, address(request))
    if found is None:
        key = "ui.lookup.not_found_secret" if form.bi_mat.strip() else "ui.lookup.not_found"
        return _ask(here, form, text(key), HTTP_404_NOT_FOUND)
    if found.proof and found.proof.ticket:
        answer = Redirect(f"/t/{here.slug}/ho-so", status_code=HTTP_303_SEE_OTHER)
        answer.cookies.append(pass_cookie(request, here.slug, found.proof.ticket))
        return answer
    return show(here, found, now)


def _ask(here: Commune, form: LookupForm, error: str = "", status: int = HTTP_200_OK) -> Template:
    return page(
        "portal/lookup.html", status=status, private=True, commune=here, form=form, error=error
    )


def show(here: Commune, dossier: Tracked, now: dt.datetime, **more: Any) -> Template:
    """The page of a dossier; *more* is what its holder may do."""
    told: dict[str, Any] = {
        "can": None,
        "readings": [],
        "done": "",
        "old": "",
        "transfers": False,
        **more,
    }
    payable = bool(told["can"] and told["can"].bill.balance.due and told["transfers"])
    tag = due_tag(dossier.state, dossier.due, dossier.days, now)
    if dossier.supplied:
        tag = msgspec.structs.replace(tag, words=text("follow.supplied.tag"))
    lines = _counted(dossier, now)
    return page(
        "portal/tracked.html",
        private=True,
        **told,
        commune=here,
        dossier=dossier,
        tag=tag,
        promised=dossier.due is not None and dossier.state in tracking.PROMISED,
        sentence=tracking.sentence(dossier, now, payable=payable),
        steps=tracking.steps(dossier),
        lines=lines,
        counted_out=any("due" in each.marks for each in lines),
        limit=limit_words(dossier.limit),
        now=now,
    )


def _counted(dossier: Tracked, now: dt.datetime) -> list[DayLine]:
    """The days of the count: while it stands, those so far and no day that is due."""
    if dossier.state not in PAUSED:
        return day_lines(dossier.explanation, dossier.due, now, dossier.limit)
    so_far = [each for each in dossier.explanation if each.date <= now.astimezone(VN).date()]
    return day_lines(so_far, None, now, dossier.limit)


def _to_lookup(slug: FromPath[str], code: str) -> Redirect:
    return Redirect(f"/t/{slug}/tra-cuu", query_params={"ma": code}, status_code=HTTP_303_SEE_OTHER)
