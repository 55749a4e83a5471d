"""What an officer hands over after a reception: codes, fees, the due time, the secret."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_404_NOT_FOUND,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from motcua.domain.dossier import FINAL
from motcua.plugin.texts import text
from motcua.services import payments, reading, views
from motcua.services.counter import kept, payer_of
from motcua.services.lines import live
from motcua.services.printing import prints
from motcua.services.told import label
from motcua.services.visit import Received, Visit
from motcua.storage import books
from motcua.storage.rows import RegisterRow
from motcua.storage.work import work
from motcua.ui.due import DueTag
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import slip_key
from motcua.web.counter.seats import sitting_of
from motcua.web.counter.worklist import tag_of


class SlipLine(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier of the visit on its slip."""

    id: UUID
    code: str
    name: str
    applicant: str
    due: dt.datetime | None
    tag: DueTag
    secret: str
    numbers: str
    ended: bool
    fees: tuple[views.FeeView, ...]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A visit this officer has just received."""

    key: str
    visit: Visit
    at: dt.datetime
    views: list[views.DossierView]


@get("/phieu/{key:str}")
async def slip(counter: TheCounter, key: FromPath[str], lai: FromQuery[str] = "") -> Response[Any]:
    """The slip of a visit this officer has just received; kept for a day."""
    found = await received(counter, key)
    if found is None:
        return await no_slip(counter)
    said = "sitting.done" if lai == "xong" else "counter.slip.done"
    return await shown(counter, found, said=text(said, count=len(found.views)))


async def received(counter: Counter, key: str) -> Found | None:
    """The visit this officer received under *key*, as its dossiers stand now."""
    answered = await kept(counter.house, counter.desk, counter.actor, slip_key(key))
    visit = visit_of(answered.answer) if answered else None
    if answered is None or visit is None:
        return None
    read = [
        await reading.dossier(counter.house, counter.desk, counter.actor, each.id)
        for each in visit.dossiers
    ]
    return Found(key=key, visit=visit, at=answered.at, views=read)


async def no_slip(counter: Counter) -> Response[Any]:
    """There is no such slip, or it is another officer's."""
    return await counter.page("no_slip.html", current="receive", status=HTTP_404_NOT_FOUND)


async def shown(
    counter: Counter,
    found: Found,
    *,
    said: str,
    typed: Mapping[str, str] | None = None,
    faults: Sequence[tuple[str, str]] = (),
) -> Response[Any]:
    """The slip's page; *typed* and *faults* are of the form that ends the visit in one sitting."""
    house, desk, visit = counter.house, counter.desk, found.visit
    ids = [each.id for each in visit.dossiers]
    async with work(house.engine, desk.id) as money:
        entries = await payments.payments(money, ids)
        unpaid = sum(each.due for each in (await payments.balances(money, ids)).values())
        numbers = await books.lines_of(money, ids)
    dues = [each.due_at for each in visit.dossiers if each.due_at is not None]
    return await counter.page(
        "slip.html",
        current="receive",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        key=found.key,
        visit=visit,
        said=said,
        place=f"{counter.request.base_url}t/{desk.slug}/tra-cuu",
        at=found.at,
        applicant=found.views[0].applicant.get("name", ""),
        payer=await payer_of(house, desk, visit.visit),
        lines=[
            _line(counter, received, view, numbers[view.id])
            for received, view in zip(visit.dossiers, found.views, strict=True)
        ],
        entries=entries,
        unpaid=unpaid,
        due=max(dues, default=None),
        ended=all(each.state in FINAL for each in found.views),
        same=found.views[0].procedure,
        texts=prints(house, [each.procedure for each in found.views]),
        sitting=await sitting_of(counter, found.views, typed or {}),
        faults=faults,
    )


def visit_of(answer: Any) -> Visit | None:
    """The visit that was answered; another request's answer is none."""
    try:
        return msgspec.convert(answer, Visit)
    except msgspec.ValidationError:
        return None


def _line(
    counter: Counter, received: Received, view: views.DossierView, lines: Sequence[RegisterRow]
) -> SlipLine:
    return SlipLine(
        numbers=", ".join(label(each) for each in live(lines)),
        id=view.id,
        code=received.code,
        name=view.short_name,
        applicant=view.applicant.get("name", ""),
        due=view.due_at,
        tag=tag_of(counter, view.state, view.due_at, counter.now()),
        secret=received.secret,
        ended=view.state in FINAL,
        fees=view.fees,
    )
