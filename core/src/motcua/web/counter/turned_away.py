"""Turning somebody away at the counter, and the slip they go home with (F02, F03)."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_404_NOT_FOUND,
    HTTP_422_UNPROCESSABLE_ENTITY,
)

from motcua.domain import acts
from motcua.domain.dossier import transition
from motcua.domain.errors import FieldFault, MotCuaError
from motcua.domain.life import Act
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text
from motcua.services import memories, reading
from motcua.services.counter import kept
from motcua.services.grounds import GROUND, grounded
from motcua.services.idempotency import KeyReusedError, Repeatable, once
from motcua.services.offers import procedure
from motcua.services.turn_away import TurnedAway, Why, turn_away
from motcua.services.views import EventView
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter import explained
from motcua.web.counter.dossier import code_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import faults_of, require_reception, slip_key
from motcua.web.counter.sent_before import declared, differences, kept_dossiers, sent_before
from motcua.web.counter.session import typed
from motcua.web.counter.visitform import APPLICANT, VisitForm
from motcua.web.forms.fields import FormWriter, Widget, walk
from motcua.web.forms.told import words
from motcua.web.forms.typed import Typed, lines, moment
from motcua.web.portal.catalogue import short_name

AnyRequest = Request[Any, Any, Any]
SAVE = "luu"
WHICH = "viec"
_OWN = frozenset({WHICH, GROUND, "reason", "right_agency", "items", "lam", "khoa"})


class AwayForm:
    """Why somebody is turned away, over the reception form as far as it was filled in."""

    def __init__(self, counter: Counter, definition: ProcedureDefinition, sent: Typed) -> None:
        """Read what was *sent*."""
        self._definition = definition
        self.typed = dict(sent)
        self.visit = VisitForm(counter.desk, definition, sent)

    @property
    def why(self) -> Why:
        """Refused, or sent home for what is missing."""
        return "T04" if self.typed.get(WHICH) == "T04" else "T07"

    @property
    def reason(self) -> str:
        """In the officer's own words."""
        return self.typed.get("reason", "").strip()

    @property
    def data(self) -> dict[str, Any]:
        """What the transition needs, as far as it was given."""
        if self.why == "T04":
            until = moment(self.typed, "until")
            found = until if isinstance(until, str) else until.isoformat()
            said: dict[str, Any] = {"items": lines(self.typed.get("items", "")), "until": found}
        else:
            names = (GROUND, "right_agency")
            said = {name: self.typed.get(name, "").strip() for name in names}
        return {name: value for name, value in said.items() if value}

    def asked(self, counter: Counter) -> Act:
        """The step as it is asked for; a ground that was picked stands in its reason."""
        now, by = counter.now(), counter.actor
        asked = Act(transition=self.why, at=now, by=by, reason=self.reason, data=self.data)
        return grounded(self._definition, asked)

    def applicant(self, errors: dict[str, str]) -> Widget:
        """Who was turned away."""
        return self.visit.applicant(errors)

    def widgets(self, errors: dict[str, str]) -> tuple[Widget, ...]:
        """The reasons."""
        writer = FormWriter(self.typed, errors)
        grounds = [(each.id, each.words) for each in self._definition.refusal_grounds]
        each_line = text("counter.field.items_hint")
        ways = [(each, text(f"step.{each}")) for each in ("T07", "T04")]
        made = [
            writer.select(WHICH, text("counter.away.which"), ways, required=True, value="T07"),
            _only("T07", writer.select(GROUND, text("need.refusal_ground"), grounds)),
            _only("T04", writer.text("items", text("need.items"), kind="lines", hint=each_line)),
            _only("T04", writer.moment("until", text("counter.need.T04.until"))),
            writer.text("reason", text("need.reason"), kind="lines"),
            _only(
                "T07", writer.text("right_agency", text("need.right_agency"), look="input--wide")
            ),
        ]
        return tuple(each for each in made if each.name != GROUND or grounds)

    def told(self, faults: list[FieldFault]) -> list[tuple[str, str]]:
        """Where the list of faults leads, and what it says."""
        drawn = [self.applicant({}), *self.widgets({})]
        found = {each.name: each for each in walk(drawn)}
        return [
            (_target(found, fault.field), words(fault, _label(found, fault))) for fault in faults
        ]

    def hidden(self) -> dict[str, str]:
        """What the reception form held besides, sent along unseen."""
        seen = {each.name for each in walk([self.applicant({}), *self.widgets({})])} | _OWN
        return {name: value for name, value in self.typed.items() if name not in seen}


def _only(why: Why, widget: Widget) -> Widget:
    return msgspec.structs.replace(
        widget,
        only_if=text("counter.away.only", step=text(f"step.{why}")),
        watch=WHICH,
        among=(why,),
    )


def _label(found: dict[str, Widget], fault: FieldFault) -> str:
    widget = found.get(_place(fault.field))
    return widget.label if widget else ""


def _target(found: dict[str, Widget], field: str) -> str:
    widget = found.get(_place(field))
    return widget.target if widget else "main"


