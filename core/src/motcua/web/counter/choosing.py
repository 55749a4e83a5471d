"""Where a reception begins: the choice of a procedure, or an identity card that is scanned."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from motcua.domain.identity import is_id_number
from motcua.domain.names import search_key
from motcua.plugin.texts import text
from motcua.services import known_people, offers, receive
from motcua.services.words import limit_words
from motcua.ui.format import capital
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import (
    closed,
    definition_of,
    meet,
    name_of,
    require_reception,
    shown,
    visit_form,
)
from motcua.web.counter.session import typed
from motcua.web.counter.visitform import APPLICANT
from motcua.web.forms.typed import whole
from motcua.web.portal.reads import OFTEN

AnyRequest = Request[Any, Any, Any]
USUAL_OF = dt.timedelta(days=90)


class Choice(msgspec.Struct, frozen=True):
    """A procedure one may receive."""

    code: str
    name: str
    limit: str


class Choices(msgspec.Struct, frozen=True):
    """Procedures that stand together."""

    title: str
    choices: list[Choice]
    numbered: bool = False


@get("/tiep-nhan")
async def choose(counter: TheCounter, q: FromQuery[str] = "") -> Response[Any]:
    """Choose the procedure; its whole code, or its place among the usual, leads to its form."""
    try:
        require_reception(counter)
    except receive.ReceptionClosedError as error:
        return await closed(counter, error)
    listed = offers.procedures(counter.house, counter.desk).procedures
    usual = await _usual(counter, listed)
    place = whole(q)
    if place and place <= len(usual):
        return _to(f"{counter.base}/tiep-nhan/{usual[place - 1].code}")
    wanted = search_key(q)
    found = [
        each
        for each in listed
        if not wanted
        or wanted
        in search_key(f"{each.code} {each.name} {name_of(counter, each.code)} {each.field_name}")
    ]
    if len(found) == 1 and found[0].code == q.strip():
        return _to(f"{counter.base}/tiep-nhan/{found[0].code}")
    return await counter.page(
        "choose.html",
        current="receive",
        tim=q,
        groups=_often(counter, usual, q) + _by_field(counter, found),
        count=len(found),
    )


@post("/tiep-nhan", status_code=HTTP_200_OK)
async def begin(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Begin with an identity card that was scanned, or look for the procedure that was typed."""
    require_reception(counter)
    said = (await typed(request)).get("q", "")
    number = known_people.scanned(said)
    usual = await _usual(counter, offers.procedures(counter.house, counter.desk).procedures)
    if not is_id_number(number) or not usual:
        return _to(f"{counter.base}/tiep-nhan?{urlencode({'q': said[:100]})}")
    definition = definition_of(counter, usual[0].code)
    visit = visit_form(counter, definition, {f"{APPLICANT}.id_number": number})
    return await shown(counter, definition, visit, {}, source=await meet(counter, visit))


async def _usual(
    counter: Counter, listed: Sequence[offers.ProcedureLine]
) -> list[offers.ProcedureLine]:
    """What is received most here, then what communes are asked for most; nine have a number."""
    since = counter.house.today() - USUAL_OF
    codes = await known_people.usual(counter.house, counter.desk, since)
    by_code = {each.code: each for each in listed}
    return [by_code[code] for code in dict.fromkeys((*codes, *OFTEN)) if code in by_code][:9]


def _often(counter: Counter, usual: list[offers.ProcedureLine], q: str) -> list[Choices]:
    """What is asked for most, first; a search needs no such help."""
    if q.strip() or not usual:
        return []
    return [Choices(text("counter.receive.often"), _choices(counter, usual), numbered=True)]


def _by_field(counter: Counter, found: list[offers.ProcedureLine]) -> list[Choices]:
    listed = sorted(found, key=lambda each: (each.field_name, each.code))
    return [
        Choices(capital(name), _choices(counter, group))
        for name, group in itertools.groupby(listed, key=lambda each: each.field_name)
    ]


def _choices(counter: Counter, found: Iterable[offers.ProcedureLine]) -> list[Choice]:
    return [
        Choice(each.code, name_of(counter, each.code), limit_words(each.limit)) for each in found
    ]


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
