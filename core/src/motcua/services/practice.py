"""A place to practise beside a unit: the same people and settings, invented dossiers.

It is a tenant of its own, so the wall between tenants keeps its data from everything
real. Nothing stands above it, so no province counts it; its papers carry the mark of test
data and codes of an agency that does not exist. Making it ready empties it first.
"""

from typing import Any

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.tenant import PRACTICE, practises
from motcua.plugin.texts import text
from motcua.services.change import Asked, change
from motcua.services.house import Desk, House
from motcua.services.receive import ended
from motcua.storage.work import Work

NO_AGENCY = "00000"
"""The unit code in the codes of its dossiers; no unit has it."""
_OWN = ("crest", "fee_schedule", "practice", "bank_account")
"""Settings that are the unit's alone, or told in another way."""


class NoPracticeError(MotCuaError):
    """A unit that has ended, or is itself a place to practise, has none."""

    code = "practice.none"
    status = 409


def place_of(desk: Desk) -> str:
    """The slug of the place to practise of a unit."""
    return desk.slug + PRACTICE


async def ready(house: House, desk: Desk, asked: Asked) -> None:
    """Open the place to practise, or empty it, and fill it from the unit as it is now.

    Raises:
        NoPracticeError: the unit has ended, or is itself such a place.
        ChangedMeanwhileError: somebody else did it since the page was shown.
    """
    if practises(desk.slug) or ended(desk, house.now()):
        raise NoPracticeError(tenant=desk.name)
    settings = {name: value for name, value in desk.settings.items() if name not in _OWN}
    settings["fee_amounts"] = desk.amounts_on(house.today())
    given = {
        "name": text("practice.name", lang="vi", unit=desk.name),
        "codes": [{"code": NO_AGENCY, "valid_from": None, "valid_to": None}],
        "settings": settings,
    }

    async def write(writing: Work) -> None:
        await writing.execute(_READY, msgspec.json.encode(given).decode())

    await change(house, desk, asked, practice_as_seen(place_of(desk)), write)


def practice_as_seen(slug: str) -> Any:
    """Reads how often a place to practise was made ready; ``None``: there is none."""

    async def read(reading: Work) -> Any:
        row = await reading.fetchrow(_SEEN, slug)
        return None if row is None else {"version": row["config_version"]}

    return read


_READY = "select ready_practice($1::jsonb)"
_SEEN = "select config_version from tenant where slug = $1"
