"""What can be asked for, on which days, and how much was done."""

import datetime as dt
from typing import Annotated

from litestar import Router, get
from litestar.params import FromPath, QueryParameter

from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.report import Period
from motcua.services import figures as counting
from motcua.services import offers
from motcua.services.api_keys import Scope
from motcua.web.api.admission import ANONYMOUS, TheActor, TheDesk, TheHouse, within
from motcua.web.api.described import BEARER, failures

First = Annotated[str, QueryParameter(name="from", description="Ngày đầu, YYYY-MM-DD")]
Last = Annotated[str, QueryParameter(name="to", description="Ngày cuối, YYYY-MM-DD")]
_LONGEST = dt.timedelta(days=366)


@get(
    "/procedures",
    opt=ANONYMOUS,
    summary="Thủ tục hành chính của đơn vị",
    responses=failures(),
    sync_to_thread=False,
)
def procedures(house: TheHouse, desk: TheDesk) -> offers.ProcedureList:
    """What the tenant takes today."""
    return offers.procedures(house, desk)


@get(
    "/procedures/{code:str}",
    opt=ANONYMOUS,
    summary="Một thủ tục hành chính",
    responses=failures(),
    sync_to_thread=False,
)
def procedure(house: TheHouse, desk: TheDesk, code: FromPath[str]) -> offers.ProcedureView:
    """One procedure with its form, documents, fees and limits."""
    return offers.procedure(house, desk, code)


@get(
    "/calendar",
    opt=within(Scope.FIGURES),
    summary="Lịch làm việc",
    security=BEARER,
    responses=failures(401, 422),
    sync_to_thread=False,
)
def calendar(
    house: TheHouse, desk: TheDesk, actor: TheActor, first: First = "", last: Last = ""
) -> offers.CalendarView:
    """The working sessions of each day, and why a day is off; the next month if nobody says."""
    del actor
    today = house.today()
    return offers.calendar(desk, _period(first, last, today, today + offers.AHEAD))


@get(
    "/figures",
    opt=within(Scope.FIGURES),
    summary="Số liệu",
    security=BEARER,
    responses=failures(401, 422),
)
async def figures(
    house: TheHouse, desk: TheDesk, actor: TheActor, first: First = "", last: Last = ""
) -> counting.Figures:
    """How many dossiers were received and processed; this month if nobody says."""
    del actor
    today = house.today()
    asked = _period(first, last, today.replace(day=1), today, longest=None)
    return await counting.figures(house, desk, asked.first, asked.last)


def routes() -> Router:
    """All of them."""
    handlers = [procedures, procedure, calendar, figures]
    return Router("/", route_handlers=handlers, tags=["Danh mục và số liệu"])


def _period(
    first: str,
    last: str,
    usual_first: dt.date,
    usual_last: dt.date,
    *,
    longest: dt.timedelta | None = _LONGEST,
) -> Period:
    """The days asked for.

    Raises:
        InvalidAnswersError: what was given are no dates, or too many of them.
        PeriodError: the period ends before it begins.
    """
    faults: list[FieldFault] = []
    begin = _day("from", first, faults) or usual_first
    end = _day("to", last, faults) or (usual_last if not first else max(begin, usual_last))
    if faults:
        raise InvalidAnswersError(faults)
    if longest is not None and end - begin > longest:
        raise InvalidAnswersError(
            [FieldFault("to", "field.too-many", label="to", most=longest.days)]
        )
    return Period(begin, end)


def _day(name: str, text: str, faults: list[FieldFault]) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        faults.append(FieldFault(name, "field.date", label=name))
        return None
