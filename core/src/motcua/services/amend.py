"""Setting right what was typed wrongly at a reception, while nothing was decided yet (T40).

The promise stays as it was printed. Fees are counted anew; what was paid too much is given
back at once, by an entry of its own, and what is missing is due.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.errors import FieldFault, InvalidAnswersError, MotCuaError
from motcua.domain.fee import FeeLine, total
from motcua.domain.life import Act, Actor, step
from motcua.services import payments
from motcua.services.act import require_version
from motcua.services.assess import Agreed, Assessed, OfficersDate, Paper, assess, filing_of
from motcua.services.hooks import watched
from motcua.services.house import Desk, House, applicant_key
from motcua.services.ledger import event_row, fee_rows, life_of, with_life
from motcua.services.lines import live
from motcua.services.rules import rules_for
from motcua.services.visit import declared
from motcua.storage import books
from motcua.storage import dossiers as store
from motcua.storage.rows import DossierRow
from motcua.storage.work import Work, work

_STEP = "T40"


class AlreadyNumberedError(MotCuaError):
    """The text of the result is printed with a number, which says what was typed wrongly."""

    code = "amend.numbered"
    status = 409


class UnchangedError(MotCuaError):
    """Nothing was corrected."""

    code = "amend.unchanged"


async def amend(
    house: House,
    desk: Desk,
    actor: Actor,
    dossier_id: UUID,
    version: int,
    *,
    applicant: Mapping[str, Any],
    answers: Mapping[str, Any],
    reason: str,
) -> DossierRow:
    """Put *applicant* and *answers* in the place of what was received.

    Raises:
        UnknownDossierError: this tenant has no such dossier.
        StaleVersionError: it has changed since.
        StepNotAllowedError: it is decided, or waits for somebody.
        RoleNotAllowedError: the actor is not at the reception.
        InvalidAnswersError: there is no reason, or an answer is wrong.
        AlreadyNumberedError: its text is printed.
        UnchangedError: it says what was received.
        MoneyNotAllowedError: a surplus would have to be given back by somebody else.
    """
    act = Act(transition=_STEP, at=house.now(), by=actor, reason=reason.strip())
    async with watched(house, desk) as faults, work(house.engine, desk.id) as writing:
        before = require_version(await store.lock(writing, [dossier_id]), dossier_id, version)
        rules = rules_for(desk, house.catalogue.version(before.version_id))
        life = step(life_of(before), act, rules)
        if live((await books.lines_of(writing, [dossier_id]))[dossier_id]):
            raise AlreadyNumberedError(dossier=before.code or "")
        assessed = await _assessed(house, desk, writing, before, applicant, answers)
        faults.extend(assessed.faults)
        row = _corrected(before, assessed)
        if (row.applicant, row.answers) == (before.applicant, before.answers):
            raise UnchangedError
        told = declared(row) | {"code": row.code, "fees": msgspec.to_builtins(assessed.fees)}
        after, event = event_row(
            with_life(row, life, desk.calendar),
            before,
            act,
            Role.RECEPTION,
            told,
            house.entropy(16),
        )
        await _charge(writing, after, assessed.fees)
        await store.save(writing, [after], [event], fees=fee_rows(desk.id, after.id, assessed.fees))
        await _give_back(house, desk, actor, writing, after.id, act.reason)
    return after


async def _assessed(
    house: House,
    desk: Desk,
    writing: Work,
    before: DossierRow,
    applicant: Mapping[str, Any],
    answers: Mapping[str, Any],
) -> Assessed:
    """The corrected paper, as it would have been received then."""
    if before.received_at is None or before.due_at is None:
        raise InvalidAnswersError([FieldFault("", "amend.unchanged")])
    chosen = before.chosen
    proofs = await writing.fetch(_PROOFS, desk.id, before.id)
    paper = Paper(
        procedure=before.procedure_code,
        applicant=dict(applicant),
        answers={name: value for name, value in answers.items() if name != "requester"},
        variants=tuple(chosen.get("variants") or ()),
        exemptions=tuple(chosen.get("exemptions") or ()),
        proofs={row["exemption"]: row["proof"] for row in proofs},
        optional_fees=tuple(chosen.get("optional_fees") or ()),
        # The due time was settled at the reception; whatever is settled here is not used.
        agreed=Agreed(until=before.due_at, paper="–"),
        no_limit=OfficersDate(until=before.due_at, ground="–"),
        filing=filing_of(chosen),
    )
    return assess(
        house,
        desk,
        paper,
        before.received_at,
        before.channel,
        submitted_at=before.submitted_at,
        part=before.parent_id is not None,
    )


def _corrected(before: DossierRow, assessed: Assessed) -> DossierRow:
    return msgspec.structs.replace(
        before,
        applicant=assessed.applicant,
        applicant_key=applicant_key(assessed.applicant, before.code),
        answers=dict(assessed.answers),
    )


async def _charge(writing: Work, row: DossierRow, fees: tuple[FeeLine, ...]) -> None:
    """Take the old fee lines away, and put the visit's total right."""
    await writing.execute(_TOTAL, row.tenant_id, row.id, row.visit_id, total(fees))
    await writing.execute(_FORGET, row.tenant_id, row.id)


async def _give_back(
    house: House, desk: Desk, actor: Actor, writing: Work, dossier: UUID, reason: str
) -> None:
    surplus = (await payments.balances(writing, [dossier]))[dossier].surplus
    if surplus:
        await payments.refund(house, desk, actor, dossier, reason=reason, amount=surplus)


_PROOFS = """
select distinct exemption, proof from fee_line
where tenant_id = $1 and dossier_id = $2 and exemption <> ''
"""

_TOTAL = """
update visit set fee_total = fee_total + $4::bigint - (
  select coalesce(sum(amount), 0) from fee_line where tenant_id = $1 and dossier_id = $2)
where tenant_id = $1 and id = $3
"""

_FORGET = "delete from fee_line where tenant_id = $1 and dossier_id = $2"
