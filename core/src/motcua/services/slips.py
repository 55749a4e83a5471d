"""Printing slips F01–F04: receipt, supplement, refusal, apology; several as one PDF."""

import hmac
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from motcua.documents.papers import Sheet, printed
from motcua.documents.slips import FORMS, templates
from motcua.domain.dossier import Role, RoleNotAllowedError
from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.domain.report import local_day
from motcua.plugin.texts import text
from motcua.services.house import Desk, House
from motcua.services.look import crest_drawn
from motcua.services.reading import require_reader
from motcua.services.readlog import log_read
from motcua.services.receive import UnknownDossierError
from motcua.services.slip_copies import Copy, following, keep, standing
from motcua.services.slip_data import A4, A5, Item, Past, Printed, slip_data
from motcua.services.visit import hashed, secret_of
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work


class NoSlipError(MotCuaError):
    """Nothing happened to a dossier that such a slip is issued for, or it was erased."""

    code = "slip.none"
    status = 404


async def print_slips(
    house: House,
    desk: Desk,
    actor: Actor,
    dossiers: Sequence[UUID],
    *,
    origin: str,
    form: str = "",
    size: str = A5,
) -> bytes:
    """The latest slip of each of *dossiers*, as one PDF; that it was printed is logged.

    A slip that was printed before is the same copy again: what is in somebody's hand stays valid.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: Who prints; only the reception hands out what opens the look-up.
        dossiers: The dossiers, in the order of the PDF.
        origin: Where the installation is reached, ``https://…``.
        form: ``F01`` to ``F04``; empty: whichever was issued last.
        size: ``a4`` or ``a5``.

    Raises:
        UnknownDossierError: this tenant has not all of the dossiers.
        NoSlipError: a dossier has no such slip.
        RoleNotAllowedError: the actor may not read dossiers.
    """
    sheets = await slips_of(house, desk, actor, dossiers, origin=origin, form=form, size=size)
    return await printed(
        templates(), sheets, text("slip.title", lang="vi", unit=desk.name), house.now()
    )


async def slips_of(
    house: House,
    desk: Desk,
    actor: Actor,
    dossiers: Sequence[UUID],
    *,
    origin: str,
    form: str = "",
    size: str = A5,
) -> list[Sheet]:
    """What :func:`print_slips` draws."""
    require_reader(actor)
    crest = await crest_drawn(house, desk)  # before numbers are taken: it may fail
    made = []
    async with work(house.engine, desk.id) as writing:
        rows = await store.lock(writing, dossiers)
        kept = await _kept(writing, dossiers)
        for each in dossiers:
            _require_known(rows, each)
            slip = _slip(house, desk, actor, rows[each], kept[each], form, (origin, size))
            made.append(slip)
            await log_read(house, writing, actor, each, _name(slip.event))
        first = [slip for slip in made if slip.copy not in kept[_id(slip)].copies]
        copies = await keep(house, writing, actor, [(_id(slip), slip.copy) for slip in first])
        numbered = dict(zip(map(_id, first), copies, strict=True))
        made = [
            msgspec.structs.replace(slip, copy=numbered.get(_id(slip), slip.copy)) for slip in made
        ]
    return [
        Sheet(
            template=f"slips/{each.form.lower()}.typ", data=slip_data(desk, each) | {"crest": crest}
        )
        for each in made
    ]


async def replace_copies(
    house: House, desk: Desk, actor: Actor, dossiers: Sequence[UUID], form: str = ""
) -> None:
    """Make another copy of the slips of *dossiers*; those that were handed out are void.

    Raises:
        UnknownDossierError: this tenant has not all of the dossiers.
        NoSlipError: a dossier has no such slip.
        RoleNotAllowedError: the actor is not at the reception.
    """
    if Role.RECEPTION not in actor.roles:
        raise RoleNotAllowedError(transition="", roles=(Role.RECEPTION,))
    year = local_day(house.now()).year
    async with work(house.engine, desk.id) as writing:
        rows = await store.lock(writing, dossiers)
        kept = await _kept(writing, dossiers)
        made = []
        for each in dossiers:
            event = _up_to(_require_known(rows, each), kept[each].past, form)[-1]
            made.append((each, following(kept[each].copies, event.form, event.seq, year)))
        await keep(house, writing, actor, made)


