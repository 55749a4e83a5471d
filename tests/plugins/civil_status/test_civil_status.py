"""The rules of civil status, each with its article."""

import datetime as dt
from typing import Any

import pytest

from motcua.domain.limit import Unit
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.procedure_limit import VariantClock
from motcua.plugin import Answers, FeeLine, Problem, Reception
from motcua.plugin.texts import text
from motcua_civil_status import plugin, rules

TODAY = dt.date(2026, 11, 23)
WEEKEND = frozenset({dt.date(2026, 11, 21), dt.date(2026, 11, 22)})
CURRENT = {each.code: each for each in plugin.procedures() if not each.is_simulation}
BIRTH, DEATH, MARRIAGE = CURRENT["1.001193"], CURRENT["1.000656"], CURRENT["1.000894"]
CHANGE = CURRENT["1.004859"]


def reception(**changes: Any) -> Reception:
    return Reception(**{"received_on": TODAY, **changes})


def fees(
    definition: ProcedureDefinition, circumstances: Reception, **answers: Any
) -> list[FeeLine]:
    return plugin.fee_lines(definition, Answers(answers), circumstances)


def late_ones(definition: ProcedureDefinition, answers: Answers) -> list[Problem]:
    found = plugin.problems(definition, answers, reception())
    return [each for each in found if "late-" in each.code]


def days_before(days: int) -> str:
    return (TODAY - dt.timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("definition", "field", "days", "late"),
    [(BIRTH, "child_birth_date", 60, "birth-late"), (DEATH, "death_date", 15, "death-late")],
)
class TestRegistrationInTime:
    """Law 60/2014/QH13 art. 15 and 33; in time it is free (art. 11)."""

    def test_on_the_last_day_it_is_in_time_and_free(
        self, definition: ProcedureDefinition, field: str, days: int, late: str
    ) -> None:
        lines = fees(definition, reception(), **{field: days_before(days)})

        assert {line.fee_id: line.amount for line in lines} == {"in-time": 0}
        assert late in {fee.id for fee in definition.fees}
        assert late_ones(definition, Answers({field: days_before(days)})) == []

    def test_a_day_later_it_is_late_and_the_province_sets_the_fee(
        self, definition: ProcedureDefinition, field: str, days: int, late: str
    ) -> None:
        (line,) = fees(definition, reception(), **{field: days_before(days + 1)})

        assert (line.fee_id, line.amount) == (late, None)

    def test_a_late_registration_is_pointed_out(
        self, definition: ProcedureDefinition, field: str, days: int, late: str
    ) -> None:
        answers = Answers({field: days_before(days + 1)})

        (problem,) = late_ones(definition, answers)

        assert problem.field == field
        assert problem.code == f"civil_status.late-{late.removesuffix('-late')}"
        assert str(days) in text(problem.code, lang="vi", **problem.told)

    def test_if_the_last_day_is_off_the_next_working_day_is_in_time(
        self, definition: ProcedureDefinition, field: str, days: int, late: str
    ) -> None:
        # Rules 13.12: the last day is Saturday 21 November 2026, Monday 23 is in time.
        weekend = reception(days_off=WEEKEND)

        assert fees(definition, weekend, **{field: days_before(days + 2)})[0].fee_id == "in-time"
        assert fees(definition, weekend, **{field: days_before(days + 3)})[0].fee_id == late

    def test_a_configured_fee_is_charged_and_the_poor_are_exempt(
        self, definition: ProcedureDefinition, field: str, days: int, late: str
    ) -> None:
        answers = {field: days_before(days + 1)}
        amounts = {late: 5_000}
        poor = reception(amounts=amounts, exemptions=("poor-household",))

        (charged,) = fees(definition, reception(amounts=amounts), **answers)
        (free,) = fees(definition, poor, **answers)

        assert charged.amount == 5_000
        assert (free.amount, free.exemption) == (0, "poor-household")


def test_copies_of_the_extract_are_charged_if_asked_for() -> None:
    # Circular 281/2016/TT-BTC: 8,000 a copy.
    lines = fees(BIRTH, reception(), child_birth_date=days_before(1), copy_count=3)

    assert [(line.fee_id, line.amount) for line in lines] == [("in-time", 0), ("extract", 24_000)]


@pytest.mark.parametrize("code", ["1.000894", "1.004837", "1.004845"])
def test_a_marriage_within_the_country_and_guardianship_are_free(code: str) -> None:
    # Law 60/2014/QH13 art. 11; rules 9.2.
    assert [line.amount for line in fees(CURRENT[code], reception())] == [0]


@pytest.mark.parametrize("ground", ["merit", "poor-household", "disabled"])
def test_whoever_the_law_exempts_pays_no_fee_of_the_province(ground: str) -> None:
    # Law 60/2014/QH13 art. 11 clause 1; rules 9.2: merit, poor households, the disabled.
    priced = 0
    for definition in CURRENT.values():
        amounts = {fee.id: 5_000 for fee in definition.fees if fee.set_by}
        lines = fees(definition, reception(amounts=amounts, exemptions=(ground,)))
        found = [line for line in lines if line.fee_id in amounts]
        priced += len(found)
        assert [(line.amount, line.exemption) for line in found] == [(0, ground)] * len(found)

    assert priced >= 8


