"""Who acts, in whose place, and what an act must say."""

import datetime as dt

from motcua.domain.acts import Act, Actor, missing
from motcua.domain.dossier import TRANSITIONS, Role

AT = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
ACTOR = Actor(7, "Lê Thị Thu", (Role.LEADER, Role.FIELD), places=((Role.LEADER, "Trần Văn Chủ"),))


def test_whoever_stands_in_acts_in_somebody_elses_place_in_that_role_only() -> None:
    assert ACTOR.in_place_of(Role.LEADER) == "Trần Văn Chủ"
    assert ACTOR.in_place_of(Role.FIELD) == ""


def test_a_role_of_ones_own_goes_before_one_that_is_stood_in_for() -> None:
    assert ACTOR.acting((Role.LEADER, Role.FIELD)) == Role.FIELD
    assert ACTOR.acting((Role.LEADER,)) == Role.LEADER
    assert ACTOR.acting((Role.CLERK,)) is None


def test_a_reason_has_a_length_and_a_moment_a_year_people_live_in() -> None:
    asked = {"items": ["x" * 3000], "until": "0001-01-01T00:00:00+07:00"}
    act = Act(transition="T04", at=AT, by=ACTOR, reason="x" * 2001, data=asked)

    found = {fault.field: fault.fault for fault in missing(TRANSITIONS["T04"], act)}

    assert found == {
        "reason": "field.too-long",
        "items": "field.too-long",
        "until": "field.type",
    }
