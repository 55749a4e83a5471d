"""``motcua report``: the periodic report on procedures of a unit or a whole province."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from motcua.cli.options import home_option, json_option
from motcua.cli.report_sheet import GROUPS, write_sheets
from motcua.cli.session import with_house
from motcua.domain.report import Period, Row, total
from motcua.plugin.texts import text
from motcua.services.house import House
from motcua.services.report import Report, field_names, report

_ARTICLE = ("tp-bac-ninh-2018", dt.date(2018, 2, 1), dt.date(2018, 7, 31))
"""What the published article is about; it prints 255 where the count gives 258.7."""
_FIELDS_A_TABLE = 4
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("report")
@click.option("--province", help="A province or city: every unit below it.")
@click.option("--tenant", help="One unit.")
@click.option("--from", "first", type=_DAY, required=True, help="First day.")
@click.option("--to", "last", type=_DAY, required=True, help="Last day.")
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write form II.06a, a sheet for each unit.",
)
@home_option
@json_option
def command(
    province: str | None,
    tenant: str | None,
    first: dt.datetime,
    last: dt.datetime,
    xlsx: Path | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Report what was received and processed in a period, as form II.06a counts it."""
    if (province is None) == (tenant is None):
        raise click.UsageError("Name either --province or --tenant.")
    slug = province or tenant or ""
    period = Period(first.date(), last.date())

    async def use(house: House) -> tuple[Report, dict[str, str]]:
        return await report(house, slug, period), field_names(house)

    made, names = with_house(home, use)
    if xlsx is not None:
        write_sheets(xlsx, made, names)
    if as_json:
        click.echo(msgspec.json.encode(made))
        return
    _print(made, names)
    if xlsx is not None:
        click.echo(text("report.written", path=str(xlsx)))


def _print(made: Report, names: dict[str, str]) -> None:
    console = Console()
    period = {"first": f"{made.first:%d/%m/%Y}", "last": f"{made.last:%d/%m/%Y}"}
    console.print(text("report.title", name=made.name, **period), style="bold")
    judged = made.processed
    console.print(
        text(
            "report.summary",
            received=_number(made.received),
            carried=_number(made.carried),
            active=made.procedures.active,
            all=made.procedures.all,
            early=_number(judged.early),
            on_time=_number(judged.on_time),
            late=_number(judged.late),
            percent=_decimal(judged.percent_in_time),
            rate=_decimal(made.per_month_and_unit),
        ),
        soft_wrap=True,
    )
    if judged.no_limit:
        console.print(text("report.no-limit", count=_number(judged.no_limit)))
    if (made.tenant, made.first, made.last) == _ARTICLE:
        console.print(text("report.article"), soft_wrap=True)
    console.print(_shares(made, names))
    for table in _form(made.by_field, names):
        console.print(table)


def _shares(made: Report, names: dict[str, str]) -> Table:
    table = Table(title=text("report.shares"), title_justify="left")
    table.add_column(text("report.field"))
    table.add_column(text("report.received"), justify="right")
    table.add_column("%", justify="right")
    for share in made.fields:
        name = names.get(share.field, share.field)
        table.add_row(name, _number(share.received), _decimal(share.percent))
    return table


def _form(rows: list[Row], names: dict[str, str]) -> Iterator[Table]:
    """The form lying on its side, so that its numbers fit a terminal; a few fields a table."""
    summed = total(rows, text("report.total"))
    columns = [*rows, summed]
    for start in range(0, len(columns), _FIELDS_A_TABLE):
        shown = columns[start : start + _FIELDS_A_TABLE]
        table = Table(title=text("report.form"), title_justify="left")
        table.add_column(text("report.column"))
        for row in shown:
            table.add_column(names.get(row.field, row.field), justify="right")
        for key, first, last in GROUPS:
            table.add_row(text(key), style="bold")
            for place in range(first, last + 1):
                label = f"({place}) {text(f'report.c{place}')}"
                numbers = (_number(getattr(row, f"c{place}")) for row in shown)
                table.add_row(label, *numbers, end_section=place == last)
        yield table


def _number(count: int) -> str:
    """As Vietnamese write it: ``29.494``."""
    return f"{count:,}".replace(",", ".")


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".replace(".", ",")
