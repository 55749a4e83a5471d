"""Writing many rows of one tenant at once.

PostgreSQL refuses COPY into a table under row-level security. Rows are copied into
a temporary table and inserted from there, where the policy holds every one of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from motcua.storage.rows import Row
from motcua.storage.work import Work

_JSON_TYPES = (dict, list, tuple)


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
    await work.copy_in(temporary, columns, _records(rows))
    await work.execute(
        f"insert into {table} ({names}) select {names} from {temporary}"  # noqa: S608 - as above
    )
    await work.execute(f"drop table {temporary}")


def _records(rows: Sequence[Row]) -> Iterable[tuple[Any, ...]]:
    encode = msgspec.json.Encoder().encode
    for row in rows:
        yield tuple(
            encode(value).decode() if isinstance(value, _JSON_TYPES) else value
            for value in msgspec.structs.astuple(row)
        )
