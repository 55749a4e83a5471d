"""Rows of the plugin's own data that hold from one day to another, each with its source."""

import datetime as dt
import importlib.resources
import tomllib
from collections.abc import Iterable
from typing import Literal, TypeVar

import msgspec


class Dated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row with its days, its source and how sure it is.

    Attributes:
        valid_to: The last day; ``None`` while it holds.
    """

    valid_from: dt.date
    valid_to: dt.date | None = None
    source: str
    confidence: Literal["verified", "known", "partial"]


D = TypeVar("D", bound=Dated)


def rows(file: str, table: str, kind: type[D]) -> tuple[D, ...]:
    """The rows of the array *table* in *file* of the folder ``papers``."""
    path = importlib.resources.files(__package__) / "papers" / file
    found = tomllib.loads(path.read_text("utf-8"))[table]
    return msgspec.convert(tuple(found), tuple[kind, ...])  # type: ignore[valid-type]  # msgspec takes types made at run time


def in_force(found: Iterable[D], day: dt.date) -> D | None:
    """The row among *found* that holds on *day*."""
    return next(
        (row for row in found if row.valid_from <= day <= (row.valid_to or dt.date.max)), None
    )
