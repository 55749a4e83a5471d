"""Who changed what, when, from what to what."""

from typing import Any

from litestar import get
from litestar.params import FromQuery

from motcua.console.frame import Console, TheConsole
from motcua.console.spoken import value_label
from motcua.console.wording import said
from motcua.plugin.texts import text, texts
from motcua.services.changes import Change, changes
from motcua.ui.format import moment
from motcua.ui.pages import Page


@get("/nhat-ky", opt={"page": "history"})
async def history(console: TheConsole, truoc: FromQuery[str] = "") -> Page:
    """The latest changes first; ``truoc`` continues after one of them."""
    found = await changes(console.house, console.desk, before=truoc)
    lines = [_shown(console, each) for each in found.changes]
    return console.page("history.html", lines=lines, following=found.following)


def _shown(console: Console, change: Change) -> dict[str, Any]:
    plugins = console.house.registry.plugins if change.place == "plugin" else {}
    plugin = plugins.get(change.subject)
    return {
        "at": moment(change.at),
        "who": change.who if change.by is not None else text("role.system"),
        "place": text(f"console.place.{change.place}"),
        "subject": plugin.manifest.label_vi if plugin else change.subject,
        "differences": differences(change.before, change.after),
    }


def differences(before: Any, after: Any, name: str = "") -> list[tuple[str, str, str]]:
    """What differs, as label, what it was, what it became; what is not there is a dash."""
    if isinstance(before, dict | None) and isinstance(after, dict | None) and (before or after):
        old, new = before or {}, after or {}
        return [
            line
            for key in dict.fromkeys((*old, *new))
            for line in differences(old.get(key), new.get(key), key)
        ]
    if before == after:
        return []
    return [(_label(name), _words(name, before), _words(name, after))]


def _label(name: str) -> str:
    known = texts("vi")
    lead, _, rest = name.partition(".")
    for key in (f"console.column.{name}", f"console.{lead}.kind.{rest}"):
        if key in known:
            return text(key)
    key, part = f"console.column.{lead}", f"console.column.{rest}"
    if key not in known:
        return name
    return f"{text(key)}: {text(part)}" if part in known else f"{text(key)} {rest}".strip()


def _words(name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return text("console.yes" if value else "console.no")
    if isinstance(value, dict):
        return ": ".join(_words(name, each) for each in value.values() if each not in ("", []))
    if isinstance(value, list) and not all(isinstance(each, str) for each in value):
        return "; ".join(_words(name, each) for each in value)
    words = str(value_label(name, value))
    return said(words) if name.startswith("messages") else words
