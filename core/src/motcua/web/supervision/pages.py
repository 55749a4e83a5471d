"""The pages of supervision: all units in figures, one unit, the table as a workbook."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from motcua.plugin.texts import text
from motcua.services import supervision
from motcua.services.house import House
from motcua.services.report import field_names
from motcua.services.supervision import Cell, Counts, total
from motcua.ui.chart import Chart, pairs, shares
from motcua.ui.format import decimal, number, percent
from motcua.web.pages import AnyRequest, Page, page
from motcua.web.portal.catalogue import short_name
from motcua.web.supervision import table
from motcua.web.supervision.frame import Seen, day_words, seen, shown
from motcua.web.supervision.periods import step_of, weekly
from motcua.web.supervision.sheet import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
From = Annotated[str, QueryParameter(name="from")]
To = Annotated[str, QueryParameter(name="to")]


@get("/")
async def choose(request: AnyRequest) -> Page | Redirect:
    """The provinces and what is kept of older ones; where one serves today, straight to it."""
    house: House = request.app.state.house
    found = await supervision.places(house)
    serving = [slug for slug, _, kept in found if not kept]
    if len(serving) == 1:
        return Redirect(f"/t/{serving[0]}/giam-sat", status_code=HTTP_303_SEE_OTHER)
    return page("supervision/choose.html", places=[(slug, name) for slug, name, _ in found])


@get("/")
async def overview(
    request: AnyRequest,
    noi: FromQuery[str] = "",
    ky: FromQuery[str] = "",
    xep: FromQuery[str] = table.USUAL,
    first: From = "",
    last: To = "",
) -> Page:
    """All units of a province in figures, sorted as the address asks."""
    house: House = request.app.state.house
    what = await seen(request, noi, ky, first, last)
    units = await supervision.units(house, what.above, what.period)
    cells = await supervision.by_day_and_field(house, what.above, what.period)
    sum_ = table.whole(units, what.above.name)
    names = field_names(house)
    return shown(
        request,
        "overview.html",
        what,
        kpi=_kpi(what, sum_, len(units)),
        heads=table.heads(what, xep),
        order=xep,
        lines=table.lines(what, table.sorted_units(units, xep)),
        total=table.cells(sum_),
        counted_at=sum_.counted_at,
        trend=_trend(what, cells),
        trend_rows=_steps(what, cells),
        weekly=weekly(what.period),
        fields=_fields(cells, names),
        field_rows=_rows(cells, lambda of: names.get(of, of)),
        sheet=what.address("bang", xep=xep),
    )


@get("/bang")
async def download(
    request: AnyRequest,
    noi: FromQuery[str] = "",
    ky: FromQuery[str] = "",
    xep: FromQuery[str] = table.USUAL,
    first: From = "",
    last: To = "",
) -> Response[bytes]:
    """The table of units as a workbook."""
    house: House = request.app.state.house
    what = await seen(request, noi, ky, first, last)
    units = await supervision.units(house, what.above, what.period)
    content = workbook(what, table.sorted_units(units, xep), table.whole(units))
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
    first: From = "",
    last: To = "",
) -> Page:
    """One unit in figures: by procedure, and by week or day."""
    house: House = request.app.state.house
    what = await seen(request, noi, ky, first, last)
    units = await supervision.units(house, what.above, what.period)
    found = next((each for each in units if each.slug == unit_slug), None)
    if found is None:
        raise NotFoundException
    cells = await supervision.by_day_and_procedure(house, what.above, found, what.period)
    names = {each.definition.code: each.definition.name for each in house.registry.definitions()}
    return shown(
        request,
        "unit.html",
        what,
        unit=found,
        kpi=_kpi(what, found, 1),
        warnings=table.warnings(found),
        back=what.address(),
        trend=_trend(what, cells),
        trend_rows=_steps(what, cells),
        weekly=weekly(what.period),
        procedures=_rows(cells, lambda of: short_name(names.get(of, of))),
        total=table.figures_of(text("supervision.total"), found.counts),
    )


def _kpi(what: Seen, unit: supervision.Unit, count: int) -> list[tuple[str, str]]:
    """The figures at the head of a page."""
    counts = unit.counts
    shown_: list[tuple[str, str]] = []
    if not what.above.archived:
        shown_ += [("received_today", number(unit.today.received))]
        shown_ += [("done_today", number(unit.today.done))]
    shown_ += [("received", number(counts.received)), ("done", number(counts.done))]
    if what.above.archived:
        monthly = counts.received / (count or 1) / what.period.months
        shown_ += [
            ("early", number(counts.early)),
            ("on_time", number(counts.on_time)),
            ("late", number(counts.late)),
            ("monthly", decimal(monthly)),
        ]
    else:
        shown_ += [("open", number(unit.open)), ("overdue", number(unit.overdue))]
    shown_ += [
        ("in_time", percent(counts.percent_in_time)),
        ("online", percent(counts.percent_online)),
        ("satisfied", percent(counts.percent_satisfied)),
    ]
    return [(text(f"supervision.kpi.{name}"), words) for name, words in shown_]


def _trend(what: Seen, cells: Sequence[Cell]) -> Chart:
    """Received and finished, by day or by week."""
    steps = _stepped(what, cells)
    drawn = [(day_words(day), counts.received, counts.done) for day, counts in steps.items()]
    best = max(drawn, key=lambda each: each[1], default=("–", 0, 0))
    key = "supervision.trend.weeks" if weekly(what.period) else "supervision.trend.days"
    return pairs(text(key, day=best[0], received=number(best[1]), done=number(best[2])), drawn)


def _steps(what: Seen, cells: Sequence[Cell]) -> list[tuple[str, ...]]:
    return [
        table.figures_of(f"{day:%d/%m/%Y}", counts) for day, counts in _stepped(what, cells).items()
    ]


def _stepped(what: Seen, cells: Sequence[Cell]) -> dict[Any, Counts]:
    """The counts by day or by week, in order."""
    return _grouped(cells, lambda cell: step_of(cell.day, what.period))


def _fields(cells: Sequence[Cell], names: dict[str, str]) -> Chart:
    """How much of each field of law was in time, the largest field first."""
    rows = [
        (names.get(of, of), counts.percent_in_time, percent(counts.percent_in_time), counts.done)
        for of, counts in _largest(cells)
    ]
    told = ", ".join(f"{name} {words}" for name, _, words, _ in rows)
    return shares(text("supervision.fields.told", told=told), rows)


def _rows(cells: Sequence[Cell], name: Callable[[str], str]) -> list[tuple[str, ...]]:
    return [table.figures_of(name(of), counts) for of, counts in _largest(cells)]


def _largest(cells: Sequence[Cell]) -> list[tuple[str, Counts]]:
    found = _grouped(cells, lambda cell: cell.of)
    return sorted(found.items(), key=lambda each: (-each[1].received, each[0]))


def _grouped(cells: Sequence[Cell], of: Callable[[Cell], Any]) -> dict[Any, Counts]:
    groups: dict[Any, list[Counts]] = {}
    for cell in cells:
        groups.setdefault(of(cell), []).append(cell.counts)
    return {key: total(counts) for key, counts in sorted(groups.items())}
