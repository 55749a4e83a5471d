"""``motcua worker``: what has to be done from time to time, in a process of its own."""

import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import click

from motcua.app import build_house, log_as_json
from motcua.cli.options import home_option
from motcua.services import chores, delivery
from motcua.storage.dsn import Dsn
from motcua.storage.engine import ENGINE, check_role
from motcua.storage.settings import resolve


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@home_option
def command(home: Path | None, once: bool) -> None:
    """Deliver messages; anchor yesterday's events and forget what has ended, every hour.

    `motcua serve` does the same beside its requests; a worker of its own is for
    installations that serve from several machines.
    """
    log_as_json()
    with resolve(home, os.environ) as database:
        asyncio.run(_work(database.app, database.home, once=once))


async def _work(database: Dsn, home: Path, *, once: bool) -> None:
    await ENGINE.open(database, max_size=2)
    try:
        await check_role(ENGINE)
        house = build_house(home=home)
        if once:
            await chores.once(house)
            await delivery.sweep(house)
            return
        loops = [
            asyncio.create_task(chores.keep(house, first_after=0)),
            asyncio.create_task(delivery.keep(house)),
        ]
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, _stop, loops)
        await asyncio.wait(loops)
    finally:
        await ENGINE.close()


def _stop(loops: Sequence[asyncio.Task[None]]) -> None:
    for each in loops:
        each.cancel()
