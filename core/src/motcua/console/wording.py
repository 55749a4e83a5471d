"""What the unit says in its own words: messages to citizens, and what it adds to slips."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console.frame import Console, Faults, TheConsole
from motcua.domain.tenant import SlipTexts
from motcua.domain.wording import KINDS, Kind, faults, filled, parts
from motcua.plugin.texts import fault_text, text
from motcua.services import unit
from motcua.services.change import digest
from motcua.storage.work import work
from motcua.ui.pages import Page

MESSAGES = {"page": "messages"}
SLIPS = {"page": "slip_texts"}
ADDED = SlipTexts.__struct_fields__


@get("/tin-nhan", opt=MESSAGES)
async def messages(console: TheConsole) -> Page:
    """Every kind of message, with the usual words and the unit's own."""
    return await _messages(console, console.desk.settings.get("messages") or {}, [])


@post("/tin-nhan", opt=MESSAGES, status_code=HTTP_200_OK)
async def set_messages(console: TheConsole) -> Response[Any]:
    """Show what would be sent; after that, or at once, keep the unit's words."""
    sent = await console.sent()
    given = {name: _stored(" ".join(sent.one(name).split())) for name in KINDS}
    own = {name: body for name, body in given.items() if body}
    wrong = [fault for name, body in own.items() for fault in faults(name, KINDS[name], body)]
    if wrong or sent.one("lam") == "xem":
        return await _messages(
            console, given, [(each.field, said(fault_text(each))) for each in wrong]
        )
    asked = console.asked("messages", console.desk.name, sent.one("thay"))
    await unit.set_settings(console.house, console.desk, {"messages": own or None}, asked)
    return console.done("messages")


@get("/chu-phieu", opt=SLIPS)
async def slip_texts(console: TheConsole) -> Page:
    """What the unit adds to its slips."""
    return await _slips(console, console.desk.settings.get("slip_texts") or {}, [])


@post("/chu-phieu", opt=SLIPS, status_code=HTTP_200_OK)
async def set_slip_texts(console: TheConsole) -> Response[Any]:
    """Keep it, or ask again with every fault."""
    sent = await console.sent()
    given = {name: " ".join(sent.one(name).split()) for name in ADDED}
    wrong: Faults = [
        (name, text("console.fault.long", most=most))
        for name, most in _longest().items()
        if len(given[name]) > most
    ]
    if wrong:
        return await _slips(console, given, wrong)
    own = {name: said for name, said in given.items() if said}
    asked = console.asked("slip_texts", console.desk.name, sent.one("thay"))
    await unit.set_settings(console.house, console.desk, {"slip_texts": own or None}, asked)
    return console.done("slip_texts")


def _longest() -> dict[str, int]:
    """How many letters each text may have, as its type says."""
    schema = msgspec.json.schema(SlipTexts)["$defs"]["SlipTexts"]["properties"]
    return {name: schema[name]["maxLength"] for name in ADDED}


async def _messages(console: Console, given: dict[str, str], wrong: Faults) -> Page:
    return console.page(
        "messages.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if wrong else HTTP_200_OK,
        kinds=[_shown(name, kind, given.get(name, "")) for name, kind in KINDS.items()],
        faults=wrong,
        seen=await _seen(console, "messages"),
    )


def _shown(name: str, kind: Kind, own: str) -> dict[str, Any]:
    usual = text(kind.default, **{each: f"{{{each}}}" for each in kind.sample})
    preview = filled(own or usual, kind.sample)
    return {
        "name": name,
        "label": text(f"console.messages.kind.{name}"),
        "usual": said(usual),
        "own": said(own),
        "known": said(" ".join(f"{{{each}}}" for each in kind.sample)),
        "required": said(" ".join(f"{{{each}}}" for each in kind.required)),
        "preview": preview,
        "letters": len(preview),
        "parts": parts(preview),
    }


_PLACES = tuple(dict.fromkeys(name for kind in KINDS.values() for name in kind.sample))


def said(body: str) -> str:
    """*body* with its placeholders in the words of whoever writes it: ``{mã}``."""
    for name in _PLACES:
        body = body.replace(f"{{{name}}}", f"{{{text(f'message.place.{name}')}}}")
    return body


def _stored(body: str) -> str:
    """*body* with its placeholders as they are kept: ``{code}``."""
    for name in _PLACES:
        body = body.replace(f"{{{text(f'message.place.{name}')}}}", f"{{{name}}}")
    return body


async def _slips(console: Console, given: dict[str, str], wrong: Faults) -> Page:
    return console.page(
        "slip_texts.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if wrong else HTTP_200_OK,
        given=given,
        longest=_longest(),
        faults=wrong,
        seen=await _seen(console, "slip_texts"),
    )


async def _seen(console: Console, name: str) -> str:
    async with work(console.house.engine, console.desk.id) as reading:
        return digest(await unit.settings_as_seen(name)(reading))
