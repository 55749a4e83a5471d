"""Closing a block of numbers at the counter: what nobody used becomes void, with its reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.errors import FieldFault, MotCuaError
from motcua.plugin.texts import text
from motcua.services import blocks, books
from motcua.services.book_rights import KEEP, require
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.paper_day import open_block, own_block
from motcua.web.counter.reception import faults_of
from motcua.web.counter.session import typed
from motcua.web.forms.told import words

AnyRequest = Request[Any, Any, Any]
REASON, OWN = "ly_do", "hong."


@get("/so/day-so/{block:str}")
async def form(counter: TheCounter, block: FromPath[str]) -> Response[Any]:
    """What is unused of an open block, and the form that closes it."""
    require(counter.actor, KEEP)
    return await _shown(counter, await open_block(counter, block), {}, [])


@post("/so/day-so/{block:str}", status_code=HTTP_200_OK)
async def close(request: AnyRequest, counter: TheCounter, block: FromPath[str]) -> Response[Any]:
    """Close the block; closed already, it is the same."""
    require(counter.actor, KEEP)
    found, sent = await own_block(counter, block), await typed(request)
    if found.closed_at is not None:
        return _to_books(counter, found)
    own = {
        number: said for number in found.unused if (said := sent.get(f"{OWN}{number}", "").strip())
    }
    try:
        reason = sent.get(REASON, "")
        await blocks.close_block(counter.house, counter.desk, counter.actor, found.id, reason, own)
    except blocks.BlockClosedError:
        pass  # by somebody else, a moment ago
    except MotCuaError as error:
        return await _shown(counter, found, sent, faults_of(error))
    return _to_books(counter, found)


def _to_books(counter: Counter, block: books.Block) -> Redirect:
    return Redirect(f"{counter.base}/so?nam={block.year}", status_code=HTTP_303_SEE_OTHER)


async def _shown(
    counter: Counter, block: books.Block, sent: Mapping[str, str], faults: Sequence[FieldFault]
) -> Response[Any]:
    return await counter.page(
        "block.html",
        current="books",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        block=block,
        given=sent,
        faults=[(REASON, words(each, text("need.reason"))) for each in faults],
    )
