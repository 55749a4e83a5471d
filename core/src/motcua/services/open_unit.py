"""Opening a commune set up like another one of the province, with its first administrator.

Hours, settings, plugins, what it takes and its fees are those of the other one; people,
dossiers, signers, keys, its telephone and crest, its words on slips and in messages, its
campaigns and the account it sends mail from are not. Units described in files come by
``motcua tenants apply``.
"""

import base64
import datetime as dt
from typing import Any

import asyncpg
import msgspec

from motcua.domain.decoding import Fault
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.tenant import Code, Tenant, faults_of
from motcua.plugin.texts import text
from motcua.services import passwords
from motcua.services.change import Asked, Read, change
from motcua.services.house import Desk, House
from motcua.services.proof import USERNAME
from motcua.services.signin_log import Client
from motcua.storage.work import Work, reference_work

KINDS = ("commune", "ward", "special_zone")
_PASSWORD_BYTES = 12
_LONGEST_NAME = 200


class NewUnit(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a unit that is to be opened.

    Attributes:
        template: The slug of the unit it is set up like.
        name: As on paper, with its kind.
        code: Its administrative code of five digits.
        opened_on: Its first day, from which the code holds.
        username: What its first administrator signs in with.
        full_name: Who that is.
    """

    template: str
    slug: str
    kind: str
    name: str
    code: str
    opened_on: dt.date
    username: str
    full_name: str


async def open_unit(house: House, above: Desk, new: NewUnit, client: Client, asked: Asked) -> str:
    """Open a unit; answers the first password of its administrator, the only time.

    Raises:
        InvalidAnswersError: it cannot be opened so; holds all faults.
    """
    async with reference_work(house.engine) as reading:
        rows = await reading.fetch(_KNOWN)
    _refuse(above, new, rows)
    password = base64.b32encode(house.entropy(_PASSWORD_BYTES)).decode().rstrip("=").lower()
    hashed = await passwords.in_thread(passwords.hash_password, password)
    given = msgspec.to_builtins(new) | {
        "type_vi": text(f"tenants.type.{new.kind}", lang="vi"),
        "codes": [{"code": new.code, "valid_from": new.opened_on.isoformat(), "valid_to": None}],
        "password_hash": hashed,
        "at": house.now().isoformat(),
        "senders": sorted(
            name
            for name, plugin in house.registry.plugins.items()
            if "deliver_message" in plugin.hooks
        ),
        "event": str(house.new_id()),
        "address": client.address,
        "agent": client.agent,
    }

    async def write(writing: Work) -> None:
        try:
            await writing.execute(_OPEN, msgspec.json.encode(given).decode())
        except asyncpg.UniqueViolationError:
            raise InvalidAnswersError([FieldFault("slug", "tenants.slug-taken")]) from None

    await change(house, above, asked, _as_seen(new.slug), write)
    return password


def _refuse(above: Desk, new: NewUnit, rows: list[Any]) -> None:
    """Refuse what could not be a unit beside those there are."""
    faults: list[FieldFault] = []
    below = {row["slug"] for row in rows if row["parent_id"] == above.id and row["kind"] in KINDS}
    if new.template not in below:
        faults.append(FieldFault("template", "tenants.no-template"))
    if new.slug in {row["slug"] for row in rows}:
        faults.append(FieldFault("slug", "tenants.slug-taken"))
    if not USERNAME.fullmatch(new.username):
        faults.append(FieldFault("username", "staff.username-form"))
    if not new.full_name or len(new.full_name) > _LONGEST_NAME:
        faults.append(FieldFault("full_name", "staff.name-form", most=_LONGEST_NAME))
    faults += [*_unit_faults(new), *_code_faults(new, rows)]
    if faults:
        raise InvalidAnswersError(faults)


def _unit_faults(new: NewUnit) -> list[FieldFault]:
    if new.kind not in KINDS:
        return [FieldFault("kind", "tenants.no-template")]
    if not 0 < len(new.name) <= _LONGEST_NAME:
        return [FieldFault("name", "tenants.no-name", most=_LONGEST_NAME)]
    type_vi = text(f"tenants.type.{new.kind}", lang="vi")
    made = Tenant(slug=new.slug, kind=new.kind, name=new.name, type_vi=type_vi)  # type: ignore[arg-type]  # one of KINDS, as just seen
    return [_fault(each) for each in faults_of(made)]


def _fault(found: Fault) -> FieldFault:
    return FieldFault(found.key or "slug", found.code, **found.told)


def _code_faults(new: NewUnit, rows: list[Any]) -> list[FieldFault]:
    if len(new.code) != len("00000") or not (new.code.isascii() and new.code.isdigit()):
        return [FieldFault("code", "tenants.code-form")]
    own = Code(code=new.code, valid_from=new.opened_on)
    for row in rows:
        for code in msgspec.json.decode(row["codes"], type=list[Code]):
            if code.code == new.code and code.overlaps(own):
                return [FieldFault("code", "tenants.code-taken", other=row["name"])]
    return []


def _as_seen(slug: str) -> Read:
    """Reads what the history tells of a unit: its name, code and first day."""

    async def read(reading: Work) -> Any:
        row = await reading.fetchrow(_UNIT, slug)
        return None if row is None else msgspec.json.decode(row["told"])

    return read


_KNOWN = "select slug, name, kind, parent_id, codes::text as codes from tenant"

_OPEN = "select open_unit($1::jsonb)"

_UNIT = """
select json_build_object('name', name, 'unit_code', codes -> -1 ->> 'code',
  'opened_on', to_char(opened_on, 'DD/MM/YYYY'))::text as told
from tenant where slug = $1
"""
