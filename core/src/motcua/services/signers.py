"""Everybody who is or was assigned to sign, and who of them may sign which papers when."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.answers import Answers
from motcua.domain.calendar import VN
from motcua.domain.errors import FieldFault
from motcua.domain.names import name_key
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.signing import Capacity
from motcua.plugin.facts import Issue, ResultPapers, Severity, SignedBy
from motcua.services.house import Desk, House
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work

PAPERS = "result_papers"
"""The hook that says what a result consists of, and in whose name it may be."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One assignment to sign; several of one person may follow each other."""

    id: UUID
    full_name: str
    title: str
    act: str
    scope: tuple[str, ...]
    capacity: str
    authorised_certifier: bool
    valid_from: dt.datetime
    valid_to: dt.datetime | None


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may sign now, and by which act."""

    id: UUID
    staff_id: int | None
    full_name: str
    title: str
    act: str
    scope: tuple[str, ...]
    authorised_certifier: bool
    capacity: Capacity

    def signs(self, field: str, procedure: str) -> bool:
        """Whether a procedure of a field is within the scope."""
        return not self.scope or field in self.scope or procedure in self.scope

    def called(self, name: str) -> bool:
        """Whether that is this signer's id or name."""
        return name == str(self.id) or name_key(name) == name_key(self.full_name)

    @property
    def as_printed(self) -> SignedBy:
        """What stands on a paper."""
        return SignedBy(
            full_name=self.full_name, title=self.title, capacity=self.capacity, act=self.act
        )


async def assignments(reading: Work) -> list[Assignment]:
    """All of a tenant's, those that hold first."""
    rows = await reading.fetch(_ALL, reading.tenant_id)
    return [msgspec.convert(dict(row), Assignment) for row in rows]


async def signers(reading: Work, at: dt.datetime) -> list[Signer]:
    """Who may sign at this tenant *at* that moment, the latest assignment first."""
    rows = await reading.fetch(_SIGNERS, reading.tenant_id, at)
    return [msgspec.json.decode(row[0], type=Signer) for row in rows]


def of_dossier(
    house: House, desk: Desk, assigned: Iterable[Signer], row: DossierRow, at: dt.datetime
) -> list[Signer]:
    """Those *assigned* who may sign a dossier at a moment; a refusal is no paper of a plugin."""
    definition = house.catalogue.version(row.version_id).definition
    fit = [each for each in assigned if each.signs(row.field, row.procedure_code)]
    if row.outcome == "negative":
        return fit
    answers = Answers(row.answers)
    return [each for each in fit if not barred(house, desk, definition, each, at, answers)]


def barred(
    house: House,
    desk: Desk,
    definition: ProcedureDefinition,
    signer: Signer,
    at: dt.datetime,
    answers: Answers | None = None,
) -> list[FieldFault]:
    """Why no paper may be in the name of *signer* at a moment: the rule by which it is printed."""
    issue = Issue(
        at=at.astimezone(VN),
        unit=desk.name,
        above=desk.above,
        signer=signer.as_printed,
        receiver="",
        requester={},
    )
    given = papers(house, desk, definition, answers or Answers({}), issue)
    return [each for each in refused(given) if each.field == "signer"]


def papers(
    house: House, desk: Desk, definition: ProcedureDefinition, answers: Answers, issue: Issue
) -> ResultPapers:
    """The papers of a result, or what stands against them, as its plugin says."""
    asked: Any = house.registry.ask_owner(
        PAPERS, desk.plugins, definition, answers=answers, issue=issue
    )
    return asked or ResultPapers()


def refused(given: ResultPapers) -> list[FieldFault]:
    """What stands against papers."""
    return [
        FieldFault(each.field, each.code, **each.told)
        for each in given.problems
        if each.severity is Severity.ERROR
    ]


_ALL = """
select id, full_name, title, act, scope, capacity, authorised_certifier, valid_from, valid_to
from signer where tenant_id = $1 order by valid_to desc nulls first, valid_from desc
"""

_SIGNERS = """
select json_build_object('id', id, 'staff_id', staff_id, 'full_name', full_name,
  'title', title, 'act', act, 'scope', scope, 'authorised_certifier', authorised_certifier,
  'capacity', capacity)::text
from signer where tenant_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)
order by valid_from desc, id
"""
