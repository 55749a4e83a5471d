"""The approval inbox: what waits to be signed, and beside it what there is to sign."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK

from motcua.domain.calendar import VN
from motcua.domain.dossier import TRANSITIONS, State
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import text
from motcua.services import drafts_to_sign, reading, views, worklist
from motcua.services.counter import sheet
from motcua.services.views import DossierLine, EventView
from motcua.ui.format import moment
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter import explained, reader
from motcua.web.counter.batch import chosen_of, offered
from motcua.web.counter.dossier import code_of, refusal
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.session import typed
from motcua.web.counter.worklist import line_of, tag_of
from motcua.web.pages import wants_fragment
from motcua.web.shown import shown_pdf

HISTORY = 4
"""So many of the latest acts stand under the preview."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What the officer who submitted it proposes.

    Attributes:
        negative: It is to be answered that the conditions are not met.
        returned: How often the leader has sent it back.
    """

    who: str
    when: str
    words: str
    negative: bool
    returned: int


@get("/duyet")
async def inbox(
    counter: TheCounter,
    ho_so: FromQuery[str] = "",
    sau: FromQuery[str] = "",
    xong: FromQuery[str] = "",
    hien: FromQuery[str] = "",
    tai_lieu: FromQuery[str] = "",
) -> Response[Any]:
    """What waits for a signature, nearest deadline first, and one of it in full."""
    if tai_lieu and ho_so and wants_fragment(counter.request):
        here = _address(counter, ho_so, sau, hien)
        return await reader.part(counter, dossier_id(ho_so), tai_lieu, here)
    house, desk, actor = counter.house, counter.desk, counter.actor
    try:
        found = await worklist.dossiers(house, desk, actor, states=(State.FOR_APPROVAL,), after=sau)
    except InvalidAnswersError:  # no page gave that cursor
        found = await worklist.dossiers(house, desk, actor, states=(State.FOR_APPROVAL,))
        sau = ""
    ids = [str(each.id) for each in found.dossiers]
    chosen = ho_so if ho_so in ids else (ids[0] if ids else "")
    now = counter.now()
    shown = {}
    if chosen:
        here = _address(counter, chosen, sau, hien)
        shown = await _preview(counter, chosen, here, tai_lieu, whole=hien == "du")
    answer = await counter.page(
        "approval.html",
        current="approve",
        lines=[line_of(counter, each, now) for each in found.dossiers],
        chosen=chosen,
        sau=sau,
        following=f"{counter.base}/duyet?sau={found.after}" if found.after else "",
        steps=offered(actor, (State.FOR_APPROVAL,)),
        here=f"{counter.base}/duyet",
        done=text("counter.done", step=text(f"step.{xong}")) if xong in TRANSITIONS else "",
        **shown,
    )
    return reader.framing(answer, shown.get("papers", ()))


def _address(counter: Counter, chosen: str, sau: str, hien: str) -> str:
    """The inbox with the dossier *chosen*, on the page of the list and with the numbers it has."""
    asked = {"ho_so": chosen, "sau": sau, "hien": "du" if hien == "du" else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{counter.base}/duyet?{query}"


async def _preview(
    counter: Counter, chosen: str, here: str, tai_lieu: str, *, whole: bool
) -> dict[str, Any]:
    """The dossier at the right: its proposal, the draft result or what was declared, its past."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    found = dossier_id(chosen)
    view = await reading.dossier(house, desk, actor, found)
    events = await reading.events(house, desk, actor, found)
    under = await sheet(house, desk, found)
    listed = reader.papers(counter, view, here)
    return {
        "view": view,
        "papers": listed,
        "opened": await reader.opened(counter, view, listed, tai_lieu, here),
        "code": code_of(view),
        "name": view.short_name,
        "tag": tag_of(counter, view.state, view.due_at, counter.now()),
        "proposal": proposal(events),
        "answers": explained.person(view.applicant, whole=whole)
        + explained.answers(under.definition.form, view.answers, whole=whole),
        "whole": whole,
        "drawn": await drafts_to_sign.is_ready(house, desk, view),
        "history": explained.history(events, whole=whole)[:HISTORY],
        "approve": _refused(view, "T18"),
        "back": _refused(view, "T17"),
    }


def proposal(events: tuple[EventView, ...]) -> Proposal | None:
    """What was proposed last, and how often it was sent back before."""
    made = [each for each in events if each.transition in ("T16", "T24")]
    if not made:
        return None
    last, data = made[-1], made[-1].data or {}
    said = [last.reason, str(data.get("opinion", "")), str(data.get("ground", ""))]
    return Proposal(
        who=last.actor,
        when=moment(last.at.astimezone(VN)),
        words=". ".join(each for each in said if each) or text("lists.proposal.none"),
        negative=last.transition == "T24",
        returned=sum(each.transition == "T17" for each in events),
    )


def _refused(view: views.DossierView, step: str) -> str:
    """Why a step is not open; empty: it is."""
    found = next((each for each in view.actions if each.transition == step), None)
    if found is None:
        return text("dossier.step-not-allowed", transition=text(f"step.{step}"))
    return refusal(step, found.refused) if found.refused else ""


@post("/duyet/tap.pdf", status_code=HTTP_200_OK)
async def folder(request: Request[Any, Any, Any], counter: TheCounter) -> Response[bytes]:
    """What was chosen, or all that waits, as a folder to be signed on paper."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    chosen = chosen_of(await typed(request))
    lines = [each async for each in _waiting(counter) if not chosen or each.id in chosen]
    return shown_pdf(await drafts_to_sign.folder(house, desk, actor, lines))


async def _waiting(counter: Counter) -> AsyncIterator[DossierLine]:
    """Everything that waits for a signature, page after page."""
    after: str | None = ""
    while after is not None:
        found = await worklist.dossiers(
            counter.house, counter.desk, counter.actor, states=(State.FOR_APPROVAL,), after=after
        )
        for line in found.dossiers:
            yield line
        after = found.after
