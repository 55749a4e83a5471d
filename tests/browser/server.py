"""Runs an application on a free loopback port, for a browser to visit."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
PATIENCE = 120.0


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served(factory: str, **variables: str) -> Iterator[str]:
    """The address of the application that ``module:function`` makes, while it runs.

    Args:
        factory: Where it is made.
        variables: What stands in its environment besides.
    """
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory"),
        *("--host", "127.0.0.1", "--port", str(port), "--no-ws", "--no-log", factory),
    ]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), **variables}
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until something answers on *port*."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            reason = f"the server ended at once with status {process.returncode}"
            raise RuntimeError(reason)
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    reason = f"nothing answered on port {port} within {PATIENCE} s"
    raise RuntimeError(reason)
