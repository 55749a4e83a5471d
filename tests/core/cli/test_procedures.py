"""``motcua procedures``: all faults of a file, and what a change means."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from motcua.cli.procedures import EmptyFolderError, NoDefinitionFileError, command
from motcua.plugin.definitions import DefinitionFilesError

SHIPPED = Path(__file__).parents[3] / "plugins"
FILE = SHIPPED / "sample/src/motcua_sample/procedures/mau.toml"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the sample's file, to be changed."""
    copy = tmp_path / "mau.toml"
    copy.write_text(FILE.read_text("utf-8"), "utf-8")
    return copy


def replace(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")


def test_every_shipped_definition_is_right() -> None:
    result = run("check", SHIPPED, "--json")

    told = json.loads(result.output)
    assert result.exit_code == 0
    assert told["ok"]
    assert told["faults"] == []


def test_ten_faults_are_told_with_file_key_and_hint(changed: Path) -> None:
    replace(
        changed,
        ("schema = 1", "schema = 2"),
        ('code = "9.999001"', 'code = "999001"'),
        ('name_en = "Confirmation of a list (sample)"', 'nmae_en = "x"'),
        ('online_level = "toan-trinh"', 'online_level = "hoàn toàn"'),
        ('unit = "working_day", note', 'unit = "week", note'),
        ("supplement_term = 5", 'supplement_term = "năm"'),
        ('kind = "phi"', 'kind = "tiền"'),
        ("original = 1", "original = -1"),
        ('type = "person"', 'type = "human"'),
    )

    result = run("check", changed, "--json")

    told = json.loads(result.output)
    assert result.exit_code == 1
    assert [fault["key"] for fault in told["faults"]] == [
        "schema",
        "procedure[0].nmae_en",
        "procedure[0].code",
        "procedure[0].name_en",
        "procedure[0].online_level",
        "procedure[0].limit.unit",
        "procedure[0].supplement_term",
        "procedure[0].fees[0].kind",
        "procedure[0].documents[0].original",
        "procedure[0].form_fields[0].type",
    ]
    assert all(fault["file"] == str(changed) for fault in told["faults"])
    assert all(fault["hint"] and fault["detail"] for fault in told["faults"])


def test_people_read_file_key_fault_and_hint(changed: Path) -> None:
    replace(changed, ('name_en = "Confirmation', 'nmae_en = "Confirmation'))

    result = run("check", changed)

    assert f"{changed}: procedure[0].nmae_en: there is no key nmae_en" in result.output
    assert "hint: did you mean: name_en?" in result.output
    assert result.output.endswith("0 definitions without a fault, 2 faults\n")


def test_a_file_that_is_no_toml_is_a_fault_of_the_file(changed: Path) -> None:
    changed.write_text("schema = = 1")

    result = run("check", changed)

    assert result.exit_code == 1
    assert f"{changed}: not valid TOML" in result.output


def test_a_file_that_is_not_utf_8_is_a_fault_of_the_file(changed: Path) -> None:
    changed.write_bytes("Thủ tục".encode("utf-16"))

    result = run("check", changed)

    assert result.exit_code == 1
    assert "cannot be read" in result.output


def test_a_path_without_definitions_is_the_users_mistake(tmp_path: Path) -> None:
    assert isinstance(run("check", tmp_path / "no.toml").exception, NoDefinitionFileError)
    assert isinstance(run("check", tmp_path).exception, EmptyFolderError)


def test_a_comparison_says_what_changes_and_that_running_dossiers_keep_theirs(
    changed: Path,
) -> None:
    replace(
        changed,
        ("limit = { amount = 3", "limit = { amount = 5"),
        ("amount_vnd = 5000", "amount_vnd = 6000"),
        ('label = "Địa chỉ nhận"', 'label = "Nơi nhận"'),
        ('  { id = "proof", name', '  { id = "proof-2", name'),
    )

    told = json.loads(run("diff", FILE, changed, "--json").output)

    (procedure,) = told["procedures"]
    changes = {each["key"]: (each["old"], each["new"]) for each in procedure["changes"]}
    assert told["running"] == "unchanged"
    assert procedure["what"] == "changed"
    assert changes["limit.amount"] == ("3", "5")
    assert changes["fees[copy].amount_vnd"] == ("5000", "6000")
    assert changes["form_fields[place].label"] == ("Địa chỉ nhận", "Nơi nhận")
    assert changes["documents[proof]"][1] == "–"
    assert changes["documents[proof-2]"][0] == "–"


def test_people_read_the_comparison(changed: Path) -> None:
    replace(changed, ("limit = { amount = 3", "limit = { amount = 5"))

    result = run("diff", FILE, changed)

    assert "9.999001 changed: Xác nhận danh mục (thủ tục mẫu)" in result.output
    assert "    limit.amount: 3 → 5" in result.output
    assert "Running dossiers: nothing changes." in result.output


def test_procedures_that_come_and_go_are_named() -> None:
    fields = SHIPPED / "general_procedures/src/motcua_general_procedures/procedures"

    result = run("diff", fields / "the-thao.toml", fields / "bao-tro-xa-hoi.toml")

    assert "2.000794 removed:" in result.output
    assert "1.001776 added:" in result.output
    assert "1.001776 (from 2018-01-01) added:" in result.output


def test_equal_files_change_nothing() -> None:
    assert run("diff", FILE, FILE).output == "Nothing changes.\n"


def test_a_faulty_file_cannot_be_compared(changed: Path) -> None:
    replace(changed, ("schema = 1", "schema = 2"))

    assert isinstance(run("diff", FILE, changed).exception, DefinitionFilesError)
