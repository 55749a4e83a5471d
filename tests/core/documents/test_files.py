"""The content of files lies sealed, below its tenant."""

import shutil
from pathlib import Path

import pytest

from motcua.documents.files import FileChangedError, FileGoneError, FileStore, file_path

pytestmark = pytest.mark.anyio

KEY = b"the installation's"
CONTENT = b"%PDF-1.7 Giay khai sinh"


async def test_what_is_stored_is_read_again_but_not_from_the_disk(tmp_path: Path) -> None:
    store = FileStore(tmp_path, KEY)

    sha256 = await store.put(101, CONTENT)

    assert await store.get(101, sha256) == CONTENT
    assert CONTENT[:8] not in file_path(tmp_path, 101, sha256).read_bytes()


async def test_another_key_opens_nothing(tmp_path: Path) -> None:
    sha256 = await FileStore(tmp_path, KEY).put(101, CONTENT)

    with pytest.raises(FileChangedError):
        await FileStore(tmp_path, b"another's").get(101, sha256)


async def test_a_file_copied_to_another_tenant_is_not_theirs(tmp_path: Path) -> None:
    store = FileStore(tmp_path, KEY)
    sha256 = await store.put(101, CONTENT)
    copy = file_path(tmp_path, 102, sha256)
    copy.parent.mkdir()
    shutil.copy(file_path(tmp_path, 101, sha256), copy)

    with pytest.raises(FileChangedError):
        await store.get(102, sha256)


@pytest.mark.parametrize("left", [0, 5, 30])
async def test_a_file_cut_short_is_found_out(tmp_path: Path, left: int) -> None:
    store = FileStore(tmp_path, KEY)
    sha256 = await store.put(101, CONTENT)
    path = file_path(tmp_path, 101, sha256)
    path.write_bytes(path.read_bytes()[:left])

    with pytest.raises(FileChangedError):
        await store.get(101, sha256)


async def test_what_was_stored_before_files_were_sealed_is_read_if_nothing_changed(
    tmp_path: Path,
) -> None:
    store = FileStore(tmp_path, KEY)
    sha256 = await store.put(101, CONTENT)
    path = file_path(tmp_path, 101, sha256)
    path.write_bytes(CONTENT)

    assert await store.get(101, sha256) == CONTENT

    path.write_bytes(CONTENT[:-1])
    with pytest.raises(FileChangedError):
        await store.get(101, sha256)


async def test_what_was_never_stored_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileGoneError):
        await FileStore(tmp_path, KEY).get(101, bytes(32))
