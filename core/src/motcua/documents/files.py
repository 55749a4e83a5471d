"""Where the content of files lies: named by itself, below its tenant.

The same content is stored once a tenant. Putting and getting go through an object
store; by default that is a folder of this machine.
"""

import asyncio
import hashlib
import os
from pathlib import Path

from obstore.exceptions import NotFoundError
from obstore.store import LocalStore

from motcua.domain.errors import MotCuaError

FOLDER = "files"


class FileGoneError(MotCuaError):
    """The database knows a file whose content is not there."""

    code = "file.gone"
    status = 404


class FileStore:
    """The contents of all tenants' files, below one folder."""

    def __init__(self, home: Path) -> None:
        """Keep files below the folder *home*; it is made when the first one comes."""
        self._home = home
        self._store: LocalStore | None = None

    async def put(self, tenant_id: int, content: bytes) -> bytes:
        """Store *content*, on the disk before this returns; answers its SHA-256."""
        sha256 = hashlib.sha256(content).digest()
        await self._open().put_async(_key(tenant_id, sha256), content)
        await asyncio.to_thread(_sync, file_path(self._home, tenant_id, sha256))
        return sha256

    async def get(self, tenant_id: int, sha256: bytes) -> bytes:
        """The content of that hash.

        Raises:
            FileGoneError: it is not there.
        """
        try:
            found = await self._open().get_async(_key(tenant_id, sha256))
        except (NotFoundError, FileNotFoundError):
            raise FileGoneError from None
        return bytes(await found.bytes_async())

    async def delete(self, tenant_id: int, sha256: bytes) -> None:
        """Remove the content of that hash; one that is gone already stays gone."""
        try:
            await self._open().delete_async(_key(tenant_id, sha256))
        except (NotFoundError, FileNotFoundError):
            return

    def _open(self) -> LocalStore:
        if self._store is None:
            self._store = LocalStore(self._home / FOLDER, mkdir=True)
        return self._store


def file_path(home: Path, tenant_id: int, sha256: bytes) -> Path:
    """Where the content of a stored file lies: named by itself, below its tenant."""
    return home / FOLDER / str(tenant_id) / sha256.hex()


def _key(tenant_id: int, sha256: bytes) -> str:
    return f"{tenant_id}/{sha256.hex()}"


def _sync(path: Path) -> None:
    """Make a file and its entry in the folder outlast a power cut."""
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
