"""Taking a step with a dossier: its form, its confirmation, and what two officers at once see."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from motcua.domain.dossier import (
    RoleNotAllowedError,
    StepNotAllowedError,
    transition,
)
from motcua.domain.errors import FieldFault, MotCuaError
from motcua.domain.life import OwnApprovalError
from motcua.plugin.texts import text
from motcua.services import correct, memories, reading, receive
from motcua.services.act import StaleVersionError, act
from motcua.services.assess import Paper
from motcua.services.counter import own_act, sheet, signers_of
from motcua.services.idempotency import KeyReusedError, Repeatable, once
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter.basket import Preview, preview
from motcua.web.counter.conflict import conflict
from motcua.web.counter.dossier import RISKY, code_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import faults_of, slip_key
from motcua.web.counter.sent_before import differences, sent_before
from motcua.web.counter.session import safe_next, typed
from motcua.web.counter.stepform import RECEIVING, StepForm
from motcua.web.counter.worklist import tag_of
from motcua.web.forms.typed import Typed

AnyRequest = Request[Any, Any, Any]
CONFIRMED = ("T06", "T07", "T11", "T22", "T23", "T26")
"""Refusing, withdrawing and stopping are confirmed before they are done."""

SHOW = "xem"
BACK = "ve"
"""Where a form leads when its step is taken, if not to the dossier."""
_AT_RETURN_DESK = "T20"
"""Handing a result over: the return desk asks who receives it, what was looked at, and the fee."""
_NOT_SENT = frozenset({"lam", "khoa", "version", "xac_nhan"})


@get("/ho-so/{dossier:str}/buoc/{step:str}")
async def ask(
    counter: TheCounter, dossier: FromPath[str], step: FromPath[str], ve: FromQuery[str] = ""
) -> Response[Any]:
    """The form of a step, or why it cannot be taken now; *ve* is where to go afterwards."""
    form = await _form(counter, dossier, step, {BACK: ve} if ve else {})
    _require_open(form)
    if form.row.id == _AT_RETURN_DESK:
        return _to_return_desk(counter, form)
    return await _shown(counter, form, {})


@post("/ho-so/{dossier:str}/buoc/{step:str}", status_code=HTTP_200_OK)
async def take(
    request: AnyRequest, counter: TheCounter, dossier: FromPath[str], step: FromPath[str]
) -> Response[Any]:
    """Take the step, ask again, confirm, or tell of another officer's work in between."""
    sent = await typed(request)
    form = await _form(counter, dossier, step, sent)
    if form.row.id == _AT_RETURN_DESK:
        _require_open(form)
        return _to_return_desk(counter, form)
    showing = sent.get("lam") == SHOW
    faults = [] if showing else form.faults()
    unsure = not (showing or faults or "xac_nhan" in sent) and form.row.id in CONFIRMED
    try:
        if not (showing or faults or unsure):
            return await _taken(counter, form)
        _require_current(form)
        return await (_confirm(counter, form) if unsure else _again(counter, form, faults))
    except (StaleVersionError, KeyReusedError):
        return await _overtaken(counter, form)
    except StepNotAllowedError:
        if form.version == form.view.version:
            raise
        return await _overtaken(counter, form)
    except RoleNotAllowedError:
        raise
    except MotCuaError as error:
        return await _again(counter, form, faults_of(error))


def _to_return_desk(counter: Counter, form: StepForm) -> Redirect:
    return _to(f"{counter.base}/tra?ho_so={form.view.id}")


async def _form(counter: Counter, dossier: str, step: str, sent: Typed) -> StepForm:
    found, row = dossier_id(dossier), transition(step)
    view = await reading.dossier(counter.house, counter.desk, counter.actor, found)
    under = await sheet(counter.house, counter.desk, found)
    signers: list[tuple[str, str]] = []
    if row.id == "T18":
        able = await signers_of(counter.house, counter.desk, counter.actor, found)
        signers = [(str(each.id), f"{each.full_name}, {each.title}") for each in able]
    return StepForm(counter, row, view, under, sent, signers)


def _require_open(form: StepForm) -> None:
    """Refuse a form whose step could not be taken anyway.

    Raises:
        StepNotAllowedError: the dossier stands elsewhere now.
        RoleNotAllowedError: the officer's roles do not permit it.
        OwnApprovalError: the officer appraised the dossier.
    """
    found = [each for each in form.view.actions if each.transition == form.row.id]
    if not found:
        raise StepNotAllowedError(transition=text(f"step.{form.row.id}"), state=form.view.state)
    refused = found[0].refused
    if refused == RoleNotAllowedError.code:
        raise RoleNotAllowedError(transition=form.row.id, roles=tuple(form.row.roles))
    if refused == OwnApprovalError.code:
        raise OwnApprovalError


def _require_current(form: StepForm) -> None:
    """Refuse a form of an earlier version, and a step that could not be taken anyway.

    Raises:
        StaleVersionError: the dossier has changed since the form was drawn.
        StepNotAllowedError: the dossier stands elsewhere now.
        RoleNotAllowedError: the officer's roles do not permit it.
        OwnApprovalError: the officer appraised the dossier.
    """
    if form.version != form.view.version:
        raise StaleVersionError(dossier=code_of(form.view))
    _require_open(form)


