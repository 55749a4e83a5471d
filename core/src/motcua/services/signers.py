"""Everybody who is or was assigned to sign."""

import datetime as dt
from uuid import UUID

import msgspec

from motcua.storage.work import Work


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One assignment to sign; several of one person may follow each other."""

    id: UUID
    full_name: str
    title: str
    act: str
    scope: tuple[str, ...]
    capacity: str
    authorised_certifier: bool
    valid_from: dt.datetime
    valid_to: dt.datetime | None


_ALL = """
select id, full_name, title, act, scope, capacity, authorised_certifier, valid_from, valid_to
from signer where tenant_id = $1 order by valid_to desc nulls first, valid_from desc
"""


async def assignments(reading: Work) -> list[Assignment]:
    """All of a tenant's, those that hold first."""
    rows = await reading.fetch(_ALL, reading.tenant_id)
    return [msgspec.convert(dict(row), Assignment) for row in rows]