def _require_known(rows: Mapping[UUID, DossierRow], dossier: UUID) -> DossierRow:
    if dossier not in rows:
        raise UnknownDossierError(dossier=str(dossier))
    return rows[dossier]


def _id(slip: Printed) -> UUID:
    assert slip.row.id is not None, "read from the database"  # noqa: S101 - states what is so
    return slip.row.id


def _slip(
    house: House,
    desk: Desk,
    actor: Actor,
    row: DossierRow,
    kept: "_Kept",
    form: str,
    how: tuple[str, str],
) -> Printed:
    """The latest slip of a dossier; *how* is the installation's address and the size."""
    origin, size = how
    past = _up_to(row, kept.past, form)
    event = past[-1]
    last = standing(kept.copies, event.form, event.seq)
    year = local_day(house.now()).year
    copy = last or following(kept.copies, event.form, event.seq, year)
    return Printed(
        copy=copy,
        form=next(each for each in FORMS if each == event.form),
        row=row,
        definition=house.catalogue.version(row.version_id).definition,
        past=past,
        documents=kept.documents,
        again=copy.copy > 1 or (last is None and _name(event) in kept.printed),
        size=A4 if size == A4 else A5,
        origin=origin,
        secret="" if _told_before(actor, past) else _secret(house, row),
        test=house.invented(desk),
    )


def _name(event: Past) -> str:
    """What the read log calls the slip an event issued."""
    return f"slip {event.form} {event.seq}"


class _Kept(msgspec.Struct, frozen=True):
    """What is kept of one dossier besides its row."""

    id: UUID
    past: tuple[Past, ...]
    documents: tuple[Item, ...]
    printed: tuple[str, ...]
    copies: tuple[Copy, ...]


_KEPT = """
select json_build_object('id', d.id,
 'past', (select coalesce(json_agg(json_build_object('seq', e.seq, 'transition', e.transition,
    'at', e.at, 'actor', e.actor, 'reason', e.reason, 'data', e.data) order by e.seq), '[]')
  from dossier_event e where e.tenant_id = d.tenant_id and e.dossier_id = d.id),
 'documents', (select coalesce(json_agg(to_jsonb(c) order by c.n), '[]')
  from dossier_document c where c.tenant_id = d.tenant_id and c.dossier_id = d.id),
 'printed', (select coalesce(json_agg(distinct r.what), '[]') from read_log r
  where r.tenant_id = d.tenant_id and r.dossier_id = d.id and r.what like 'slip %'),
 'copies', (select coalesce(json_agg(json_build_object('form', s.form, 'seq', s.seq,
    'copy', s.copy, 'year', s.year, 'number', s.number) order by s.copy), '[]')
  from slip s where s.tenant_id = d.tenant_id and s.dossier_id = d.id))::text
from dossier d where d.tenant_id = $1 and d.id = any($2)
"""


async def _kept(reading: Work, dossiers: Sequence[UUID]) -> Mapping[UUID, _Kept]:
    rows = await reading.fetch(_KEPT, reading.tenant_id, list(dossiers))
    found = [msgspec.json.decode(row[0], type=_Kept) for row in rows]
    return {each.id: each for each in found}


def _up_to(row: DossierRow, past: Sequence[Past], form: str) -> Sequence[Past]:
    """The events up to the one that issued the slip.

    Raises:
        NoSlipError: none did.
    """
    forms = (form,) if form else FORMS
    for n, event in reversed(list(enumerate(past, start=1))):
        if event.form in FORMS and event.form in forms and event.data is not None:
            return past[:n]
    raise NoSlipError(dossier=row.code or row.temporary_code or str(row.id))


def _told_before(actor: Actor, past: Sequence[Past]) -> bool:
    """Whether the slip keeps the secret for itself.

    It is handed out by the reception alone, and whoever submitted online was told it then:
    the slip may go to somebody else.
    """
    return Role.RECEPTION not in actor.roles or past[0].transition == "T01"


def _secret(house: House, row: DossierRow) -> str:
    """What opens the look-up; nothing where it was not derived here."""
    secret = secret_of(house, row.id)
    return secret if hmac.compare_digest(row.secret_hash or b"", hashed(secret)) else ""
