"""Who acts, and in whose place."""

from motcua.domain.acts import Actor
from motcua.domain.dossier import Role

ACTOR = Actor(7, "Lê Thị Thu", (Role.LEADER, Role.FIELD), places=((Role.LEADER, "Trần Văn Chủ"),))


def test_whoever_stands_in_acts_in_somebody_elses_place_in_that_role_only() -> None:
    assert ACTOR.in_place_of(Role.LEADER) == "Trần Văn Chủ"
    assert ACTOR.in_place_of(Role.FIELD) == ""


def test_a_role_of_ones_own_goes_before_one_that_is_stood_in_for() -> None:
    assert ACTOR.acting((Role.LEADER, Role.FIELD)) == Role.FIELD
    assert ACTOR.acting((Role.LEADER,)) == Role.LEADER
    assert ACTOR.acting((Role.CLERK,)) is None
