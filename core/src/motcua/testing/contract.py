"""The published contract of a plugin, as a test class.

Anybody's plugin is held to it in two lines::

class TestCertification(PluginContract):
    plugin = motcua_certification.plugin
"""

# ruff: noqa: S101 - a test kit asserts

import datetime as dt
import functools
import inspect
from types import ModuleType
from typing import Any

import msgspec

from motcua.documents.papers import Sheet, draw
from motcua.domain.answers import Answers
from motcua.domain.calendar import VN
from motcua.domain.definitions import definition_faults
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.signing import Capacity
from motcua.plugin import hookspecs
from motcua.plugin.enabled import EnabledPlugins, PluginState
from motcua.plugin.facts import BookNumber, Issue, Reception, ResultPapers, SignedBy
from motcua.plugin.manifest import PluginManifest
from motcua.registry.loading import load_registry
from motcua.registry.plugins import LoadedPlugin
from motcua.registry.registry import Registry

OWNER_DECIDES = ("time_limit", "fee_lines", "register_entries", "result_papers")
A_DAY = dt.date(2026, 11, 23)
AN_ISSUE = Issue(
    at=dt.datetime(2026, 11, 23, 9, 0, tzinfo=VN),
    unit="Phường Một",
    above="Tỉnh Thử",
    signer=SignedBy(
        full_name="Lê Văn Ký", title="Chủ tịch UBND", capacity=Capacity.OWN, act="Nghị quyết 1"
    ),
    receiver="Trần Thị Nhận",
    requester={"name": "#let [Nguyễn] *Thị* $An$", "id_number": "027190000001"},
    numbers=(BookNumber(book="SO", year=2026, number=1, subject='Giấy "mẫu" #1 \\'),),
)
"""An issue with a name that would be markup, were it read as such."""


@functools.cache
def _alone(module: ModuleType) -> Registry:
    return load_registry({module.manifest.name: module})


class PluginContract:
    """What every plugin keeps to; set :attr:`plugin` to the module with its manifest."""

    plugin: ModuleType

    @property
    def manifest(self) -> PluginManifest:
        """The plugin's manifest."""
        manifest: PluginManifest = self.plugin.manifest
        return manifest

    @classmethod
    def registry(cls) -> Registry:
        """A registry in which the plugin is alone."""
        return _alone(cls.plugin)

    def loaded(self) -> LoadedPlugin:
        """The plugin as the registry keeps it."""
        return self.registry().plugins[self.manifest.name]

    def definitions(self) -> tuple[ProcedureDefinition, ...]:
        """The plugin's definitions."""
        return self.loaded().definitions

    def test_nothing_speaks_against_it(self) -> None:
        """The registry finds no reason to refuse it."""
        self.registry().require_sound()

    def test_it_tells_people_what_it_is(self) -> None:
        """It has a label in both languages, and each hook says what it does."""
        assert self.manifest.label_vi.strip()
        assert self.manifest.label_en.strip()
        for name in self.loaded().hooks:
            assert inspect.getdoc(getattr(self.plugin, name)), f"{name} has no docstring"

    def test_its_definitions_are_right(self) -> None:
        """No definition has a fault; all are of a field the manifest names."""
        for definition in self.definitions():
            assert definition_faults(definition) == [], definition.key
            assert self.loaded().serves(definition.field), definition.key

    def test_its_definitions_survive_storage(self) -> None:
        """A definition read back is the same version."""
        for definition in self.definitions():
            stored = msgspec.json.encode(definition)
            again = msgspec.json.decode(stored, type=ProcedureDefinition)
            assert again.version_id == definition.version_id, definition.key

    def test_each_variant_can_be_chosen(self) -> None:
        """Each limit variant has an id by which an officer picks it."""
        for definition in self.definitions():
            for variant in definition.limit_variants:
                assert definition.choose_limit([variant.id]).variants == (variant.id,)

    def test_deciding_hooks_are_plain_and_others_async(self) -> None:
        """Deciding hooks return values; looking and acting hooks may wait for the database."""
        for name in self.loaded().hooks:
            is_async = inspect.iscoroutinefunction(getattr(self.plugin, name))
            assert is_async is inspect.iscoroutinefunction(getattr(hookspecs, name)), name

    def test_its_decisions_hold_for_an_empty_form_and_never_change(self) -> None:
        """Asked twice with the same facts it decides the same, and it never breaks."""
        for definition in self.definitions():
            for hook in OWNER_DECIDES:
                assert self.decide(hook, definition) == self.decide(hook, definition)

    def test_its_papers_can_be_drawn(self) -> None:
        """Each paper it names has a template, and the template takes what it is told."""
        templates = self.registry().templates(self.manifest.name)
        for definition in self.definitions():
            given = self.decide("result_papers", definition) or ResultPapers()
            sheets = [
                Sheet(template=f"{self.manifest.name}/{each.template}", data=each.data)
                for each in given.papers
            ]
            if sheets:
                assert draw(templates, sheets, definition.name, AN_ISSUE.at).startswith(b"%PDF")

    def decide(self, hook: str, definition: ProcedureDefinition) -> Any:
        """What the plugin decides about *definition* for an empty form."""
        enabled = EnabledPlugins(states={self.manifest.name: PluginState.OFFERED})
        return self.registry().ask_owner(
            hook,
            enabled,
            definition,
            answers=Answers(),
            reception=Reception(received_on=A_DAY),
            issue=AN_ISSUE,
        )

    def test_what_it_owns_carries_its_name(self) -> None:
        """Its tables begin with its name."""
        for name, tables in self.registry().tables():
            for table in tables.tables:
                assert table._meta.tablename.startswith(f"{name}_")  # type: ignore[attr-defined]  # noqa: SLF001 - Piccolo's way to a table's name
