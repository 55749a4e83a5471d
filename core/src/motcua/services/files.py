"""Files that citizens send: taken in by their content, seen by few, forgotten with their draft."""

import datetime as dt
from pathlib import PurePath
from typing import Any
from uuid import UUID

import msgspec

from motcua.documents.files import FileGoneError
from motcua.domain.errors import MotCuaError
from motcua.domain.filetypes import MOST_BYTES, FileType, file_type, shown_type
from motcua.domain.life import Actor
from motcua.services.drafts import SentFile, UnknownDraftError, digest
from motcua.services.house import Desk, House
from motcua.services.reading import require_reader
from motcua.services.readlog import log_view
from motcua.storage.work import Work, work

MOST_FILES = 20
"""Files one application may have."""
_NAME = 120
_FORGOTTEN_AFTER = dt.timedelta(days=1)
_LOOKED_BACK = dt.timedelta(days=7)
"""How long content without a row is looked for: so long nobody may have looked."""


class TooManyFilesError(MotCuaError):
    """An application has as many files as it may have."""

    code = "file.too-many"


class UnknownFileError(MotCuaError):
    """No such file here, or not for whoever asks: nobody can tell which."""

    code = "file.unknown"
    status = 404


class FileContent(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be shown."""

    name: str
    media_type: str
    content: bytes


def most_bytes(desk: Desk) -> int:
    """The largest file the tenant takes."""
    return int(desk.settings.get("file_megabytes", MOST_BYTES // 1024 // 1024)) * 1024 * 1024


async def add(
    house: House, desk: Desk, draft_id: UUID, token: str, field: str, name: str, content: bytes
) -> SentFile:
    """Take in a file for one question of a draft.

    Raises:
        FileTypeError: it is no PDF, JPEG or PNG.
        FileBrokenError: its end is missing.
        FileTooLargeError: it is larger than the tenant takes.
        FileEmptyError: it is empty.
        TooManyFilesError: the application has enough.
        UnknownDraftError: the draft is not theirs.
    """
    kind = file_type(content, most=most_bytes(desk))
    named = file_name(name, kind.suffix)
    async with work(house.engine, desk.id) as writing:
        owned = await writing.fetchrow(_OWNED, desk.id, draft_id, digest(token), house.now())
        if owned is None:
            raise UnknownDraftError
        if owned["n"] >= MOST_FILES:
            raise TooManyFilesError(most=MOST_FILES)
        sent = await keep(house, writing, content, named, kind)
        await writing.execute(_ATTACH, desk.id, draft_id, sent.id, field)
    return msgspec.structs.replace(sent, field=field)


async def keep(house: House, writing: Work, content: bytes, name: str, kind: FileType) -> SentFile:
    """Store *content*; whoever calls makes it part of something in the same transaction."""
    await writing.fetchrow(_TAKING_IN, writing.tenant_id)
    sha256 = await house.files.put(writing.tenant_id, content)
    file_id = house.new_id()
    args = (file_id, sha256, name, kind.media_type, len(content), house.now())
    await writing.execute(_STORE, writing.tenant_id, *args)
    return SentFile(
        id=file_id,
        field="",
        name=name,
        media_type=kind.media_type,
        size=len(content),
        sha256=sha256.hex(),
    )


async def remove(house: House, desk: Desk, draft_id: UUID, token: str, file_id: UUID) -> None:
    """Take a file out of a draft that was not sent yet."""
    async with work(house.engine, desk.id) as writing:
        args = (draft_id, file_id, digest(token), house.now())
        await writing.execute(_REMOVE, desk.id, *args)


async def for_owner(
    house: House, desk: Desk, draft_id: UUID, token: str, file_id: UUID
) -> FileContent:
    """A file of one's own application.

    Raises:
        UnknownFileError: it is none of theirs.
    """
    async with work(house.engine, desk.id) as reading:
        args = (draft_id, file_id, digest(token), house.now())
        row = await reading.fetchrow(_OWNERS, desk.id, *args)
    return await _content(house, desk, row)


async def for_holder(house: House, desk: Desk, dossier_id: UUID, file_id: UUID) -> FileContent:
    """A file of a dossier, for whoever has proven to be its holder.

    Raises:
        UnknownFileError: the dossier has no such file here.
    """
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_DOSSIERS, desk.id, dossier_id, file_id)
    return await _content(house, desk, row)


async def for_staff(
    house: House, desk: Desk, actor: Actor, dossier_id: UUID, file_id: UUID
) -> FileContent:
    """A file of a dossier, for an officer; the reading is logged.

    Raises:
        UnknownFileError: the dossier has no such file here.
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_DOSSIERS, desk.id, dossier_id, file_id)
        if row is not None:
            await log_view(house, reading, actor, dossier_id, f"file {file_id}")
    return await _content(house, desk, row)


