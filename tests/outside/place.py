"""A place outside the repository: a fresh environment with the core's wheels alone.

Everything comes from uv's warm cache; nothing is fetched, and the checkout is only read.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
SECONDS = 180
_READY = re.compile(r"^ready (http://\S+)$")
_OURS = ("DATABASE_URL", "MOTCUA_", "VIRTUAL_ENV", "UV_PROJECT", "PYTEST_", "PYTHONPATH", "COV_")


class Place:
    """A folder with an environment in it.

    Attributes:
        folder: Where somebody works.
        wheels: The wheels of the core.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wheels = folder / "wheels"
        venv = folder / "venv"
        clean = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
        self.env = clean | {
            "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "VIRTUAL_ENV": str(venv),
            "UV_OFFLINE": "1",
            "UV_PROJECT_ENVIRONMENT": str(venv),
            "MOTCUA_HOME": str(folder / "home"),
        }
        python = ("--python", sys.executable)
        self.run("uv", "sync", "--frozen", "--no-install-workspace", *python, cwd=ROOT)
        for package in ("motcua", "motcua-assets"):
            built = ("--package", package, "--wheel", "--out-dir", str(self.wheels))
            self.run("uv", "build", *built, cwd=ROOT)
        self.install(*self.wheels.glob("*.whl"))

    def run(
        self, *command: str, cwd: Path | None = None, typed: str = "", seconds: int = SECONDS
    ) -> str:
        """What *command* prints; it must succeed."""
        done = subprocess.run(
            command,
            cwd=cwd or self.folder,
            env=self.env,
            input=typed,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def install(self, *wheels: Path) -> None:
        """Install *wheels* over what is there of the same name."""
        self.run("uv", "pip", "install", "--no-deps", "--reinstall", *map(str, wheels))

    @contextlib.contextmanager
    def serving(self) -> Iterator[httpx.Client]:
        """A running ``motcua serve``, and somebody who asks it."""
        with (self.folder / "serve.err").open("w") as errors:
            process = subprocess.Popen(
                ["motcua", "serve", "--port", str(_free_port())],
                executable=shutil.which("motcua", path=self.env["PATH"]),
                env=self.env,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            try:
                assert process.stdout is not None
                ready = next(filter(None, map(_READY.match, process.stdout)), None)
                assert ready is not None, (self.folder / "serve.err").read_text()[-4000:]
                with httpx.Client(base_url=ready[1], timeout=30) as client:
                    yield client
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Unit:
    """One commune over HTTP, with the officers who work there."""

    PASSWORD = "mot-cua-thu-nghiem"  # noqa: S105 - of accounts that live as long as a test

    def __init__(self, client: httpx.Client, slug: str) -> None:
        self.client = client
        self.slug = slug
        self._tokens: dict[str, str] = {}

    def ask(self, method: str, path: str, by: str, **said: Any) -> httpx.Response:
        """Ask under the commune's address, signed in as the officer with the role *by*."""
        if by not in self._tokens:
            login = {"username": f"{by}.{self.slug}", "password": self.PASSWORD}
            answer = self.client.post(f"/t/{self.slug}/api/v1/sessions", json=login)
            assert answer.status_code == 201, answer.text
            self._tokens[by] = answer.json()["token"]
        headers = {"Authorization": f"Bearer {self._tokens[by]}"}
        return self.client.request(method, f"/t/{self.slug}{path}", headers=headers, **said)

    def receive(self, **paper: Any) -> httpx.Response:
        """Receive one paper at the counter."""
        body = {"channel": "counter", "papers": [paper]}
        return self.ask("POST", "/api/v1/receptions", "reception", json=body)

    def step(self, dossier: dict[str, Any], name: str, by: str, **data: Any) -> httpx.Response:
        """Take a step."""
        body = {"transition": name, "version": dossier["version"], "data": data}
        path = f"/api/v1/dossiers/{dossier['id']}/transitions"
        return self.ask("POST", path, by, json=body)

    def walk(self, dossier: dict[str, Any], *steps: tuple[str, str]) -> dict[str, Any]:
        """Take *steps* that need nothing; the dossier after the last."""
        for name, by in steps:
            answer = self.step(dossier, name, by)
            assert answer.status_code == 200, answer.text
            dossier = dossier | answer.json()
        return dossier
