"""Writing many rows of one tenant at once.

PostgreSQL refuses COPY into a table under row-level security. Rows are copied into
a temporary table and inserted from there, where the policy holds every one of them.
"""

import typing
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from motcua.storage.rows import Row
from motcua.storage.work import Work

_JSON_TYPES = (dict, list)


async def insert_many(work: Work, table: str, kind: type[Row], rows: Sequence[Row]) -> None:
    """Insert *rows*, whose fields are the columns of *table*, in one statement.

    Args:
        work: The transaction; the rows must be its tenant's.
        table: A table of ours, never a name from outside.
        kind: The type of all *rows*.
        rows: What to insert.
    """
    if not rows:
        return
    columns = kind.__struct_fields__
    names = ", ".join(columns)
    temporary = f"new_{table}"
    await work.execute(
        f"create temporary table {temporary} on commit drop as "  # noqa: S608 - our own names
        f"select {names} from {table} with no data"
    )
    await work.copy_in(temporary, columns, _records(kind, rows))
    await work.execute(
        f"insert into {table} ({names}) select {names} from {temporary}"  # noqa: S608 - as above
    )
    await work.execute(f"drop table {temporary}")


def _records(kind: type[Row], rows: Sequence[Row]) -> Iterable[tuple[Any, ...]]:
    """The values of *rows*; what goes into a JSON column as text."""
    encode = msgspec.json.Encoder().encode
    json_at = [
        place for place, field in enumerate(msgspec.structs.fields(kind)) if _is_json(field.type)
    ]
    for row in rows:
        values = list(msgspec.structs.astuple(row))
        for place in json_at:
            if values[place] is not None:
                values[place] = encode(values[place]).decode()
        yield tuple(values)


def _is_json(annotation: Any) -> bool:
    """Whether a field of this type is a JSON column: an object or a list, or none."""
    kinds = typing.get_args(annotation) if annotation is not None else ()
    return any(typing.get_origin(each) in _JSON_TYPES for each in (annotation, *kinds))
