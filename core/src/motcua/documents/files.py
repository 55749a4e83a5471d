"""Where the content of files lies: named by itself, below its tenant, sealed.

The same content is stored once a tenant. Putting and getting go through an object
store; by default that is a folder of this machine. What lies there can be read with
the installation's key only: a stolen disk or copy tells nothing.
"""

import asyncio
import datetime as dt
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore

from motcua.domain.errors import MotCuaError

FOLDER = "files"
_KEY_NAME = b"seal of stored files"
_NONCE_BYTES = 12
_HEX = 64


class FileGoneError(MotCuaError):
    """The database knows a file whose content is not there."""

    code = "file.gone"
    status = 404


class FileChangedError(MotCuaError):
    """What lies under a file's name is not what was stored, or was sealed with another key."""

    code = "file.changed"
    status = 500


class FileStore:
    """The contents of all tenants' files, below one folder."""

    def __init__(self, home: Path, key: bytes) -> None:
        """Keep files below the folder *home*; it is made when the first one comes.

        Args:
            home: The folder of data.
            key: The installation's; the one the files are sealed with is derived from it.
        """
        self._home = home
        self._cipher = ChaCha20Poly1305(hmac.digest(key, _KEY_NAME, "sha256"))
        self._store: LocalStore | None = None

    async def put(self, tenant_id: int, content: bytes) -> bytes:
        """Store *content*, on the disk before this returns; answers its SHA-256."""
        sha256 = hashlib.sha256(content).digest()
        name = _key(tenant_id, sha256)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, content, name.encode())
        await self._open().put_async(name, sealed)
        await asyncio.to_thread(_sync, file_path(self._home, tenant_id, sha256))
        return sha256

    async def get(self, tenant_id: int, sha256: bytes) -> bytes:
        """The content of that hash; what was stored before files were sealed is read as it lies.

        Raises:
            FileGoneError: it is not there.
            FileChangedError: something else is there.
        """
        name = _key(tenant_id, sha256)
        try:
            found = await self._open().get_async(name)
        except (NotFoundError, FileNotFoundError):
            raise FileGoneError from None
        sealed = bytes(await found.bytes_async())
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):
            if hashlib.sha256(sealed).digest() == sha256:
                return sealed
            raise FileChangedError from None

    async def stored(self, tenant_id: int, since: dt.datetime, until: dt.datetime) -> list[bytes]:
        """The hashes of what was stored at a tenant after *since* and before *until*."""
        found = []
        async for many in self._open().list(f"{tenant_id}/"):
            for each in many:
                name = each["path"].rpartition("/")[2]
                if len(name) == _HEX and since < each["last_modified"] < until:
                    found.append(bytes.fromhex(name))
        return found

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
