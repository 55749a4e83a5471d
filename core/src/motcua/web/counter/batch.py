"""Many dossiers at once: what was chosen is listed, confirmed, and answered one by one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.dossier import (
    TAKES_BACK,
    TRANSITIONS,
    WORKED_BY,
    Role,
    RoleNotAllowedError,
    State,
)
from motcua.domain.life import Actor
from motcua.plugin.texts import text
from motcua.services import batch, holding
from motcua.services.lines import live
from motcua.services.told import label
from motcua.storage import books
from motcua.storage.work import work
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.session import safe_next, typed
from motcua.web.forms.told import words
from motcua.web.forms.typed import whole

AnyRequest = Request[Any, Any, Any]
REASON = "ly_do."
CHOSEN = "chon."
"""What the name of a checkbox begins with; the dossier's id follows, its value is the version."""
TAKE, GIVE = "nhan", "T37"
FORWARD = ("T08", "T16", "T18", "T17", "T19")
ICONS = {"T08": "right", "T16": "right", "T18": "sign", "T17": "undo", "T19": "stamp"}
_UNDO = {taken: undo for undo, taken in TAKES_BACK.items()}


class Offered(msgspec.Struct, frozen=True):
    """A button under a list: what it sends, what it says, its letter."""

    step: str
    label: str
    icon: str
    letter: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier on the page that confirms, or on the one that answers."""

    id: str
    version: int
    code: str
    procedure: str
    applicant: str
    state: str
    why: str = ""
    reason: str = ""
    numbers: str = ""


def offered(actor: Actor, states: Iterable[State]) -> list[Offered]:
    """What *actor* may do with many dossiers in *states* at once."""
    here = set(states)
    made = [
        Offered(step, _label(step), ICONS[step])
        for step in FORWARD
        if here & set(TRANSITIONS[step].sources) and set(actor.roles) & set(TRANSITIONS[step].roles)
    ]
    if any(WORKED_BY.get(state) in actor.roles for state in here):
        made.append(Offered(TAKE, text("lists.take"), "in", "N"))
    if holding.can_give(actor) and here & set(WORKED_BY):
        made.append(Offered(GIVE, text("lists.give"), "user"))
    return made


@post("/viec", status_code=HTTP_200_OK)
async def many(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Confirm a step with what was chosen, take it, and say what became of each dossier."""
    sent = await typed(request)
    chosen = chosen_of(sent)
    step = sent.get("buoc", "")
    back = safe_next(counter.desk.slug, sent.get("ve", ""))
    if not chosen or step not in (*batch.BATCHED, TAKE):
        return await _nothing(counter, back)
    if step == TAKE:
        return await _take(counter, sent, chosen, back)
    if step in TAKES_BACK or sent.get("xac_nhan"):
        return await _done(counter, sent, step, chosen, back)
    return await _confirm(counter, sent, step, chosen, back)


def chosen_of(sent: Mapping[str, str]) -> dict[UUID, int]:
    """The dossiers that are ticked, with the version that was seen; what is none is left out."""
    found = {}
    for name, version in sent.items():
        seen = whole(version)
        if name.startswith(CHOSEN) and seen is not None:
            try:
                found[UUID(name.removeprefix(CHOSEN))] = seen
            except ValueError:
                continue
    return dict(list(found.items())[: batch.MOST])


async def _nothing(counter: Counter, back: str) -> Response[Any]:
    return await counter.page(
        "batch.html",
        current="work",
        status=HTTP_422_UNPROCESSABLE_ENTITY,
        title=text("lists.nothing"),
        rows=[],
        refused=[],
        faults=[],
        back=back,
    )


async def _take(
    counter: Counter, sent: Mapping[str, str], chosen: batch.Chosen, back: str
) -> Response[Any]:
    """Take dossiers for oneself: at once, and back to the list where all was well."""
    me = await _username(counter)
    outcomes = await _run(counter, sent, "T37", chosen, {"holder": me})
    if all(each.done for each in outcomes):
        sign = "&" if "?" in back else "?"
        return Redirect(f"{back}{sign}xong={len(outcomes)}", status_code=HTTP_303_SEE_OTHER)
    return await answer(counter, "T37", chosen, outcomes, back)


async def _username(counter: Counter) -> str:
    people = await holding.people(counter.house, counter.desk, list(counter.actor.roles))
    return next((each.username for each in people if each.id == counter.actor.id), "")


async def _confirm(
    counter: Counter,
    sent: Mapping[str, str],
    step: str,
    chosen: batch.Chosen,
    back: str,
    faults: Sequence[tuple[str, str]] = (),
) -> Response[Any]:
    house, desk, actor = counter.house, counter.desk, counter.actor
    found = await batch.proposed(house, desk, actor, step, chosen)
    rows = [_row(each, _refusal(step, each.refused), said(sent, each.id)) for each in found]
    ready = [each for each in rows if not each.why]
    choices = await _choices(counter, step, {UUID(each.id): each.version for each in ready})
    return await counter.page(
        "batch.html",
        current="work",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        title=text("lists.confirm", step=_named(step), count=len(ready)),
        step=step,
        label=_named(step),
        means=text(f"counter.means.{step}"),
        rows=ready,
        refused=[each for each in rows if each.why],
        choices=choices,
        choice=sent.get("ai", ""),
        faults=faults,
        key=sent.get("khoa", "") or counter.new_key(),
        back=back,
        undoable=step in _UNDO,
        reasons=TRANSITIONS[step].needs_reason,
        wrong=dict(faults),
    )


