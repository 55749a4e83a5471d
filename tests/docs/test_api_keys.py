"""The guide on keys, followed: made in the console, used as the page's commands use it."""

import itertools
import re
import shlex
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from fakes.console import Visitor, hidden
from fakes.office import SLUG, Office, opened
from motcua.services.api_keys import Scope
from motcua.services.limits import LIMITS
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

GUIDE = Path(__file__).parents[2] / "docs/how-to/api-keys.md"
COMMAND = re.compile(r"^curl .*$", re.MULTILINE)


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    home = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home) as office:
        yield office


async def run(office: Office, command: str, key: str) -> httpx.Response:
    """What curl would ask."""
    words = shlex.split(command.replace("$KEY", key))
    url = next(word for word in words if word.startswith("http"))
    said = [word.split(": ", 1) for flag, word in itertools.pairwise(words) if flag == "-H"]
    body = dict(itertools.pairwise(words)).get("-d")
    path = url.removeprefix("http://127.0.0.1:8000").replace("vo-cuong", SLUG)
    method = "POST" if body else "GET"
    return await office.client.request(method, path, headers=dict(said), content=body)


async def test_the_commands_of_the_page_run_with_a_key_of_the_console(office: Office) -> None:
    visitor = Visitor(office, await office.token("admin"))
    page = await visitor.get("khoa-api")
    form = {"ten": "Bảng điều hành", "pham_vi": [*Scope], "thay": hidden(page, "thay")}
    made = await visitor.post("khoa-api", form)
    (key,) = re.findall(r'id="khoa">(mck_[\w-]{43})<', made.text)

    answers = [
        await run(office, command, key) for command in COMMAND.findall(GUIDE.read_text("utf-8"))
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 201]
    assert key not in (await visitor.get("khoa-api")).text


def test_the_page_tells_the_limits_there_are() -> None:
    told = GUIDE.read_text("utf-8")

    assert f"{LIMITS['api-key'].most:,} requests in ten minutes" in told
    assert f"{LIMITS['api-key-submit'].most}\napplications in an hour" in told
