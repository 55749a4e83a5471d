"""Taking a step with a dossier: its form, its confirmation, and what two officers at once see."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from motcua.domain.dossier import (
    Need,
    RoleNotAllowedError,
    StepNotAllowedError,
    Transition,
    transition,
)
from motcua.domain.errors import FieldFault, MotCuaError
from motcua.domain.life import Act, OwnApprovalError, missing
from motcua.plugin.texts import text
from motcua.services import correct, memories, reading, receive, views
from motcua.services.act import StaleVersionError, act
from motcua.services.assess import Paper
from motcua.services.counter import Sheet, sheet, signers_of
from motcua.services.grounds import GROUND, grounded
from motcua.services.idempotency import KeyReusedError, Repeatable, once
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter import explained
from motcua.web.counter.dossier import RISKY, code_of
from motcua.web.counter.duplicates import of_submission
from motcua.web.counter.explained import need_label
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.picks import Picks
from motcua.web.counter.reception import faults_of, slip_key
from motcua.web.counter.session import safe_next, typed
from motcua.web.counter.worklist import tag_of
from motcua.web.forms.fields import FormWriter, Widget, walk
from motcua.web.forms.told import words
from motcua.web.forms.typed import Typed, lines, moment, number

AnyRequest = Request[Any, Any, Any]
RECEIVING = ("T03", "T25")
"""Steps that receive a dossier: they end with a slip, and the officer picks the limit."""

CONFIRMED = ("T06", "T07", "T11", "T22", "T23", "T26")
"""Refusing, withdrawing and stopping are confirmed before they are done."""

LONG_TEXTS = ("question", "answer", "opinion", "ground")
PICK = "chon"
SHOW = "xem"
BACK = "ve"
"""Where a form leads when its step is taken, if not to the dossier."""
_AT_RETURN_DESK = "T20"
"""Handing a result over: the return desk asks who receives it, what was looked at, and the fee."""
_NOT_SENT = frozenset({"lam", "khoa", "version", "xac_nhan"})


class StepForm:
    """One step somebody is about to take with one dossier."""

    def __init__(
        self,
        counter: Counter,
        row: Transition,
        view: views.DossierView,
        under: Sheet,
        sent: Typed,
        signers: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Read what was *sent*."""
        self.row = row
        self.view = view
        self.typed = dict(sent)
        self._counter = counter
        self._under = under
        self._signers = signers

    @property
    def version(self) -> int:
        """The version of the dossier that the officer saw."""
        said = number(self.typed.get("version", ""))
        return said if isinstance(said, int) else self.view.version

    @property
    def reason(self) -> str:
        """Why."""
        return self.typed.get("reason", "").strip()

    @property
    def data(self) -> dict[str, Any]:
        """What the transition needs, as far as it was given."""
        given = {need.name: self._value(need) for need in self.row.needs}
        return {name: value for name, value in given.items() if value not in ("", [], None)}

    def picks(self) -> Picks | None:
        """What the officer picks where the step receives a dossier."""
        if self.row.id not in RECEIVING:
            return None
        return Picks(self._counter.desk, self._under.definition, self.typed, PICK)

    async def duplicates(self) -> list[str]:
        """What is registered already and may be the submission that is about to be received."""
        if self.row.id != "T03":
            return []
        return await of_submission(self._counter, self._under.definition, self.view.answers)

    def faults(self) -> list[FieldFault]:
        """Everything that is missing or wrong before the step is tried."""
        asked = Act(
            transition=self.row.id,
            at=self._counter.now(),
            by=self._counter.actor,
            reason=self.reason,
            data=self.data,
        )
        asked = grounded(self._under.definition, asked)
        picks = self.picks()
        own = picks.faults if picks else []
        moments = {need.name for need in self.row.needs if need.kind == "moment"}
        needed = [
            FieldFault(fault.field, "field.date")
            if fault.field in moments and fault.fault == "field.type"
            else fault
            for fault in missing(self.row, asked)
        ]
        return needed + [fault.under(f"{PICK}_") for fault in own]

    def widgets(self, errors: dict[str, str]) -> tuple[Widget, ...]:
        """The form of the step."""
        writer = FormWriter(self.typed, errors)
        made = [self._widget(writer, need) for need in self.row.needs if self._can(need)]
        if self.row.needs_reason:
            reason = text("need.reason")
            alone = not any(need.name == GROUND and self._can(need) for need in self.row.needs)
            made.append(writer.text("reason", reason, kind="lines", required=alone))
        picks = self.picks()
        if picks:
            made += [*picks.dates(writer), *picks.special(writer)]
        return tuple(made)

    def told(self, faults: Sequence[FieldFault]) -> dict[str, str]:
        """What is wrong, by the name of the input."""
        labels = {widget.name: widget.label for widget in walk(self.widgets({}))}
        found: dict[str, str] = {}
        for fault in faults:
            found.setdefault(fault.field, words(fault, labels.get(fault.field, "")))
        order = list(labels)
        return dict(
            sorted(
                found.items(),
                key=lambda each: order.index(each[0]) if each[0] in labels else len(order),
            )
        )

    def targets(self, errors: dict[str, str]) -> list[tuple[str, str]]:
        """Where the list of faults leads: ids and words."""
        drawn = self.widgets(errors)
        ids = {widget.name: widget.target for widget in walk(drawn)}
        first = drawn[0].target if drawn else "main"
        return [(ids.get(name, first), told) for name, told in errors.items()]

    def summary(self) -> list[tuple[str, str]]:
        """What was typed, in words, for the confirmation."""
        made = []
        for widget in walk(self.widgets({})):
            value = self.typed.get(widget.name, "").strip()
            day = widget.name.removesuffix("-hour") + "-day"
            idle = widget.name.endswith("-hour") and not self.typed.get(day, "").strip()
            if value and not idle:
                made.append((widget.label, dict(widget.options).get(value, value)))
        return made

    def _value(self, need: Need) -> Any:
        said = self.typed.get(need.name, "").strip()
        match need.kind:
            case "lines":
                return lines(said)
            case "moment":
                found = moment(self.typed, need.name)
                return found if isinstance(found, str) else found.isoformat()
            case "amount":
                return number(said)
            case _:
                return said

    def _widget(self, writer: FormWriter, need: Need) -> Widget:
        label = need_label(self.row.id, need)
        if need.kind == "moment":
            return writer.moment(need.name, label, required=need.required)
        if need.kind == "choice":
            options = [(each, text(f"way.{each}")) for each in need.options]
            return writer.select(need.name, label, options, required=True, value=need.options[0])
        choices = self._choices()
        if need.name in choices:
            return writer.select(need.name, label, choices[need.name], required=need.required)
        kind = "lines" if need.kind == "lines" or need.name in LONG_TEXTS else "text"
        return writer.text(
            need.name,
            label,
            kind=kind,
            required=need.required,
            mode="numeric" if need.kind == "amount" else "",
            hint=text("counter.field.items_hint") if need.kind == "lines" else "",
            look="input--date" if need.kind == "amount" else "input--wide",
        )

    def _can(self, need: Need) -> bool:
        """Whether there is anything to choose: a signer, a case or a ground of the procedure."""
        return bool(self._choices().get(need.name, True))

    def _choices(self) -> dict[str, Sequence[tuple[str, str]]]:
        """What there is to choose from, for the needs that are chosen."""
        return {
            "signer": self._signers,
            "variant": self._variants(),
            "stage": self._under.stages,
            GROUND: self._grounds(),
        }

    def _grounds(self) -> list[tuple[str, str]]:
        return [(each.id, each.words) for each in self._under.definition.refusal_grounds]

    def _variants(self) -> list[tuple[str, str]]:
        definition = self._under.definition
        found = definition.waits() if self.row.id == "T33" else definition.extensions()
        return [(each, variant.when) for each, variant in found.items()]


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
    if sent.get("lam") == SHOW:
        _require_open(form)
        return await _shown(counter, form, {})
    faults = form.faults()
    if not faults and form.row.id in CONFIRMED and "xac_nhan" not in sent:
        _require_open(form)
        return await _confirm(counter, form)
    try:
        return await _taken(counter, form) if not faults else await _again(counter, form, faults)
    except StaleVersionError:
        return await _conflict(counter, form)
    except (StepNotAllowedError, RoleNotAllowedError):
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


async def _taken(counter: Counter, form: StepForm) -> Redirect:
    """Take the step once, whatever is pressed how often."""
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

    try:
        memory = memories.VISIT if form.row.id in RECEIVING else None
        await once(house, desk, asked, HTTP_200_OK, do, memory)
    except KeyReusedError:
        return _to(f"{counter.base}/ho-so/{found}")
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


async def _conflict(counter: Counter, form: StepForm) -> Response[Any]:
    """Show what somebody else did in between, and the way on with what was typed."""
    house, desk, actor = counter.house, counter.desk, counter.actor
    events = await reading.events(house, desk, actor, form.view.id)
    since = [explained.entry(event, whole=False) for event in events if event.seq > form.version]
    allowed = {each.transition for each in form.view.actions if each.refused is None}
    return await counter.page(
        "conflict.html",
        current="work",
        status=HTTP_409_CONFLICT,
        since=since,
        still=form.row.id in allowed,
        typed=_kept(form),
        said=form.summary(),
        key=counter.new_key(),
        **_named(counter, form),
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
