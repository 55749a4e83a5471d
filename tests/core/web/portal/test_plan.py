"""A definition's form becomes pages that ask one thing."""

import pytest

from motcua.domain.form import Condition, FileField, PersonField, Repeat, TextField
from motcua.domain.procedure import ProcedureDefinition
from motcua.registry.loading import load_registry
from motcua.testing.procedures import small_procedure
from motcua.web.portal.apply.plan import MOST, PAPERS, RESULT, WHO, steps

DEFINITIONS = {each.definition.key: each.definition for each in load_registry().definitions()}


def line(name: str, **more: object) -> TextField:
    return TextField(id=name, label=name, **more)  # type: ignore[arg-type]  # a test's short cut


def pages(*fields: object) -> list[list[str]]:
    """The ids of the questions on each page."""
    definition = small_procedure(form_fields=fields)
    return [[field.id for field in step.fields] for step in steps(definition) if step.fields]


def test_short_questions_share_a_page_and_people_have_their_own() -> None:
    person = PersonField(id="mother", label="Mẹ")

    asked = pages(*(line(f"q{n}") for n in range(5)), person, line("last"))

    assert asked == [["q0", "q1", "q2", "q3"], ["q4"], ["mother"], ["last"]]


def test_a_question_never_stands_with_the_one_it_depends_on() -> None:
    where = line("where", when=Condition(field="way", equals="bưu chính"))

    assert pages(line("way"), line("other"), where, line("more")) == [
        ["way", "other"],
        ["where", "more"],
    ]


def test_what_repeats_has_its_own_page_and_papers_come_last() -> None:
    many, paper = line("names", repeat=Repeat()), FileField(id="proof", label="Giấy tờ")

    assert pages(line("a"), paper, many, line("b")) == [["a"], ["names"], ["b"], ["proof"]]


@pytest.mark.parametrize("key", DEFINITIONS)
def test_every_question_of_every_definition_is_on_one_page(key: str) -> None:
    definition: ProcedureDefinition = DEFINITIONS[key]

    made = steps(definition)

    asked = [field.id for step in made for field in step.fields]
    wanted = [each.id for each in definition.form if not each.computed and each.id != "requester"]
    assert sorted(asked) == sorted(wanted)
    assert (made[0].id, made[-1].id) == (WHO, RESULT)
    assert len({step.id for step in made}) == len(made)
    assert all(len(step.fields) <= MOST for step in made if step.id != PAPERS)
    assert all(step.title for step in made)
