"""What another system decides: the list of it, and entering what that system says."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.plugin.texts import text
from motcua.services import followed, mirror, reading
from motcua.services.mirror import FOLLOWERS, DecidedHereError
from motcua.services.views import DossierView
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter.dossier import code_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import faults_of
from motcua.web.counter.session import typed
from motcua.web.counter.worklist import tag_of
from motcua.web.forms.fields import FormWriter, Widget, walk
from motcua.web.forms.told import words
from motcua.web.forms.typed import moment

AnyRequest = Request[Any, Any, Any]
STATES: tuple[str, ...] = get_args(mirror.Told.__annotations__["state"])
OUTCOMES = ("positive", "negative")
_OWN = {"external_code": "ma", "at": "luc-day", "state": "buoc", "reason": "ly_do"}


@get("/lien-thong")
async def listed(counter: TheCounter) -> Response[Any]:
    """What is open and decided elsewhere."""
    found = await followed.followed(counter.house, counter.desk, counter.actor)
    return await counter.page("followed.html", current="work", lines=found)


@get("/ho-so/{dossier:str}/he-thong-khac")
async def ask(counter: TheCounter, dossier: FromPath[str]) -> Response[Any]:
    """The form that says where a dossier stands in the other system."""
    view = await _view(counter, dossier)
    code = view.mirror.external_code if view.mirror else ""
    return await _shown(counter, view, {"ma": code}, [])


@post("/ho-so/{dossier:str}/he-thong-khac", status_code=HTTP_200_OK)
async def tell(request: AnyRequest, counter: TheCounter, dossier: FromPath[str]) -> Response[Any]:
    """Bring the dossier to where the other system says it is."""
    sent = await typed(request)
    view = await _view(counter, dossier)
    try:
        told = _told(sent)
        await mirror.mirror(counter.house, counter.desk, counter.actor, view.id, told)
    except MotCuaError as error:
        return await _shown(counter, view, sent, faults_of(error))
    return Redirect(f"{counter.base}/ho-so/{view.id}", status_code=HTTP_303_SEE_OTHER)


async def _view(counter: Counter, dossier: str) -> DossierView:
    view = await reading.dossier(counter.house, counter.desk, counter.actor, dossier_id(dossier))
    if not view.decided_in:
        raise DecidedHereError(dossier=code_of(view))
    return view


def _told(sent: Mapping[str, str]) -> mirror.Told:
    """What was typed, as the other system says it.

    Raises:
        InvalidAnswersError: there is no such state, or the moment is none.
    """
    state = sent.get("buoc", "")
    if state not in STATES:
        raise InvalidAnswersError([FieldFault("state", "field.missing", label=_label("buoc"))])
    at = moment(sent, "luc")
    if isinstance(at, str) and at.strip():
        raise InvalidAnswersError([FieldFault("at", "field.date", label=_label("luc"))])
    said = {
        "external_code": sent.get("ma", "").strip(),
        "state": state,
        "at": at if isinstance(at, dt.datetime) else None,
        "outcome": "negative" if sent.get("ket_qua") == "negative" else "positive",
        "reason": sent.get("ly_do", "").strip(),
    }
    return msgspec.convert(said, mirror.Told)


def _label(name: str) -> str:
    return text(f"followed.{name}")


async def _shown(
    counter: Counter, view: DossierView, sent: Mapping[str, str], faults: Sequence[FieldFault]
) -> Response[Any]:
    errors = {_OWN.get(each.field, each.field): words(each, _name(each.field)) for each in faults}
    widgets = _widgets(sent, errors)
    ids = {each.name: each.target for each in walk(widgets)}
    return await counter.page(
        "followed_told.html",
        current="work",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        view=view,
        code=code_of(view),
        tag=tag_of(counter, view.state, view.due_at, counter.now()),
        faults=[(ids.get(name, "main"), said) for name, said in errors.items()],
        widgets=widgets,
        may=bool(set(FOLLOWERS) & set(counter.actor.roles)),
    )


def _name(field: str) -> str:
    own = _OWN.get(field, "")
    return _label(own.partition("-")[0]) if own else ""


def _widgets(sent: Mapping[str, str], errors: dict[str, str]) -> tuple[Widget, ...]:
    writer = FormWriter(dict(sent), errors)
    states = [(each, text(f"state.{each}")) for each in STATES]
    outcomes = [(each, text(f"followed.{each}")) for each in OUTCOMES]
    return (
        writer.text("ma", _label("ma"), required=True),
        writer.select("buoc", _label("buoc"), states, required=True),
        writer.moment("luc", _label("luc"), hint=text("followed.luc_hint")),
        writer.select("ket_qua", _label("ket_qua"), outcomes, value=OUTCOMES[0]),
        writer.text("ly_do", _label("ly_do"), kind="lines", hint=text("followed.ly_do_hint")),
    )
