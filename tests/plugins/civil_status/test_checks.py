"""The checks of civil-status forms, each with the article it rests on."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin import Answers, Problem, Reception, Severity
from motcua.plugin.texts import text, texts
from motcua_civil_status import people, plugin

TODAY = dt.date(2026, 11, 23)
DEFINITIONS = {each.code: each for each in plugin.procedures() if not each.is_simulation}
SIMULATED = {each.code: each for each in plugin.procedures() if each.is_simulation}
BIRTH, MARRIAGE, DEATH = "1.001193", "1.000894", "1.000656"
MOTHER = {"name": "Trần Thị Mẹ", "id_number": "027195000001", "birth": "1995-02-03"}
FATHER = {"name": "Nguyễn Văn Cha", "id_number": "027094000001", "birth": "1994"}
CHILD = {
    "requester": MOTHER,
    "child_full_name": "Nguyễn Thị Bé",
    "child_birth_date": "2026-11-01",
    "child_ethnicity": "Kinh",
    "child_nationality": "Việt Nam",
    "mother": MOTHER,
    "father": FATHER,
    "parents_marriage": "12/2020",
}
COUPLE = {
    "bride": {"name": "Lê Thị Hoa", "birth": "2008-11-23"},
    "groom": {"name": "Vũ Văn Nam", "birth": "2006-11-23"},
    "declaration": True,
    "no_prohibited_relation": True,
    "signing_date": "2026-11-23",
}


def found(code: str, answers: dict[str, Any], **changes: Any) -> list[Problem]:
    circumstances = Reception(**{"received_on": TODAY, **changes})
    return plugin.problems(DEFINITIONS[code], Answers(answers), circumstances)


def codes(code: str, answers: dict[str, Any], **changes: Any) -> dict[str, str]:
    """What is found: field and severity by the short code."""
    return {
        each.code.removeprefix("civil_status."): f"{each.field} {each.severity}"
        for each in found(code, answers, **changes)
    }


# ---- identification numbers: rules 7.4 ----


def test_a_form_that_is_right_is_not_complained_about() -> None:
    assert codes(BIRTH, CHILD) == {}
    assert codes(MARRIAGE, COUPLE) == {}


@pytest.mark.parametrize("number", ["02719500000", "0271950000011", "02719500000x"])
def test_a_number_of_another_structure_is_an_error(number: str) -> None:
    answers = CHILD | {"mother": MOTHER | {"id_number": number}}

    assert codes(BIRTH, answers) == {"id-number": "mother error"}


def test_an_old_number_of_nine_digits_is_no_identification_number() -> None:
    answers = CHILD | {"mother": MOTHER | {"id_number": "125000001"}}

    assert codes(BIRTH, answers) == {"id-number-old": "mother error"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"birth": "1996-02-03"}, "id-number-birth"),
        ({"id_number": "027095000001"}, "id-number-sex"),
        ({"birth": "1895"}, "id-number-birth"),
    ],
)
def test_what_does_not_fit_a_number_is_a_doubt_not_an_error(
    changes: dict[str, str], code: str
) -> None:
    assert codes(BIRTH, CHILD | {"mother": MOTHER | changes}) == {code: "mother warning"}


@pytest.mark.parametrize("province", ["001", "024", "027", "096", "123", "999"])
def test_any_province_or_country_is_taken(province: str) -> None:
    # After the mergers: accept any.
    number = f"{province}195000001"

    assert codes(BIRTH, CHILD | {"mother": MOTHER | {"id_number": number}}) == {}


def test_an_old_card_is_history_only_since_2025() -> None:
    # Law on Identification 26/2023/QH15 art. 46: such cards ended on 31 December 2024.
    old = {"name": "Trần Thị Mẹ", "identity_paper": "CMND 125000001 cấp 2010"}
    answers = CHILD | {"mother": old}

    assert codes(BIRTH, answers) == {"old-card": "mother warning"}
    assert "old-card" not in codes(BIRTH, answers, received_on=dt.date(2024, 12, 31))
    assert codes(BIRTH, CHILD | {"mother": MOTHER | {"identity_paper": "125000001"}}) == {}


@given(
    born=st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 23)),
    woman=st.booleans(),
    rest=st.integers(0, 999_999),
)
def test_a_number_made_by_the_rule_fits(born: dt.date, woman: bool, rest: int) -> None:
    century = (born.year - 1900) // 100 * 2 + woman
    number = f"027{century}{born.year % 100:02}{rest:06}"
    field = "mother" if woman else "father"
    person = {"name": "Ai Đó", "id_number": number, "birth": born.isoformat()}

    assert codes(BIRTH, CHILD | {field: person}) == {}


# ---- names and years ----


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Bé", "Ksor H'Bia", "Y-Blơk Niê Kđăm", "Tôn Nữ Thị Hoàng Anh Thư Công Tằng Huyền"],
)
def test_long_and_ethnic_names_are_names(name: str) -> None:
    assert codes(BIRTH, CHILD | {"child_full_name": name}) == {}


@pytest.mark.parametrize("name", ["Nguyễn Văn 7", "Lê @", "Trần Thị *", "'"])
def test_numbers_and_signs_are_no_name(name: str) -> None:
    # Civil Code 91/2015/QH13 art. 26 §3.
    assert codes(BIRTH, CHILD | {"child_full_name": name}) == {
        "child-name": "child_full_name error"
    }


def test_one_word_is_looked_at_again_where_it_is_no_custom() -> None:
    single = CHILD | {"child_full_name": "Bé"}

    assert codes(BIRTH, single) == {"single-name": "child_full_name warning"}
    assert codes(BIRTH, single | {"child_ethnicity": "Ba Na"}) == {}


def test_a_year_alone_is_a_birth() -> None:
    deceased = {"name": "Cụ Mùi", "birth": "1931"}

    assert codes(DEATH, {"deceased": deceased, "death_date": "2026-11-20"}) == {}


@pytest.mark.parametrize(
    ("birth", "wrong"),
    [
        ("2026", False),
        ("2027", True),
        ("2026-11-19", False),
        ("2026-11-20", False),
        ("2026-11-21", True),
    ],
)
def test_nobody_dies_before_they_are_born(birth: str, wrong: bool) -> None:
    answers = {"deceased": {"name": "Cụ Mùi", "birth": birth}, "death_date": "2026-11-20"}

    assert ("death-before-birth" in codes(DEATH, answers)) is wrong


def test_a_death_without_a_day_is_not_compared() -> None:
    answers = {"deceased": {"name": "Cụ Mùi", "birth": "1931"}}

    assert "death-before-birth" not in codes(DEATH, answers)


# ---- marriage: Law 52/2014/QH13 art. 5 and 8 ----


def married(**changes: Any) -> dict[str, str]:
    return codes(MARRIAGE, COUPLE | changes)


@pytest.mark.parametrize(
    ("field", "birth", "years"),
    [("bride", "2008-11-24", 17), ("groom", "2006-11-24", 19), ("groom", "2007", 19)],
)
def test_men_marry_at_twenty_women_at_eighteen(field: str, birth: str, years: int) -> None:
    # Art. 8 §1 a; of age on the very birthday (the couple of the good form).
    answers = COUPLE | {field: {"name": "Ai Đó", "birth": birth}}

    (problem,) = found(MARRIAGE, answers)

    assert (problem.code, problem.severity) == ("civil_status.too-young", Severity.ERROR)
    assert problem.told["years"] == years
    assert f"mới {years} tuổi" in text(problem.code, lang="vi", **problem.told)


@pytest.mark.parametrize(
    ("day", "old_enough"), [("2026-02-28", False), ("2026-03-01", True), ("2028-02-29", True)]
)
def test_who_was_born_on_a_leap_day_is_of_age_the_day_after_february(
    day: str, old_enough: bool
) -> None:
    # Full years, art. 8 §1 a: without a 29 February they are full on 1 March.
    bride = {"name": "B", "birth": "2008-02-29"}
    groom = {"name": "A", "birth": "2000-01-01"}
    answers = COUPLE | {"bride": bride, "groom": groom, "signing_date": day}

    assert ("too-young" not in codes(MARRIAGE, answers, received_on=dt.date(2026, 2, 20))) is (
        old_enough
    )


def test_the_day_they_sign_decides() -> None:
    young = {"name": "Ai Đó", "birth": "2006-12-01"}

    assert married(groom=young, signing_date="2026-12-01") == {}
    assert married(groom=young, signing_date="2026-11-30") == {"too-young": "groom error"}
    assert married(groom=young, signing_date="2020-12-01") == {"too-young": "groom error"}


def test_a_year_alone_counts_from_january() -> None:
    # Joint Circular 01/2016/TTLT-TANDTC-VKSNDTC-BTP art. 2.
    assert married(groom={"name": "A", "birth": "2006"}) == {"age-by-year": "groom warning"}
    assert married(groom={"name": "A", "birth": "2005"}) == {}
    assert married(bride={"name": "B"}) == {"age-unknown": "bride warning"}


def test_what_forbids_a_marriage_must_be_declared_absent() -> None:
    # Art. 5 §2 and art. 8 §1 d.
    assert married(no_prohibited_relation=False) == {
        "prohibited-relation": "no_prohibited_relation error"
    }
    assert married(declaration=False) == {"declaration": "declaration error"}


def test_the_state_does_not_register_two_of_one_sex() -> None:
    # Art. 8 §2.
    bride = {"name": "B", "birth": "2000-01-01", "sex": "Nam"}

    assert married(bride=bride) == {"party-sex": "bride error"}


def test_nobody_marries_themselves() -> None:
    one = {"birth": "2000-01-01", "id_number": "027200000001"}

    both = married(bride={"name": "A", **one}, groom={"name": "B", **one})

    assert both == {"id-number-sex": both["id-number-sex"], "same-person": "groom error"}


def test_a_marriage_on_the_road_is_checked_too_one_made_again_is_not() -> None:
    young = COUPLE | {"bride": {"name": "B", "birth": "2012-01-01"}}

    assert "too-young" in codes("1.000593", young)
    assert "too-young" not in codes("1.004746", young)


@given(birth=st.dates(dt.date(1930, 1, 1), TODAY), on=st.dates(TODAY, dt.date(2060, 1, 1)))
def test_years_grow_by_one_on_each_birthday(birth: dt.date, on: dt.date) -> None:
    years = people.age(birth.isoformat(), on)

    assert years is not None
    assert years == sum(
        (birth.year + n, birth.month, birth.day) <= (on.year, on.month, on.day)
        for n in range(1, 131)
    )


# ---- births: Law 60/2014/QH13 art. 15, Decree 123/2015/NĐ-CP art. 15 ----


@pytest.mark.parametrize(
    ("missing", "code"),
    [(("mother",), "no-mother"), (("father",), "no-father"), (("mother", "father"), "no-parents")],
)
def test_a_parent_who_is_not_known_is_left_blank(missing: tuple[str, ...], code: str) -> None:
    answers = {key: value for key, value in CHILD.items() if key not in missing}

    assert codes(BIRTH, answers) == {code: f"{missing[0]} warning"}


def test_a_foundling_has_no_parents_to_ask_about() -> None:
    answers = {key: value for key, value in CHILD.items() if key not in ("mother", "father")}

    assert codes(BIRTH, answers | {"abandoned": True}) == {}


def test_parents_who_are_not_married_are_led_to_the_recognition() -> None:
    # Art. 15 §3: birth and recognition are settled together, 1.000689.
    answers = CHILD | {"parents_marriage": ""}

    (problem,) = found(BIRTH, answers)

    assert problem.code == "civil_status.no-marriage"
    assert "1.000689" in text(problem.code)


@pytest.mark.parametrize("code", ["1.001193", "1.003583", "1.000689"])
def test_every_birth_of_a_child_is_late_after_sixty_days(code: str) -> None:
    # Art. 15 §1; day 60 of 24 September 2026 is 23 November.
    assert "late-birth" not in codes(code, CHILD | {"child_birth_date": "2026-09-24"})
    assert "late-birth" in codes(code, CHILD | {"child_birth_date": "2026-09-23"})


def test_a_death_on_the_road_is_late_after_fifteen_days() -> None:
    # Art. 33 §1; if day 15 is off, the next working day is in time (rules 13.12).
    sunday = frozenset({dt.date(2026, 11, 22)})

    assert "late-death" not in codes("1.000419", {"death_date": "2026-11-08"})
    assert "late-death" in codes("1.000419", {"death_date": "2026-11-07"})
    assert "late-death" not in codes("1.000419", {"death_date": "2026-11-07"}, days_off=sunday)


# ---- the right path ----


@pytest.mark.parametrize(
    ("code", "changes", "field"),
    [
        (BIRTH, {"child_nationality": "Hàn Quốc"}, "child_nationality"),
        (BIRTH, {"father": FATHER | {"nationality": "Đài Loan"}}, "father"),
        (MARRIAGE, {"groom": {"name": "A", "birth": "1990-01-01", "nationality": "Lào"}}, "groom"),
    ],
)
def test_a_foreign_element_is_sent_to_its_own_procedure(
    code: str, changes: dict[str, Any], field: str
) -> None:
    # Law 60/2014/QH13 chapter III; Decree 120/2025/NĐ-CP.
    good = CHILD if code == BIRTH else COUPLE

    (problem,) = found(code, good | changes)

    assert (problem.code, problem.field) == ("civil_status.foreign-path", field)
    assert problem.severity is Severity.WARNING
    assert problem.told["path"] == {BIRTH: "2.000528", MARRIAGE: "2.000806"}[code]
    assert "120/2025/NĐ-CP" in text(problem.code, lang="vi", **problem.told)


def test_a_foreign_element_without_a_known_path_is_pointed_out_by_the_law() -> None:
    ward = {"name": "A", "nationality": "Lào"}

    (problem,) = found("1.004837", {"ward": ward})

    assert (problem.code, problem.field) == ("civil_status.foreign", "ward")


def test_the_record_of_a_foreigner_is_corrected_elsewhere() -> None:
    subject = {"name": "A", "nationality": "Lào"}

    (problem,) = found("1.004859", {"subject": subject, "register_reference": "12/2010"})

    assert problem.told["path"] == "2.000748"


@pytest.mark.parametrize("nationality", ["Việt Nam", "VIỆT NAM", "viet nam", "Vietnam", ""])
def test_vietnamese_in_any_spelling_is_not_foreign(nationality: str) -> None:
    assert codes(BIRTH, CHILD | {"child_nationality": nationality}) == {}


def test_who_asks_for_a_copy_may_be_of_any_nationality() -> None:
    answers = {"subject": {"name": "A", "nationality": "Pháp"}, "requester": {"name": "A"}}

    assert codes("2.000635", answers) == {}


# ---- other undertakings ----


def test_a_recognition_must_not_be_in_dispute() -> None:
    # Law 60/2014/QH13 art. 25.
    assert codes("1.001022", {"no_dispute": False}) == {"no-dispute": "no_dispute error"}
    assert codes("1.001022", {"no_dispute": True}) == {}


def test_a_recognition_by_witnesses_needs_two() -> None:
    # Circular 04/2020/TT-BTP art. 14 §2.
    answers = {
        "no_dispute": True,
        "evidence_kind": "văn bản cam đoan và 2 người làm chứng",
        "witness_1": {"name": "Người Thứ Nhất"},
    }

    assert codes("1.001022", answers) == {"witness": "witness_2 error"}
    assert codes("1.001022", answers | {"witness_2": {"name": "Người Thứ Hai"}}) == {}
    assert codes("1.000689", CHILD | answers) == {"witness": "witness_2 error"}


@pytest.mark.parametrize("code", ["1.001193", "1.003583"])
def test_a_birth_without_a_certificate_has_a_witness_or_an_undertaking(code: str) -> None:
    # Law 60/2014/QH13 art. 16 §1.
    witnessed = CHILD | {"birth_proof": "văn bản của người làm chứng"}
    undertaken = CHILD | {"birth_proof": "giấy cam đoan về việc sinh"}

    assert codes(code, witnessed) == {"birth-witness": "birth_witness error"}
    assert codes(code, witnessed | {"birth_witness": {"name": "A"}}) == {}
    assert codes(code, undertaken) == {"birth-undertaking": "birth_undertaking error"}
    assert codes(code, undertaken | {"birth_undertaking": True}) == {}
    assert codes(code, CHILD | {"birth_proof": "giấy chứng sinh"}) == {}


def test_a_birth_registered_again_is_known_by_its_day_or_its_year() -> None:
    good = {"declaration": True}

    assert codes("1.004884", good) == {"no-birth-day": "birth_date error"}
    assert codes("1.004884", good | {"birth_year": 1947}) == {}
    assert codes("1.004884", good | {"birth_date": "1947-05-06"}) == {}


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("1.004884", "declaration"),
        ("1.004772", "never_registered"),
        ("1.004746", "book_lost"),
        ("1.005461", "commitment"),
        ("1.004845", "commitment"),
    ],
)
def test_what_has_to_be_declared_is_declared(code: str, field: str) -> None:
    assert codes(code, {field: False})["declaration"] == f"{field} error"
    assert "declaration" not in codes(code, {field: True})


def test_a_correction_says_which_number_it_is_about() -> None:
    assert codes("1.004859", {"register_reference": "sổ cũ"}) == {
        "no-number": "register_reference warning"
    }
    assert codes("1.004859", {"register_reference": "số 12/2010"}) == {}


# ---- all of them ----


def test_a_demonstrations_form_is_only_told_to_be_late() -> None:
    nothing = Answers(child_birth_date="2018-01-01", child_full_name="7")
    circumstances = Reception(received_on=dt.date(2018, 5, 2))

    told = plugin.problems(SIMULATED[BIRTH], nothing, circumstances)

    assert [each.code for each in told] == ["civil_status.late-birth"]


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda each: each.key)
def test_an_empty_form_is_told_the_same_twice_and_never_fails(
    definition: ProcedureDefinition,
) -> None:
    circumstances = Reception(received_on=TODAY)

    first = plugin.problems(definition, Answers(), circumstances)

    assert plugin.problems(definition, Answers(), circumstances) == first


def test_every_text_says_its_ground_or_the_way_out_in_both_languages() -> None:
    keys = [
        {key for key in texts(lang) if key.startswith("civil_status.")} for lang in ("vi", "en")
    ]

    assert keys[0] == keys[1]
    assert len(keys[0]) >= 25
