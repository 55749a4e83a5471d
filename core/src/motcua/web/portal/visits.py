"""Booking a visit on the portal: choose a day, choose half an hour, cancel again."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.calendar import VN
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.written import pasted
from motcua.plugin.texts import fault_text, text
from motcua.services import booking
from motcua.services.booking import SlotTakenError, UnknownBookingError
from motcua.services.limits import count
from motcua.services.words import called
from motcua.ui.site import HelpDesk
from motcua.web.client import address
from motcua.web.language import SWITCH
from motcua.web.pages import Page
from motcua.web.portal.apply.desk import Applying, TheApplying, admit, provide_applying
from motcua.web.portal.apply.pages import PRESSED

_MOST_BYTES = 16 * 1024
Faults = list[tuple[str, str]]


def routes(help_desk: HelpDesk) -> Router:
    """The routes of booked visits.

    Args:
        help_desk: Where people get help; stands on every page.
    """
    return Router(
        "/t/{slug:str}/dat-lich",
        route_handlers=[choose, book, ask_cancel, cancel],
        guards=[admit],
        dependencies={"applying": provide_applying(help_desk)},
        request_max_body_size=_MOST_BYTES,
        include_in_schema=False,
    )


@get("/")
async def choose(
    applying: TheApplying, ngay: FromQuery[str] = "", thu_tuc: FromQuery[str] = ""
) -> Response[Any]:
    """The days, and the free half hours of the one that was chosen."""
    return await _form(applying, {"ngay": ngay, "thu_tuc": thu_tuc}, [])


@post("/", status_code=HTTP_200_OK)
async def book(applying: TheApplying) -> Response[Any]:
    """Take a place; sent twice it is taken once."""
    sent = await applying.form()
    if sent.get(PRESSED) == SWITCH:
        return await _form(applying, sent, [])
    await count(applying.house, applying.desk, "book", address(applying.request))
    try:
        booked = await booking.book(
            applying.house,
            applying.desk,
            UUID(sent.get("khoa", "")),
            _slot(sent.get("gio", "")),
            pasted(sent.get("ten", "")).strip(),
            pasted(sent.get("dien_thoai", "")).strip(),
            _procedure(applying, sent.get("thu_tuc", ""))[0],
        )
    except ValueError:
        return await _form(applying, sent, [("gio", text("booking.choose"))])
    except SlotTakenError as error:
        return await _form(applying, sent, [("gio", text(error.code))])
    except InvalidAnswersError as error:
        label = {"ten": text("booking.name"), "dien_thoai": text("booking.phone")}
        told = [(each.field, fault_text(_labelled(each, label))) for each in error.faults]
        return await _form(applying, sent, told)
    return applying.page("booked.html", booked=booked)


@get("/huy")
async def ask_cancel(applying: TheApplying) -> Response[Any]:
    """Ask which visit does not take place."""
    booking.require_bookable(applying.house, applying.desk)
    return _cancelling(applying, {})


@post("/huy", status_code=HTTP_200_OK)
async def cancel(applying: TheApplying) -> Response[Any]:
    """Give the place back to others."""
    booking.require_bookable(applying.house, applying.desk)
    sent = await applying.form()
    if sent.get(PRESSED) == SWITCH:
        return _cancelling(applying, sent)
    await count(applying.house, applying.desk, "codes", address(applying.request))
    code = sent.get("ma", "")[:40]
    await count(applying.house, applying.desk, "code-tried", f"booking {code.strip().upper()}")
    try:
        at = await booking.cancel(applying.house, applying.desk, code, sent.get("bi_mat", "")[:80])
    except UnknownBookingError as error:
        return _cancelling(applying, sent, [("ma", text(error.code))])
    return _cancelling(applying, {}, done=at)


async def _form(applying: Applying, sent: dict[str, str], faults: Faults) -> Page:
    most = booking.require_bookable(applying.house, applying.desk)
    days = booking.days(applying.house, applying.desk)
    day = _day(sent, days)
    slots = await booking.slots(applying.house, applying.desk, day) if day else []
    code, name = _procedure(applying, sent.get("thu_tuc", ""))
    return applying.page(
        "booking.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        days=days,
        day=day,
        slots=[each for each in slots if each.free],
        most=most,
        procedure=code,
        name=name,
        sent=sent,
        key=sent.get("khoa") or str(applying.house.new_id()),
        faults=faults,
        errors=dict(faults),
    )


def _cancelling(
    applying: Applying,
    sent: dict[str, str],
    faults: Faults | None = None,
    done: dt.datetime | None = None,
) -> Page:
    return applying.page(
        "booking_cancel.html",
        status=HTTP_404_NOT_FOUND if faults else HTTP_200_OK,
        code=sent.get("ma", ""),
        done=done,
        faults=faults or [],
        errors=dict(faults or []),
    )


def _day(sent: dict[str, str], days: list[dt.date]) -> dt.date | None:
    """The day that was chosen, also by a slot of it."""
    for said in (sent.get("ngay", ""), sent.get("gio", "")):
        try:
            found = _slot(said).date()
        except ValueError:
            continue
        return found if found in days else None
    return None


def _slot(said: str) -> dt.datetime:
    """The moment an address or a form says, here.

    Raises:
        ValueError: it says none.
    """
    try:
        at = dt.datetime.fromisoformat(said)
        return at.astimezone(VN) if at.tzinfo else at.replace(tzinfo=VN)
    except OverflowError:
        raise ValueError(said) from None


def _procedure(applying: Applying, code: str) -> tuple[str, str]:
    """Code and name of what one comes for; nothing if there is no such procedure."""
    found = applying.house.catalogue.find(code, applying.house.today()) if code else None
    return (code, called(found.definition)) if found else ("", "")


def _labelled(fault: Any, label: dict[str, str]) -> Any:
    return type(fault)(
        fault.field, fault.fault, **(fault.fields | {"label": label.get(fault.field, "")})
    )
