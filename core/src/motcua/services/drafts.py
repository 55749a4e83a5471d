"""Applications that citizens write page by page, kept on the server until they are sent.

A draft belongs to whoever holds the token of the browser that began it; the address
names the draft and nobody's data. Sending it empties it: what was declared then
stands in the dossier alone.
"""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.errors import MotCuaError
from motcua.domain.written import pasted
from motcua.services.assess import Paper
from motcua.services.hooks import watched
from motcua.services.house import Desk, House
from motcua.services.receive import submit
from motcua.services.supplement import supplement, supply
from motcua.services.visit import PaperFile, secret_of
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work

KEPT = dt.timedelta(days=30)
"""How long a draft is kept after the last change, unless the tenant says otherwise."""
LONGEST = 200_000
"""Characters a whole draft may have."""
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_TOKEN_BYTES = 32

Typed = dict[str, str]


class UnknownDraftError(MotCuaError):
    """No such draft here, or another browser's, or it has expired: nobody can tell which."""

    code = "draft.unknown"
    status = 404


class DraftTooLongError(MotCuaError):
    """More was typed than a draft holds."""

    code = "draft.too-long"


class SentFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an application, by the question it answers."""

    id: UUID
    field: str
    name: str
    media_type: str
    size: int
    sha256: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An application on its way.

    Attributes:
        code: What its writer keeps to go on elsewhere.
        typed: What stands in the fields, by their names.
        seen: The pages that were sent at least once.
        dossier_id: What became of it, once it was sent.
        amends: The dossier it completes, if that was sent before.
        supply: Whether that is being worked on: papers are added, nothing else is changed.
        wanted: What was last asked for of the dossier it completes.
        files: What was sent along, in the order it came.
    """

    id: UUID
    code: str
    procedure: str
    typed: Typed
    seen: tuple[str, ...]
    dossier_id: UUID | None
    saved_at: dt.datetime
    expires_at: dt.datetime
    amends: UUID | None = None
    supply: bool = False
    wanted: tuple[str, ...] = ()
    files: tuple[SentFile, ...] = ()


def new_token(house: House) -> str:
    """What a browser shows to be given its drafts again."""
    return base64.urlsafe_b64encode(house.entropy(_TOKEN_BYTES)).decode().rstrip("=")


async def begin(house: House, desk: Desk, procedure: str, token: str) -> Draft:
    """A new draft of *procedure* for the holder of *token*."""
    now = house.now()
    code = _new_code(house)
    args = (house.new_id(), code, digest(token), procedure, now, now + kept(desk))
    async with work(house.engine, desk.id) as writing:
        row = await writing.fetchrow(_BEGIN, desk.id, *args)
    return _draft(row)


async def begin_supplement(
    house: House, desk: Desk, dossier: DossierRow, typed: Typed, pages: Sequence[str], token: str
) -> Draft:
    """A draft that completes *dossier*: what was *typed* on its *pages*, the files sent before."""
    draft = await begin(house, desk, dossier.procedure_code, token)
    kept_as = msgspec.json.encode(typed).decode()
    async with work(house.engine, desk.id) as writing:
        await writing.execute(_TAKE_FILES, desk.id, draft.id, dossier.id)
        return _draft(await writing.fetchrow(_AMEND, desk.id, draft.id, dossier.id, kept_as, pages))


async def find(house: House, desk: Desk, draft_id: UUID, token: str) -> Draft:
    """The draft *draft_id* of whoever holds *token*.

    Raises:
        UnknownDraftError: it is not theirs, has expired, or never was.
    """
    async with work(house.engine, desk.id) as reading:
        return await _find(house, reading, draft_id, token)


async def by_code(house: House, desk: Desk, code: str) -> Draft | None:
    """The unsent draft that is called *code*; for whoever proves to be its writer."""
    said = "".join(letter for letter in code.upper() if letter in _LETTERS)
    named = f"{said[:4]}-{said[4:]}"
    async with work(house.engine, desk.id) as reading:
        row = await reading.fetchrow(_BY_CODE, desk.id, named, house.now())
    return None if row is None else _draft(row)


async def hand_over(house: House, desk: Desk, draft_id: UUID, token: str) -> None:
    """Give a draft to another browser; the one before has it no more."""
    async with work(house.engine, desk.id) as writing:
        await writing.execute(_HAND_OVER, desk.id, draft_id, digest(token))


def paper_code(house: House, draft_id: UUID) -> str:
    """What opens a draft without a telephone; written down, it is as good as a key."""
    drawn = hmac.digest(house.key, b"draft on paper " + draft_id.bytes, "sha256")
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in drawn[:12])
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))


def is_paper_code(house: House, draft_id: UUID, typed: str) -> bool:
    """Whether *typed* is the paper code of a draft, however it is spaced."""
    said = "".join(letter for letter in typed.upper() if letter in _LETTERS)
    return hmac.compare_digest(said, paper_code(house, draft_id).replace("-", ""))


async def change(
    house: House,
    desk: Desk,
    draft_id: UUID,
    token: str,
    edit: Callable[[Typed], Mapping[str, str]],
    page: str = "",
) -> Draft:
    """Store what *edit* makes of what was typed so far; *page* was sent with it.

    Raises:
        UnknownDraftError: it is not theirs, has expired, or never was.
        DraftTooLongError: more was typed than a draft holds.
    """
    now = house.now()
    async with work(house.engine, desk.id) as writing:
        before = await _find(house, writing, draft_id, token, lock=True)
        if before.dossier_id is not None:
            return before
        typed = {name: pasted(value) for name, value in edit(dict(before.typed)).items()}
        if sum(len(name) + len(value) for name, value in typed.items()) > LONGEST:
            raise DraftTooLongError
        seen = before.seen if not page or page in before.seen else (*before.seen, page)
        kept_as = msgspec.json.encode(typed).decode()
        args = (draft_id, kept_as, list(seen), now, now + kept(desk))
        return _draft(await writing.fetchrow(_SAVE, desk.id, *args))


