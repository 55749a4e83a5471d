"""In what a visit's form differs from the visit that was received from it before."""

from collections.abc import Sequence

from motcua.plugin.texts import text
from motcua.services.counter import PICKED, HandedIn, handed_in
from motcua.services.views import DossierView
from motcua.ui.format import money
from motcua.web.counter.cash import LATER, Cash
from motcua.web.counter.explained import Pair
from motcua.web.counter.frame import Counter
from motcua.web.counter.picks import Picks
from motcua.web.counter.sent_before import Difference, declared, differences
from motcua.web.counter.visitform import VisitForm
from motcua.web.forms.fields import FormWriter, walk
from motcua.web.forms.typed import YES

_KINDS = dict(zip("vxf", PICKED, strict=True))


async def visit_differences(
    counter: Counter, visit: VisitForm, cash: Cash, saved: Sequence[DossierView]
) -> list[Difference]:
    """What was received and paid otherwise than *visit* and *cash* say now.

    Not compared: the papers that prove an exemption, and dates that were agreed.
    """
    made = await handed_in(counter.house, counter.desk, [each.id for each in saved])
    papers = visit.papers()
    many = max(len(saved), len(papers)) > 1
    before, now = [], []
    for at, view in enumerate(saved):
        told = declared(visit.asked(at), view.applicant, view.answers)
        before += _titled(at, told + _picked(counter, visit, at, made[at]), many=many)
    for at, paper in enumerate(papers):
        told = declared(visit.asked(at), paper.applicant, paper.answers)
        now += _titled(at, told + _picked(counter, visit, at, None), many=many)
    if made:
        before += _around(made[0].payer, made[0].channel)
        now += _around(visit.payer or str(papers[0].applicant.get("name", "")), visit.channel)
    if made and any(fee.amount for view in saved for fee in view.fees):
        tendered = made[0].tendered if cash.tendered else None
        before += _paying(Cash(way=made[0].way or LATER, tendered=tendered))
        now += _paying(cash)
    return differences(before, now)


def _titled(at: int, told: list[Pair], *, many: bool) -> list[Pair]:
    """What is told of one paper, with its number where there are several."""
    lead = f"{text('counter.receive.paper', number=at + 1)} – " if many else ""
    return [(lead + label, words) for label, words in told]


def _picked(counter: Counter, visit: VisitForm, at: int, kept: HandedIn | None) -> list[Pair]:
    """The special cases, exemptions and fees that were picked: *kept*, or typed."""
    typed = visit.typed
    if kept is not None:
        typed = {
            f"g{at}_{kind}-{each}": YES
            for kind, name in _KINDS.items()
            for each in kept.picked[name]
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