def test_an_extract_costs_eight_thousand_a_copy() -> None:
    assert [line.amount for line in fees(CURRENT["2.000635"], reception(), copy_count=2)] == [
        16_000
    ]


def test_no_other_provinces_example_is_ever_charged() -> None:
    # Rules 15.8.
    set_elsewhere = [
        (definition.code, line.fee_id, line.amount)
        for definition in CURRENT.values()
        for line in fees(definition, reception())
        for fee in definition.fees
        if fee.id == line.fee_id and fee.set_by
    ]

    assert len(set_elsewhere) >= 8
    assert all(amount is None for _, _, amount in set_elsewhere)


def test_a_foundlings_birth_is_posted_for_seven_days() -> None:
    # Decree 123/2015/NĐ-CP art. 14.
    chosen = plugin.time_limit(BIRTH, Answers(abandoned=True), reception())

    assert chosen is not None
    assert [(each.amount, each.unit) for each in chosen.extensions] == [(7, Unit.CALENDAR_DAY)]


def test_a_supplement_of_an_entry_is_same_day_work() -> None:
    # Law 60/2014/QH13 art. 29.
    chosen = plugin.time_limit(CHANGE, Answers(request_kind="bổ sung"), reception())

    assert chosen is not None
    assert chosen.limit is not None
    assert chosen.limit.unit is Unit.SAME_DAY


@pytest.mark.parametrize(
    ("definition", "answers"),
    [
        (BIRTH, Answers()),
        (CHANGE, Answers(request_kind="cải chính")),
        (MARRIAGE, Answers(abandoned=True)),
    ],
)
def test_otherwise_the_definitions_limit_stays(
    definition: ProcedureDefinition, answers: Answers
) -> None:
    assert plugin.time_limit(definition, answers, reception()) is None


@pytest.mark.parametrize(
    ("code", "variants", "expected"),
    [
        ("1.001193", [], "same_day"),
        ("1.000894", [], "same_day"),
        ("1.000894", ["verification"], "5 wd"),
        ("1.000656", ["verification"], "3 wd"),
        ("1.004873", [], "3 wd"),
        ("1.004873", ["verification-total"], "23 cd"),
        ("1.001022", ["verification"], "8 wd"),
        ("1.000689", ["verification"], "8 wd"),
        ("1.004859", ["verification"], "6 wd"),
        ("1.004837", [], "3 wd"),
        ("1.004845", [], "2 wd"),
        ("1.004884", ["other-place"], "5 wd"),
        ("1.005461", ["verification"], "10 wd"),
    ],
)
def test_limits_of_the_law_with_their_verification(
    code: str, variants: list[str], expected: str
) -> None:
    # Rules 4.5 and 5.3.
    limit = CURRENT[code].choose_limit(variants).limit

    assert limit is not None
    assert limit.short() == expected


def test_the_citizens_own_time_to_confirm_is_a_wait_not_added_days() -> None:
    # Rules 7.3, 13.9: a draft is confirmed within one day at most; silence is consent.
    wait = BIRTH.waits()["draft-confirmation"]

    assert wait.clock is VariantClock.WAIT
    assert wait.time_limit.short() == "1 cd"
    assert wait.consequence == "coi là đồng ý với mẫu, tiếp tục ghi sổ"
    assert BIRTH.choose_limit(["draft-confirmation"]).limit == BIRTH.choose_limit().limit


@pytest.mark.parametrize("code", ["1.004884", "1.004772"])
def test_after_twenty_days_without_an_answer_the_case_goes_on(code: str) -> None:
    # Rules 13.9: 20 days without an answer, then continue.
    (wait,) = CURRENT[code].waits().values()

    assert (wait.time_limit.short(), wait.consequence) == ("20 cd", "tiếp tục giải quyết")


def test_the_limit_of_a_confirmation_of_facts_stays_unknown() -> None:
    # Rules 15.1: 2.002516 was not found.
    assert CURRENT["2.002516"].choose_limit().limit is None


def test_an_event_goes_into_its_book() -> None:
    (line,) = plugin.register_entries(BIRTH, Answers(child_full_name="Nguyễn Văn Bé"))

    assert (line.book, line.subject) == ("HT/KS", "Nguyễn Văn Bé")


def test_a_birth_with_recognition_goes_into_two_books() -> None:
    lines = plugin.register_entries(CURRENT["1.000689"], Answers(requester={"name": "Trần An"}))

    assert [(line.book, line.subject) for line in lines] == [
        ("HT/KS", "Trần An"),
        ("HT/CMC", "Trần An"),
    ]


def test_without_a_book_there_is_no_line() -> None:
    assert plugin.register_entries(CURRENT["2.000635"], Answers()) == []


@pytest.mark.parametrize("definition", plugin.procedures(), ids=lambda each: each.key)
def test_every_book_a_definition_names_is_known(definition: ProcedureDefinition) -> None:
    named = [title.strip() for title in definition.result.register.split(";") if title]

    assert set(named) <= rules.BOOKS.keys()
