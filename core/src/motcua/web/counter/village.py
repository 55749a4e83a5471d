"""Village days at the counter: making one, its packet, how it stands, closing it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.dossier import STAFF_ROLES
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text
from motcua.services import (
    holding,
    offers,
    village_days,
    village_packet,
    village_plan,
    village_signers,
)
from motcua.services.book_rights import ENTER, KEEP, require
from motcua.services.idempotency import once
from motcua.services.village_days import UnknownVillageDayError, VillageDay
from motcua.services.village_plan import Plan, kind_name
from motcua.storage.work import work
from motcua.web.counter.frame import Counter, TheCounter, pressed
from motcua.web.counter.reception import faults_of
from motcua.web.counter.session import typed
from motcua.web.forms.told import words
from motcua.web.forms.typed import whole
from motcua.web.portal.inputs import day as day_of
from motcua.web.shown import shown_pdf

AnyRequest = Request[Any, Any, Any]
HERE = "luu-dong"
DAY, PLACE, OFFICER, SIGNER, COUNT, KEY = "ngay", "noi", "ban", "ky.", "so.", "khoa"
REASON, OWN, SEEN = "ly_do", "hong.", "so_huy"
_AT = {"day": DAY, "place": PLACE, "officer": OFFICER, "signers": f"{SIGNER}0"}


@get(f"/{HERE}")
async def listed(counter: TheCounter) -> Response[Any]:
    """The village days, and the form that makes one."""
    return await _list(counter, {}, [])


@post(f"/{HERE}", status_code=HTTP_200_OK)
async def make(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Make a village day once, or show again what is missing."""
    sent = await typed(request)
    try:
        plan = _plan(sent)
        asked = pressed(counter, HERE, sent, [sorted(sent.items())])

        async def do() -> UUID:
            return await village_plan.make(counter.house, counter.desk, counter.actor, plan)

        made = (await once(counter.house, counter.desk, asked, HTTP_200_OK, do)).answer
    except MotCuaError as error:
        return await _list(counter, sent, faults_of(error))
    return _to(counter, made)


@get(f"/{HERE}/{{day:str}}")
async def show(counter: TheCounter, day: FromPath[str]) -> Response[Any]:
    """One village day: its sheets, what was used, the money, and how it is closed."""
    return await _shown(counter, await found(counter, day), {}, [])


@get(f"/{HERE}/{{day:str}}/to-giay.pdf")
async def packet(counter: TheCounter, day: FromPath[str]) -> Response[bytes]:
    """The packet to take along."""
    one = await found(counter, day)
    return shown_pdf(await village_packet.packet(counter.house, counter.desk, one))


@post(f"/{HERE}/{{day:str}}/dong", status_code=HTTP_200_OK)
async def close(request: AnyRequest, counter: TheCounter, day: FromPath[str]) -> Response[Any]:
    """Close the day, once it was said which numbers become void by it."""
    require(counter.actor, KEEP)
    one, sent = await found(counter, day), await typed(request)
    if sent.get("lam") == "xem":
        return await _shown(counter, one, sent, [])
    reason, unused = sent.get(REASON, "").strip(), _unused(one, sent)
    voids = [f"{block}.{number}" for block, number in unused]
    seen = sent.get(SEEN, "").split()
    if reason and voids and seen != voids and one.closed_at is None:
        return await _confirm(counter, one, sent, voids)
    own = {at: told for at, told in unused.items() if told}
    try:
        await village_days.close(counter.house, counter.desk, counter.actor, one.id, reason, own)
    except village_days.VillageDayClosedError:
        return _to(counter, one.id)
    except MotCuaError as error:
        return await _shown(counter, one, sent, faults_of(error))
    return _to(counter, one.id)


def _unused(one: VillageDay, sent: Mapping[str, str]) -> dict[tuple[UUID, int], str]:
    """The numbers nothing was entered for, each with the reason of its own, if it has one."""
    return {
        (sheet.block, each.number): sent.get(f"{OWN}{sheet.block}.{each.number}", "").strip()
        for sheet in one.sheets
        for each in sheet.numbers
        if each.status == "reserved"
    }


async def _confirm(
    counter: Counter, one: VillageDay, sent: Mapping[str, str], voids: list[str]
) -> Response[Any]:
    """Which numbers become void, sheet by sheet, and why."""
    return await counter.page(
        "village_close.html",
        current="books",
        one=one,
        names={each.procedure: name_of(counter, one, each.procedure) for each in one.sheets},
        given=sent,
        reason=sent[REASON].strip(),
        seen=" ".join(voids),
    )


