"""Several processes at one commune: numbers without a gap, and nobody waits for ever."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.desk_worker import Order, Worked
from core.services.shop import Shop, open_shop
from motcua.domain.dossier import Role
from motcua.services.verify import verify
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

DESKS = 3
TESTS = Path(__file__).parent.parent
SETTINGS = "update tenant set settings = '{\"own_approval\": true}' where id = 101"


@pytest.fixture(scope="module")
async def shop(engine: TenantEngine, database: ScratchDatabase) -> Shop:
    shop = await open_shop(engine, database.owner_dsn)
    await shop.configure("phuong-mot", SETTINGS)
    return shop


class Process:
    """A desk that is ready and waits for the start."""

    def __init__(self, order: Order) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.desk_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(TESTS)},
            text=True,
        )
        self._say(msgspec.json.encode(order).decode())

    def until_ready(self) -> None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line != "ready\n":
            pytest.fail(self._process.communicate()[1])

    def begin(self) -> None:
        self._say("begin")

    def lines(self) -> Iterator[str]:
        """What it tells, line by line, until it ends."""
        assert self._process.stdout is not None
        yield from self._process.stdout
        self._process.communicate()

    def kill(self) -> None:
        """End it where it stands (``kill -9``)."""
        self._process.kill()

    def killed(self) -> bool:
        """Whether it was ended where it stood; of itself it ends well."""
        assert self._process.returncode in (0, -signal.SIGKILL)
        return self._process.returncode != 0

    def worked(self) -> Worked:
        """What it did; whatever it did not expect ends it with an error."""
        out, err = self._process.communicate(timeout=120)
        assert self._process.returncode == 0, err
        return msgspec.json.decode(out, type=Worked)

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


def at_once(orders: list[Order]) -> list[Worked]:
    """Every order, each by a process of its own, all begun together."""
    processes = [Process(order) for order in orders]
    for one in processes:
        one.until_ready()
    for one in processes:
        one.begin()
    return [one.worked() for one in processes]


@pytest.fixture(scope="module")
async def worked(shop: Shop, database: ScratchDatabase) -> list[Worked]:
    """What three desks did: 51 receptions at once, then 300 acts on the same few dossiers."""
    officer = shop.person(Role.RECEPTION).id
    assert officer is not None
    asked = Order(database.app_dsn.url, "phuong-mot", officer, receptions=17, acts=100)
    return at_once([msgspec.structs.replace(asked, seed=seed) for seed in range(DESKS)])


async def test_fifty_receptions_at_once_are_numbered_without_gap_or_repeat(
    shop: Shop, worked: list[Worked]
) -> None:
    given = [code for one in worked for code in one.codes]
    stored = await shop.rows("select code from dossier where tenant_id = $1 order by code")
    receipts = await shop.rows("select receipt from visit where tenant_id = $1 order by receipt")

    assert len(given) == len(set(given)) == DESKS * 17 >= 50
    codes = [row["code"] for row in stored]
    assert codes == [f"99001-261123-{number:04}" for number in range(1, len(codes) + 1)]
    assert set(given) <= set(codes)
    numbers = [int(row["receipt"][-6:]) for row in receipts]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_steps_visits_and_batches_never_wait_for_each_other_for_ever(
    worked: list[Worked], capsys: pytest.CaptureFixture[str]
) -> None:
    """PostgreSQL ends a deadlock with an error, and a desk that meets one ends with it."""
    done: Counter[str] = sum((Counter(one.done) for one in worked), Counter())
    refused: Counter[str] = sum((Counter(one.refused) for one in worked), Counter())

    assert {"visit", "batch", "T08", "T16", "T18", "T19"} <= set(done)
    assert set(refused) <= {"dossier.stale", "dossier.step-not-allowed"}
    assert done.total() + refused.total() == DESKS * 100
    with capsys.disabled():
        print(f"\n{done.total()} acts, {refused.total()} refused as stale")  # noqa: T201 - for the log of the run


async def test_what_they_left_fits_together(
    shop: Shop,
    worked: list[Worked],
    tmp_path: Path,
) -> None:
    del worked

    found = await verify(shop.house, tmp_path, slugs=["phuong-mot"])

    assert found.faults == ()
    assert found.dossiers >= DESKS * 17
    assert found.events > found.dossiers
