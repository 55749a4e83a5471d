"""The plugin's own address: the notes, as JSON for whoever is signed in."""

import datetime as dt

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from motcua.plugin import Session
from motcua_sample.tables import all_notes


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note as it leaves the system."""

    code: str
    received_at: dt.datetime
    ready_at: dt.datetime | None


@get("/ghi-chu")
async def notes(session: NamedDependency[SkipValidation[Session]]) -> list[Note]:
    """Every note of the commune, the oldest first."""
    return [msgspec.convert(row, Note) for row in await session.run(all_notes())]
