"""Which procedures a commune takes, and limits shorter than the law's."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.console import typed
from motcua.console.frame import Console, Faults, Sent, TheConsole
from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.domain.limit import TimeLimit, Unit
from motcua.domain.procedure import OnlineLevel
from motcua.plugin.texts import fault_text, text
from motcua.registry.catalogue import UnknownProcedureError
from motcua.services import configure
from motcua.services.catalogue import Published
from motcua.services.change import digest
from motcua.services.house import Override
from motcua.services.offers import limit_of, offered
from motcua.services.words import limit_words
from motcua.storage.work import work
from motcua.ui.pages import Page
from motcua.ui.words import offered_limit_words

OPT = {"page": "procedures"}
UNITS = (Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_DAY, Unit.SAME_DAY)


@get("/thu-tuc", opt=OPT)
async def show(console: TheConsole) -> Page:
    """Every procedure in force, by field."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in console.house.catalogue.current(console.house.today()):
        if console.desk.plugins.works(each.owner):
            groups.setdefault(each.definition.field_name, []).append(_line(console, each))
    return console.page("procedures.html", groups=groups)


@get("/thu-tuc/{code:str}", opt=OPT)
async def form(console: TheConsole, code: FromPath[str]) -> Page:
    """What the commune settles about one procedure."""
    own = console.desk.overrides.get(code, Override(code=code))
    limit = own.time_limit
    given = {
        "nhan": "1" if own.offered else "",
        "mang": "" if own.online is False else "1",
        "han": str(limit.amount) if limit else "",
        "don_vi": limit.unit.value if limit else "",
        "can_cu": own.basis,
    }
    return await _form(console, code, given, [])


@post("/thu-tuc/{code:str}", opt=OPT, status_code=HTTP_200_OK)
async def change(console: TheConsole, code: FromPath[str]) -> Response[Any]:
    """Settle it, or ask again with every fault."""
    sent = await console.sent()
    given = {name: sent.one(name) for name in ("nhan", "mang", "han", "don_vi", "can_cu")}
    limit, faults = _limit(_published(console, code), sent)
    kept_here = _by_law(_published(console, code)) and not sent.has("mang")
    if not given["can_cu"] and (limit is not None or not sent.has("nhan") or kept_here):
        faults.append(("can_cu", text("console.procedure.basis-needed")))
    if not faults:
        asked = console.asked("procedure", code, sent.one("thay"))
        try:
            await configure.set_override(
                console.house,
                console.desk,
                code,
                offered=sent.has("nhan"),
                time_limit=limit,
                basis=given["can_cu"],
                online=not kept_here,
                asked=asked,
            )
        except InvalidAnswersError as error:
            faults = [("han", fault_text(each)) for each in error.faults]
        else:
            return console.done("procedure")
    return await _form(console, code, given, faults)


def _limit(published: Published, sent: Sent) -> tuple[TimeLimit | None, Faults]:
    """The limit that was typed, in the law's unit where the law knows one."""
    if not sent.one("han"):
        return None, []
    amount = typed.whole(sent.one("han"))
    law = published.definition.limit.time_limit
    try:
        unit = law.unit if law else Unit(sent.one("don_vi"))
        return TimeLimit(amount=amount or 0, unit=unit, ground=sent.one("can_cu")), []
    except ValueError:
        return None, [("don_vi", text("console.fault.choice"))]
    except MotCuaError:
        return None, [("han", text("console.fault.limit"))]


def _by_law(published: Published) -> bool:
    """Whether the definition lets one apply online at all."""
    return published.definition.online_level is not OnlineLevel.NONE


def _published(console: Console, code: str) -> Published:
    found = console.house.catalogue.find(code, console.house.today())
    if found is None:
        raise UnknownProcedureError(procedure=code, day=console.house.today().isoformat())
    return found


async def _form(console: Console, code: str, given: dict[str, str], faults: Faults) -> Page:
    published = _published(console, code)
    async with work(console.house.engine, console.desk.id) as reading:
        seen = digest(await configure.override_as_seen(code)(reading))
    law = published.definition.limit
    return console.page(
        "procedure.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        definition=published.definition,
        law=offered_limit_words(law),
        known=law.time_limit is not None,
        stages=bool(law.stages) and law.time_limit is None,
        silence=law.on_silence is not None,
        by_law=_by_law(published),
        units=[(each.value, text(f"console.unit.{each.value}")) for each in UNITS],
        given=given,
        faults=faults,
        seen=seen,
    )


def _line(console: Console, published: Published) -> dict[str, Any]:
    definition = published.definition
    own = console.desk.own_limit(definition)
    return {
        "code": definition.code,
        "name": definition.name,
        "law": offered_limit_words(definition.limit),
        "own": limit_words(own) if own else "",
        "unknown": limit_of(console.desk, definition) is None and not definition.limit.stages,
        "offered": offered(console.house, console.desk, published),
        "online": console.desk.online(definition),
    }
