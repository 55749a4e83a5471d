"""Letting plugins act inside a use case, and keeping count of those that fail."""

import asyncio
import contextvars
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from motcua.domain.life import Actor
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.facts import DossierFacts
from motcua.registry.dispatch import WATCHED, PluginFailedError, PluginFault
from motcua.services.catalogue import Published
from motcua.services.house import Desk, House
from motcua.services.readlog import log_read
from motcua.storage.engine import TenantEngine
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

QUARANTINE_AFTER = 3
"""Faults after which a tenant's plugin is quarantined until somebody retries."""
FORGIVEN_AFTER = dt.timedelta(hours=1)
"""After so long without a fault the next one counts as the first."""


ACTING = {
    "T02": "on_received",
    "T03": "on_received",
    "T19": "on_result_ready",
    "T35": "on_result_ready",
}
"""What plugins may do after a step, at the desk and when it is entered later."""


class PluginSession:
    """The narrow way to the database an acting hook gets: own tables, this transaction.

    Attributes:
        tenant_id: The tenant everything happens under.
    """

    def __init__(self, engine: TenantEngine, tenant_id: int) -> None:
        """Work on *engine*'s open transaction."""
        self.tenant_id = tenant_id
        self._engine = engine

    async def run(self, query: Any) -> list[dict[str, Any]]:
        """Run one Piccolo query on the plugin's own tables."""
        query.table._meta.db = self._engine  # noqa: SLF001 - a plugin's table knows no engine
        rows: list[dict[str, Any]] = []
        for statement in query.querystrings:
            rows = [dict(row) for row in await self._engine.run_querystring(statement)]
        return rows


class AskedSession(PluginSession):
    """The same where somebody asks: at a plugin's own address, or for a look into its tables.

    Attributes:
        tenant_name: The unit's name, as papers say it.
        actor: Who asks.
        now: When.
    """

    def __init__(self, house: House, desk: Desk, actor: Actor) -> None:
        """Work on the open transaction for *actor*."""
        super().__init__(house.engine, desk.id)
        self.tenant_name = desk.name
        self.actor = actor
        self.now = house.now()
        self._house = house

    async def log_read(self, dossier_id: UUID) -> None:
        """Keep that the actor reads in full what a record says that a dossier left."""
        async with work(self._engine, self.tenant_id) as reading:
            await log_read(self._house, reading, self.actor, dossier_id, "record")


async def let_act(
    house: House, desk: Desk, hook: str, published: Published, row: DossierRow
) -> None:
    """Let the enabled plugins act on what has just been written.

    Raises:
        PluginBlockedError: one fails or is quarantined; the whole step is undone.
    """
    facts = DossierFacts(
        id=str(row.id),
        code=row.code or "",
        procedure=row.procedure_code,
        answers=row.answers,
        at=row.last_at,
        outcome=row.outcome or "",
    )
    session = PluginSession(house.engine, desk.id)
    await house.registry.act(
        hook, desk.plugins, published.definition, house.engine.part, session=session, dossier=facts
    )


async def looked(
    house: House, desk: Desk, actor: Actor, hook: str, definition: ProcedureDefinition, **told: Any
) -> list[Any] | None:
    """What the plugin that owns a procedure finds for *actor* in its own tables; it only reads.

    ``None``: it does not look for that at all.

    Raises:
        PluginBlockedError: it fails, is quarantined or not enabled.
    """
    if not house.registry.looks(hook, definition):
        return None
    async with work(house.engine, desk.id):
        told["session"] = AskedSession(house, desk, actor)
        reading = house.engine.reading
        return await house.registry.look(hook, desk.plugins, definition, reading, **told)


@asynccontextmanager
async def watched(house: House, desk: Desk) -> AsyncIterator[list[PluginFault]]:
    """Record plugins' failures, although the step they happened in may be undone.

    The use case adds those that stopped nobody to the list it is given; that a
    quarantined plugin was left out is no new failure. Whoever watches first records
    for all within, when its connection is free again: it begins to watch before it
    opens a transaction. A pool whose every connection waited for another one would
    never move.
    """
    outer = WATCHED.get()
    if outer is not None:
        yield outer
        return
    faults: list[PluginFault] = []
    token = WATCHED.set(faults)
    try:
        yield faults
    except PluginFailedError as error:
        faults.append(error.fault)
        raise
    finally:
        WATCHED.reset(token)
        for fault in faults:
            if desk.plugins.works(fault.plugin):
                await record_fault(house, desk, fault)


async def record_fault(house: House, desk: Desk, fault: PluginFault) -> None:
    """Keep *fault*; after several within an hour the tenant's plugin is quarantined.

    Runs outside the transaction that failed: in a context that knows nothing of it.
    """
    recording = _record(house, desk, fault)
    await asyncio.create_task(recording, context=contextvars.Context())


_FAULT = """
insert into plugin_fault (tenant_id, id, plugin, hook, detail, at)
values ($1, $2, $3, $4, $5, $6)
"""

_COUNT = """
with counted as (
  select case when exists (select from plugin_fault f
                where f.tenant_id = $1 and f.plugin = $2 and f.at > $4)
         then failures + 1 else 1 end as n
  from tenant_plugin where tenant_id = $1 and plugin = $2 for update)
update tenant_plugin p set failures = n,
  state = case when n >= $3 then 'quarantined' else state end,
  note = case when n >= $3 then state else note end
from counted
where tenant_id = $1 and plugin = $2 and state <> 'quarantined' returning state
"""


async def _record(house: House, desk: Desk, fault: PluginFault) -> None:
    now = house.now()
    async with work(house.engine, desk.id) as writing:
        counting = (fault.plugin, QUARANTINE_AFTER, now - FORGIVEN_AFTER)
        changed = await writing.fetchrow(_COUNT, desk.id, *counting)
        told = (fault.plugin, fault.hook, fault.detail, now)
        await writing.execute(_FAULT, desk.id, house.new_id(), *told)
        if changed is not None and changed["state"] == "quarantined":
            await writing.execute(
                "update tenant set config_version = config_version + 1 where id = $1", desk.id
            )
