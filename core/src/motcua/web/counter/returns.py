"""The return desk: scan, see what stands against it, hand over, print who received."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.calendar import VN
from motcua.domain.dossier import OPEN, Role, State
from motcua.domain.errors import MotCuaError
from motcua.domain.names import masked
from motcua.plugin.texts import text
from motcua.services import handover, messages, returning, shelf, worklist
from motcua.services.act import StaleVersionError
from motcua.services.words import called
from motcua.ui.due import DueTag
from motcua.ui.format import moment, money
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import faults_of
from motcua.web.counter.session import typed
from motcua.web.counter.worklist import tag_of
from motcua.web.forms.told import words
from motcua.web.forms.typed import whole

AnyRequest = Request[Any, Any, Any]
GIVE, CHECK, PLACE, REMIND = "tra.", "kt.", "ke.", "nhac."
SELF, PROXY = "minh", "thay"
_SHOWN = (*OPEN, State.RETURNED)


class Fact(msgspec.Struct, frozen=True):
    """One thing that stands for (``ok``) or against (``late``) handing a result over."""

    state: str
    title: str
    note: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier at the return desk."""

    id: str
    version: int
    code: str
    name: str
    applicant: str
    id_number: str
    ready: bool
    owed: int
    facts: list[Fact]
    checks: list[tuple[str, str, bool]]
    say: str
    tag: DueTag


class Late(msgspec.Struct, frozen=True, kw_only=True):
    """A result that waits on the shelf."""

    id: str
    code: str
    procedure: str
    applicant: str
    days: int
    shelf: str
    reminded: str
    phone: bool


@get("/tra")
async def desk(
    counter: TheCounter,
    ho_so: FromQuery[str] = "",
    q: FromQuery[str] = "",
    sau: FromQuery[str] = "",
    nhac: FromQuery[str] = "",
) -> Response[Any]:
    """What was scanned, or else the results that nobody has fetched."""
    ids = await _scanned(counter, ho_so, q.strip()[:200])
    if ids:
        return await _shown(counter, ids, {}, [])
    return await _waiting(counter, q, sau, text("returns.reminded", count=nhac) if nhac else "")


async def _scanned(counter: Counter, ho_so: str, q: str) -> list[UUID]:
    """The dossiers of the code or number that was scanned, or those named one by one."""
    named = [one for each in ho_so.split()[: handover.MOST] if (one := _uuid(each))]
    if named:
        return named
    if not q:
        return []
    found = await worklist.dossiers(
        counter.house, counter.desk, counter.actor, q=q, states=_SHOWN, limit=handover.MOST
    )
    return [each.id for each in found.dossiers if each.state is not State.RETURNED] or [
        each.id for each in found.dossiers[:1]
    ]


