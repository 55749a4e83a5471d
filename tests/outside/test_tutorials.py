"""The tutorials for plugin developers, followed literally: each file written, each command run."""

import re
from collections.abc import Iterator

import pytest

from outside.place import ROOT, Place

PAGES = ROOT / "docs/tutorial"
BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
MINUTES = {"first-plugin": 10, "second-plugin": 30}
"""What the machine may take; a person reads as well."""


def script(page: str) -> str:
    """The commands of *page* in their order, with its files written where it shows them."""
    lines = ["set -euo pipefail"]
    for block in BLOCK.finditer((PAGES / f"{page}.md").read_text("utf-8")):
        if block["file"]:
            lines.append(f"cat > {block['file']} <<'END_OF_FILE'\n{block['text']}END_OF_FILE")
        else:
            assert block["kind"] == "sh", f"{page}: a block that is neither file nor command"
            lines.append(block["text"])
    return "\n".join(lines)


@pytest.fixture
def apart(place: Place, request: pytest.FixtureRequest) -> Iterator[Place]:
    """The place with a folder and data of the tutorial's own; its plugin is gone afterwards."""
    page, plugin = request.param
    folder = place.folder / page
    folder.mkdir()
    before = place.env["MOTCUA_HOME"]
    place.env["MOTCUA_HOME"] = str(folder / "home")
    yield place
    place.env["MOTCUA_HOME"] = before
    place.run("uv", "pip", "uninstall", f"motcua-{plugin}")


def followed(place: Place, page: str) -> str:
    """What the page's commands print."""
    seconds = 60 * MINUTES[page]
    return place.run("bash", "-c", script(page), cwd=place.folder / page, seconds=seconds)


@pytest.mark.parametrize("apart", [("first-plugin", "xac-nhan")], indirect=True)
def test_a_first_plugin_receives_a_dossier(apart: Place) -> None:
    told = followed(apart, "first-plugin")

    assert "xac_nhan: no fault" in told
    assert " passed" in told
    assert '"fee_total":6000' in told
    assert '"state":"received"' in told


@pytest.mark.parametrize("apart", [("second-plugin", "thu-vien")], indirect=True)
def test_a_second_plugin_has_rules_a_book_a_table_and_a_page(apart: Place) -> None:
    told = followed(apart, "second-plugin")

    assert "thu_vien: no fault" in told
    assert " passed" in told
    assert "Thẻ mượn về nhà cần đồng ý đặt cọc." in told
    assert '"state":"received"' in told
    assert "<li>Trần Văn Bình: mượn về nhà</li>" in told