async def look(
    house: House, desk: Desk, actor: Actor, dossier_id: UUID, file_id: UUID
) -> FileType | None:
    """What of a file an officer can be shown; ``None``: it can only be taken as it is.

    Nothing of it is told, so it is no reading; whoever shows it asks :func:`for_staff`.

    Raises:
        UnknownFileError: the dossier has no such file here, or its content is gone.
        FileChangedError: its content is not what was stored.
        RoleNotAllowedError: the actor may not read dossiers.
    """
    require_reader(actor)
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_DOSSIERS, desk.id, dossier_id, file_id)
    return shown_type((await _content(house, desk, row)).content)


async def forget_orphans(house: House, tenant_id: int) -> int:
    """Delete files that belong to no draft and no dossier any more; answers how many.

    So is content whose row was never committed: a process that is killed between the two
    leaves some.
    """
    before = house.now() - _FORGOTTEN_AFTER
    # Looked for before the lock that uploads wait for; whose row is committed meanwhile is used.
    lying = await house.files.stored(tenant_id, before - _LOOKED_BACK, before)
    async with work(house.engine, tenant_id) as writing:
        await writing.fetchrow(_FORGETTING, tenant_id)
        rows = await writing.fetch(_ORPHANS, tenant_id, before)
        gone = [row["sha256"] for row in rows] + lying
        for row in await writing.fetch(_UNUSED, tenant_id, gone):
            await house.files.delete(tenant_id, row["sha256"])
    return len(rows)


def file_name(given: str, suffix: str) -> str:
    """*given* without folders and with the suffix its content has."""
    bare = PurePath(given.replace("\\", "/")).name
    stem = "".join(letter for letter in bare if letter.isprintable()).strip(" .")
    known = {suffix, ".jpeg"} if suffix == ".jpg" else {suffix}
    if PurePath(stem).suffix.lower() in known:
        stem = PurePath(stem).stem
    return f"{stem[:_NAME] or 'tep'}{suffix}"


async def _content(house: House, desk: Desk, row: Any) -> FileContent:
    if row is None:
        raise UnknownFileError
    try:
        content = await house.files.get(desk.id, row["sha256"])
    except FileGoneError:
        raise UnknownFileError from None
    return FileContent(name=row["name"], media_type=row["media_type"], content=content)


_TAKING_IN = "select pg_advisory_xact_lock_shared($1, 1)"
_FORGETTING = "select pg_advisory_xact_lock($1, 1)"

_OWNED = """
select d.id, (select count(*) from draft_file f
              where f.tenant_id = d.tenant_id and f.draft_id = d.id) as n
from draft d where d.tenant_id = $1 and d.id = $2 and d.holder = $3 and d.expires_at > $4
  and d.dossier_id is null for update
"""

_STORE = """
insert into stored_file (tenant_id, id, sha256, name, media_type, size, created_at)
values ($1, $2, $3, $4, $5, $6, $7)
"""

_ATTACH = "insert into draft_file (tenant_id, draft_id, file_id, field) values ($1, $2, $3, $4)"

_REMOVE = """
delete from draft_file f using draft d
where f.tenant_id = $1 and f.draft_id = $2 and f.file_id = $3
  and d.tenant_id = f.tenant_id and d.id = f.draft_id and d.holder = $4 and d.expires_at > $5
  and d.dossier_id is null
"""

_OWNERS = """
select s.name, s.media_type, s.sha256
from draft_file f
  join draft d on d.tenant_id = f.tenant_id and d.id = f.draft_id
  join stored_file s on s.tenant_id = f.tenant_id and s.id = f.file_id
where f.tenant_id = $1 and f.draft_id = $2 and f.file_id = $3 and d.holder = $4
  and d.expires_at > $5
"""

_DOSSIERS = """
select s.name, s.media_type, s.sha256
from dossier_document c
  join stored_file s on s.tenant_id = c.tenant_id and s.id = c.file_id
where c.tenant_id = $1 and c.dossier_id = $2 and c.file_id = $3
"""

_ORPHANS = """
delete from stored_file s where s.tenant_id = $1 and s.created_at < $2
  and not exists (select from draft_file f where f.tenant_id = s.tenant_id and f.file_id = s.id)
  and not exists (
    select from dossier_document c where c.tenant_id = s.tenant_id and c.file_id = s.id)
  and not exists (
    select from tenant t where t.id = s.tenant_id and t.settings -> 'crest' ->> 'id' = s.id::text)
returning sha256
"""

_UNUSED = """
select distinct gone.sha256 from unnest($2::bytea[]) as gone (sha256)
where not exists (
  select from stored_file s where s.tenant_id = $1 and s.sha256 = gone.sha256)
"""
