"""All shipped definitions by code, with the plugin that owns each."""

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.procedure import ProcedureDefinition


class UnknownProcedureError(MotCuaError):
    """A procedure was asked for that nobody offers, or not on that day."""

    code = "procedure.unknown"
    status = 404


class OwnedDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A definition and the plugin it comes from."""

    definition: ProcedureDefinition
    owner: str


class Catalogue:
    """Definitions of all plugins; the same code may have several versions."""

    def __init__(self, owned: Iterable[OwnedDefinition]) -> None:
        """Keep *owned* by code, dated versions first, the latest first of all."""
        self._by_code: dict[str, list[OwnedDefinition]] = {}
        for each in owned:
            self._by_code.setdefault(each.definition.code, []).append(each)
        for versions in self._by_code.values():
            versions.sort(key=_since, reverse=True)

    def __iter__(self) -> Iterator[OwnedDefinition]:
        """Every version, codes in order."""
        return iter([each for code in sorted(self._by_code) for each in self._by_code[code]])

    def codes(self) -> list[str]:
        """Every code, in order."""
        return sorted(self._by_code)

    def owner(self, code: str) -> str:
        """The name of the plugin that owns *code*.

        Raises:
            UnknownProcedureError: If no plugin does.
        """
        return self._versions(code)[0].owner

    def in_force(self, code: str, on: dt.date, *, simulation: bool = False) -> ProcedureDefinition:
        """The version of *code* in force on a day.

        A version with a first day goes before one without. Simulation versions
        take part only if asked for: they are never offered for live work.

        Raises:
            UnknownProcedureError: If there is none.
        """
        for each in self._versions(code):
            live = simulation or not each.definition.is_simulation
            if live and each.definition.in_force(on):
                return each.definition
        raise UnknownProcedureError(procedure=code, on=on.isoformat())

    def _versions(self, code: str) -> list[OwnedDefinition]:
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownProcedureError(procedure=code, on="") from None


def _since(each: OwnedDefinition) -> dt.date:
    return each.definition.valid_from or dt.date.min
