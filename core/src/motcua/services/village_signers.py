"""Who may sign on a village day: those assigned then, within their scope."""

import datetime as dt

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.names import name_key
from motcua.domain.procedure import ProcedureDefinition
from motcua.services.act import signers
from motcua.services.house import Desk
from motcua.services.signers import assignments
from motcua.storage.work import Work


class MaySign(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign.

    Attributes:
        scope: Fields of law and procedures; none: everything.
        certifier: Whether they may sign what they appraised themselves.
    """

    full_name: str
    scope: tuple[str, ...] = ()
    certifier: bool = False

    def signs(self, definition: ProcedureDefinition) -> bool:
        """Whether a procedure is within the scope."""
        return not self.scope or definition.field in self.scope or definition.code in self.scope

    def called(self, name: str) -> bool:
        """Whether that is the name of this signer."""
        return name_key(name) == name_key(self.full_name)


async def at(reading: Work, moment: dt.datetime) -> list[MaySign]:
    """Who may sign at a *moment*; the leaders, as long as nobody was ever assigned."""
    assigned = await signers(reading, moment)
    if not assigned and await reading.fetchrow(_EVER, reading.tenant_id, moment) is None:
        return [MaySign(full_name=name) for name in await _leaders(reading)]
    return [
        MaySign(full_name=each.full_name, scope=each.scope, certifier=each.authorised_certifier)
        for each in assigned
    ]


async def known(reading: Work, now: dt.datetime) -> list[str]:
    """Whom a village day to come may name; it is looked at again for its very day."""
    found = [
        each.full_name
        for each in await assignments(reading)
        if each.valid_to is None or each.valid_to > now
    ]
    return list(dict.fromkeys(found or await _leaders(reading)))


def alone(desk: Desk, signer: MaySign, officer: str) -> bool:
    """Whether *signer* would approve what they appraised themselves, and may not."""
    allowed = signer.certifier or bool(desk.settings.get("own_approval", False))
    return signer.called(officer) and not allowed


async def _leaders(reading: Work) -> list[str]:
    rows = await reading.fetch(_LEADERS, reading.tenant_id, Role.LEADER.value)
    return [row["full_name"] for row in rows]


_EVER = "select from signer where tenant_id = $1 and valid_from <= $2 limit 1"

_LEADERS = """
select full_name from staff where tenant_id = $1 and active and $2 = any(roles)
order by full_name, username
"""
