"""Every text a person reads, by key, out of the core's and the plugins' locale files."""

import importlib.resources
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from motcua.domain.errors import FieldFault

LANGUAGES = ("vi", "en")
_packages: list[str] = ["motcua"]
_spoken: ContextVar[str] = ContextVar("spoken", default=LANGUAGES[0])


class _Told(dict[str, Any]):
    """Fields of a text; one that is missing stays visible as its placeholder."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def add_texts(package: str) -> None:
    """Let the locale files of *package* take part; adding one twice changes nothing."""
    if package not in _packages:
        _packages.append(package)
        texts.cache_clear()


@cache
def texts(lang: str) -> dict[str, str]:
    """All texts of *lang* by key: ``locale/<lang>.toml`` and ``locale/<lang>/*.toml``."""
    found: dict[str, str] = {}
    for package in _packages:
        folder = importlib.resources.files(package) / "locale"
        for file in _files(folder, lang):
            found.update(tomllib.loads(file.read_text("utf-8")))
    return found


def _files(folder: Traversable, lang: str) -> list[Traversable]:
    """The locale files of one package and language."""
    single, many = folder / f"{lang}.toml", folder / lang
    files = [single] if single.is_file() else []
    if many.is_dir():
        files += sorted(
            (file for file in many.iterdir() if file.name.endswith(".toml")),
            key=lambda file: file.name,
        )
    return files


def spoken() -> str:
    """The language texts are told in here: Vietnamese, unless somebody chose another."""
    return _spoken.get()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Tell texts in *lang* within the block."""
    before = _spoken.set(lang)
    try:
        yield
    finally:
        _spoken.reset(before)


def text(key: str, /, lang: str = "", **fields: Any) -> str:
    """The text stored under *key* with *fields* put in; without *lang* as it is spoken here.

    A missing text shows as its key, a missing field as its placeholder: wrong,
    but visible, and never a second error on top of the first.
    """
    return texts(lang or spoken()).get(key, key).format_map(_Told(fields))


def fault_text(fault: FieldFault, lang: str = "") -> str:
    """What to say about one *fault*; a field without a label is called as its step names it."""
    told = dict(fault.fields)
    if not told.get("label"):
        told["label"] = texts(lang or spoken()).get(f"need.{fault.field}", fault.field)
    return text(fault.fault, lang=lang, **told)
