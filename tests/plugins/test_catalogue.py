"""The seventy-five procedures together, and their versions of 2018."""

import datetime as dt
from collections import Counter

import pytest

from fakes.forms import AN, filled
from motcua.domain.answers import check_answers
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin import Answers, Reception
from motcua.plugin.enabled import EnabledPlugins, PluginState
from motcua.registry import Registry, load_registry

SHIPPED = ("certification", "civil_status", "general_procedures")
TODAY = dt.date(2026, 11, 23)
ACTIVE_2018 = {
    "2.000815", "2.000884", "2.001035", "2.001406", "2.000913", "2.001016", "1.001193",
    "2.000635", "1.004873", "1.000894", "1.000656", "1.004859", "1.001776", "1.001699",
}  # fmt: skip
DEFINITIONS = [each.definition for each in load_registry().definitions() if each.owner in SHIPPED]
CURRENT = [each for each in DEFINITIONS if each.is_counted and not each.is_simulation]
SIMULATED = [each for each in DEFINITIONS if each.is_simulation]


def test_there_are_seventy_five_in_twenty_one_fields() -> None:
    # Twelve of certification, eighteen of civil status, forty-five in nineteen others.
    fields = Counter(each.field for each in CURRENT)

    assert len({each.code for each in CURRENT}) == len(CURRENT) == 75
    assert len(fields) == 21
    assert fields["chung-thuc"] == 12
    assert fields["ho-tich"] == 18


def test_the_fourteen_active_in_2018_have_a_version_of_2018() -> None:
    assert {each.code for each in SIMULATED} == ACTIVE_2018
    assert len(SIMULATED) == 14
    assert {(each.valid_from, each.valid_to) for each in SIMULATED} == {
        (dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    }


@pytest.mark.parametrize("code", sorted(ACTIVE_2018))
def test_a_version_of_2018_is_never_offered_for_live_work(installed: Registry, code: str) -> None:
    # Rules 13.14.
    day = dt.date(2018, 5, 2)

    assert not installed.definition_in_force(code, day).is_simulation
    assert installed.definition_in_force(code, day, simulation=True).is_simulation


def test_limits_and_fees_of_certification_in_2018_equal_todays() -> None:
    # Rules 15.7.
    today = {each.code: each for each in CURRENT}
    then = [each for each in SIMULATED if each.field == "chung-thuc"]

    assert len(then) == 6
    for each in then:
        now = today[each.code]
        assert (each.limit.amount, each.limit.unit) == (now.limit.amount, now.limit.unit)
        assert [fee.amount_vnd for fee in each.fees] == [fee.amount_vnd for fee in now.fees]
        assert each.form == now.form
        assert each.difference


def test_disability_took_thirty_days_in_2018() -> None:
    # Joint Circular 37/2012; rules 15.7.
    (then,) = [each for each in SIMULATED if each.code == "1.001699"]

    assert then.choose_limit().limit is not None
    assert (then.limit.amount, then.limit.unit) == (30, "calendar_day")


def test_no_definition_rests_on_nothing() -> None:
    for each in DEFINITIONS:
        assert each.source, each.key
        assert each.legal_basis, each.key
        assert each.limit.note or each.limit.known, each.key


def test_six_limits_are_unknown_and_say_so() -> None:
    # Rules 15.1.
    unknown = {each.code for each in CURRENT if not each.limit.known}

    assert unknown == {"1.011606", "1.012971", "1.012974", "2.000794", "2.002165", "2.002516"}


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.key)
@pytest.mark.parametrize("all_fields", [True, False])
def test_each_form_can_be_filled_in(definition: ProcedureDefinition, all_fields: bool) -> None:
    answers = filled(definition, all_fields=all_fields)

    clean, faults = check_answers(definition, answers, applicant=AN, today=TODAY)

    assert faults == []
    conditional = {field.id for field in definition.form if field.when is not None}
    assert answers.keys() - clean.keys() <= conditional


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.key)
def test_each_form_tells_everything_that_is_missing(definition: ProcedureDefinition) -> None:
    _, faults = check_answers(definition, {}, today=TODAY)

    required = {field.id for field in definition.form if field.required and not field.computed}
    assert {fault.field for fault in faults} == required


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.key)
def test_each_owner_answers_for_its_procedures(
    installed: Registry, definition: ProcedureDefinition
) -> None:
    enabled = EnabledPlugins(states=dict.fromkeys(SHIPPED, PluginState.OFFERED))
    clean, _ = check_answers(definition, filled(definition), applicant=AN, today=TODAY)
    told = {"answers": Answers(clean), "reception": Reception(received_on=TODAY)}

    lines = installed.ask_owner("fee_lines", enabled, definition, **told)
    entries = installed.ask_owner("register_entries", enabled, definition, day=TODAY, **told)
    asked = installed.ask_each("problems", enabled, definition, **told)

    assert lines is None or all(line.label for line in lines)
    assert entries is None or all(entry.book for entry in entries)
    assert not asked.faults


def test_a_fee_the_province_sets_has_an_id_of_its_own() -> None:
    # Amounts are configured by fee id, so one id must not stand for two charges.
    codes: dict[str, set[str]] = {}
    for definition in CURRENT:
        for fee in definition.fees:
            if fee.set_by:
                codes.setdefault(fee.id, set()).add(definition.code)

    assert len(codes) == 10
    assert all(len(each) == 1 for each in codes.values())
