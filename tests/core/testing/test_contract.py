"""The contract finds what it is there to find."""

from contextlib import nullcontext
from types import ModuleType
from typing import Any

import asyncpg
import pytest
from piccolo.columns import Text, Varchar
from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from motcua.domain.form import (
    Condition,
    EnumField,
    FileField,
    GroupField,
    IntegerField,
    Repeat,
    TextField,
)
from motcua.domain.procedure import FeeItem, FeeKind
from motcua.plugin import Answers, FeeLine, PluginTables, Problem
from motcua.testing.contract import PluginContract
from motcua.testing.database import ScratchDatabase, ScratchServer
from motcua.testing.forms import sent_back, typed
from motcua.testing.procedures import SMALL, plugin_module, small_procedure
from motcua.web.forms.typed import answers as read_answers


def contract(module: ModuleType) -> PluginContract:
    class Held(PluginContract):
        plugin = module

    return Held()


def deciding(**hooks: Any) -> PluginContract:
    return contract(plugin_module("probe", SMALL, hooks=hooks))


def test_a_hook_that_changes_the_answers_is_found() -> None:
    def problems(answers: Answers) -> list[Problem]:
        answers["copy_count"] = 1
        return []

    with pytest.raises(AssertionError, match="problems changed the answers"):
        deciding(problems=problems).test_its_decisions_are_pure()


def test_a_hook_that_decides_otherwise_the_second_time_is_found() -> None:
    asked: list[int] = []

    def fee_lines() -> list[FeeLine]:
        asked.append(1)
        return [FeeLine(fee_id="none", label="x", kind=FeeKind.PHI, amount=len(asked))]

    with pytest.raises(AssertionError):
        deciding(fee_lines=fee_lines).test_its_decisions_are_pure()


@pytest.mark.parametrize("fee_id", ["none", "invented"])
def test_a_line_of_no_known_fee_is_found(fee_id: str) -> None:
    def fee_lines() -> list[FeeLine]:
        amount = 5 if fee_id == "invented" else -5
        return [FeeLine(fee_id=fee_id, label="x", kind=FeeKind.PHI, amount=amount)]

    with pytest.raises(AssertionError):
        deciding(fee_lines=fee_lines).test_its_decisions_are_pure()


def test_a_problem_nobody_can_read_is_found() -> None:
    def problems() -> list[Problem]:
        return [Problem(code="probe.nowhere")]

    with pytest.raises(AssertionError, match=r"probe\.nowhere has no text"):
        deciding(problems=problems).test_its_decisions_are_pure()


def test_a_fee_that_falls_for_more_is_found() -> None:
    ladder = (
        FeeItem(
            id="first", label="x", kind=FeeKind.PHI, per="trang", amount_vnd=2000,
            tiered_by="copy_count", tier_from=1, tier_to=2,
        ),
        FeeItem(
            id="then", label="x", kind=FeeKind.PHI, per="trang", amount_vnd=1000,
            tiered_by="copy_count", tier_from=3, cap_vnd=3000,
        ),
    )  # fmt: skip
    priced = contract(plugin_module("probe", small_procedure(fees=ladder)))

    with pytest.raises(AssertionError, match="copy_count"):
        priced.test_its_fees_hold_at_their_boundaries()


def test_a_fee_hook_that_falls_for_more_is_found() -> None:
    priced = FeeItem(
        id="copy", label="x", kind=FeeKind.PHI, per="bản", amount_vnd=2000, quantity="copy_count"
    )

    def fee_lines(answers: Answers) -> list[FeeLine]:
        amount = 5000 if answers.integer("copy_count") == 1 else 1000
        return [FeeLine(fee_id="copy", label="x", kind=FeeKind.PHI, amount=amount)]

    module = plugin_module("probe", small_procedure(fees=(priced,)), hooks={"fee_lines": fee_lines})

    with pytest.raises(AssertionError, match="copy_count"):
        contract(module).test_its_fees_hold_at_their_boundaries()


