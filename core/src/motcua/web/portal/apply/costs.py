"""What an application costs, as far as its answers tell: shown before and after it is sent."""

import datetime as dt

import msgspec

from motcua.domain.answers import Answers
from motcua.domain.errors import MotCuaError
from motcua.domain.fee import total
from motcua.domain.procedure import ProcedureDefinition
from motcua.services.assess import Paper, estimated
from motcua.services.house import Desk, House
from motcua.services.views import FeeView
from motcua.services.words import fee_units
from motcua.storage.rows import DossierRow
from motcua.ui.words import fee_words


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be paid, by what was declared.

    Attributes:
        words: What the procedure costs in general.
        lines: Each fee with its quantity; none where the answers do not tell yet.
        total: Their sum, in VND.
        exempt: Whether some people pay less, which the desk decides.
    """

    words: str
    lines: tuple[FeeView, ...]
    total: int
    exempt: bool


def costs(
    house: House,
    desk: Desk,
    definition: ProcedureDefinition,
    paper: Paper,
    answers: Answers,
    at: dt.datetime,
) -> Costs:
    """What *paper* would cost if the desk took it in *at* that moment."""
    try:
        found = estimated(house, desk, paper, answers, at, "online")
    except MotCuaError:
        found = ()  # the page is useful without; sending it says what is the matter
    units = fee_units(definition)
    return Costs(
        words=fee_words(definition.fees),
        lines=tuple(
            FeeView(
                fee=each.fee_id,
                label=each.label,
                kind=each.kind,
                quantity=each.quantity,
                amount=each.amount,
                exemption=each.exemption,
                basis=each.basis,
                unit=units.get(each.fee_id, ""),
            )
            for each in found
        ),
        total=total(found),
        exempt=any(fee.exemptions for fee in definition.fees),
    )


def costs_of(house: House, desk: Desk, row: DossierRow) -> Costs:
    """What the dossier *row*, which was sent and not taken in yet, would cost."""
    return costs(
        house,
        desk,
        house.catalogue.version(row.version_id).definition,
        Paper(procedure=row.procedure_code, applicant=row.applicant),
        Answers(row.answers),
        row.submitted_at or house.now(),
    )