async def send(
    house: House, desk: Desk, draft_id: UUID, token: str, paper: Callable[[Draft], Paper]
) -> Draft:
    """Submit a draft with its files once, however often it is sent; answers it with its dossier.

    Raises:
        UnknownDraftError: it is not theirs, has expired, or never was.
        InvalidAnswersError: the form has faults; holds all of them.
        ReceptionClosedError: the unit has ended.
    """
    async with watched(house, desk), work(house.engine, desk.id) as writing:
        draft = await _find(house, writing, draft_id, token, lock=True)
        if draft.dossier_id is not None:
            return draft
        files = [_paper(each) for each in draft.files]
        if draft.amends is not None and draft.supply:
            sent = (await supply(house, desk, draft.amends, files)).id
        elif draft.amends is None:
            sent = (await submit(house, desk, paper(draft), files=files)).id
        else:
            secret = secret_of(house, draft.amends)
            answers = paper(draft).answers
            sent = draft.amends
            await supplement(house, desk, sent, secret, answers, files=files)
        return _draft(await writing.fetchrow(_SENT, desk.id, draft_id, sent, house.now()))


def kept(desk: Desk) -> dt.timedelta:
    """How long the tenant keeps drafts."""
    days = desk.settings.get("draft_days")
    return KEPT if days is None else dt.timedelta(days=int(days))


async def forget_expired(house: House, tenant_id: int) -> None:
    """Delete drafts nobody can open any more."""
    async with work(house.engine, tenant_id) as writing:
        await writing.execute(_FORGET, tenant_id, house.now())


async def _find(
    house: House, reading: Work, draft_id: UUID, token: str, *, lock: bool = False
) -> Draft:
    sql = _FIND + ("for update" if lock else "")
    row = await reading.fetchrow(sql, reading.tenant_id, draft_id, digest(token), house.now())
    if row is None:
        raise UnknownDraftError
    return _draft(row)


def _draft(row: Any) -> Draft:
    return msgspec.json.decode(row[0], type=Draft)


def _paper(file: SentFile) -> PaperFile:
    return PaperFile(document=file.field, name=file.name, file_id=file.id, sha256=file.sha256)


def digest(token: str) -> bytes:
    """What is kept of a browser's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _new_code(house: House) -> str:
    """Eight letters and digits that are easy to read aloud: ``7K4M-2Q9X``."""
    drawn = "".join(_LETTERS[byte % len(_LETTERS)] for byte in house.entropy(8))
    return f"{drawn[:4]}-{drawn[4:]}"


_COLUMNS = """json_build_object('id', id, 'code', code, 'procedure', procedure_code,
  'typed', typed, 'seen', seen, 'dossier_id', dossier_id, 'saved_at', saved_at,
  'expires_at', expires_at, 'amends', amends, 'supply', exists (
    select from dossier d where d.tenant_id = draft.tenant_id and d.id = draft.amends
      and d.state = 'supplement_requested'), 'wanted', coalesce((
    select e.data->'items' from dossier_event e
    where e.tenant_id = draft.tenant_id and e.dossier_id = draft.amends
      and e.transition in ('T04', 'T09') order by e.seq desc limit 1), '[]'), 'files', (
    select coalesce(json_agg(json_build_object('id', s.id, 'field', f.field, 'name', s.name,
      'media_type', s.media_type, 'size', s.size, 'sha256', encode(s.sha256, 'hex'))
      order by s.id), '[]')
    from draft_file f join stored_file s on s.tenant_id = f.tenant_id and s.id = f.file_id
    where f.tenant_id = draft.tenant_id and f.draft_id = draft.id))::text"""

_BEGIN = f"""
insert into draft (tenant_id, id, code, holder, procedure_code, typed, seen, created_at,
                   saved_at, expires_at)
values ($1, $2, $3, $4, $5, '{{}}', '{{}}', $6, $6, $7) returning {_COLUMNS}
"""  # noqa: S608 - our own column names

_FIND = f"""
select {_COLUMNS} from draft
where tenant_id = $1 and id = $2 and holder = $3 and expires_at > $4
"""  # noqa: S608 - our own column names

_SAVE = f"""
update draft set typed = $3, seen = $4, saved_at = $5, expires_at = $6
where tenant_id = $1 and id = $2 returning {_COLUMNS}
"""  # noqa: S608 - our own column names

_SENT = f"""
update draft set typed = '{{}}', seen = '{{}}', dossier_id = $3, saved_at = $4
where tenant_id = $1 and id = $2 returning {_COLUMNS}
"""  # noqa: S608 - our own column names

_BY_CODE = f"""
select {_COLUMNS} from draft
where tenant_id = $1 and code = $2 and expires_at > $3 and dossier_id is null
"""  # noqa: S608 - our own column names

_HAND_OVER = "update draft set holder = $3 where tenant_id = $1 and id = $2"
_TAKE_FILES = """
insert into draft_file (tenant_id, draft_id, file_id, field)
select tenant_id, $2, file_id, document from dossier_document
where tenant_id = $1 and dossier_id = $3 and file_id is not null
"""

_AMEND = f"""
update draft set amends = $3, typed = $4, seen = $5
where tenant_id = $1 and id = $2 returning {_COLUMNS}
"""  # noqa: S608 - our own column names

_FORGET = "delete from draft where tenant_id = $1 and expires_at <= $2"
