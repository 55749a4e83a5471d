"""Messages to citizens: put down in the transaction that causes them, delivered later.

Who may be reached, and how, depends on what the unit's plugins deliver. In a
demonstration there is always a way out: a message stands in the log and on a page of
the counter. Elsewhere, while nothing delivers a channel, nothing that needs it is offered.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
import structlog

from motcua.domain.names import masked
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.wording import KINDS, filled
from motcua.plugin.texts import spoken, text, texts
from motcua.services.assess import filing_of
from motcua.services.delivery import LOOKS
from motcua.services.house import Desk, House
from motcua.services.words import called, moment_words
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work

PHONE, EMAIL = "phone", "email"
KEPT = dt.timedelta(days=14)
"""How long a message about a dossier is of use."""
TOLD = {
    "T01": "submitted",
    "T02": "received",
    "T03": "received",
    "T04": "supplement",
    "T07": "refused",
    "T09": "supplement",
    "T12": "payment",
    "T19": "ready",
    "T21": "late",
    "T27": "redated",
}
"""The steps an applicant hears of, and the kind of message."""
_SHOWN = 50
_PHONE = re.compile(r"\+?[0-9]{9,14}")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

log = structlog.get_logger(__name__)


class Reach(msgspec.Struct, frozen=True):
    """How somebody is reached: over which channel, and where."""

    channel: str
    address: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the page of a demonstration shows it."""

    id: UUID
    kind: str
    recipient: str
    body: str
    created_at: dt.datetime


def can_deliver(house: House, desk: Desk, channel: str = "") -> bool:
    """Whether a message reaches anybody: over *channel*, or over any."""
    delivered = house.registry.channels(desk.plugins)
    return house.invented(desk) or (channel in delivered if channel else bool(delivered))


def phone_number(typed: str) -> str:
    """*typed* as digits that can be called, or nothing."""
    bare = re.sub(r"[\s().-]", "", typed)
    return bare if _PHONE.fullmatch(bare) else ""


def mail_address(typed: str) -> str:
    """*typed* as an address mail can be sent to, or nothing."""
    bare = typed.strip()
    return bare if _EMAIL.fullmatch(bare) and len(bare) <= 254 else ""  # noqa: PLR2004 - RFC 5321


def reach(house: House, desk: Desk, person: Mapping[str, Any]) -> Reach | None:
    """How *person* is reached here, the telephone first; ``None`` if they are not."""
    ways = (
        Reach(PHONE, phone_number(str(person.get("phone") or ""))),
        Reach(EMAIL, mail_address(str(person.get("email") or ""))),
    )
    return next(
        (each for each in ways if each.address and can_deliver(house, desk, each.channel)), None
    )


def body_of(desk: Desk, kind: str, **fields: Any) -> tuple[str, str]:
    """Subject and text of a message of *kind*, in the unit's own words or else the usual ones."""
    values = {"unit": desk.name} | fields
    own = (desk.settings.get("messages") or {}).get(kind)
    subject = text(f"message.subject.{kind}", **values)
    return subject, filled(own or texts(spoken())[KINDS[kind].default], values)


async def tell(
    house: House,
    desk: Desk,
    writing: Work,
    definition: ProcedureDefinition,
    row: DossierRow,
    transition: str,
) -> None:
    """Put down what the applicant hears of a step, unless they or the law want none."""
    if transition in TOLD:
        await tell_of(house, desk, writing, definition, row, TOLD[transition])


async def tell_of(
    house: House,
    desk: Desk,
    writing: Work,
    definition: ProcedureDefinition,
    row: DossierRow,
    kind: str,
    **told: str,
) -> None:
    """Put down a message of *kind* to the applicant, unless they or the law want none."""
    filing = filing_of(row.chosen)
    if definition.quiet or (filing and filing.no_messages):
        return
    where = reach(house, desk, row.applicant)
    if where is None:
        return
    words = body_of(
        desk,
        kind,
        code=row.code or row.temporary_code or "",
        procedure=called(definition),
        due=moment_words(row.due_at) if row.due_at else "–",
        **told,
    )
    await leave(house, writing, kind, where, words, KEPT)


async def leave(
    house: House,
    writing: Work,
    kind: str,
    where: Reach,
    words: tuple[str, str],
    kept: dt.timedelta,
) -> None:
    """Put a message down, to be delivered within *kept* or not at all."""
    now = house.now()
    args = (house.new_id(), kind, where.channel, where.address, *words, now, now + kept)
    await writing.execute(_LEAVE, writing.tenant_id, *args)
    house.outgoing[writing.tenant_id] = LOOKS
    if house.demo:
        log.info("message", kind=kind, recipient=masked(where.address), body=words[1])


async def latest(house: House, desk: Desk) -> list[Message]:
    """The latest messages, for the page of a demonstration."""
    async with work(house.engine, desk.id) as reading:
        rows: list[Any] = await reading.fetch(_LATEST, desk.id, house.now(), _SHOWN)
    return [msgspec.json.decode(row[0], type=Message) for row in rows]


async def forget_expired(house: House, tenant_id: int) -> None:
    """Delete what is of no use any more, with the codes in it."""
    async with work(house.engine, tenant_id) as writing:
        await writing.execute(_FORGET, tenant_id, house.now())


_LEAVE = """
insert into message (tenant_id, id, kind, channel, recipient, subject, body, created_at,
  expires_at, next_at, attempts, problem)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, 0, '')
"""

_LATEST = """
select json_build_object('id', id, 'kind', kind, 'recipient', recipient, 'body', body,
  'created_at', created_at)::text
from message where tenant_id = $1 and expires_at > $2 order by id desc limit $3
"""

_FORGET = "delete from message where tenant_id = $1 and expires_at <= $2"
