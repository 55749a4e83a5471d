"""What changes between two sets of definitions.

A dossier keeps the version it was received under, so a change never reaches a
running dossier: it holds for those received once the new text is published.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

from motcua.domain.procedure import ProcedureDefinition

MISSING = "–"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One value that differs.

    Attributes:
        key: Where, such as ``fees[late].amount_vnd``.
        old: The value before, as JSON; a dash if there was none.
        new: The value after.
    """

    key: str
    old: str
    new: str


class ProcedureChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one procedure.

    Attributes:
        since: First day of the version compared, if it has one.
        changes: Every value that differs, in the order of the definition.
    """

    code: str
    name: str
    what: Literal["added", "removed", "changed"]
    since: str = ""
    changes: tuple[Change, ...] = ()


def compare(
    old: Iterable[ProcedureDefinition], new: Iterable[ProcedureDefinition]
) -> list[ProcedureChange]:
    """Every procedure that is added, removed or changed, codes in order."""
    before, after = _by_version(old), _by_version(new)
    found = [_change(each, "removed") for key, each in before.items() if key not in after]
    found += [_change(each, "added") for key, each in after.items() if key not in before]
    for key in before.keys() & after.keys():
        changes = tuple(_differences(_plain(before[key]), _plain(after[key]), ""))
        if changes:
            found.append(_change(after[key], "changed", changes))
    return sorted(found, key=lambda change: (change.code, change.since))


def _by_version(
    definitions: Iterable[ProcedureDefinition],
) -> dict[tuple[str, str], ProcedureDefinition]:
    return {(each.code, str(each.valid_from or "")): each for each in definitions}


def _plain(definition: ProcedureDefinition) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(definition))
    return plain


def _change(
    definition: ProcedureDefinition,
    what: Literal["added", "removed", "changed"],
    changes: tuple[Change, ...] = (),
) -> ProcedureChange:
    return ProcedureChange(
        code=definition.code,
        name=definition.name,
        what=what,
        since=str(definition.valid_from or ""),
        changes=changes,
    )


def _differences(old: Any, new: Any, key: str) -> Iterator[Change]:
    """Every value that differs below *key*; rows with an id are matched by it."""
    old, new = _named(old), _named(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys([*old, *new]):
            where = f"{key}{name}" if name.startswith("[") or not key else f"{key}.{name}"
            yield from _differences(old.get(name), new.get(name), where)
    elif old != new:
        yield Change(key=key, old=_shown(old), new=_shown(new))


def _named(value: Any) -> Any:
    """A list of rows with ids as a table by id; anything else as it is."""
    rows = value if isinstance(value, list) else []
    if rows and all(isinstance(row, dict) and "id" in row for row in rows):
        return {f"[{row['id']}]": row for row in rows}
    return value


def _shown(value: Any) -> str:
    if value in (None, [], ""):
        return MISSING
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
