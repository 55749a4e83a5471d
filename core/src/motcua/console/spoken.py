"""Makes piccolo-admin speak Vietnamese: what its own translation does not reach.

Table names, labels, help, choices and stored codes are put into its answers; the phrases
its program holds itself are exchanged in the program, each of them once and by its exact
words, so that a new version that words them otherwise is noticed by a test.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from motcua.console.grants import TableGrant
from motcua.plugin.texts import text, texts
from motcua.ui.format import date, moment

PHRASES: Mapping[str, str] = {
    '"Are you sure you want to delete the selected rows?"': "delete-rows",
    '"Are you sure you want to delete this row?"': "delete-row",
    '"Are you sure you want to logout?"': "sign-out",
    '"Equals"': "equals",
    '"Not Equal"': "not-equal",
    '"Less Than"': "less",
    '"Less Than or Equal To"': "at-most",
    '"Greater Than or Equal To"': "at-least",
    '"Greater Than"': "greater",
    '"Successfully added row"': "added",
    '"Successfully applied filter"': "filtered",
    '"Successfully cleared filters"': "unfiltered",
    '"Successfully deleted row"': "deleted",
    '"Successfully deleted rows"': "deleted-rows",
    '"Successfully saved row"': "saved",
    '"Successfully submitted form"': "submitted",
    '"Successfully updated rows"': "updated",
    '"Unable to delete the row."': "not-deleted",
    '"Unknown error"': "unknown",
    '"The file is too large."': "too-large",
    '"The form has errors."': "faults",
    '"An error happened on the server."': "failed",
    '"The request failed."': "request-failed",
    '"Invalid column name or value"': "bad-filter",
    '"Type here to filter"': "search",
    '"Include readable"': "readable",
    '"Edit Row"': "edit",
    '"Delete Row"': "delete",
    '"Bulk Update"': "bulk",
    '" Null "': "null",
    '" True "': "true",
    '" False "': "false",
    '"Show tables"': "show-tables",
    '"Hide tables"': "hide-tables",
    '"Show links"': "show-links",
    '"Hide links"': "hide-links",
    '"Show forms"': "show-forms",
    '"Hide forms"': "hide-forms",
}
"""The phrases in piccolo-admin's program, and the keys of what stands for them."""
CHANGES: Mapping[str, str] = {
    # A session is lost: ask for the page anew, and so for the sign-in.
    'e.$router.push({name:"login",query:{nextURL:o}})': "location.reload()",
    # The head of the column that holds the key, which its description leaves out.
    "e.schema.properties[m].title:m": "e.schema.properties[m].title:e.schema.extra.key_label||m",
    '"code",null,"NULL"': '"code",null,"–"',
    "`${c} per page`": "`${c} {per-page}`",
    '"of "+M0(e.pageCount)': '"{of} "+M0(e.pageCount)',
}
"""What else is exchanged in it; a word in braces is a phrase."""


def program(original: str) -> str:
    """Piccolo-admin's program with every phrase of ours."""
    for phrase, key in PHRASES.items():
        words = text(f"console.phrase.{key}")
        said = f" {words} " if phrase.startswith('" ') else words
        original = original.replace(phrase, json.dumps(said, ensure_ascii=False))
    for before, after in CHANGES.items():
        original = original.replace(before, _WORD.sub(_phrase, after))
    return original


def _phrase(found: re.Match[str]) -> str:
    return text(f"console.phrase.{found[1]}")


def table_title(grant: TableGrant) -> str:
    """What a table is called."""
    return text(f"{grant.plugin or 'console'}.table.{grant.name}")


def table_name(grant: TableGrant) -> str:
    """What it is called in addresses; piccolo-admin shows it with blanks for the strokes."""
    return table_title(grant).replace(" ", "_")


def column_label(grant: TableGrant, column: str) -> str:
    """What *column* is called: in this table, in this plugin, or everywhere."""
    keys = (
        f"console.column.{grant.name}.{column}",
        f"{grant.plugin}.column.{column}",
        f"console.column.{column}",
    )
    return text(next((key for key in keys if key in texts("vi")), keys[-1]))


def value_label(column: str, value: Any) -> Any:
    """A stored code in words; whatever is no code stays as it is."""
    if isinstance(value, list):
        return ", ".join(str(value_label(column, each)) for each in value)
    if isinstance(value, str):
        keys = (f"console.value.{column}.{value}", f"console.value.{value}", f"role.{value}")
        for key in (*keys, *[f"sign_in_event.{value}"] * (column in ("kind", "account"))):
            if key in texts("vi"):
                return text(key)
    return value


def schema(grant: TableGrant, found: dict[str, Any]) -> dict[str, Any]:
    """The description of a table that piccolo-admin makes its forms and lists of."""
    found["title"] = table_title(grant)
    found.pop("description", None)
    found["extra"]["key_label"] = column_label(grant, found["extra"]["primary_key_name"])
    for column, told in found["properties"].items():
        told["title"] = column_label(grant, column)
        for kind in (told, *told.get("anyOf", ())):
            kind.pop("format", None)  # times are words here, as people write them
    return found


def rows(found: dict[str, Any]) -> dict[str, Any]:
    """Rows of a table nobody can change here: codes in words, times as people write them."""
    found["rows"] = [
        {column: shown(column, value) for column, value in each.items()} for each in found["rows"]
    ]
    return found


def row(found: dict[str, Any]) -> dict[str, Any]:
    """One such row, for a form: lists stay lists."""
    return {
        column: [value_label(column, each) for each in value]
        if isinstance(value, list)
        else shown(column, value)
        for column, value in found.items()
    }


def shown(column: str, value: Any) -> Any:
    """A stored value as a list of rows shows it."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return moment(dt.datetime.fromisoformat(value))
    if isinstance(value, str) and _DATE.fullmatch(value):
        return date(dt.date.fromisoformat(value))
    return value_label(column, value)


_WORD = re.compile(r"(?<!\$)\{([a-z-]{2,})\}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
