"""Addresses of the blocks of reserved official numbers."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from motcua.plugin import AskedSession, only
from motcua_civil_status import blocks
from motcua_civil_status.routes import KEEPERS, OFFICERS, OwnSession

Reason = Annotated[str, Meta(pattern=r"\S", max_length=500)]
Number = Annotated[int, Meta(ge=1, le=99_999)]


class BlockGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers *first* to *last* of the book of a kind, set aside by a *ground*."""

    kind: Literal[
        "birth", "marriage", "death", "marital", "guardianship", "recognition", "correction"
    ]
    year: Annotated[int, Meta(ge=blocks.FIRST_YEAR, le=blocks.LAST_YEAR)]
    first: Number
    last: Number
    ground: Reason


class NumberVoided(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of a block that nobody will get, and why."""

    number: Number
    reason: Reason


class BlockClosed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a block is closed, such as: the Ministry's software can be reached again."""

    reason: Reason


class NumberLine(msgspec.Struct, frozen=True, kw_only=True):
    """One number of a block and what became of it."""

    number: int
    state: str
    record_kind: str | None
    record_id: uuid.UUID | None
    reason: str
    at: dt.datetime
    by: str


class BlockView(msgspec.Struct, frozen=True, kw_only=True):
    """A block with all its numbers; *counts* by state add up to how many there are."""

    id: uuid.UUID
    book: str
    year: int
    first: int
    last: int
    ground: str
    taken_at: dt.datetime
    taken_by: str
    closed_at: dt.datetime | None
    close_reason: str
    counts: dict[str, int]
    numbers: tuple[NumberLine, ...]


class BlockList(msgspec.Struct, frozen=True):
    """Blocks, the oldest first."""

    blocks: tuple[BlockView, ...]


@get("/number-blocks", guards=[only(*OFFICERS)])
async def list_blocks(session: OwnSession, closed: FromQuery[bool] = False) -> BlockList:
    """The open blocks, or those that were closed."""
    return await _listed(session, closed=closed)


@post("/number-blocks", guards=[only(*KEEPERS)], exclude_from_csrf=True)
async def take(session: OwnSession, data: JSONBody[BlockGiven]) -> BlockView:
    """Set numbers aside, as the commune was given them or took them for a time offline."""
    block = await blocks.take_block(session, **msgspec.structs.asdict(data))
    return await _one(session, block)


@post(
    "/number-blocks/{block:str}/void",
    guards=[only(*KEEPERS)],
    status_code=HTTP_200_OK,
    exclude_from_csrf=True,
)
async def void(
    session: OwnSession, block: FromPath[str], data: JSONBody[NumberVoided]
) -> BlockView:
    """Make a free number void, such as one that was spoilt on paper."""
    found = await _one(session, _id(block))
    await blocks.void_number(session, found.id, data.number, data.reason.strip())
    return await _one(session, found.id)


@post(
    "/number-blocks/{block:str}/close",
    guards=[only(*KEEPERS)],
    status_code=HTTP_200_OK,
    exclude_from_csrf=True,
)
async def close(
    session: OwnSession, block: FromPath[str], data: JSONBody[BlockClosed]
) -> BlockView:
    """Close a block; the numbers still free in it are accounted for as unused."""
    await blocks.close_block(session, _id(block), data.reason.strip())
    closed = await _listed(session, closed=True)
    return next(each for each in closed.blocks if each.id == _id(block))


HANDLERS = (list_blocks, take, void, close)


def _id(text: str) -> uuid.UUID:
    """The id a path names; what is no id answers like an id that does not exist."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise blocks.UnknownBlockError from None


async def _listed(session: AskedSession, *, closed: bool) -> BlockList:
    return BlockList(tuple(_view(row) for row in await blocks.blocks(session, closed=closed)))


async def _one(session: AskedSession, block: uuid.UUID) -> BlockView:
    """An open block."""
    for each in (await _listed(session, closed=False)).blocks:
        if each.id == block:
            return each
    raise blocks.UnknownBlockError


def _view(row: dict[str, Any]) -> BlockView:
    states = [line["state"] for line in row["numbers"]]
    counts = {state: states.count(state) for state in ("free", "taken", "void", "unused")}
    return msgspec.convert({**row, "counts": counts}, BlockView)
