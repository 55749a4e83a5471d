"""The example of the guide on importing is imported."""

import json
import re
from pathlib import Path

import pytest

from core.services.archive import open_archive
from motcua.services.importing import import_histories
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

GUIDE = Path(__file__).parents[2] / "docs/how-to/import.md"


async def test_the_example_can_be_imported(engine: TenantEngine, database: ScratchDatabase) -> None:
    shop = await open_archive(engine, database.owner_dsn)
    (example,) = re.findall(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    line = json.dumps(json.loads(example)).encode()

    done = await import_histories(shop.house, [line], dry_run=True)

    assert (done.dossiers, done.events) == (1, 6)
