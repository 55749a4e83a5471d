"""The second factor: an authenticator app's codes, and recovery codes for a lost telephone.

The app's secret is sealed with the installation's key; of a recovery code only a hash
keyed with it is kept. Neither opens anything twice.
"""

import hmac
import re

import structlog

from motcua.domain import totp
from motcua.domain.errors import MotCuaError
from motcua.services.house import House
from motcua.services.seal import seal, unseal
from motcua.services.signin_log import Client, Happening, note
from motcua.storage.work import Work

RECOVERY_CODES = 10
"""How many are made at a time."""
_RECOVERY_DIGITS = 12
_GROUP = 4
_SPACES = re.compile(r"[\s.–-]+")

log = structlog.get_logger(__name__)


class SecondFactorOnError(MotCuaError):
    """The account has a second factor already."""

    code = "staff.second-factor-on"
    status = 409


async def use_code(writing: Work, house: House, staff_id: int, typed: str, client: Client) -> bool:
    """Whether *typed* is a code of the account that was not used before; then it is used now.

    Args:
        writing: The transaction in which it is used.
        house: The application's parts.
        staff_id: Whose second factor.
        typed: Six digits of the app, or a recovery code; spaces and dashes do not matter.
        client: From where.
    """
    code = _SPACES.sub("", typed)
    if len(code) == _RECOVERY_DIGITS:
        return await _use_recovery_code(writing, house, staff_id, code, client)
    row = await writing.fetchrow(_READ, writing.tenant_id, staff_id)
    secret = unseal(house, row["secret"], _label(writing.tenant_id, staff_id)) if row else None
    if secret is None:
        log.warning("second factor unreadable: is the installation's key another?", staff=staff_id)
        return False
    step = totp.matching_step(secret, code, house.now(), after=row["last_step"])
    if step is None:
        return False
    return await writing.fetchrow(_USE, writing.tenant_id, staff_id, step) is not None


async def store(writing: Work, house: House, staff_id: int, secret: bytes, step: int) -> list[str]:
    """Make *secret* the account's; answers its recovery codes, the only time they are told.

    Args:
        writing: The transaction.
        house: The application's parts.
        staff_id: Whose second factor.
        secret: What the app knows now.
        step: The step of the code that proved it.

    Raises:
        SecondFactorOnError: the account has one already.
    """
    sealed = seal(house, secret, _label(writing.tenant_id, staff_id))
    args = (writing.tenant_id, staff_id, sealed, step, house.now())
    if await writing.fetchrow(_STORE, *args) is None:
        raise SecondFactorOnError
    return await make_recovery_codes(writing, house, staff_id)


async def drop(writing: Work, staff_id: int) -> bool:
    """Take the account's second factor away with its recovery codes; answers if it had one."""
    await writing.execute(_DROP_CODES, writing.tenant_id, staff_id)
    tag = await writing.execute(_DROP, writing.tenant_id, staff_id)
    return tag != "DELETE 0"


async def make_recovery_codes(writing: Work, house: House, staff_id: int) -> list[str]:
    """New recovery codes in place of the old ones."""
    codes = [_draw(house) for _ in range(RECOVERY_CODES)]
    hashes = [_hashed(house, writing.tenant_id, staff_id, code) for code in codes]
    await writing.execute(_DROP_CODES, writing.tenant_id, staff_id)
    await writing.execute(_STORE_CODES, writing.tenant_id, staff_id, hashes)
    return ["-".join(re.findall(f".{{{_GROUP}}}", code)) for code in codes]


async def codes_left(reading: Work, staff_id: int) -> int:
    """How many recovery codes of the account are still good."""
    row = await reading.fetchrow(_LEFT, reading.tenant_id, staff_id)
    left: int = row["n"]
    return left


async def _use_recovery_code(
    writing: Work, house: House, staff_id: int, code: str, client: Client
) -> bool:
    hashed = _hashed(house, writing.tenant_id, staff_id, code)
    used = await writing.fetchrow(_USE_CODE, writing.tenant_id, staff_id, hashed, house.now())
    if used is None:
        return False
    await note(writing, house, Happening.RECOVERY_CODE_USED, staff_id=staff_id, client=client)
    return True


def _draw(house: House) -> str:
    """Twelve digits: 128 random bits leave no digit likelier than another."""
    number = int.from_bytes(house.entropy(16), "big") % 10**_RECOVERY_DIGITS
    return f"{number:0{_RECOVERY_DIGITS}}"


def _hashed(house: House, tenant_id: int, staff_id: int, code: str) -> bytes:
    told = f"recovery code {tenant_id} {staff_id} {code}"
    return hmac.digest(house.key, told.encode(), "sha256")


def _label(tenant_id: int, staff_id: int) -> str:
    """Binds a sealed secret to its account: in another's row it cannot be opened."""
    return f"second factor {tenant_id} {staff_id}"


_READ = """
select secret, last_step from staff_second_factor where tenant_id = $1 and staff_id = $2
"""

_USE = """
update staff_second_factor set last_step = $3
where tenant_id = $1 and staff_id = $2 and last_step < $3 returning staff_id
"""

_STORE = """
insert into staff_second_factor (tenant_id, staff_id, secret, last_step, enrolled_at)
values ($1, $2, $3, $4, $5)
on conflict (tenant_id, staff_id) do nothing returning staff_id
"""

_DROP = "delete from staff_second_factor where tenant_id = $1 and staff_id = $2"
_DROP_CODES = "delete from staff_recovery_code where tenant_id = $1 and staff_id = $2"

_STORE_CODES = """
insert into staff_recovery_code (tenant_id, code_hash, staff_id) select $1, unnest($3::bytea[]), $2
"""

_USE_CODE = """
update staff_recovery_code set used_at = $4
where tenant_id = $1 and staff_id = $2 and code_hash = $3 and used_at is null returning staff_id
"""

_LEFT = """
select count(*)::int as n from staff_recovery_code
where tenant_id = $1 and staff_id = $2 and used_at is null
"""
