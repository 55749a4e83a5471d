"""Who has booked a visit, for the reception of a day."""

import datetime as dt

from litestar import get
from litestar.params import FromQuery

from motcua.domain.dossier import Role, RoleNotAllowedError
from motcua.domain.report import Period
from motcua.services import booking
from motcua.services.words import called
from motcua.web.counter.frame import TheCounter
from motcua.web.pages import Page


@get("/lich-hen")
async def show(counter: TheCounter, ngay: FromQuery[str] = "") -> Page:
    """The visits of a day, today without one.

    Raises:
        RoleNotAllowedError: names and telephones are for the reception and its head alone.
    """
    house, here = counter.house, counter.desk
    if not (counter.has(Role.RECEPTION) or counter.has(Role.HEAD)):
        raise RoleNotAllowedError(transition="", roles=(Role.RECEPTION, Role.HEAD))
    booking.require_bookable(house, here)
    day = _day(ngay) or house.today()
    names = {each.definition.code: called(each.definition) for each in house.catalogue.current(day)}
    return await counter.page(
        "visits.html",
        current="visits",
        day=day,
        days=booking.days(house, here),
        coming=[
            (each, names.get(each.procedure_code, ""))
            for each in await booking.coming(house, here, day)
        ],
    )


def _day(said: str) -> dt.date | None:
    """The day that was asked for, if it is one."""
    try:
        found = dt.date.fromisoformat(said)
    except ValueError:
        return None
    return found if Period.EARLIEST <= found <= Period.LATEST else None
