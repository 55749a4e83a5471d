"""The built web assets: what is in them, with which licences, pinned how."""

import json
from pathlib import Path

import motcua_assets
import pytest

PROJECT = Path(__file__).parents[3] / "core" / "assets"


def test_every_asset_is_found_by_its_name() -> None:
    found = {name: motcua_assets.path(name).stat().st_size for name in motcua_assets.names()}

    assert set(found) == {
        "be-vietnam-pro-400.woff2",
        "be-vietnam-pro-700.woff2",
        "htmx.min.js",
        "swagger-ui-bundle.js",
        "swagger-ui.css",
    }
    assert all(found.values())


def test_an_unknown_asset_is_refused_naming_what_there_is() -> None:
    with pytest.raises(FileNotFoundError, match=r"no 'jquery\.js'; it has .*htmx"):
        motcua_assets.path("jquery.js")


@pytest.mark.parametrize("name", ["be-vietnam-pro-400.woff2", "be-vietnam-pro-700.woff2"])
def test_a_font_is_a_small_woff2(name: str) -> None:
    data = motcua_assets.path(name).read_bytes()

    assert data.startswith(b"wOF2")
    assert len(data) < 30_000


def test_each_package_brings_its_licence() -> None:
    licences = {file.stem: file.read_text(encoding="utf-8") for file in motcua_assets.licences()}

    assert "open font license" in licences["be-vietnam-pro"].lower()
    assert "Permission to use" in licences["htmx"]
    assert "Apache License" in licences["swagger-ui"]


def test_the_lock_file_pins_exact_versions_and_names_no_host() -> None:
    lock = (PROJECT / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((PROJECT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads(lock)["packages"]

    assert "://" not in lock
    assert all(packages[f"node_modules/{name}"]["version"] == wanted[name] for name in wanted)
    assert all("integrity" in entry for path, entry in packages.items() if path)
