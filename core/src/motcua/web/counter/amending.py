"""Correcting what was typed at a reception: the form as it was, and why."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.dossier import transition
from motcua.domain.errors import FieldFault, MotCuaError
from motcua.domain.form import FileField
from motcua.plugin.texts import text
from motcua.services import reading
from motcua.services.act import StaleVersionError
from motcua.services.amend import amend
from motcua.services.counter import sheet
from motcua.services.idempotency import CarriedOutError, KeyReusedError, Repeatable, once
from motcua.services.views import DossierView
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter.conflict import conflict
from motcua.web.counter.dossier import code_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import faults_of, require_reception
from motcua.web.counter.sent_before import declared, differences
from motcua.web.counter.session import typed
from motcua.web.counter.visitform import APPLICANT, VisitForm
from motcua.web.forms.typed import answers as answers_of
from motcua.web.forms.typed import number, person, refilled, written

AnyRequest = Request[Any, Any, Any]
REASON, SHOW = "reason", "xem"
_STEP = "T40"
_NOT_SENT = frozenset({"lam", "khoa", "version"})


@get("/ho-so/{dossier:str}/sua")
async def show(counter: TheCounter, dossier: FromPath[str]) -> Response[Any]:
    """The form as it was received."""
    view, form = await _form(counter, dossier, {})
    asked = form.asked(0)
    form.typed |= refilled(asked, view.answers, "g0")
    for part, value in view.applicant.items():
        form.typed |= written(
            value if isinstance(value, str) else value.get("line", ""), f"{APPLICANT}.{part}"
        )
    return await _shown(counter, view, form, [])


@post("/ho-so/{dossier:str}/sua", status_code=HTTP_200_OK)
async def change(request: AnyRequest, counter: TheCounter, dossier: FromPath[str]) -> Response[Any]:
    """Keep the correction once, or show what is wrong with it."""
    sent = await typed(request)
    view, form = await _form(counter, dossier, sent)
    if sent.get("lam") == SHOW:
        return await _shown(counter, view, form, [])
    seen = number(sent.get("version", ""))
    said = answers_of(form.asked(0), form.typed, "g0")
    files = {field.id for field in form.asked(0) if isinstance(field, FileField)}
    said |= {name: value for name, value in view.answers.items() if name in files}
    asked = Repeatable(
        actor=str(counter.actor.id),
        key=f"sua-{sent.get('khoa', '')[:64]}",
        request=msgspec.json.encode([str(view.id), form.typed], order="deterministic"),
    )

    async def do() -> Any:
        await amend(
            counter.house,
            counter.desk,
            counter.actor,
            view.id,
            seen if isinstance(seen, int) else view.version,
            applicant=person(form.typed, APPLICANT),
            answers=said,
            reason=sent.get(REASON, ""),
        )

    try:
        await once(counter.house, counter.desk, asked, HTTP_200_OK, do)
    except CarriedOutError:
        pass
    except KeyReusedError as error:  # sent before, gone back to, and changed
        form.typed |= {"khoa": counter.new_key(), "version": str(view.version)}
        return await _shown(counter, view, form, faults_of(error))
    except StaleVersionError:
        return await _conflict(counter, view, form, said)
    except MotCuaError as error:
        return await _shown(counter, view, form, faults_of(error))
    return Redirect(f"{counter.base}/ho-so/{view.id}?xong=T40", status_code=HTTP_303_SEE_OTHER)


async def _conflict(
    counter: Counter, view: DossierView, form: VisitForm, answers: dict[str, Any]
) -> Response[Any]:
    """What somebody else did with the dossier meanwhile; nothing that was typed is lost."""
    seen = number(form.typed.get("version", ""))
    events = await reading.events(counter.house, counter.desk, counter.actor, view.id)
    fields = form.asked(0)
    now = declared(fields, person(form.typed, APPLICANT), answers)
    differs = differences(declared(fields, view.applicant, view.answers), now)
    reason = form.typed.get(REASON, "").strip()
    row = transition(_STEP)
    return await conflict(
        counter,
        view,
        [each for each in events if each.seq > (seen if isinstance(seen, int) else 0)],
        _STEP,
        typed={name: value for name, value in form.typed.items() if name not in _NOT_SENT},
        said=[(each.label, each.typed) for each in differs]
        + ([(text("need.reason"), reason)] if reason else []),
        still=view.state in row.sources and not view.decided_in,
    )


async def _form(
    counter: Counter, dossier: str, sent: dict[str, str]
) -> tuple[DossierView, VisitForm]:
    require_reception(counter)
    found = dossier_id(dossier)
    view = await reading.dossier(counter.house, counter.desk, counter.actor, found)
    under = await sheet(counter.house, counter.desk, found)
    typed_in = {"khoa": counter.new_key(), "version": str(view.version)} | sent | {"so": "1"}
    return view, VisitForm(counter.desk, under.definition, typed_in)


async def _shown(
    counter: Counter, view: DossierView, form: VisitForm, faults: list[FieldFault]
) -> Response[Any]:
    errors = form.told(each for each in faults if each.field != REASON)
    files = {f"g0.{field.id}" for field in form.asked(0) if isinstance(field, FileField)}
    (part,) = form.parts(errors)
    told = form.targets(errors)
    missing = any(each.field == REASON for each in faults)
    if missing:
        told.append((REASON, text("field.missing", label=text("need.reason"))))
    return await counter.page(
        "amend.html",
        current="work",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        view=view,
        code=code_of(view),
        typed=form.typed,
        applicant=form.applicant(errors),
        fields=[each for each in (*part.row, *part.fields) if each.name not in files],
        faults=told,
        reason_error=text("field.missing", label=text("need.reason")) if missing else "",
    )