async def _choices(counter: Counter, step: str, ready: batch.Chosen) -> list[tuple[str, str]]:
    """Whom there is to choose: who signs them all, or who is to hold them."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    if step == "T18" and ready:
        able = await batch.signers_of_all(house, desk, actor, ready)
        return [(str(each.id), f"{each.full_name}, {each.title}") for each in able]
    if step == GIVE:
        roles = [*dict.fromkeys(WORKED_BY.values()), Role.HEAD]
        people = await holding.people(house, desk, roles)
        return [(each.username, each.full_name) for each in people]
    return []


async def _done(
    counter: Counter, sent: Mapping[str, str], step: str, chosen: batch.Chosen, back: str
) -> Response[Any]:
    picked = sent.get("ai", "")
    if step == GIVE and not picked:
        fault = ("ai", text("lists.give.missing"))
        return await _confirm(counter, sent, step, chosen, back, [fault])
    reasons = {each: said(sent, each) for each in chosen}
    if TRANSITIONS[step].needs_reason and not all(reasons.values()):
        faults = [
            (f"{REASON}{each}", text("lists.reason.missing"))
            for each, reason in reasons.items()
            if not reason
        ]
        return await _confirm(counter, sent, step, chosen, back, faults)
    name = {GIVE: "holder", "T18": "signer"}.get(step, "")
    data = {name: picked} if name and picked else {}
    outcomes = await _run(counter, sent, step, chosen, data, reasons)
    return await answer(counter, step, chosen, outcomes, back)


async def _run(
    counter: Counter,
    sent: Mapping[str, str],
    step: str,
    chosen: batch.Chosen,
    data: dict[str, Any],
    reasons: Mapping[UUID, str] | None = None,
) -> list[batch.Outcome]:
    key = f"nhieu-{sent.get('khoa', '')[:64] or counter.new_key()}"
    house, desk, actor = counter.house, counter.desk, counter.actor
    return await batch.take_all(
        house, desk, actor, step, chosen, key=key, data=data, reasons=reasons
    )


async def answer(
    counter: Counter,
    step: str,
    chosen: batch.Chosen,
    outcomes: Sequence[batch.Outcome],
    back: str,
) -> Response[Any]:
    """What became of each: those done, and those that were not, with the reason."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    known = {each.id: each for each in await batch.proposed(house, desk, actor, step, chosen)}
    done: list[Row] = []
    refused: list[Row] = []
    numbers = await _numbers(counter, [each.id for each in outcomes if each.done], step)
    for each in outcomes:
        if each.id not in known:
            continue
        why = "; ".join(words(fault, text(f"need.{fault.field}")) for fault in each.why)
        row = msgspec.structs.replace(
            _row(known[each.id], why), version=each.version, numbers=numbers.get(each.id, "")
        )
        (done if each.done else refused).append(row)
    return await counter.page(
        "batch_done.html",
        current="work",
        title=text("lists.done", step=_named(step), count=len(done)),
        step=step,
        rows=done,
        refused=refused,
        undo=_UNDO.get(step, "") if done else "",
        key=counter.new_key(),
        back=back,
    )


async def _numbers(counter: Counter, done: Sequence[UUID], step: str) -> dict[UUID, str]:
    """The numbers in the books of those that were just entered there."""
    if step != "T19" or not done:
        return {}
    async with work(counter.house.engine, counter.desk.id) as books_read:
        found = await books.lines_of(books_read, done)
    return {each: ", ".join(label(line) for line in live(lines)) for each, lines in found.items()}


def said(sent: Mapping[str, str], dossier: UUID) -> str:
    """The reason that was typed for one dossier."""
    return sent.get(f"{REASON}{dossier}", "").strip()


def _row(found: batch.Proposed, why: str, reason: str = "") -> Row:
    return Row(
        id=str(found.id),
        version=found.version,
        code=found.code,
        procedure=found.procedure_name,
        applicant=found.applicant,
        state=text(f"state.{found.state.value}"),
        why=why,
        reason=reason,
    )


def _refusal(step: str, code: str) -> str:
    if code == RoleNotAllowedError.code:
        roles = [role for role in TRANSITIONS[step].roles if role is not Role.SYSTEM]
        return text("counter.refused.role", roles=", ".join(text(f"role.{role}") for role in roles))
    return text(f"lists.refused.{code}") if code else ""


def _label(step: str) -> str:
    return text("lists.unsigned") if step == "T17" else _named(step)


def _named(step: str) -> str:
    return text(f"step.{step}")
