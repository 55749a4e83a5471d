"""Every hook of Một Cửa: what it is asked, of whom, and what an answer means.

*Deciding* hooks are synchronous and pure. *Looking* hooks are async and read the
plugin's own tables, without being able to change them. *Acting* hooks (``on_…``) are
async and run inside the business transaction. An implementation takes the arguments it
needs and leaves out the others; ``settings`` is the tenant's settings of that
plugin, as the Struct its manifest names.

The bodies below never run: pluggy reads their names and arguments only. Each raises,
because a function with a result and no body is a fault of types, and so that whoever
calls one by mistake is told.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from typing import Any

import pluggy

from motcua.domain.answers import Answers
from motcua.domain.fee import FeeLine
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.procedure_limit import ChosenLimit
from motcua.plugin.facts import (
    AskedSession,
    BookLine,
    Delivery,
    DossierFacts,
    Issue,
    KnownRecord,
    OutboundMessage,
    PluginTables,
    Problem,
    Reception,
    ResultPapers,
    Session,
)
from motcua.plugin.pages import CounterPage

PROJECT = "motcua"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Kind(enum.StrEnum):
    """When a hook is called, and on whom.

    ``start``: on every plugin, once, when they are loaded. ``owner``: the plugin that
    owns the procedure decides. ``each``: the owner and every enabled plugin of the
    field are asked. ``act``: the same act, inside the transaction of the step.
    ``out``: every enabled plugin is asked until one takes it, outside any transaction.
    """

    START = "start"
    OWNER = "owner"
    EACH = "each"
    LOOK = "look"
    ACT = "act"
    OUT = "out"


KINDS = {
    "procedures": Kind.START,
    "tables": Kind.START,
    "routes": Kind.START,
    "counter_pages": Kind.START,
    "problems": Kind.EACH,
    "time_limit": Kind.OWNER,
    "fee_lines": Kind.OWNER,
    "register_entries": Kind.OWNER,
    "result_papers": Kind.OWNER,
    "likely_duplicates": Kind.LOOK,
    "known_records": Kind.LOOK,
    "on_received": Kind.ACT,
    "on_result_ready": Kind.ACT,
    "channels": Kind.OUT,
    "deliver_message": Kind.OUT,
}
"""The kind of every hook below; the test kit and the dispatcher's tests are made from it."""


@hookspec
def procedures() -> Iterable[ProcedureDefinition]:
    """Give the procedures this plugin owns, usually read from its TOML files.

    Asked once, when the plugins are loaded.

    Returns:
        Definitions; a code may come in several dated versions.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def problems(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception, settings: Any
) -> list[Problem]:
    """Say what is wrong or doubtful with answers the form itself accepts.

    Asked of each enabled plugin in turn, before reception. An error stops the
    reception, a warning is shown to the officer.

    Returns:
        The problems; none if all is well.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
async def likely_duplicates(
    session: AskedSession, procedure: ProcedureDefinition, answers: Answers, settings: Any
) -> list[Problem]:
    """Look for what is registered already and may be what the answers ask for.

    Asked of the plugin that owns the procedure, of a paper without faults, before
    it is received. The counter receives only after the officer has confirmed
    what is found; the API tells it with its answer. It is never an error: an
    officer may know better.

    Returns:
        A warning for each; none if there is nothing like it.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
async def known_records(
    session: AskedSession, procedure: ProcedureDefinition, query: str, settings: Any
) -> list[KnownRecord] | None:
    """Find what a form of *procedure* can be filled in from.

    Asked of the plugin that owns the procedure, when an officer searches at the
    counter; *query* is what they typed, a name or a number.

    Returns:
        What fits, the likeliest first, at most as many as fit on a page; ``None``
        if nothing fills this procedure's form in, and then nobody is offered to search.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def time_limit(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception, settings: Any
) -> ChosenLimit | None:
    """Decide a time limit other than the definition's own.

    Asked once, at reception, of the plugin that owns the procedure. What it
    answers is stored with the dossier and never asked again. The core turns
    limits into due times; a plugin never computes a date.

    Returns:
        The limit, usually ``procedure.choose_limit([...], reception.channel)``, or
        ``None`` to keep the definition's limit with the variants the officer picked.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def fee_lines(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception, settings: Any
) -> list[FeeLine] | None:
    """Decide what the dossier costs.

    Asked once, at reception, of the plugin that owns the procedure; what it
    answers is stored and never asked again.

    Returns:
        The lines, or ``None`` to charge the definition's fees.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def register_entries(
    procedure: ProcedureDefinition, answers: Answers, day: dt.date, settings: Any
) -> list[BookLine]:
    """Say which book lines a dossier takes.

    Asked of the plugin that owns the procedure, once: when its texts are first
    printed, or else when its result is ready. The answer is stored and kept.

    Args:
        procedure: The version the dossier was received under.
        answers: What the applicant declared.
        day: The day on which the numbers are taken; symbols of books are dated data.
        settings: The tenant's settings of the plugin.

    Returns:
        The lines, in the order of their numbers; none if there is no book.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def result_papers(
    procedure: ProcedureDefinition, answers: Answers, issue: Issue, settings: Any
) -> ResultPapers:
    """Say which papers a result consists of, and what stands in them.

    Asked of the plugin that owns the procedure whenever they are printed, and without
    numbers before a signer is recorded: an error of the field ``signer`` refuses them
    there too. A template
    is a typst file in the folder ``papers`` of the plugin's package; it defines
    ``paper(data)`` and may import others of that folder.

    Returns:
        The papers, in order; or problems that stop the printing.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def tables() -> PluginTables:
    """Give the plugin's own tables and their migrations.

    Asked when the plugins are loaded, for ``migrate`` and for isolation.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def routes() -> Sequence[Any]:
    """Give own Litestar handlers, mounted under ``/t/<slug>/p/<plugin>/``.

    Asked once, when the application is put together. A tenant that has not
    enabled the plugin answers 404 there.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def counter_pages() -> Sequence[CounterPage]:
    """Give own pages at the counter, under ``/t/<slug>/quay/phan-he/<plugin>/``.

    Asked once, when the plugins are loaded. The core draws them, sees to roles, tokens and
    repeats, and leads to them from the page of the books; a tenant that has not enabled
    the plugin has none of them.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
async def on_received(session: Session, dossier: DossierFacts, settings: Any) -> None:
    """Act when a dossier has been received, inside the same transaction.

    Database work on own tables only. A failure undoes the reception.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
async def on_result_ready(session: Session, dossier: DossierFacts, settings: Any) -> None:
    """Act when a result is ready, inside the same transaction.

    Database work on own tables only. A failure undoes the step.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
def channels(settings: Any) -> list[str]:
    """Say which channels this plugin delivers as it is set up: ``phone``, ``email``.

    Asked before a message is put down and before one is delivered. What needs a
    message is offered only where some enabled plugin delivers it.

    Returns:
        The channels; none while something it needs is not set.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it


@hookspec
async def deliver_message(message: OutboundMessage, settings: Any) -> Delivery:
    """Hand one message on.

    Called outside any transaction, never while a row is locked, of the first plugin
    that delivers the message's channel. A message may come again if a process was
    killed in the middle: it carries the same ``id``. An exception counts as a failed
    attempt, and the next one waits longer.

    Returns:
        Whether the next station has taken it, or why not.
    """
    raise NotImplementedError  # a specification: pluggy reads it, nobody runs it
