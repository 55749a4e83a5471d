"""Who may sign on paper: those assigned then, for what may be printed in their name."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.errors import FieldFault
from motcua.domain.names import name_key
from motcua.domain.procedure import ProcedureDefinition
from motcua.services.house import Desk, House
from motcua.services.signers import Signer, assignments, barred, signers
from motcua.storage.work import Work


class MaySign(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign.

    Attributes:
        assigned: As whom; nobody: a leader, as long as nobody was ever assigned.
    """

    full_name: str
    assigned: Signer | None = None

    def signs(self, house: House, desk: Desk, kind: ProcedureDefinition, at: dt.datetime) -> bool:
        """Whether a procedure is within the scope, and its papers may be in this name then."""
        own = self.assigned
        if own is None:
            return True
        return own.signs(kind.field, kind.code) and not barred(house, desk, kind, own, at)

    def called(self, name: str) -> bool:
        """Whether that is the name of this signer."""
        return name_key(name) == name_key(self.full_name)


async def at(reading: Work, moment: dt.datetime) -> list[MaySign]:
    """Who may sign at a *moment*; the leaders, as long as nobody was ever assigned."""
    assigned = await signers(reading, moment)
    if not assigned and await reading.fetchrow(_EVER, reading.tenant_id, moment) is None:
        return [MaySign(full_name=name) for name in await _leaders(reading)]
    return [MaySign(full_name=each.full_name, assigned=each) for each in assigned]


async def known(
    house: House, desk: Desk, reading: Work, kinds: Sequence[ProcedureDefinition]
) -> list[str]:
    """Whom a village day to come may name; it is looked at again for its very day.

    Who is assigned today and may sign none of the *kinds* is left out.
    """
    now = house.now()
    today = await signers(reading, now)
    none = {
        one.id
        for one in today
        if not any(
            MaySign(full_name="", assigned=one).signs(house, desk, each, now) for each in kinds
        )
    }
    found = [
        each.full_name
        for each in await assignments(reading)
        if each.id not in none and (each.valid_to is None or each.valid_to > now)
    ]
    if not found and not none:
        found = await _leaders(reading)
    return list(dict.fromkeys(found))


def against(
    house: House,
    desk: Desk,
    kind: ProcedureDefinition,
    able: Sequence[MaySign],
    name: str,
    at: dt.datetime,
    officer: str,
) -> list[FieldFault]:
    """Why *name* cannot have signed a paper at a moment, among those *able* then.

    Args:
        house: The application's parts.
        desk: The tenant.
        kind: The paper's procedure.
        able: See :func:`at`.
        name: Who is said to have signed.
        at: When.
        officer: Who appraised it.
    """
    fit = [each for each in able if each.signs(house, desk, kind, at)]
    own = [each for each in fit if each.called(name)]
    if not own:
        names = ", ".join(each.full_name for each in fit) or "–"
        return [FieldFault("signer", "village.signer-then", name=name, options=names)]
    if all(alone(desk, each, officer) for each in own):
        return [FieldFault("signer", "village.signer-alone", name=name)]
    return []


def alone(desk: Desk, signer: MaySign, officer: str) -> bool:
    """Whether *signer* would approve what they appraised themselves, and may not."""
    certifier = signer.assigned is not None and signer.assigned.authorised_certifier
    allowed = certifier or bool(desk.settings.get("own_approval", False))
    return signer.called(officer) and not allowed


async def _leaders(reading: Work) -> list[str]:
    rows = await reading.fetch(_LEADERS, reading.tenant_id, Role.LEADER.value)
    return [row["full_name"] for row in rows]


_EVER = "select from signer where tenant_id = $1 and valid_from <= $2 limit 1"

_LEADERS = """
select full_name from staff where tenant_id = $1 and active and $2 = any(roles)
order by full_name, username
"""