async def found(counter: Counter, day: str) -> VillageDay:
    """The village day a path names; what is no id answers like one that does not exist.

    Raises:
        UnknownVillageDayError: there is none.
    """
    try:
        wanted = UUID(day)
    except ValueError:
        raise UnknownVillageDayError(day=day[:40]) from None
    return await village_days.day(counter.house, counter.desk, counter.actor, wanted)


def name_of(counter: Counter, one: VillageDay, code: str) -> str:
    """What a procedure was called on the day."""
    return kind_name(offers.on_day(counter.house, code, one.day))


def _plan(sent: Mapping[str, str]) -> Plan:
    """What was typed, as a plan.

    Raises:
        InvalidAnswersError: the day is none, or a count is no number.
    """
    faults, counts = [], {}
    for name, said in sent.items():
        if name.startswith(COUNT) and said.strip():
            code, count = name.removeprefix(COUNT), whole(said)
            counts[code] = count or 0
            if count is None:
                faults.append(FieldFault(f"counts.{code}", "field.type", label=code))
    try:
        on = day_of(sent.get(DAY, ""))
    except ValueError:
        missing = "field.date" if sent.get(DAY, "").strip() else "field.missing"
        raise InvalidAnswersError([FieldFault("day", missing), *faults]) from None
    if faults:
        raise InvalidAnswersError(faults)
    return Plan(
        day=on,
        place=sent.get(PLACE, "")[:200],
        officer=sent.get(OFFICER, "")[:200],
        signers=tuple(v for name, v in sorted(sent.items()) if name.startswith(SIGNER)),
        counts={code: count for code, count in counts.items() if count},
    )


async def _list(
    counter: Counter, sent: Mapping[str, str], faults: list[FieldFault]
) -> Response[Any]:
    listed_now = await village_days.days(counter.house, counter.desk, counter.actor)
    makes = bool(KEEP & set(counter.actor.roles))
    kinds = village_plan.kinds(counter.house, counter.desk) if makes else []
    people = await holding.people(counter.house, counter.desk, list(STAFF_ROLES)) if makes else []
    names = [each.full_name for each in people]
    return await counter.page(
        "village_days.html",
        current="books",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        days=listed_now,
        makes=makes,
        kinds=[(each.code, kind_name(each), each.result.register) for each in kinds],
        officers=[(each, each) for each in dict.fromkeys([*_me(counter, names), *names])],
        signers=await _signers(counter, kinds) if makes else [],
        given=sent,
        errors=dict(told := _told(faults, kinds[0].code if kinds else "")),
        faults=told,
        key=sent.get(KEY, "") or counter.new_key(),
    )


def _me(counter: Counter, names: list[str]) -> list[str]:
    """Who asks, where they work at the tables themselves."""
    return [counter.actor.name] if counter.actor.name in names else []


async def _signers(counter: Counter, kinds: Sequence[ProcedureDefinition]) -> list[str]:
    """Who may be named as a signer."""
    async with work(counter.house.engine, counter.desk.id) as reading:
        return await village_signers.known(counter.house, counter.desk, reading, kinds)


def _told(faults: list[FieldFault], first: str) -> list[tuple[str, str]]:
    """What is wrong with the form, by the id of the field."""
    told = []
    for fault in faults:
        code = fault.field.partition(".")[2] or first
        name = _AT.get(fault.field) or f"{COUNT}{code}"
        told.append((name, words(fault, text(f"village.{_AT_LABEL.get(fault.field, 'count')}"))))
    return told


_AT_LABEL = {"day": "day", "place": "place", "officer": "officer", "signers": "signers"}


async def _shown(
    counter: Counter, one: VillageDay, sent: Mapping[str, str], faults: list[FieldFault]
) -> Response[Any]:
    roles = set(counter.actor.roles)
    return await counter.page(
        "village_day.html",
        current="books",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        one=one,
        names={each.procedure: name_of(counter, one, each.procedure) for each in one.sheets},
        enters=bool(ENTER & roles) and one.closed_at is None,
        closes=bool(KEEP & roles) and one.closed_at is None,
        given=sent,
        faults=[(REASON, words(each, text("need.reason"))) for each in faults],
    )


def _to(counter: Counter, day: object) -> Redirect:
    return Redirect(f"{counter.base}/{HERE}/{day}", status_code=HTTP_303_SEE_OTHER)
