"""One dossier at the counter: who, what, until when, what was done, what may be done."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from motcua.domain.dossier import (
    PRINTING,
    TAKES_BACK,
    TRANSITIONS,
    WORKED_BY,
    Role,
    RoleNotAllowedError,
    State,
)
from motcua.domain.money import Balance
from motcua.plugin.texts import text
from motcua.services import holding, notes, payments, reading, views
from motcua.services.counter import sheet
from motcua.services.idempotency import once
from motcua.services.printing import prints
from motcua.services.words import limit_words
from motcua.ui.explain import day_lines
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter import explained, reader
from motcua.web.counter.frame import Counter, TheCounter, pressed
from motcua.web.counter.session import typed
from motcua.web.counter.worklist import tag_of
from motcua.web.pages import wants_fragment

AnyRequest = Request[Any, Any, Any]

LIKELY: dict[State, str] = {
    State.SUBMITTED: "T03",
    State.RECEIVED: "T08",
    State.APPRAISING: "T16",
    State.SUPPLEMENT_REQUESTED: "T10",
    State.AWAITING_PAYMENT: "T13",
    State.WITH_OTHER_AGENCY: "T15",
    State.FOR_APPROVAL: "T18",
    State.APPROVED: "T19",
    State.RESULT_READY: "T20",
}
"""What usually happens next; it stands first, filled where it is allowed."""

RISKY = ("T06", "T07", "T11", "T22", "T23", "T24", "T26")
"""Steps that end a dossier or turn it down; outlined in red."""

AT_ONCE = ("T08", "T19", "T30")
"""Steps that need nothing: one press takes them."""

ICONS = {
    "T03": "in",
    "T08": "right",
    "T09": "plus",
    "T10": "in",
    "T12": "card",
    "T13": "card",
    "T14": "send",
    "T15": "in",
    "T16": "right",
    "T17": "undo",
    "T18": "sign",
    "T19": "stamp",
    "T20": "hand",
    "T21": "cal",
    "T25": "pen",
    "T28": "clock",
    "T29": "clock",
    "T30": "stamp",
    "T31": "x",
    "T32": "right",
    "T33": "clock",
    "T34": "in",
}
ROW_OF_DAYS = 14
"""A count of more days than this is told line by line only."""


class ActionShown(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the action area.

    Attributes:
        href: Where it is asked for; empty: it is taken at once.
        refused: Why it may not be taken now.
    """

    id: str
    label: str
    look: str
    icon: str
    href: str = ""
    refused: str = ""


@get("/ho-so/{dossier:str}")
async def show(
    counter: TheCounter,
    dossier: FromPath[str],
    xong: FromQuery[str] = "",
    hien: FromQuery[str] = "",
    tai_lieu: FromQuery[str] = "",
) -> Response[Any]:
    """The dossier's page; that it was read is logged. A script takes only the paper it opens."""
    found = dossier_id(dossier)
    here = f"{counter.base}/ho-so/{found}" + ("?hien=du" if hien == "du" else "")
    if tai_lieu and wants_fragment(counter.request):
        return await reader.part(counter, found, tai_lieu, here)
    view = await reading.dossier(counter.house, counter.desk, counter.actor, found)
    under, events, why, told, (balance, entries) = await asyncio.gather(
        sheet(counter.house, counter.desk, found),
        reading.events(counter.house, counter.desk, counter.actor, found),
        reading.explanation(counter.house, counter.desk, counter.actor, found),
        notes.notes(counter.house, counter.desk, counter.actor, found),
        payments.money_of(counter.house, counter.desk, found),
    )
    whole = hien == "du"
    history = explained.money_entries(entries, found, whole=whole)
    history += explained.history(events, whole=whole)
    listed = reader.papers(counter, view, here)
    now = counter.now()
    lines = day_lines(why.days, why.due, now, under.limit)
    answer = await counter.page(
        "dossier.html",
        current="work",
        view=view,
        papers=listed,
        opened=await reader.opened(counter, view, listed, tai_lieu, here),
        code=code_of(view),
        name=view.short_name,
        tag=tag_of(counter, view.state, view.due_at, now),
        holder=under.holder,
        who=explained.person(view.applicant, whole=whole)
        + explained.filing(view.filing, whole=whole),
        whole=whole,
        flow=explained.flow(view.state),
        answers=explained.answers(under.definition.form, view.answers, whole=whole),
        history=sorted(history, key=lambda each: each.at, reverse=True),
        warnings=explained.warnings(events),
        limit=limit_words(under.limit) if under.limit else text("counter.dossier.own_date"),
        ground=under.ground,
        moved=text(f"counter.ground.{why.ground}") if why.ground not in ("", "limit") else "",
        why=why,
        stages=explained.stages(why.stages),
        waits=explained.waits(why.waits),
        lines=lines,
        counted_out=not lines or any("due" in each.marks for each in lines),
        in_a_row=len(lines) <= ROW_OF_DAYS,
        actions=actions(counter, view, balance),
        balance=balance,
        receipts=[each.label for each in entries if each.kind == "payment" and not each.undone],
        key=counter.new_key(),
        texts=view.state in PRINTING and prints(counter.house, [view.procedure]),
        slips=explained.slips(events),
        done=_done(xong, view),
        undo=_undo(counter, events),
        answered=_answered(events[-1]),
        takes=not under.holder and WORKED_BY.get(view.state) in counter.actor.roles,
        gives=holding.can_give(counter.actor) and view.state in WORKED_BY,
        notes=told,
        longest=notes.LONGEST,
        total=sum(fee.amount or 0 for fee in view.fees),
    )
    return reader.framing(answer, listed)