def _place(field: str) -> str:
    """The name of the input that a fault's path means."""
    first, _, rest = field.partition(".")
    return f"{APPLICANT}.{rest or 'name'}" if first in ("applicant", "requester") else field


@get("/khong-nhan/{code:str}")
async def form(counter: TheCounter, code: FromPath[str]) -> Response[Any]:
    """The empty form."""
    definition = _definition(counter, code)
    return await _shown(counter, AwayForm(counter, definition, {}), definition, [])


@post("/khong-nhan/{code:str}", status_code=HTTP_200_OK)
async def turn(request: AnyRequest, counter: TheCounter, code: FromPath[str]) -> Response[Any]:
    """Turn away, or ask why, with what the reception form held."""
    definition = _definition(counter, code)
    sent = await typed(request)
    asked = sent.pop("lam", "")
    away = AwayForm(counter, definition, sent)
    if asked != SAVE:
        return await _shown(counter, away, definition, [])
    try:
        return await _turned(counter, away)
    except MotCuaError as error:
        return await _shown(counter, away, definition, faults_of(error))


async def _turned(counter: Counter, away: AwayForm) -> Response[Any]:
    """Turn away once, whatever is pressed how often."""
    key = away.typed.get("khoa") or counter.new_key()
    house, desk, actor = counter.house, counter.desk, counter.actor
    asked = Repeatable(
        actor=str(actor.id),
        key=slip_key(key),
        request=msgspec.json.encode(away.typed, order="deterministic"),
    )
    visit = away.visit

    async def do() -> TurnedAway:
        paper = visit.papers()[0]
        return await turn_away(
            house, desk, actor, visit.channel, paper, away.why, reason=away.reason, data=away.data
        )

    try:
        answered = await once(house, desk, asked, HTTP_200_OK, do, memories.away(house, desk))
    except KeyReusedError:
        return await _sent_before(counter, away, key)
    path = f"{counter.base}/ho-so/{answered.answer['id']}/phieu?khoa={key}"
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)


async def _sent_before(counter: Counter, away: AwayForm, key: str) -> Response[Any]:
    """The slip that this form has made stands; what differs from it is told."""
    (paper,) = away.visit.papers()[:1]
    fields = away.visit.asked(0)
    now = [
        *declared(fields, paper.applicant, paper.answers),
        *explained.said(away.why, away.asked(counter).reason, away.data),
    ]
    before: list[explained.Pair] = []
    saved = await kept_dossiers(counter, slip_key(key))
    for view in saved:
        events = await reading.events(counter.house, counter.desk, counter.actor, view.id)
        before = declared(fields, view.applicant, view.answers)
        before += explained.said(events[0].transition, events[0].reason, events[0].data or {})
    slip = f"{counter.base}/ho-so/{saved[0].id}/phieu?khoa={key}" if saved else ""
    differs = differences(before, now)
    return await sent_before(
        counter, away.typed, saved, differs, current="receive", anew={}, slip=slip
    )


async def _shown(
    counter: Counter, away: AwayForm, definition: ProcedureDefinition, faults: list[FieldFault]
) -> Response[Any]:
    told = away.told(faults)
    errors = {_place(each.field): said for each, (_, said) in zip(faults, told, strict=True)}
    return await counter.page(
        "away.html",
        current="receive",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        code=definition.code,
        name=short_name(definition.name),
        faults=told,
        applicant=away.applicant(errors),
        widgets=away.widgets(errors),
        kept=away.hidden(),
        key=away.typed.get("khoa") or counter.new_key(),
    )


@get("/ho-so/{dossier:str}/phieu")
async def slip(
    counter: TheCounter, dossier: FromPath[str], khoa: FromQuery[str] = ""
) -> Response[Any]:
    """The slip of a dossier that was refused, or that something is missing of."""
    found = dossier_id(dossier)
    house, desk, actor = counter.house, counter.desk, counter.actor
    view = await reading.dossier(house, desk, actor, found)
    events = await reading.events(house, desk, actor, found)
    last = next((each for each in reversed(events) if _form_of(each)), None)
    if last is None:
        return await counter.page("no_slip.html", current="work", status=HTTP_404_NOT_FOUND)
    said = last.data or {}
    answered = await kept(house, desk, actor, slip_key(khoa)) if khoa else None
    told = answered.answer if answered and isinstance(answered.answer, dict) else {}
    return await counter.page(
        "away_slip.html",
        current="work",
        view=view,
        number=code_of(view),
        paper=_form_of(last),
        event=last,
        who=explained.person(view.applicant, whole=True),
        name=view.procedure_name,
        secret=told.get("secret", "") if told.get("id") == str(view.id) else "",
        place=f"{counter.request.base_url}t/{desk.slug}/tra-cuu",
        told=[str(each) for each in said.get("items") or ()],
        until=acts.moment(said.get("until")),
        agency=said.get("right_agency", ""),
    )


def _form_of(event: EventView) -> str:
    """Which slip a step prints: F02 what is missing, F03 the refusal."""
    paper = transition(event.transition).form
    return paper if paper in ("F02", "F03") else ""


def _definition(counter: Counter, code: str) -> ProcedureDefinition:
    require_reception(counter)
    return procedure(counter.house, counter.desk, code).definition
