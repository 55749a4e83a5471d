"""What an officer hands over after a reception: codes, fees, the due time, the secret."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND

from motcua.services import payments, reading, views
from motcua.services.counter import kept, payer_of
from motcua.services.printing import prints
from motcua.services.visit import Received, Visit
from motcua.storage.work import work
from motcua.ui.due import DueTag
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import slip_key
from motcua.web.counter.worklist import tag_of
from motcua.web.portal.catalogue import short_name


class SlipLine(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier of the visit on its slip."""

    id: UUID
    code: str
    name: str
    applicant: str
    due: dt.datetime | None
    tag: DueTag
    secret: str
    fees: tuple[views.FeeView, ...]


@get("/phieu/{key:str}")
async def slip(counter: TheCounter, key: FromPath[str], lai: FromQuery[str] = "") -> Response[Any]:
    """The slip of a visit this officer has just received; kept for a day."""
    found = await kept(counter.house, counter.desk, counter.actor, slip_key(key))
    visit = visit_of(found.answer) if found else None
    if found is None or visit is None:
        return await counter.page("no_slip.html", current="receive", status=HTTP_404_NOT_FOUND)
    views = [
        await reading.dossier(counter.house, counter.desk, counter.actor, each.id)
        for each in visit.dossiers
    ]
    ids = [each.id for each in visit.dossiers]
    async with work(counter.house.engine, counter.desk.id) as money:
        entries = await payments.payments(money, ids)
        unpaid = sum(each.due for each in (await payments.balances(money, ids)).values())
    dues = [each.due_at for each in visit.dossiers if each.due_at is not None]
    return await counter.page(
        "slip.html",
        current="receive",
        status=HTTP_200_OK,
        key=key,
        visit=visit,
        place=f"{counter.request.base_url}t/{counter.desk.slug}/tra-cuu",
        at=found.at,
        applicant=views[0].applicant.get("name", ""),
        payer=await payer_of(counter.house, counter.desk, visit.visit),
        lines=[
            _line(counter, received, view)
            for received, view in zip(visit.dossiers, views, strict=True)
        ],
        entries=entries,
        unpaid=unpaid,
        due=max(dues, default=None),
        again=bool(lai),
        same=views[0].procedure,
        texts=prints(counter.house, [each.procedure for each in views]),
    )


def visit_of(answer: Any) -> Visit | None:
    """The visit that was answered; another request's answer is none."""
    try:
        return msgspec.convert(answer, Visit)
    except msgspec.ValidationError:
        return None


def _line(counter: Counter, received: Received, view: views.DossierView) -> SlipLine:
    return SlipLine(
        id=view.id,
        code=received.code,
        name=short_name(view.procedure_name),
        applicant=view.applicant.get("name", ""),
        due=view.due_at,
        tag=tag_of(counter, view.state, view.due_at, counter.now()),
        secret=received.secret,
        fees=view.fees,
    )
