"""A process that is asked to end lets go of answers that would last for hours."""

import asyncio
import os
import signal

import pytest

from motcua.web.stopping import when_asked_to_end

pytestmark = pytest.mark.anyio


async def test_it_is_told_in_time_and_the_servers_own_handling_stays() -> None:
    told, served = asyncio.Event(), []
    before = signal.signal(signal.SIGTERM, lambda number, _: served.append(number))
    try:
        with when_asked_to_end(told.set):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(told.wait(), 5)

            assert served == [signal.SIGTERM]
        told.clear()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)

        assert len(served) == 2
        assert not told.is_set()
    finally:
        signal.signal(signal.SIGTERM, before)
