"""The morning of a head or a leader: what to sign, what is due, whom to apologise to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, RoleNotAllowedError
from motcua.plugin.texts import text
from motcua.services import apologies, batch, morning
from motcua.ui.format import hour, moment
from motcua.web.counter.batch import REASON, answer, chosen_of, said
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.session import typed
from motcua.web.forms.typed import moment as moment_of

AnyRequest = Request[Any, Any, Any]
NEW = "hen."


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter of apology, drafted: reason and new time may be changed before it is signed."""

    id: str
    version: int
    code: str
    procedure: str
    applicant: str
    why: str
    due: str
    late: bool
    same_day: bool
    chosen: bool
    reason: str
    day: str
    hour: str


@get("/sang")
async def show(counter: TheCounter) -> Response[Any]:
    """How the unit stands this morning."""
    _require_leading(counter)
    return await _shown(counter, {}, [])


@post("/sang", status_code=HTTP_200_OK)
async def sign(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Sign the letters that are ticked (T21), each by itself."""
    _require_leading(counter)
    sent = await typed(request)
    chosen = chosen_of(sent)
    faults = _faults(sent, chosen)
    if faults:
        return await _shown(counter, sent, faults)
    key = f"xin-loi-{sent.get('khoa', '')[:64] or counter.new_key()}"
    outcomes = await batch.take_all(
        counter.house,
        counter.desk,
        counter.actor,
        "T21",
        chosen,
        key=key,
        reasons={each: said(sent, each) for each in chosen},
        own={each: {"new_due": _new_due(sent, each)} for each in chosen},
    )
    return await answer(counter, "T21", chosen, outcomes, f"{counter.base}/sang")


def _require_leading(counter: Counter) -> None:
    if not apologies.leads(counter.actor):
        raise RoleNotAllowedError(transition="T21", roles=(Role.HEAD, Role.LEADER))


def _new_due(sent: Mapping[str, str], dossier: UUID) -> str:
    """The new time that was typed, as it stands in an event; empty: it is none."""
    found = moment_of(sent, f"{NEW}{dossier}")
    return "" if isinstance(found, str) else found.isoformat()


def _faults(sent: Mapping[str, str], chosen: batch.Chosen) -> list[tuple[str, str]]:
    if not chosen:
        return [("thu", text("morning.nothing"))]
    faults = []
    for each in chosen:
        if not said(sent, each):
            faults.append((f"{REASON}{each}", text("morning.no_reason")))
        if not _new_due(sent, each):
            faults.append((f"{NEW}{each}-day", text("morning.no_day")))
    return faults


async def _shown(
    counter: Counter, sent: Mapping[str, str], faults: Sequence[tuple[str, str]]
) -> Response[Any]:
    house, desk, actor = counter.house, counter.desk, counter.actor
    found = await apologies.at_risk(house, desk, actor)
    at_risk = await apologies.count_at_risk(house, desk)
    stands = await morning.of_unit(house, desk)
    ticked = {str(each) for each in chosen_of(sent)}
    base = counter.base
    return await counter.page(
        "morning.html",
        current="morning",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        letters=[_letter(each, sent, ticked) for each in found],
        figures=[
            (text("morning.signing"), stands.signing, f"{base}/duyet"),
            (text("morning.today"), stands.today, f"{base}/?nhom=open&han=nay"),
            (text("morning.tomorrow"), stands.tomorrow, f"{base}/?nhom=open&han=toi"),
            (text("morning.late"), stands.late, f"{base}/?nhom=open&han=qua"),
            (text("morning.apologies"), at_risk, "#thu"),
        ],
        absent=await apologies.absent_signers(house, desk),
        may=counter.has(Role.LEADER),
        faults=faults,
        wrong=dict(faults),
        key=sent.get("khoa", "") or counter.new_key(),
    )


def _letter(found: apologies.AtRisk, sent: Mapping[str, str], ticked: set[str]) -> Letter:
    name = str(found.id)
    state = text(f"state.{found.state.value}")
    since = moment(found.since.astimezone(VN))
    return Letter(
        id=name,
        version=found.version,
        code=found.code,
        procedure=found.procedure,
        applicant=found.applicant,
        why=text("morning.why", state=state, since=since, who=found.holder or "–"),
        due=moment(found.due),
        late=found.late,
        same_day=found.same_day,
        chosen=name in ticked,
        reason=sent.get(f"{REASON}{name}", ""),
        day=sent.get(f"{NEW}{name}-day", f"{found.proposed:%d/%m/%Y}"),
        hour=sent.get(f"{NEW}{name}-hour", hour(found.proposed)),
    )
