"""What an application says, to be looked through before it is sent."""

from motcua.domain.form import EnumField, PersonField
from motcua.plugin.texts import text
from motcua.ui.format import capital
from motcua.web.counter import explained
from motcua.web.forms.typed import person
from motcua.web.portal.apply.application import (
    APPLICANT,
    HELPER,
    HELPER_PARTS,
    POST,
    RESULT_BY,
    Application,
)
from motcua.web.portal.apply.plan import RESULT, WHO, Step

Row = tuple[str, str]


def groups(application: Application) -> list[tuple[Step, list[Row]]]:
    """Each page with its answers in words; what was not answered says so."""
    return [(step, _rows(application, step)) for step in application.steps]


def _rows(application: Application, step: Step) -> list[Row]:
    if step.id == WHO:
        return _who(application)
    if step.id == RESULT:
        return _result(application)
    clean, _ = application.checked
    rows: list[Row] = []
    for field in step.fields:
        if isinstance(field, PersonField) and isinstance(clean.get(field.id), dict):
            rows += explained.person(clean[field.id], whole=True)
            continue
        if names := [each.name for each in application.files(field.id)]:
            rows.append((field.label, "\n".join(names)))
            continue
        said = explained.answers([field], clean, whole=True)
        if isinstance(field, EnumField):
            said = [(label, capital(words)) for label, words in said]
        rows += said or [(field.label, text("apply.no_answer"))]
    return rows


def _who(application: Application) -> list[Row]:
    applicant = person(application.typed, APPLICANT)
    rows = list(explained.person(applicant, whole=True))
    if not application.for_another:
        return rows
    typed = application.typed
    rows += [
        (text("apply.who.filed", part=text(f"counter.person.{part}")), typed[f"{HELPER}.{part}"])
        for part in HELPER_PARTS
        if typed.get(f"{HELPER}.{part}")
    ]
    return [*rows, (text("apply.who.authority"), typed.get(f"{HELPER}.giay", ""))]


def _result(application: Application) -> list[Row]:
    typed = application.typed
    way = typed.get(f"{RESULT_BY}.cach", "")
    if not way:
        return [(text("apply.result.how"), text("apply.no_answer"))]
    rows = [(text("apply.result.how"), text(f"apply.result.{way}"))]
    if way == POST:
        rows.append((text("apply.result.address"), typed.get(f"{RESULT_BY}.dia_chi", "")))
    return rows