async def _taken(counter: Counter, form: StepForm) -> Redirect:
    """Take the step once, whatever is pressed how often.

    Raises:
        KeyReusedError: the form was sent before and said something else then.
    """
    house, desk, actor = counter.house, counter.desk, counter.actor
    found = form.view.id
    key = form.typed.get("khoa", "") or counter.new_key()
    content = {name: value for name, value in form.typed.items() if name != "xac_nhan"}
    asked = Repeatable(
        actor=str(actor.id),
        key=slip_key(key),
        request=msgspec.json.encode([str(found), form.row.id, content], order="deterministic"),
    )

    async def do() -> Any:
        if form.row.id in RECEIVING:
            return await _received(counter, form)
        await act(
            house, desk, actor, found, form.row.id, form.version, reason=form.reason, data=form.data
        )
        return None

    memory = memories.VISIT if form.row.id in RECEIVING else None
    await once(house, desk, asked, HTTP_200_OK, do, memory)
    if form.row.id in RECEIVING:
        return _to(f"{counter.base}/phieu/{key}")
    if form.typed.get(BACK):
        back = safe_next(desk.slug, form.typed[BACK])
        return _to(f"{back}{'&' if '?' in back else '?'}xong={form.row.id}")
    return _to(f"{counter.base}/ho-so/{found}?xong={form.row.id}")


async def _received(counter: Counter, form: StepForm) -> Any:
    """Receive an online submission (T03), or begin a correction (T25)."""
    picks = form.picks()
    choices = picks.choices if picks else {}
    paper = Paper(procedure=form.view.procedure, applicant={}, **choices)
    house, desk, actor, found = counter.house, counter.desk, counter.actor, form.view.id
    if form.row.id == "T03":
        return await receive.accept(house, desk, actor, found, paper)
    return await correct.correct(
        house, desk, actor, found, form.version, reason=form.reason, picked=paper
    )


async def _seen(counter: Counter, form: StepForm) -> Preview | None:
    """What an online submission would cost, and when it would be due, if it was received now."""
    picks = form.picks()
    if form.row.id != "T03" or picks is None or picks.faults:
        return None
    paper = Paper(procedure=form.view.procedure, applicant={}, **picks.choices)
    asked = (counter.house, counter.desk, counter.actor, form.view.id, paper)
    return preview(counter, [await receive.glanced(*asked)])


async def _again(counter: Counter, form: StepForm, faults: list[FieldFault]) -> Response[Any]:
    return await _shown(counter, form, form.told(faults))


async def _shown(counter: Counter, form: StepForm, errors: dict[str, str]) -> Response[Any]:
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else HTTP_200_OK
    return await counter.page(
        "step.html",
        current="work",
        status=status,
        faults=form.targets(errors),
        duplicates=await form.duplicates(),
        seen=await _seen(counter, form),
        shows=form.row.id == "T03",
        widgets=form.widgets(errors),
        key=form.typed.get("khoa", "") or counter.new_key(),
        **_named(counter, form),
    )


async def _confirm(counter: Counter, form: StepForm) -> Response[Any]:
    return await counter.page(
        "confirm.html",
        current="work",
        said=form.summary(),
        typed=_kept(form),
        key=form.typed.get("khoa", "") or counter.new_key(),
        **_named(counter, form),
    )


async def _overtaken(counter: Counter, form: StepForm) -> Response[Any]:
    """Show what was done in between: by the officer with this very form, or by somebody else."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    events = await reading.events(house, desk, actor, form.view.id)
    since = [event for event in events if event.seq > form.version]
    allowed = {each.transition for each in form.view.actions if each.refused is None}
    still = form.row.id in allowed
    own = await own_act(house, desk, actor, form.view.id, form.row.id, form.version)
    mine = next((each for each in since if each.seq == own), None)
    if mine:
        kept = form.words(mine.reason, mine.data or {})
        return await sent_before(
            counter,
            form.typed,
            [form.view],
            differences(kept, form.words(form.asked.reason, form.data)),
            current="work",
            anew={"lam": SHOW, "version": str(form.view.version)} if still else None,
        )
    return await conflict(
        counter,
        form.view,
        since,
        form.row.id,
        typed=_kept(form),
        said=form.summary(),
        still=still,
    )


def _named(counter: Counter, form: StepForm) -> dict[str, Any]:
    """What every page about a step says."""
    view = form.view
    return {
        "view": view,
        "version": form.version,
        "code": code_of(view),
        "name": view.short_name,
        "tag": tag_of(counter, view.state, view.due_at, counter.now()),
        "state": text(f"state.{view.state.value}"),
        "step": form.row.id,
        "label": text(f"step.{form.row.id}"),
        "risky": form.row.id in RISKY,
        "confirmed_next": form.row.id in CONFIRMED,
        "means": text(f"counter.means.{form.row.id}"),
        "receiving": form.row.id in RECEIVING,
        "address": f"{counter.base}/ho-so/{view.id}/buoc/{form.row.id}",
        "dossier_address": f"{counter.base}/ho-so/{view.id}",
        "back": form.typed.get(BACK, ""),
    }


def _kept(form: StepForm) -> dict[str, str]:
    """What was typed, to be sent again."""
    return {name: value for name, value in form.typed.items() if name not in _NOT_SENT}


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