@pytest.mark.parametrize(
    ("vietnamese", "english", "found"),
    [
        ("The number is missing.", "The number is missing.", True),
        ("Zalo", "Zalo", True),
        ("{number}/{year}", "{number}/{year}", False),
        ("Thiếu số {number}", "{number} is missing", False),
    ],
)
def test_a_text_that_was_not_translated_is_found(
    monkeypatch: pytest.MonkeyPatch, vietnamese: str, english: str, found: bool
) -> None:
    said = {"vi": {"probe.text": vietnamese}, "en": {"probe.text": english}}
    monkeypatch.setattr("motcua.testing.contract_forms.texts", said.__getitem__)
    held = contract(plugin_module("probe", SMALL))
    alike = contract(plugin_module("probe", SMALL))
    type(alike).same_in_both = frozenset({"probe.text"})

    with pytest.raises(AssertionError, match="not translated") if found else nullcontext():
        held.test_its_texts_are_vietnamese_and_in_both_languages()
    alike.test_its_texts_are_vietnamese_and_in_both_languages()


def test_a_field_the_page_cannot_send_back_is_found() -> None:
    """An option with a blank at its end comes back without it."""
    asked = EnumField(id="way", label="Cách", options=("quầy ",), required=True)
    odd = contract(plugin_module("probe", small_procedure(form_fields=(asked,))))

    with pytest.raises(AssertionError):
        odd.test_its_forms_are_shown_and_read_again_without_loss()


def test_a_pattern_and_what_a_page_must_escape_come_back() -> None:
    asked = TextField(id="what", label="Gì", required=True, pattern=r"\d{2}\.\d{3}")
    sound = contract(plugin_module("probe", small_procedure(form_fields=(asked,))))

    sound.test_its_forms_are_shown_and_read_again_without_loss()
    assert sent_back([asked], {"g0.what": 'a"<b>&'}) == {"g0.what": 'a"<b>&'}


def test_rows_conditions_and_papers_are_typed_as_the_counter_reads_them() -> None:
    fields = (
        IntegerField(id="count", label="Số", required=True),
        TextField(id="why", label="Vì sao", when=Condition(field="count", equals=2)),
        FileField(id="papers", label="Giấy", repeat=Repeat(min=1, max=9)),
        GroupField(id="rows", label="Dòng", repeat=Repeat(min=0, max=3), fields=SMALL.form),
    )
    answers = {
        "count": 2,
        "why": "Vì <b>",
        "papers": ["Giấy A", "Giấy B"],
        "rows": [{"requester": {"name": "An", "birth": "1947"}, "copy_count": 3}],
    }

    assert read_answers(fields, sent_back(fields, typed(fields, answers)), "g0") == answers


class Open(Table, tablename="probe_open"):
    id = Varchar(primary_key=True, default=None)
    tenant_id = Varchar(default=None)
    note = Text(default=None)


BARE = """
from motcua.plugin.tables import sql_migration

ID = "1"

async def forwards():
    return sql_migration(
        ID, "probe", "", "CREATE TABLE probe_open (id text PRIMARY KEY, tenant_id text, note text)"
    )
"""


@pytest.mark.anyio
async def test_a_table_without_a_wall_is_found(
    server: ScratchServer, template: ScratchDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bare")
    (folder / "probe_1.py").write_text(BARE)
    own = PluginTables(tables=[Open], app_config=AppConfig("probe", folder))
    database = server.create(template=template.app_dsn.database)

    with pytest.raises(AssertionError, match="unclassified"):
        await contract(
            plugin_module("probe", SMALL, hooks={"tables": lambda: own})
        ).test_its_tables_are_walled(database)

    server.drop(database)


@pytest.mark.anyio
async def test_both_tenants_of_a_new_database_are_apart(database: ScratchDatabase) -> None:
    connection = await asyncpg.connect(database.owner_dsn.url)
    slugs = await connection.fetch("SELECT slug FROM tenant ORDER BY id")
    await connection.close()

    assert [row["slug"] for row in slugs] == ["tinh-thu", "phuong-mot", "xa-hai"]
