"""Figures of many communes: totals, the search by name and the table they stand in."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from motcua.domain.names import search_key
from motcua.domain.report import percent_in_time
from motcua.plugin.texts import text
from motcua.services.figures import FieldFigure, Standing
from motcua.ui.format import moment, number, percent
from motcua.ui.table import Cell, Row
from motcua.web.portal.views import CommuneFigures, CommuneGroup, Overview


class ShownGroup(msgspec.Struct, frozen=True):
    """A group as the page shows it.

    Attributes:
        rows: The communes that were looked for.
        foot: Their sum, under a whole group only.
    """

    group: CommuneGroup
    rows: list[Row]
    foot: Row | None


def total(communes: Iterable[CommuneFigures], name: str = "") -> CommuneFigures:
    """The sum over *communes*, as one line called *name*."""
    listed = list(communes)
    return CommuneFigures(
        slug="",
        name=name,
        received=sum(each.received for each in listed),
        processed=sum(each.processed for each in listed),
        in_time=sum(each.in_time for each in listed),
        late=sum(each.late for each in listed),
        overdue=sum(each.overdue for each in listed),
    )


def matching(overview: Overview, typed: str) -> list[ShownGroup]:
    """The communes whose name contains *typed*, accents or not, in their groups."""
    wanted = search_key(typed)
    shown = []
    for group in overview.groups:
        kept = [each for each in group.communes if wanted in search_key(each.name)]
        if kept:
            whole = len(kept) == len(group.communes)
            foot = row(total(kept, group.total)) if whole else None
            shown.append(ShownGroup(group, [row(each) for each in kept], foot))
    return shown


def row(commune: CommuneFigures) -> Row:
    """One line of the table; a sum has no page of its own."""
    return (
        Cell(
            commune.name,
            href=f"/t/{commune.slug}/" if commune.slug else "",
            note=_ended(commune),
            more=tuple(
                (each.name, f"/t/{each.slug}/" if each.slug else "") for each in commune.successors
            ),
        ),
        Cell(number(commune.received), text("ui.communes.card.received"), css="num"),
        Cell(number(commune.late + commune.overdue), text("ui.communes.card.late"), css="num"),
        Cell(percent(commune.percent_in_time), text("ui.communes.card.in_time"), css="num"),
    )


def _ended(commune: CommuneFigures) -> str:
    """Until when a commune existed that does no more, or until when it will."""
    if commune.closed_on is None:
        return ""
    last = commune.closed_on - dt.timedelta(days=1)
    known = "ended_into" if commune.successors else "ended"
    return text(f"ui.communes.{'until' if commune.open else known}", day=f"{last:%d/%m/%Y}")


def field_row(name: str, each: FieldFigure, overdue: int, *, now: bool) -> Row:
    """One field of law on a commune's board."""
    in_time = percent_in_time(each.early + each.on_time, each.late, overdue)
    numbers = [(key, getattr(each, key)) for key in ("received", "early", "on_time", "late")]
    return (
        Cell(name),
        *(Cell(number(n), text(f"board.card.{key}"), css="num") for key, n in numbers),
        *([Cell(number(overdue), text("board.card.overdue"), css="num")] if now else []),
        Cell(percent(in_time), text("board.card.in_time"), css="num"),
    )


def standing_row(slug: str, each: Standing, *, now: bool) -> Row:
    """Where one dossier stands: its code, and nobody's name."""
    late = text("board.is_overdue") if each.overdue and now else ""
    due = moment(each.due_at) if each.due_at else "–"
    return (
        Cell(each.code, href=f"/t/{slug}/tra-cuu?ma={each.code}"),
        Cell(text(f"state.{each.state.value}")),
        Cell(moment(each.received_at), text("board.card.received_at")),
        Cell(due, text("board.card.due_at"), note=late),
        Cell(moment(each.finished_at), text("board.card.finished_at"))
        if each.finished_at
        else Cell("–", text("board.card.unfinished")),
    )
