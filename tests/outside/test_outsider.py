"""A stranger ships a plugin: outside the repository, from the scaffold alone, on wheels.

The core's checkout is read for its wheels and otherwise left alone.
"""

import datetime as dt
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from motcua.domain.calendar import VN
from outside.place import ROOT, Place, Unit

NAME, DISTRIBUTION = "doc_sach", "motcua-doc-sach"
HERE, THERE = "vo-cuong", "kinh-bac"
STEPS = (("T08", "reception"), ("T16", "field"), ("T18", "leader"), ("T19", "clerk"))
AN = {"name": "Nguyễn Thị Ánh", "id_number": "027190001234"}


def checkout() -> str:
    """What git says of the working tree."""
    command = ["git", "status", "--porcelain", "--untracked-files=all"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def code(place: Place) -> Iterator[str]:
    """The plugin, made, held to the contract, built and installed; its procedure's code."""
    before = checkout()
    place.run("motcua", "plugins", "new", NAME, "--with-table")
    project = place.folder / NAME
    checked = place.run("motcua", "plugins", "check", NAME)
    assert checked.endswith(f"{NAME}: no fault\n")
    tested = place.run("pytest", "-q", "-p", "no:cacheprovider", cwd=project)
    assert re.search(r"\d+ passed", tested)
    assert "failed" not in tested
    place.run("uv", "build", "--wheel", cwd=project)
    place.install(*(project / "dist").glob("*.whl"))
    assert checkout() == before
    text = (project / f"src/motcua_{NAME}/procedures/procedures.toml").read_text("utf-8")
    (found,) = re.findall(r'^code = "([\d.]+)"$', text, re.MULTILINE)
    yield str(found)
    place.run("uv", "pip", "uninstall", DISTRIBUTION)


def paper(code: str) -> dict[str, Any]:
    """A paper of the scaffold's procedure; its limit is not known, so the officer sets a date."""
    until = dt.datetime.now(VN) + dt.timedelta(days=20)  # noqa: TID251 - the server's clock is real
    return {
        "procedure": code,
        "applicant": AN,
        "answers": {"request": "Xin cấp thẻ đọc sách"},
        "no_limit": {"until": until.isoformat(), "ground": "Giấy hẹn"},
    }


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def received(unit: Unit, code: str) -> dict[str, Any]:
    answer = unit.receive(**paper(code))
    assert answer.status_code == 201, answer.text
    dossier: dict[str, Any] = answer.json()["dossiers"][0]
    return dossier


def test_a_plugin_is_made_enabled_switched_off_removed_and_taken_up_again(
    place: Place, code: str
) -> None:
    before = checkout()
    assert f"{NAME} " in place.run("motcua", "migrate")
    place.run("motcua", "tenants", "apply")

    with place.serving() as client:
        hire(place, HERE, "reception", "field", "leader", "clerk")
        hire(place, THERE, "reception", "field")
        running = enabled_for_one_of_two(place, client, code)

    removed(place, code, running)

    place.install(*(place.folder / NAME / "dist").glob("*.whl"))
    with place.serving() as client:
        here = Unit(client, HERE)
        ready = here.walk(running, *STEPS)
        assert ready["state"] == "result_ready"
        assert received(here, code)["state"] == "received"
    assert checkout() == before


def hire(place: Place, slug: str, *roles: str) -> None:
    for role in roles:
        account = (
            "staff",
            "create",
            f"{role}.{slug}",
            "--tenant",
            slug,
            "--role",
            role,
        )
        place.run("motcua", *account, typed=f"{Unit.PASSWORD}\n")


def enabled_for_one_of_two(place: Place, client: httpx.Client, code: str) -> dict[str, Any]:
    """On, worked through, off and on again, while the server runs; answers a running dossier."""
    here, there = Unit(client, HERE), Unit(client, THERE)
    assert refusal(here.receive(**paper(code))) == (422, "plugin.absent")

    place.run("motcua", "plugins", "enable", NAME, "--tenant", HERE)
    finished = here.walk(received(here, code), *STEPS)
    data = {"received_by": AN["name"], "way": "counter"}
    assert here.step(finished, "T20", "reception", **data).json()["state"] == "returned"
    assert refusal(there.receive(**paper(code))) == (422, "plugin.absent")
    page = here.ask("GET", f"/p/{NAME}/danh-sach", "field")
    assert [row["code"] for row in page.json()] == [finished["code"]]
    assert there.ask("GET", f"/p/{NAME}/danh-sach", "field").status_code == 404

    waiting = received(here, code)
    place.run("motcua", "plugins", "disable", NAME, "--tenant", HERE)
    assert refusal(here.receive(**paper(code))) == (422, "plugin.finish-only")
    assert here.walk(waiting, *STEPS)["state"] == "result_ready"

    place.run("motcua", "plugins", "enable", NAME, "--tenant", HERE)
    return received(here, code)


def removed(place: Place, code: str, running: dict[str, Any]) -> None:
    """Without the package the core starts, its dossiers wait and what it kept is counted."""
    place.run("uv", "pip", "uninstall", DISTRIBUTION)
    listed = place.run("motcua", "plugins", "list")
    assert f"{NAME}: not installed; left behind: 3 dossiers, 1 of them running" in listed
    assert f"{NAME}_record 3" in listed
    with place.serving() as client:
        here = Unit(client, HERE)
        seen = here.ask("GET", f"/api/v1/dossiers/{running['id']}", "field")
        assert (seen.status_code, seen.json()["state"]) == (200, "received")
        assert refusal(here.step(running, "T08", "reception")) == (503, "plugin.removed")
        assert refusal(here.receive(**paper(code))) == (503, "plugin.removed")
    kept = place.run("motcua", "tenant", "export", HERE)
    assert kept.count(f'"code":"{running["code"]}"') >= 2, "the dossier and the plugin's record"
