"""The rules of certification (Decree 23/2015/NĐ-CP, Circular 226/2016/TT-BTC).

Pure functions over what was declared. The same-day limit with its 15:00 cut-off
is data of the definitions; only what depends on the case is decided here.
"""

import datetime as dt

from motcua.plugin import (
    Answers,
    BookLine,
    ChosenLimit,
    FeeLine,
    Problem,
    ProcedureDefinition,
    Reception,
    Severity,
    default_fee_lines,
    search_key,
)
from motcua_certification import books
from motcua_certification.settings import CertificationSettings

COMPLEX = "complex"
"""The limit variant of art. 21: up to two more working days."""

_LAND = ("quyền sử dụng đất", "nhà ở", "quyền sử dụng đất và nhà ở")

_SUBJECTS = (
    "document_title",
    "document_name",
    "transaction_type",
    "asset_summary",
    "transaction_no",
    "certified_no",
)


def problems(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> list[Problem]:
    """What an officer must look at before certifying."""
    found = []
    if answers.flag("foreign_issued"):
        found.append(
            Problem(
                code="certification.legalisation",
                field="foreign_issued",
                severity=Severity.WARNING,
            )
        )
    if answers.text("signing_mode") == "không ký và không điểm chỉ được":
        found.append(
            Problem(
                code="certification.two-witnesses",
                field="signing_mode",
                severity=Severity.WARNING,
            )
        )
    if answers.get("rights_unaffected") is False:
        found.append(
            Problem(
                code="certification.rights-affected",
                field="rights_unaffected",
                told={"procedure": procedure.code},
            )
        )
    return found + _land_doubts(answers, reception)


def _land_doubts(answers: Answers, reception: Reception) -> list[Problem]:
    """Land or a house that lies in another commune, or in none that its address names.

    Land and houses belong to the commune where they lie; movables, wills and refusals do
    not (Decree 23/2015/NĐ-CP as amended by 280/2025/NĐ-CP). An address with the code of a
    commune is judged by it, a line of text by whether it names the unit.
    """
    if answers.text("asset_type") not in _LAND:
        return []
    address = answers.get("asset_address") or {}
    told = {"line": address} if isinstance(address, str) else address
    commune, line = told.get("commune", ""), told.get("line", "")
    if commune:
        if not reception.unit_codes or commune in reception.unit_codes:
            return []
        return [_land_doubt("certification.land-elsewhere", commune=commune)]
    _, _, own = reception.unit_name.partition(" ")
    if not line or search_key(own) in search_key(line):
        return []
    return [_land_doubt("certification.land-unnamed", unit=reception.unit_name)]


def _land_doubt(code: str, **told: str | int) -> Problem:
    return Problem(code=code, field="asset_address", severity=Severity.WARNING, told=told)


def time_limit(
    procedure: ProcedureDefinition,
    answers: Answers,
    reception: Reception,
    settings: CertificationSettings,
) -> ChosenLimit | None:
    """Add the two working days of art. 21 where the tenant's threshold is reached."""
    has_variant = any(variant.id == COMPLEX for variant in procedure.limit_variants)
    if settings.many_pages is None or not has_variant:
        return None
    if answers.integer("page_count") * answers.integer("copy_count") < settings.many_pages:
        return None
    return procedure.choose_limit({*reception.variants, COMPLEX}, reception.channel)


def fee_lines(
    procedure: ProcedureDefinition, answers: Answers, reception: Reception
) -> list[FeeLine]:
    """The fees of art. 4 of Circular 226/2016/TT-BTC.

    A certified copy costs by the page of the original, up to a cap per copy; a
    signature by the paper, however many people sign it; a transaction by the act.
    No copy kept by the office is charged (art. 14 of Decree 23/2015/NĐ-CP).
    """
    return list(
        default_fee_lines(
            procedure, answers, asked=reception.asked_fees, exempt=reception.exemptions
        )
    )


def register_entries(
    procedure: ProcedureDefinition,
    answers: Answers,
    day: dt.date,
    settings: CertificationSettings,
) -> list[BookLine]:
    """The lines to number: one per original, per signed paper, per act (art. 13, 14).

    All copies made of one original at one time share its number; a transaction
    has one number, however many copies of it are signed. A version that offers electronic
    copies asks for them in its field ``electronic``.
    """
    title = procedure.result.register
    if not title:
        return []
    papers = max(1, answers.integer("document_count"))
    copies = answers.integer("copy_count") or answers.integer("copies")
    kind = books.kind_of(title)
    if kind == "copy" and answers.flag("electronic") and settings.electronic_book == "own":
        kind = "electronic"
    book = books.symbol(kind, day, settings)
    line = BookLine(book=book, title=title, subject=_subject(answers), quantity=max(1, copies))
    return [line] * papers


def _subject(answers: Answers) -> str:
    """What the line is about: the paper's title, or the kind of act."""
    return next((answers.text(field) for field in _SUBJECTS if answers.text(field)), "")
