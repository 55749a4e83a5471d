"""Entering a sheet of a village day: one line a number, all checked at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.errors import FieldFault
from motcua.plugin.texts import text
from motcua.services import offers, village_sheets
from motcua.services.idempotency import once
from motcua.services.village_days import Leaf, UnknownVillageDayError, VillageDay
from motcua.services.village_sheets import Line, NotSavedError
from motcua.web.counter.frame import Counter, TheCounter, pressed
from motcua.web.counter.reception import require_reception
from motcua.web.counter.session import typed
from motcua.web.counter.village import HERE, found, name_of
from motcua.web.counter.village_lines import OF_THE_MOMENT, SheetForm

AnyRequest = Request[Any, Any, Any]
CHECK, SAVE, GOOD = "kiem", "luu", "dung"
"""What the buttons send: look at the lines, save all of them, save those without faults."""
Faults = Mapping[int, Sequence[FieldFault]]


@get(f"/{HERE}/{{day:str}}/to/{{leaf:int}}")
async def form(
    counter: TheCounter, day: FromPath[str], leaf: FromPath[int], xong: FromQuery[str] = ""
) -> Response[Any]:
    """A sheet, its open lines to be filled in."""
    require_reception(counter)
    one = await found(counter, day)
    done = text("village.saved", count=xong) if xong.isdecimal() else ""
    return await _shown(counter, one, _leaf(one, leaf), {}, {}, said=done)


@post(f"/{HERE}/{{day:str}}/to/{{leaf:int}}", status_code=HTTP_200_OK)
async def enter(
    request: AnyRequest, counter: TheCounter, day: FromPath[str], leaf: FromPath[int]
) -> Response[Any]:
    """Check the lines, and save all of them or those that can be."""
    require_reception(counter)
    one, sent = await found(counter, day), await typed(request)
    here = _leaf(one, leaf)
    lines, wrong = (await _form(counter, one, here, sent)).lines()
    asked = sent.get("lam", CHECK)
    if asked == CHECK or not lines or (asked == SAVE and wrong):
        faults = await _faults(counter, one, here, lines, wrong)
        return await _shown(counter, one, here, sent, faults, said=_looked(lines, faults))
    try:
        done = await _saved(counter, one, here, lines, wrong, sent, all_of_them=asked != GOOD)
    except NotSavedError as error:
        return await _shown(counter, one, here, sent, wrong | _of(error.results))
    faults = done.faults
    if not faults:
        return _to(counter, one, here, str(done.count))
    one = await found(counter, day)
    said = text("village.saved", count=done.count) if done.count else ""
    return await _shown(counter, one, _leaf(one, leaf), sent, faults, said=said)


class Saved(msgspec.Struct):
    """How many lines are saved, and what is wrong with the others."""

    count: int
    faults: dict[int, list[Any]]


def _leaf(one: VillageDay, number: int) -> Leaf:
    """A sheet by its number.

    Raises:
        UnknownVillageDayError: there is none.
    """
    leaves = one.leaves
    if not 0 < number <= len(leaves):
        raise UnknownVillageDayError(day=str(number))
    return leaves[number - 1]


async def _form(
    counter: Counter, one: VillageDay, leaf: Leaf, sent: Mapping[str, str]
) -> SheetForm:
    house, desk, code = counter.house, counter.desk, leaf.sheet.procedure
    entered = await village_sheets.said(house, desk, counter.actor, leaf.sheet.block)
    return SheetForm(desk, offers.on_day(house, code, one.day), one, leaf, sent, entered)


async def _checked(
    counter: Counter, one: VillageDay, leaf: Leaf, lines: Sequence[Line]
) -> dict[int, list[FieldFault]]:
    """What entering the lines would find wrong."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    results = await village_sheets.check(house, desk, actor, one.id, leaf.sheet.block, lines)
    return _of(results)


async def _faults(
    counter: Counter, one: VillageDay, leaf: Leaf, lines: Sequence[Line], wrong: Faults
) -> dict[int, list[FieldFault]]:
    """All that is wrong with *lines*; of what could not be read, only that it could not."""
    found = await _checked(counter, one, leaf, lines) if lines else {}
    for number, unread in wrong.items():
        rest = [each for each in found.get(number, ()) if each.field not in OF_THE_MOMENT]
        found[number] = [*unread, *rest]
    return found


def _of(results: Sequence[village_sheets.Result]) -> dict[int, list[FieldFault]]:
    return {each.number: each.faults for each in results if each.faults}


async def _saved(
    counter: Counter,
    one: VillageDay,
    leaf: Leaf,
    lines: Sequence[Line],
    wrong: Faults,
    sent: Mapping[str, str],
    *,
    all_of_them: bool,
) -> Saved:
    """Save all lines or those without faults, once, whatever is pressed how often."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    asked = pressed(counter, HERE, sent, [str(one.id), leaf.at, all_of_them, *lines])

    async def do() -> list[int]:
        good = list(lines)
        if not all_of_them:
            found = await _faults(counter, one, leaf, lines, wrong)
            good = [each for each in lines if each.number not in found]
        await village_sheets.enter(house, desk, actor, one.id, leaf.sheet.block, good)
        return [each.number for each in good]

    done = set((await once(house, desk, asked, HTTP_200_OK, do)).answer)
    left = [each for each in lines if each.number not in done]
    unread = {number: told for number, told in wrong.items() if number not in done}
    return Saved(len(done), await _faults(counter, one, leaf, left, unread))


def _looked(lines: Sequence[Line], faults: Faults) -> str:
    """What a look at the lines found, where nothing is wrong."""
    if faults:
        return ""
    return text("village.checked", count=len(lines)) if lines else text("village.empty")


async def _shown(
    counter: Counter,
    one: VillageDay,
    leaf: Leaf,
    sent: Mapping[str, str],
    faults: Faults,
    *,
    said: str = "",
) -> Response[Any]:
    sheet = await _form(counter, one, leaf, sent)
    rows, able = sheet.rows(faults), {each.number for each in sheet.open} - set(faults)
    told = [
        (target, text("village.line", number=row.number.number, words=words))
        for row in rows
        for target, words in row.faults
    ]
    return await counter.page(
        "village_sheet.html",
        current="books",
        status=HTTP_422_UNPROCESSABLE_ENTITY if told else HTTP_200_OK,
        one=one,
        leaf=leaf,
        name=name_of(counter, one, leaf.sheet.procedure),
        labels=sheet.labels,
        rows=rows,
        shared=sheet.shared(),
        faults=told,
        good=sum(each.number in able for each in sheet.lines()[0]) if told else 0,
        said=said,
        unsaved=bool(sent) and any(sheet.used(each.number) for each in sheet.open),
        open=bool(sheet.open) and one.closed_at is None,
        key=sent.get("khoa", "") or counter.new_key(),
    )


def _to(counter: Counter, one: VillageDay, leaf: Leaf, count: str) -> Redirect:
    path = f"{counter.base}/{HERE}/{one.id}/to/{leaf.at}?xong={count}"
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
