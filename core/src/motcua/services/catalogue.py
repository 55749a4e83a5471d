"""The published procedures, by code and by day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.procedure import ProcedureDefinition
from motcua.registry.catalogue import UnknownProcedureError
from motcua.storage.work import Work


class NotInForceError(UnknownProcedureError):
    """A paper names a procedure of which no version is in force."""

    status = 422


class UnknownVersionError(MotCuaError):
    """A dossier's version was published a moment ago; the next request knows it."""

    code = "procedure.unknown-version"
    status = 503


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A published version: its name, the plugin that owns it, its definition."""

    id: str
    owner: str
    published_at: dt.datetime
    definition: ProcedureDefinition


class Catalogue:
    """All published versions; immutable, made anew when something is published."""

    def __init__(self, versions: Iterable[Published]) -> None:
        """Index *versions*, the latest published of each code first."""
        self.by_id: dict[str, Published] = {}
        self._by_code: dict[str, list[Published]] = defaultdict(list)
        for version in sorted(versions, key=lambda each: each.published_at, reverse=True):
            self.by_id[version.id] = version
            self._by_code[version.definition.code].append(version)

    def version(self, version_id: str) -> Published:
        """The version a dossier was received under.

        Raises:
            UnknownVersionError: it was published after the catalogue was read.
        """
        found = self.by_id.get(version_id)
        if found is None:
            raise UnknownVersionError(version=version_id)
        return found

    def latest(self, code: str) -> Published | None:
        """The version of *code* that was published last, in force or not."""
        return next(iter(self._by_code.get(code, ())), None)

    def find(self, code: str, day: dt.date, *, simulation: bool = False) -> Published | None:
        """The version of *code* in force on *day*, if any; dated ones before undated.

        Args:
            code: The procedure's code.
            day: The day of reception.
            simulation: Whether versions made for the demonstration may answer.
        """
        fitting = [
            version
            for version in self._by_code.get(code, ())
            if version.definition.in_force(day)
            and (simulation or not version.definition.is_simulation)
        ]
        dated = (each for each in fitting if each.definition.valid_from is not None)
        return next(dated, fitting[0] if fitting else None)

    def in_force(self, code: str, day: dt.date, *, simulation: bool = False) -> Published:
        """As :meth:`find`.

        Raises:
            NotInForceError: no version is in force.
        """
        found = self.find(code, day, simulation=simulation)
        if found is None:
            raise NotInForceError(procedure=code, day=day.isoformat())
        return found

    def current(self, day: dt.date) -> Sequence[Published]:
        """The version in force on *day* of every code that stands alone, in their order."""
        found = (self.find(code, day) for code in sorted(self._by_code))
        return [each for each in found if each is not None and each.definition.stands_alone]


_LOAD = """
select json_build_object('id', id, 'owner', owner, 'published_at', published_at,
       'definition', definition)::text from procedure_version
"""


async def load_catalogue(work: Work) -> Catalogue:
    """Every published version, from the database."""
    rows = await work.fetch(_LOAD)
    return Catalogue(msgspec.json.decode(row[0], type=Published) for row in rows)
