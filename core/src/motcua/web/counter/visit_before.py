"""In what a visit's form differs from the visit that was received from it before."""

from collections.abc import Sequence

from motcua.plugin.texts import text
from motcua.services import payments
from motcua.services.counter import payer_of
from motcua.services.views import DossierView
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import work
from motcua.ui.format import money
from motcua.web.counter.cash import LATER, Cash
from motcua.web.counter.explained import Pair
from motcua.web.counter.frame import Counter
from motcua.web.counter.picks import Picks
from motcua.web.counter.sent_before import Difference, declared, differences
from motcua.web.counter.visitform import VisitForm
from motcua.web.forms.fields import FormWriter, walk
from motcua.web.forms.typed import YES

_KINDS = {"v": "variants", "x": "exemptions", "f": "optional_fees"}


async def visit_differences(
    counter: Counter, visit: VisitForm, cash: Cash, saved: Sequence[DossierView]
) -> list[Difference]:
    """What was received and paid otherwise than *visit* and *cash* say now.

    Not compared: the papers that prove an exemption, and dates that were agreed.
    """
    ids = [each.id for each in saved]
    async with work(counter.house.engine, counter.desk.id) as reading:
        rows = await store.load(reading, ids)
        paid = [each for each in await payments.payments(reading, ids) if each.kind == "payment"]
    papers = visit.papers()
    many = max(len(saved), len(papers)) > 1
    before, now = [], []
    for at, view in enumerate(saved):
        told = declared(visit.asked(at), view.applicant, view.answers)
        before += _titled(at, told + _picked(counter, visit, at, rows[view.id]), many=many)
    for at, paper in enumerate(papers):
        told = declared(visit.asked(at), paper.applicant, paper.answers)
        now += _titled(at, told + _picked(counter, visit, at, None), many=many)
    if saved:
        first = rows[ids[0]]
        payer = (
            await payer_of(counter.house, counter.desk, first.visit_id) if first.visit_id else ""
        )
        before += _around(payer, first.channel)
        now += _around(visit.payer or str(papers[0].applicant.get("name", "")), visit.channel)
    if any(fee.amount for view in saved for fee in view.fees):
        way = paid[0].way.value if paid else LATER
        before += _paying(
            Cash(way=way, tendered=paid[0].tendered if paid and cash.tendered else None)
        )
        now += _paying(cash)
    return differences(before, now)


def _titled(at: int, told: list[Pair], *, many: bool) -> list[Pair]:
    """What is told of one paper, with its number where there are several."""
    lead = f"{text('counter.receive.paper', number=at + 1)} – " if many else ""
    return [(lead + label, words) for label, words in told]


def _picked(counter: Counter, visit: VisitForm, at: int, row: DossierRow | None) -> list[Pair]:
    """The special cases, exemptions and fees that were picked: kept in *row*, or typed."""
    typed = visit.typed
    if row is not None:
        typed = {
            f"g{at}_{kind}-{each}": YES
            for kind, name in _KINDS.items()
            for each in row.chosen.get(name) or ()
        }
    drawn = Picks(counter.desk, visit.definition(at), typed, f"g{at}").special(
        FormWriter(typed, {})
    )
    marks = tuple(f"g{at}_{kind}-" for kind in _KINDS)
    return [
        (each.label, text("counter.yes"))
        for each in walk(drawn)
        if each.name.startswith(marks) and typed.get(each.name)
    ]


def _around(payer: str, channel: str) -> list[Pair]:
    return [
        (text("counter.receive.payer"), payer),
        (text("counter.receive.channel"), text(f"way.{channel}")),
    ]


def _paying(cash: Cash) -> list[Pair]:
    told = [(text("counter.pay.way"), text(f"counter.pay.{cash.way}"))]
    if cash.tendered is not None:
        told.append((text("counter.pay.tendered"), money(cash.tendered)))
    return told
