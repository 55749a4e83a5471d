"""What a plugin says about its own readiness, held against what can be seen.

A plugin keeps one file, ``readiness.toml`` beside its ``plugin`` module. Each of six
topics is ``done`` – saying how – or ``exempt`` – saying why::

    isolation = { done = "sample_note is made by create_tenant_table" }
    migrations = { exempt = "the table holds nothing of value" }

    [legal_rules]
    done = "one test each"
    rules.long-list = "tests/test_rules.py::test_a_long_list_takes_longer"

What is claimed and can be seen to be untrue is a fault.
"""

import ast
import importlib.resources
import inspect
import re
import tomllib
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from motcua.plugin import hookspecs
from motcua.plugin.texts import texts
from motcua.registry.plugins import LoadedPlugin
from motcua.storage.migrate import ways_back

FILE = "readiness.toml"
TOPICS = (
    "isolation",
    "permissions",
    "personal_data",
    "texts",
    "legal_rules",
    "migrations",
)


class Unready(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is missing or untrue.

    Attributes:
        code: A text key, such as ``readiness.unstated``.
        told: What the text names, by placeholder.
    """

    topic: str
    code: str
    told: dict[str, str] = {}


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a plugin says about one topic; exactly one of ``done`` and ``exempt``."""

    done: str = ""
    exempt: str = ""
    rules: dict[str, str] = {}

    @property
    def state(self) -> str:
        """``done`` or ``exempt``; empty if neither or both are said."""
        said = [name for name in ("done", "exempt") if getattr(self, name).strip()]
        return said[0] if len(said) == 1 else ""


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin's list and what is wrong with it."""

    topics: dict[str, Topic]
    faults: tuple[Unready, ...]


def readiness(plugin: LoadedPlugin, project: Path | None = None) -> Readiness:
    """What *plugin* states, checked.

    Args:
        plugin: A loaded plugin.
        project: The folder of its distribution, where its tests are; without one, whether
            the tests it names are there is not looked at.
    """
    if not plugin.module.__package__:  # made in memory: no distribution that could be unready
        return Readiness(topics={}, faults=())
    topics, faults = _stated(_package(plugin.module))
    for topic in TOPICS:
        if topic in topics and not topics[topic].state:
            faults.append(Unready(topic=topic, code="readiness.one-of"))
        elif topic not in topics:
            faults.append(Unready(topic=topic, code="readiness.unstated"))
    faults += _untrue(plugin, topics, project)
    return Readiness(topics=topics, faults=tuple(faults))


def static_faults(plugin: LoadedPlugin) -> Iterator[Unready]:
    """What else can be seen of *plugin* without running it."""
    if not plugin.manifest.label_en.strip():
        yield Unready(topic="", code="readiness.no-english-label")
    for name in plugin.hooks:
        function = getattr(plugin.module, name)
        spec = getattr(hookspecs, name)
        if not inspect.getdoc(function):
            yield Unready(topic="", code="readiness.no-docstring", told={"hook": name})
        if inspect.iscoroutinefunction(function) is not inspect.iscoroutinefunction(spec):
            yield Unready(topic="", code="readiness.async", told={"hook": name})
    for definition in plugin.definitions:
        if not plugin.serves(definition.field):
            told = {"procedure": definition.code, "field": definition.field}
            yield Unready(topic="", code="readiness.field", told=told)


def _package(module: ModuleType) -> Traversable:
    return importlib.resources.files(module.__package__ or "")


def _stated(package: Traversable) -> tuple[dict[str, Topic], list[Unready]]:
    file = package / FILE
    if not file.is_file():
        return {}, [Unready(topic="", code="readiness.no-file", told={"file": FILE})]
    topics: dict[str, Topic] = {}
    faults: list[Unready] = []
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        return {}, [Unready(topic="", code="readiness.unreadable", told={"detail": str(error)})]
    for name, said in document.items():
        try:
            topics[name] = msgspec.convert(said, Topic)
        except msgspec.ValidationError as error:
            told = {"detail": str(error)}
            faults.append(Unready(topic=name, code="readiness.unreadable", told=told))
        if name not in TOPICS:
            told = {"known": ", ".join(TOPICS)}
            faults.append(Unready(topic=name, code="readiness.unknown", told=told))
    return topics, faults


def _untrue(
    plugin: LoadedPlugin, topics: dict[str, Topic], project: Path | None
) -> Iterator[Unready]:
    """What is claimed and can be seen not to be so."""
    for key in sorted(missing_texts(plugin)):
        yield Unready(topic="texts", code="readiness.no-text", told={"key": key})
    has = {"isolation": plugin.tables is not None, "permissions": bool(plugin.handlers)}
    for topic, there in has.items():
        if there and topics.get(topic, Topic()).state == "exempt":
            yield Unready(topic=topic, code=f"readiness.not-exempt-{topic}")
    rules = topics.get("legal_rules", Topic())
    has_rules = bool({"problems", "time_limit", "fee_lines"} & plugin.hooks.keys())
    if rules.state == "done" and has_rules and not rules.rules:
        yield Unready(topic="legal_rules", code="readiness.no-rules")
    for rule, test in rules.rules.items():
        if project is not None and not _has_test(project, test):
            told = {"rule": rule, "test": test}
            yield Unready(topic="legal_rules", code="readiness.no-test", told=told)
    if plugin.tables is not None and topics.get("migrations", Topic()).state == "done":
        for migration, back in ways_back(plugin.tables.app_config).items():
            if not back:
                told = {"migration": migration}
                yield Unready(topic="migrations", code="readiness.one-way", told=told)


def _has_test(project: Path, named: str) -> bool:
    """Whether ``file.py::test`` is there, below *project* or one of the folders above it."""
    place, _, name = named.partition("::")
    function = name.rpartition("::")[2].partition("[")[0]
    for folder in (project, *project.parents[:2]):
        file = folder / place
        if file.is_file():
            return re.search(rf"def {re.escape(function)}\b", file.read_text("utf-8")) is not None
    return False


def missing_texts(plugin: LoadedPlugin) -> set[str]:
    """Codes that stand in the plugin's own modules and have no Vietnamese text."""
    if not plugin.module.__package__:
        return set()
    code = re.compile(rf"{plugin.name}\.[a-z0-9]+([.-][a-z0-9]+)*")
    known = texts("vi")
    return {
        constant
        for source in _sources(_package(plugin.module))
        for constant in _constants(source)
        if code.fullmatch(constant) and constant not in known
    }


def _sources(folder: Traversable) -> Iterator[str]:
    for each in folder.iterdir():
        if each.is_dir() and each.name not in ("migrations", "__pycache__"):
            yield from _sources(each)
        elif each.name.endswith(".py"):
            yield each.read_text("utf-8")


def _constants(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