@post("/tra", status_code=HTTP_200_OK)
async def give(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Hand over what is ticked, each by itself; then what is to be signed for it."""
    sent = await typed(request)
    shown = _seen(sent)
    faults = _faults(sent)
    if not shown or (faults and not _given(sent)):
        return await _shown(counter, shown, sent, faults)
    found = await handover.at_desk(counter.house, counter.desk, counter.actor, shown)
    faults += _unchecked(sent, found) + _wrong_person(sent, found)
    if faults:
        return await _shown(counter, shown, sent, faults)
    house, here, actor = counter.house, counter.desk, counter.actor
    checked = {each.row.id: each.checks for each in found}
    key = sent.get("khoa", "")[:64] or counter.new_key()
    outcomes = await returning.return_all(
        house, here, actor, _given(sent), _receiver(sent), checked, key=key
    )
    if all(isinstance(each, StaleVersionError) for each in outcomes.values()):
        return await _shown(counter, shown, sent, [("nhan", text("returns.stale"))])
    return await _answered(counter, sent, found, outcomes)


def _receiver(sent: Mapping[str, str]) -> returning.Receiver:
    return returning.Receiver(
        name=sent.get("ten", "").strip(),
        id_number=sent.get("so", "").strip(),
        authority=sent.get("giay", "").strip() if sent.get("nhan") == PROXY else "",
        way=sent.get("cach", "counter"),
    )


def _seen(sent: Mapping[str, str]) -> list[UUID]:
    """The dossiers the officer had before them."""
    return [named for each in sent.get("xem", "").split() if (named := _uuid(each))]


def _given(sent: Mapping[str, str]) -> dict[UUID, int]:
    """What is ticked to be handed over of what was shown, with the version that was seen."""
    seen = _seen(sent)
    return {
        dossier: version
        for name, value in sent.items()
        if name.startswith(GIVE)
        and (version := whole(value)) is not None
        and (dossier := _uuid(name.removeprefix(GIVE))) in seen
        and dossier is not None
    }


def _faults(sent: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is missing about the receiver, and of what is ticked."""
    faults = []
    if not _given(sent):
        faults.append(("nhan", text("returns.nothing")))
    if not sent.get("ten", "").strip():
        faults.append(("ten", text("returns.no_name")))
    if sent.get("nhan") == PROXY:
        if not sent.get("so", "").strip():
            faults.append(("so", text("returns.no_number")))
        if not sent.get("giay", "").strip():
            faults.append(("giay", text("returns.no_authority")))
    return faults


def _unchecked(sent: Mapping[str, str], found: Sequence[handover.Ready]) -> list[tuple[str, str]]:
    given = _given(sent)
    return [
        (f"{CHECK}{each.row.id}.{n}", text("returns.unchecked", check=check))
        for each in found
        if each.row.id in given
        for n, check in enumerate(each.checks)
        if f"{CHECK}{each.row.id}.{n}" not in sent
    ]


def _wrong_person(
    sent: Mapping[str, str], found: Sequence[handover.Ready]
) -> list[tuple[str, str]]:
    """Somebody who fetches their own result has the number it stands under."""
    said = sent.get("so", "").strip()
    given = _given(sent)
    own = {str(each.row.applicant.get("id_number", "")) for each in found if each.row.id in given}
    if sent.get("nhan") == PROXY or not said or own <= {said, ""}:
        return []
    return [("so", text("returns.other_person"))]


async def _shown(
    counter: Counter,
    ids: Sequence[UUID],
    sent: Mapping[str, str],
    faults: Sequence[tuple[str, str]],
) -> Response[Any]:
    found = await handover.at_desk(counter.house, counter.desk, counter.actor, ids)
    cards = [_card(counter, each, sent) for each in found]
    ready = [each for each in cards if each.ready]
    return await counter.page(
        "return.html",
        current="return",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        cards=cards,
        ready=len(ready),
        may=counter.has(Role.RECEPTION),
        takes=counter.has(Role.RECEPTION) or counter.has(Role.CASHIER),
        here=f"{counter.base}/tra?ho_so={'+'.join(each.id for each in cards)}",
        faults=faults,
        wrong=dict(faults),
        who=sent.get("nhan", SELF),
        name=sent.get("ten", ready[0].applicant if ready else ""),
        number=sent.get("so", ""),
        authority=sent.get("giay", ""),
        way=sent.get("cach", "counter"),
        ticked={str(each) for each in _given(sent)} if sent else {each.id for each in ready},
        ids=" ".join(each.id for each in cards),
        key=sent.get("khoa", "") or counter.new_key(),
    )


def _card(counter: Counter, found: handover.Ready, sent: Mapping[str, str]) -> Card:
    row, now = found.row, counter.now()
    state = State(row.state)
    return Card(
        id=str(row.id),
        version=row.version,
        code=row.code or row.temporary_code or "",
        name=found.name,
        applicant=str(row.applicant.get("name", "")),
        id_number=masked(str(row.applicant.get("id_number", ""))),
        ready=found.ready,
        owed=found.owed,
        facts=_facts(found, state),
        checks=[
            (name, check, name in sent)
            for n, check in enumerate(found.checks)
            for name in [f"{CHECK}{row.id}.{n}"]
        ],
        say=_say(found, state),
        tag=tag_of(counter, state, row.due_at, now),
    )


def _facts(found: handover.Ready, state: State) -> list[Fact]:
    row = found.row
    numbers = text("returns.numbers", numbers=", ".join(found.numbers)) if found.numbers else ""
    if state is State.RESULT_READY:
        when = moment(row.finished_at.astimezone(VN)) if row.finished_at else ""
        facts = [Fact("ok", text("returns.ready"), ", ".join(filter(None, (numbers, when))))]
    elif state is State.RETURNED:
        when = moment(row.returned_at.astimezone(VN)) if row.returned_at else ""
        facts = [Fact("late", text("returns.gone"), when)]
    else:
        place = text("returns.at", state=text(f"state.{state.value}"), who=found.holder or "–")
        facts = [Fact("late", text("returns.not_ready"), place)]
    if found.owed:
        facts.append(Fact("late", text("returns.unpaid"), _owed(found)))
    else:
        words = money(found.charged) if found.charged else text("returns.free")
        facts.append(Fact("ok", text("returns.paid"), words))
    return facts


def _owed(found: handover.Ready) -> str:
    owed = money(found.owed)
    if found.transfer is None:
        return owed
    return text("transfers.at_desk", amount=owed, when=moment(found.transfer))


def _say(found: handover.Ready, state: State) -> str:
    """What the officer may tell who came too early."""
    due = found.row.due_at
    if found.ready or state is State.RETURNED:
        return ""
    if state is State.RESULT_READY:
        return text("returns.say.pay", amount=money(found.owed))
    if due is None:
        return text("returns.say.wait")
    return text("returns.say.due", when=moment(due.astimezone(VN)))


async def _answered(
    counter: Counter,
    sent: Mapping[str, str],
    found: Sequence[handover.Ready],
    outcomes: Mapping[UUID, MotCuaError | None],
) -> Response[Any]:
    """What was handed over, to be signed for, and what was not, with the reason."""
    cards = {each.row.id: _card(counter, each, {}) for each in found}
    refused = [
        (cards[each], "; ".join(words(fault, "") for fault in faults_of(error)))
        for each, error in outcomes.items()
        if error is not None and each in cards
    ]
    done = [cards[each] for each, error in outcomes.items() if error is None and each in cards]
    return await counter.page(
        "returned.html",
        current="return",
        done=done,
        refused=refused,
        name=sent.get("ten", "").strip(),
        number=masked(sent.get("so", "").strip()),
        authority=sent.get("giay", "").strip() if sent.get("nhan") == PROXY else "",
        way=text(f"way.{sent.get('cach', 'counter')}"),
    )


async def _waiting(counter: Counter, q: str, sau: str, done: str) -> Response[Any]:
    house = counter.house
    page = await shelf.waiting(house, counter.desk, counter.actor, _uuid(sau))
    today = counter.now().astimezone(VN).date()
    version = house.catalogue.version
    lines = [
        Late(
            id=str(each.id),
            code=each.code,
            procedure=called(version(each.version_id).definition),
            applicant=each.applicant,
            days=(today - each.since.astimezone(VN).date()).days,
            shelf=each.shelf,
            reminded=text(
                "returns.reminded_at", count=each.reminders, when=moment(each.reminded_at)
            )
            if each.reminded_at
            else "",
            phone=each.phone,
        )
        for each in page.waiting
    ]
    return await counter.page(
        "waiting.html",
        current="return",
        lines=lines,
        q=q,
        done=done,
        may=counter.has(Role.RECEPTION),
        reminds=messages.can_deliver(house, counter.desk, messages.PHONE),
        following=f"{counter.base}/tra?sau={page.after}" if page.after else "",
    )


@post("/tra/ke", status_code=HTTP_200_OK)
async def keep(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """Write down the shelves that were typed, or remind those who were ticked."""
    sent = await typed(request)
    house, here, actor = counter.house, counter.desk, counter.actor
    if sent.get("lam") == "nhac":
        ticked = [
            found
            for name in sent
            if name.startswith(REMIND) and (found := _uuid(name.removeprefix(REMIND)))
        ]
        count = await shelf.remind(house, here, actor, ticked)
        return Redirect(f"{counter.base}/tra?nhac={count}", status_code=HTTP_303_SEE_OTHER)
    places = {
        found: value.strip()
        for name, value in sent.items()
        if name.startswith(PLACE) and (found := _uuid(name.removeprefix(PLACE)))
    }
    await shelf.place(house, here, actor, places)
    return Redirect(f"{counter.base}/tra", status_code=HTTP_303_SEE_OTHER)


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
