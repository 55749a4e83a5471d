"""The pages an application is written on, made from the procedure's definition.

A page asks one thing: a person, a group, a repeated thing, or a few short questions.
A question that depends on another never stands on the same page, so that pages need
no script to leave it out.
"""

from collections.abc import Iterable

import msgspec

from motcua.domain.answers import REQUESTER
from motcua.domain.form import Field, FileField, GroupField, PersonField
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text

WHO = "nguoi-nop"
PAPERS = "giay-to"
RESULT = "ket-qua"
CHECK = "kiem-tra"
MORE = "supplement"
"""What is answered by papers that were asked for and fit no question of the form."""
MOST = 4
"""Short questions on one page, at most."""


class Step(msgspec.Struct, frozen=True):
    """One page of an application.

    Attributes:
        id: Its last part of the address.
        fields: The questions of the definition on it.
    """

    id: str
    title: str
    fields: tuple[Field, ...] = ()


def steps(definition: ProcedureDefinition) -> tuple[Step, ...]:
    """Every page of an application for *definition*, in order."""
    asked = [each for each in definition.form if not each.computed and each.id != REQUESTER]
    papers = tuple(each for each in asked if isinstance(each, FileField))
    pages = _pages(each for each in asked if not isinstance(each, FileField))
    mixed = sum(len(page) > 1 for page in pages)
    made = [Step(WHO, text("apply.who.title"))]
    nth = 0
    for at, page in enumerate(pages, start=1):
        nth += len(page) > 1
        made.append(Step(f"cau-{at}", _title(page, nth, mixed), tuple(page)))
    if papers:
        made.append(Step(PAPERS, text("apply.papers.title"), papers))
    return (*made, Step(RESULT, text("apply.result.title")))


def supplied(definition: ProcedureDefinition) -> Step:
    """The one page on which papers are added to a dossier that is worked on."""
    papers = [each for each in definition.form if isinstance(each, FileField)]
    more = FileField(id=MORE, label=text("apply.papers.supplement"), required=True)
    return Step(PAPERS, text("apply.papers.title"), (*papers, more))


def _pages(fields: Iterable[Field]) -> list[list[Field]]:
    """*fields* in the order of the form, as many together as make one page."""
    pages: list[list[Field]] = [[]]
    for field in fields:
        on_page = {each.id for each in pages[-1]}
        depends = field.when is not None and field.when.field in on_page
        full = len(pages[-1]) == MOST or any(map(_alone, (*pages[-1][:1], field)))
        if pages[-1] and (depends or full):
            pages.append([])
        pages[-1].append(field)
    return [page for page in pages if page]


def _alone(field: Field) -> bool:
    return field.repeat is not None or isinstance(field, PersonField | GroupField)


def _title(page: list[Field], nth: int, count: int) -> str:
    """What a page asks: its only question, or which part of the contents it is."""
    if len(page) == 1:
        return page[0].label
    return text("apply.part" if count > 1 else "apply.contents", number=nth, count=count)
