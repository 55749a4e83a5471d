"""What a test module pays for a database of its own: a copy of the migrated one.

Run it alone on a quiet machine, with the figures shown::

    uv run pytest -q -s tests/benchmarks/test_database.py

A tenth of a second is the aim; what is held is the ratio to migrating, in one run.
"""

import time
from collections.abc import Callable

from motcua.storage.migrate import migrate
from motcua.testing.database import ScratchDatabase, ScratchServer, apart

COPIES = 10
LEAST_RATIO = 2


def seconds(work: Callable[[], object]) -> float:
    """How long *work* takes by the clock: the server does it, not this process."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_a_copy_costs_a_fraction_of_migrating(
    server: ScratchServer, template: ScratchDatabase
) -> None:
    bare = server.create()
    whole = seconds(lambda: apart(lambda: migrate(bare.owner_dsn, bare.app_dsn.user)))
    copies = [
        seconds(lambda: server.create(template=template.app_dsn.database)) for _ in range(COPIES)
    ]

    print(f"\ncopy {min(copies):.3f} s, migrating {whole:.2f} s")  # noqa: T201 - the figure
    assert min(copies) < whole / LEAST_RATIO
