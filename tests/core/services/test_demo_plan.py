"""The demonstration's six months: published totals, invented people, plausible hours."""

import datetime as dt
import random
from collections import Counter

import pytest

from core.services.shop import SHIPPED
from motcua.domain.answers import check_answers
from motcua.domain.calendar import VN
from motcua.domain.dossier import State
from motcua.domain.procedure import ProcedureDefinition
from motcua.registry.loading import load_registry
from motcua.services.demo_live import ROADS, live, live_codes
from motcua.services.demo_people import Inventor, load_words
from motcua.services.demo_plan import load_activity, six_months, spread
from motcua.services.histories import History
from motcua.services.worktime import WorkTime
from motcua.testing.shop import NATIONAL

ACTIVITY = load_activity()
REGISTRY = load_registry(SHIPPED)
NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=VN)


def definitions() -> dict[str, ProcedureDefinition]:
    first = ACTIVITY.published.first
    return {
        share.code: REGISTRY.definition_in_force(share.code, first, simulation=True)
        for share in ACTIVITY.procedure
    }


@pytest.fixture(scope="module")
def histories() -> list[History]:
    return list(six_months(ACTIVITY, definitions(), NATIONAL))


def reception(history: History) -> dt.datetime:
    return next(each.at for each in history.events if each.transition in {"T02", "T03"})


def test_the_totals_are_those_published(histories: list[History]) -> None:
    codes = Counter(history.procedure for history in histories)

    assert len(histories) == ACTIVITY.published.dossiers == 29_494
    assert len(codes) == ACTIVITY.published.active == 14
    assert codes["2.000815"] == 22_400
    assert len({history.external_id for history in histories}) == len(histories)


def test_we_show_the_mean_we_count_not_the_one_printed() -> None:
    """Rules 13.17: 29,494 of 19 units in 6 months are 258.7; the article prints 255."""
    published = ACTIVITY.published

    assert len(ACTIVITY.units) == 19
    assert round(published.dossiers / 19 / 6, 1) == 258.7
    assert published.per_month_and_unit == 255


def test_units_have_between_two_and_twelve_percent(histories: list[History]) -> None:
    shares = Counter(history.tenant for history in histories)

    assert len(shares) == 19
    assert round(100 * min(shares.values()) / len(histories)) == 2
    assert round(100 * max(shares.values()) / len(histories)) == 12


def test_all_are_received_in_the_period_on_working_time(histories: list[History]) -> None:
    period = ACTIVITY.published

    for history in histories:
        moment = reception(history)
        assert period.first <= moment.date() <= period.last
        assert NATIONAL.is_working_time(moment)


def test_events_are_in_order_and_officers_act_on_working_days(histories: list[History]) -> None:
    for history in histories[::50]:
        moments = [event.at for event in history.events]
        assert moments == sorted(moments)
        officers = [event for event in history.events if event.transition not in {"T01", "T05"}]
        assert all(NATIONAL.is_working_day(event.at.date()) for event in officers)


def test_answers_fit_their_forms(histories: list[History]) -> None:
    forms = definitions()

    for history in histories[::97]:
        _, faults = check_answers(
            forms[history.procedure],
            history.answers,
            applicant=history.applicant,
            today=history.events[0].at.date(),
        )
        assert faults == []


def test_the_mix_is_about_what_was_assumed(histories: list[History]) -> None:
    channels = Counter(history.channel for history in histories)
    steps = Counter(event.transition for history in histories for event in history.events)

    assert 0.95 < channels["counter"] / len(histories) < 0.97
    assert 0.025 < channels["online"] / len(histories) < 0.035
    assert steps["T22"] == round(len(histories) * 0.003)
    assert 0.035 < (steps["T04"] + steps["T09"]) / len(histories) < 0.041


def test_the_same_seed_gives_the_same_city() -> None:
    first = next(six_months(ACTIVITY, definitions(), NATIONAL, seed=1))

    assert first == next(six_months(ACTIVITY, definitions(), NATIONAL, seed=1))
    assert first != next(six_months(ACTIVITY, definitions(), NATIONAL, seed=2))


def test_identification_numbers_fit_birth_and_sex(histories: list[History]) -> None:
    for history in histories[::500]:
        person = history.applicant
        number, birth = person["id_number"], person["birth"]
        assert number.startswith("027")
        assert number[4:6] == birth[2:4]
        assert int(number[3]) % 2 == (person["sex"] == "Nữ")


def test_sharing_out_loses_nothing() -> None:
    assert spread(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert spread(0, {"a": 1}) == {"a": 0}


def test_every_shipped_form_can_be_filled_in() -> None:
    inventor = Inventor(random.Random(3), load_words(), pages=2, copies=4)  # noqa: S311 - test data

    for owned in REGISTRY.definitions():
        applicant = inventor.person(NOW.date())
        answers = inventor.answers(owned.definition, applicant, NOW.date())
        _, faults = check_answers(owned.definition, answers, applicant=applicant, today=NOW.date())
        assert faults == [], owned.definition.code


def test_live_dossiers_happen_before_now_and_reach_every_step() -> None:
    today = {code: REGISTRY.definition_in_force(code, NOW.date()) for code in live_codes()}

    made = list(live("vo-cuong", today, NATIONAL, NOW))

    assert len(made) == len(ROADS)
    assert all(event.at <= NOW for history in made for event in history.events)
    assert all(
        [event.at for event in history.events] == sorted(event.at for event in history.events)
        for history in made
    )


def test_live_dossiers_are_made_at_night_too() -> None:
    today = {code: REGISTRY.definition_in_force(code, NOW.date()) for code in live_codes()}
    night = NOW.replace(hour=23)

    made = list(live("vo-cuong", today, NATIONAL, night))

    assert all(NATIONAL.is_working_time(each.events[-1].at) for each in made)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20 09:00", 1, "2026-11-20 10:00"),
        ("2026-11-20 11:00", 1, "2026-11-20 13:30"),
        ("2026-11-20 16:30", 1, "2026-11-23 08:00"),
        ("2026-11-23 08:00", -1, "2026-11-20 16:30"),
        ("2026-11-21 12:00", 0, "2026-11-23 07:30"),
    ],
)
def test_work_is_added_over_lunch_nights_and_weekends(start: str, hours: float, end: str) -> None:
    work = WorkTime(NATIONAL, dt.date(2026, 11, 1), dt.date(2026, 12, 31))

    assert work.after(moment(start), hours) == moment(end)


def test_the_latest_working_moment_is_now_or_the_last_close() -> None:
    work = WorkTime(NATIONAL, dt.date(2026, 11, 1), dt.date(2026, 12, 31))

    assert work.latest(moment("2026-11-23 10:00")) == moment("2026-11-23 10:00")
    assert work.latest(moment("2026-11-22 10:00")) == moment("2026-11-20 17:00")


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=VN)


def test_the_roads_name_states_that_exist() -> None:
    assert len(ROADS) * 3 == pytest.approx(60, abs=5)
    assert len(State) == 15