@post("/ho-so/{dossier:str}/trao-doi", status_code=HTTP_200_OK)
async def note(request: AnyRequest, counter: TheCounter, dossier: FromPath[str]) -> Response[Any]:
    """Leave a note for the other officers, and show the dossier again."""
    sent = await typed(request)
    found, body = dossier_id(dossier), sent.get("noi_dung", "")
    asked = pressed(counter, "trao-doi", sent, [str(found), body])

    async def do() -> Any:
        await notes.leave_note(counter.house, counter.desk, counter.actor, found, body)

    await once(counter.house, counter.desk, asked, HTTP_303_SEE_OTHER, do)
    return Redirect(
        f"{counter.base}/ho-so/{found}?xong=ghi#trao-doi", status_code=HTTP_303_SEE_OTHER
    )


def _done(what: str, view: views.DossierView) -> str:
    """What the officer has just done, with the number it got where it was entered in a book."""
    numbers = [each for each in view.register if each.status != "void"]
    if what == "T19" and numbers:
        told = [
            text("counter.dossier.line", number=each.number, year=each.year, book=each.register)
            for each in numbers
        ]
        return text("counter.done_in_book", step=text(f"step.{what}"), numbers=", ".join(told))
    if what in TRANSITIONS:
        return text("counter.done", step=text(f"step.{what}"))
    return {"1": text("lists.took"), "ghi": text("lists.noted")}.get(what, "")


def _undo(counter: Counter, events: Sequence[views.EventView]) -> str:
    """The step by which this officer takes back what they handed on last; empty: none."""
    last = events[-1]
    step = next((undo for undo, taken in TAKES_BACK.items() if taken == last.transition), "")
    return step if last.actor == counter.actor.name else ""


def _answered(last: views.EventView) -> bool:
    """Whether the citizen has answered, and nobody has acted since."""
    return last.transition in ("T05", "T36") and last.role == Role.CITIZEN


def code_of(view: views.DossierView) -> str:
    """What people call the dossier."""
    return view.code or view.temporary_code or ""


def actions(counter: Counter, view: views.DossierView, balance: Balance) -> list[ActionShown]:
    """Every step its state knows, the likely one first, refused ones with the reason.

    Nobody is asked to pay (T12) what is paid.
    """
    likely, paid = LIKELY.get(view.state, ""), balance.paid and not balance.due
    left_out = ("T01", "T12") if paid else ("T01",)
    listed = [each for each in view.actions if each.transition not in left_out]
    listed.sort(key=lambda each: each.transition != likely)
    return [_action(counter, view, each, likely) for each in listed]


def _action(
    counter: Counter, view: views.DossierView, action: views.Action, likely: str
) -> ActionShown:
    step = action.transition
    look = "go" if step == likely else "risk" if step in RISKY else ""
    address = f"{counter.base}/ho-so/{view.id}/buoc/{step}"
    return ActionShown(
        id=step,
        label=text(f"step.{step}"),
        look=look,
        icon=ICONS.get(step, "x" if step in RISKY else "right"),
        href="" if step in AT_ONCE else address,
        refused=refusal(step, action.refused) if action.refused else "",
    )


def refusal(step: str, refused: str) -> str:
    """Why a step is not for this officer: whose it is, or what stands against it."""
    if refused != RoleNotAllowedError.code:
        return text(refused)
    roles = [role for role in TRANSITIONS[step].roles if role is not Role.SYSTEM]
    return text("counter.refused.role", roles=", ".join(text(f"role.{role}") for role in roles))
