"""The pages of supervision: all units in figures, one unit, the table as a workbook."""

from typing import Annotated

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from motcua.plugin.texts import text
from motcua.services import supervision
from motcua.services import supervision_series as series
from motcua.services.house import House
from motcua.services.report import field_names
from motcua.services.words import called_on
from motcua.ui import averages
from motcua.web.counter.session import HOME
from motcua.web.pages import AnyRequest, Page, page
from motcua.web.supervision import charts, figures, table
from motcua.web.supervision.frame import seen, shown
from motcua.web.supervision.sheet import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
From = Annotated[str, QueryParameter(name="from")]
To = Annotated[str, QueryParameter(name="to")]


@get("/")
async def choose(request: AnyRequest) -> Page | Redirect:
    """Home, for whoever has signed in; else the provinces and what is kept of older ones.

    Where one serves today, everybody is led straight to it.
    """
    house: House = request.app.state.house
    found = await supervision.places(house)
    home = request.cookies.get(HOME, "")
    known = [slug for slug, _, _ in found if slug == home]
    serving = known or [slug for slug, _, kept in found if not kept]
    if len(serving) == 1:
        return Redirect(f"/t/{serving[0]}/giam-sat", status_code=HTTP_303_SEE_OTHER)
    return page("supervision/choose.html", places=[(slug, name) for slug, name, _ in found])


@get("/")
async def overview(
    request: AnyRequest,
    noi: FromQuery[str] = "",
    ky: FromQuery[str] = "",
    linh_vuc: FromQuery[str] = "",
    xep: FromQuery[str] = "",
    first: From = "",
    last: To = "",
) -> Page:
    """All units of a province in figures, sorted as the address asks."""
    house: House = request.app.state.house
    what = await seen(request, noi, ky, first, last, linh_vuc)
    above, days, order = what.above, what.period, xep or table.usual(what)
    units = await supervision.units(house, above, days, what.field)
    cells = await series.by_day_and_field(house, above, days, what.field)
    kept = await series.balance(house, above, days, field=what.field)
    said = {} if what.field else await series.said(house, above, days)
    months = await series.by_month(house, above, days, field=what.field)
    sum_ = table.whole(units, above.name)
    listed = table.sorted_units(units, order)
    return shown(
        request,
        "overview.html",
        what,
        kpi=figures.heading(what, sum_, len(units), kept),
        balance=figures.balance(what, kept),
        heads=table.heads(what, order),
        lines=table.lines(what, [unit for unit in listed if not unit.idle]),
        resting=table.lines(what, [unit for unit in listed if unit.idle]),
        total=table.cells(what, sum_),
        counted_at=sum_.counted_at,
        trend=charts.trend(what, cells),
        fields=charts.fields(what, cells, field_names(house), units),
        months=charts.months(what, months, sum_.overdue),
        said=averages.lines(said) if any(said.values()) else [],
        said_columns=averages.columns(),
        sheet=what.address("bang", xep=order),
    )


@get("/bang")
async def download(
    request: AnyRequest,
    noi: FromQuery[str] = "",
    ky: FromQuery[str] = "",
    linh_vuc: FromQuery[str] = "",
    xep: FromQuery[str] = "",
    first: From = "",
    last: To = "",
) -> Response[bytes]:
    """The table of units as a workbook."""
    house: House = request.app.state.house
    what = await seen(request, noi, ky, first, last, linh_vuc)
    units = await supervision.units(house, what.above, what.period, what.field)
    listed = table.sorted_units(units, xep or table.usual(what))
    content = workbook(what, listed, table.whole(units))
    name = f"giam-sat-{what.above.slug}-{what.period.first}-{what.period.last}.xlsx"
    return Response(
        content,
        media_type=XLSX,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


@get("/don-vi/{unit_slug:str}")
async def unit(
    request: AnyRequest,
    unit_slug: FromPath[str],
    noi: FromQuery[str] = "",
    ky: FromQuery[str] = "",
    linh_vuc: FromQuery[str] = "",
    first: From = "",
    last: To = "",
) -> Page:
    """One unit in figures: by procedure, and by week or day."""
    house: House = request.app.state.house
    what = await seen(request, noi, ky, first, last, linh_vuc)
    units = await supervision.units(house, what.above, what.period, what.field)
    found = next((each for each in units if each.slug == unit_slug), None)
    if found is None:
        raise NotFoundException
    above, days, field = what.above, what.period, what.field
    cells = await series.by_day_and_procedure(house, above, found, days, field)
    kept = await series.balance(house, above, days, found, field)
    said = {} if field else await series.said(house, above, days, found)
    months = await series.by_month(house, above, days, found, field)
    here = f"don-vi/{found.slug}"
    return shown(
        request,
        "unit.html",
        what,
        unit=found,
        kpi=figures.heading(what, found, 1, kept),
        balance=figures.balance(what, kept),
        warnings=table.warnings(found),
        back=what.address(),
        trend=charts.trend(what, cells, here),
        months=charts.months(what, months, found.overdue, here),
        said=averages.lines(said) if any(said.values()) else [],
        said_columns=averages.columns(),
        procedures=charts.by_procedure(
            what,
            cells,
            found,
            lambda of: called_on(house.catalogue, of, what.period.last, archive=found.ended),
        ),
        total=table.figures_of(
            text("supervision.total"), found.counts, found.overdue, now=what.now
        ),
    )
