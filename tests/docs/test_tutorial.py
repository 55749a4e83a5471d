"""The tutorial's commands, run as they stand on the page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.storage.settings import HOME_VARIABLE

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-dossier.md"
BLOCKS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MINUTES = 5


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all commands of the page print, one after the other, in a fresh home."""
    folder = tmp_path_factory.mktemp("tutorial")
    script = "set -euo pipefail\n" + "\n".join(BLOCKS.findall(PAGE.read_text(encoding="utf-8")))
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=clean | {"PATH": path, HOME_VARIABLE: str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=60 * MINUTES,
        check=False,
    )
    logs = [(folder / name).read_text() for name in ("serve.log", "requests.log")]
    assert done.returncode == 0, "\n".join((done.stdout[-3000:], done.stderr[-3000:], *logs))
    return done.stdout


def test_the_page_opens_an_account_for_each_of_the_four_officers(told: str) -> None:
    for role in ("reception", "field", "leader", "clerk"):
        assert f"Created account {role}.vo-cuong" in told


def test_the_dossier_goes_through_every_step_of_the_page(told: str) -> None:
    """T02 → T08 → T16 → T18 → T19 → T20 (contract, main flow at a counter)."""
    assert '"fee_total":12000' in told
    states = re.findall(r'"state":"([a-z_]+)","version":(\d)', told)
    assert [state for state, _ in states[:6]] == [
        "appraising",
        "for_approval",
        "approved",
        "result_ready",
        "returned",
        "returned",
    ]
    assert re.findall(r'"seq":\d+,"transition":"(T\d\d)"', told) == [
        "T02",
        "T08",
        "T16",
        "T18",
        "T19",
        "T20",
    ]


def test_the_citizen_sees_the_name_with_the_secret_of_the_slip(told: str) -> None:
    followed = told[told.rindex('{"code":') :]
    assert '"state":"returned"' in followed
    assert "Nguyễn Thị Ánh" in followed
