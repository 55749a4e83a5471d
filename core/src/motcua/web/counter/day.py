"""Closing the day: what was done, what to count, what was counted."""

import datetime as dt
import re
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from motcua.domain.errors import InvalidAnswersError
from motcua.domain.money import notes
from motcua.plugin.texts import fault_text, text
from motcua.services import day_closing
from motcua.services.day_closing import ClosedError, MovedOnError, MustFirstError
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.session import typed

AnyRequest = Request[Any, Any, Any]
HERE = "chot-ngay"
_MONEY = re.compile(r"[\s.đ]+")
_DIGITS = 12


@get(f"/{HERE}")
async def show(counter: TheCounter) -> Response[Any]:
    """The day as it stands, and the form that closes it; once it is closed, the closing."""
    days = await day_closing.closed_days(counter.house, counter.desk, counter.actor)
    if days and days[0][0] == counter.house.today():
        return _to_day(counter, days[0][0])
    return await _form(counter, {}, [])


@post(f"/{HERE}", status_code=HTTP_200_OK)
async def close(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Close the day, or show again what is missing."""
    sent = await typed(request)
    said, seen = amount(sent.get("dem", "")), _expected(sent)
    if said is None:
        return await _form(counter, sent, [("dem", text("day.count_it"))])
    counted = notes(said, exact=seen)
    try:
        kept = await day_closing.close(
            counter.house,
            counter.desk,
            counter.actor,
            counted=counted,
            reason=sent.get("ly_do", ""),
            seen=seen,
        )
    except InvalidAnswersError as error:
        faults = [(each.field, fault_text(each)) for each in error.faults]
        return await _form(counter, sent, faults)
    except ClosedError as error:
        return _to_day(counter, error.fields["day"], counted)
    except MustFirstError as error:
        told = text(error.code, **error.fields)
        return await _form(counter, sent, [("phai", told)], HTTP_409_CONFLICT)
    except MovedOnError as error:
        return await _form(counter, sent, [("dem", text(error.code))], HTTP_409_CONFLICT)
    return _to_day(counter, kept.day)


@get(f"/{HERE}/{{day:date}}")
async def kept(
    counter: TheCounter, day: FromPath[dt.date], dem: FromQuery[str] = ""
) -> Response[Any]:
    """A closing as it was kept, to be printed and signed; *dem* is what was counted too late."""
    found = await day_closing.closing(counter.house, counter.desk, counter.actor, day)
    days = await day_closing.closed_days(counter.house, counter.desk, counter.actor)
    return await counter.page(
        "day_closed.html", current="day", closing=found, days=days, again=amount(dem)
    )


def amount(words: str) -> int | None:
    """``2.000.000 đ`` as a number; ``None``: it is none."""
    digits = _MONEY.sub("", words)
    plain = digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS
    return int(digits) if plain else None


def _expected(sent: dict[str, str]) -> int:
    """What the officer was told to expect; less than nothing where more went out than came in."""
    said = sent.get("thay", "")
    return (amount(said.removeprefix("-")) or 0) * (-1 if said.startswith("-") else 1)


async def _form(
    counter: Counter,
    sent: dict[str, str],
    faults: list[tuple[str, str]],
    status: int = HTTP_422_UNPROCESSABLE_ENTITY,
) -> Response[Any]:
    found = await day_closing.today(counter.house, counter.desk, counter.actor)
    return await counter.page(
        "day.html",
        current="day",
        status=status if faults else HTTP_200_OK,
        day=found,
        given=sent,
        faults=faults,
        days=await day_closing.closed_days(counter.house, counter.desk, counter.actor),
    )


def _to_day(counter: Counter, day: dt.date, again: int | None = None) -> Redirect:
    """Lead to a closing; *again* is what was counted although it was closed already."""
    told = "" if again is None else f"?dem={again}"
    path = f"{counter.base}/{HERE}/{day.isoformat()}{told}"
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
