"""Texts by key, of the core and of plugins."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

import motcua
from motcua.domain.errors import FieldFault
from motcua.plugin.texts import add_texts, fault_text, text, texts


def test_a_text_is_told_with_its_fields() -> None:
    assert text("field.missing", label="Họ tên") == "Họ tên: chưa nhập."
    assert text("field.missing", lang="en", label="Name") == "Name: not filled in."


def test_a_missing_text_and_a_missing_field_stay_visible() -> None:
    assert text("no.such-key") == "no.such-key"
    assert text("field.missing") == "{label}: chưa nhập."


def test_every_vietnamese_text_has_an_english_one() -> None:
    assert texts("vi").keys() == texts("en").keys()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_text_of_the_core_is_written_twice(lang: str) -> None:
    folder = Path(motcua.__file__).parent / "locale" / lang
    keys = Counter(
        key for file in folder.glob("*.toml") for key in tomllib.loads(file.read_text("utf-8"))
    )

    assert [key for key, times in keys.items() if times > 1] == []


def test_a_package_joins_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "motcua_joining"
    (package / "locale/vi").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "locale/vi/more.toml").write_text('"joining.hello" = "Chào {name}"\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    packages = ["motcua"]
    monkeypatch.setattr("motcua.plugin.texts._packages", packages)

    add_texts("motcua_joining")
    add_texts("motcua_joining")

    assert packages == ["motcua", "motcua_joining"]
    assert text("joining.hello", name="An") == "Chào An"
    texts.cache_clear()


def test_a_fault_without_a_label_is_called_by_its_field() -> None:
    assert fault_text(FieldFault("until", "field.missing"), lang="en").endswith("not filled in.")
    assert fault_text(FieldFault("a", "field.missing", label="Họ tên")) == "Họ tên: chưa nhập."
