"""Learning in time that this process is asked to end.

A server that stops waits for the answers under way, and an answer that lasts for hours
would make it wait in vain. What the server itself does about the signal stays as it is.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def when_asked_to_end(tell: Callable[[], object]) -> Iterator[None]:
    """Call *tell* in the running loop as soon as the process is asked to end.

    Where nobody handles the signal, or this is not the main thread, nothing is done.
    """
    loop = asyncio.get_running_loop()
    handled = {each: signal.getsignal(each) for each in SIGNALS}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(tell)
        before = handled[signal.Signals(number)]
        if callable(before):
            before(number, frame)

    ours = threading.current_thread() is threading.main_thread()
    taken = [each for each, before in handled.items() if ours and callable(before)]
    for each in taken:
        signal.signal(each, handle)
    try:
        yield
    finally:
        for each in taken:
            signal.signal(each, handled[each])
