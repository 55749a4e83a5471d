"""What an administrator does with accounts, and what nobody may do."""

import asyncio

import pytest

from core.services.lobby import HERE, OWN, Lobby
from fakes.clock import FixedClock
from motcua.domain.dossier import Role
from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.domain.life import Actor
from motcua.plugin.texts import text
from motcua.services import attempts, staff
from motcua.services.attempts import TooManyAttemptsError
from motcua.services.colleagues import colleagues, happened
from motcua.services.proof import SignInFailedError
from motcua.services.sessions import Due, SignInRequiredError
from motcua.services.staff import (
    LastAdministratorError,
    NotAdministratorError,
    OwnRightsError,
    UnknownStaffError,
)
from motcua.storage.engine import TenantEngine
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


@pytest.fixture
async def lobby(engine: TenantEngine) -> Lobby:
    """A tenant without accounts."""
    found = Lobby(engine, FixedClock())
    here = await found.desk()
    async with work(engine, here.id) as writing:
        for table in ("staff_session", "staff_recovery_code", "staff_second_factor"):
            await writing.execute(f"delete from {table} where tenant_id = $1", here.id)  # noqa: S608 - three tables of ours
        await writing.execute("update staff set active = false where tenant_id = $1", here.id)
    return found


_names = iter(range(1000))


async def hired(lobby: Lobby, *roles: str) -> Actor:
    """A new colleague, who acts in their roles."""
    made = await lobby.hire(f"nguoi-{next(_names)}", *roles)
    return Actor(made.id, made.name, tuple(Role(role) for role in roles))


def number(who: Actor) -> int:
    assert who.id is not None
    return who.id


async def test_a_closed_account_is_out_with_the_next_request_in_every_process(
    lobby: Lobby,
) -> None:
    admin, an = await hired(lobby, "admin"), await hired(lobby, "field")
    token = (await lobby.come(an.name)).token
    other = lobby.beside()
    await other.authenticate(token)

    await staff.deactivate(lobby.house, await lobby.desk(), number(an), by=admin)

    with pytest.raises(SignInRequiredError):
        await other.authenticate(token)
    with pytest.raises(SignInFailedError):
        await other.come(an.name)
    await staff.activate(lobby.house, await lobby.desk(), number(an), by=admin)
    await lobby.come(an.name)
    with pytest.raises(SignInRequiredError):
        await lobby.authenticate(token)


async def test_other_roles_hold_from_the_next_sign_in_and_the_session_ends(lobby: Lobby) -> None:
    admin, an = await hired(lobby, "admin"), await hired(lobby, "field", "clerk")
    token = (await lobby.come(an.name)).token
    here = await lobby.desk()

    await staff.set_roles(lobby.house, here, number(an), ["field"], by=admin)

    with pytest.raises(SignInRequiredError):
        await lobby.beside().authenticate(token)
    assert (await lobby.come(an.name)).roles == ("field",)
    found = await happened(lobby.house, here, by=admin)
    assert "field, clerk → field" in [each.detail for each in found]


async def test_somebody_made_an_administrator_needs_a_second_factor(lobby: Lobby) -> None:
    admin, an = await hired(lobby, "admin"), await hired(lobby, "field")

    await staff.set_roles(lobby.house, await lobby.desk(), number(an), ["admin"], by=admin)

    assert (await lobby.come(an.name)).due == (Due.SECOND_FACTOR,)


async def test_roles_that_stay_the_same_end_no_session(lobby: Lobby) -> None:
    admin, an = await hired(lobby, "admin"), await hired(lobby, "field", "clerk")
    token = (await lobby.come(an.name)).token

    roles = ["clerk", "field", "clerk"]
    await staff.set_roles(lobby.house, await lobby.desk(), number(an), roles, by=admin)

    await lobby.authenticate(token)


async def test_a_colleague_locked_out_is_let_in(lobby: Lobby) -> None:
    admin, an = await hired(lobby, "admin"), await hired(lobby, "field")
    here = await lobby.desk()
    for _ in range(attempts.MOST_FAILURES):
        with pytest.raises(SignInFailedError):
            await lobby.come(an.name, "sai")
    with pytest.raises(TooManyAttemptsError):
        await lobby.come(an.name)
    locked = {each.username for each in await colleagues(lobby.house, here) if each.locked}

    await staff.unlock(lobby.house, here, number(an), by=admin)

    assert locked == {an.name}
    await lobby.come(an.name)


async def test_a_forgotten_password_is_replaced_by_one_to_change(lobby: Lobby) -> None:
    admin, an = await hired(lobby, "admin"), await hired(lobby, "field")
    token = (await lobby.come(an.name)).token

    await staff.set_password(lobby.house, await lobby.desk(), number(an), OWN, by=admin)

    with pytest.raises(SignInRequiredError):
        await lobby.authenticate(token)
    assert (await lobby.come(an.name, OWN)).due == (Due.PASSWORD,)


async def test_a_lost_telephone_is_forgotten_with_its_sessions(lobby: Lobby) -> None:
    admin, an = await hired(lobby, "admin"), await hired(lobby, "field")
    phone = await lobby.enrol(an.name)

    await staff.reset_second_factor(
        lobby.house, await lobby.desk(), number(an), by=admin, client=HERE
    )

    with pytest.raises(SignInRequiredError):
        await lobby.authenticate(phone.token)
    await lobby.come(an.name)


async def test_the_last_administrator_stays(lobby: Lobby) -> None:
    admin, closed = await hired(lobby, "admin"), await hired(lobby, "admin")
    here = await lobby.desk()
    await staff.deactivate(lobby.house, here, number(closed), by=admin)

    for change in (
        staff.deactivate(lobby.house, here, number(admin)),
        staff.set_roles(lobby.house, here, number(admin), ["field"]),
    ):
        with pytest.raises(LastAdministratorError):
            await change

    await staff.set_roles(lobby.house, here, number(admin), ["admin", "field"])


async def test_of_two_who_close_each_others_account_one_stays(lobby: Lobby) -> None:
    for _ in range(5):
        one, two = await hired(lobby, "admin"), await hired(lobby, "admin")
        here = await lobby.desk()

        answers = await asyncio.gather(
            staff.deactivate(lobby.house, here, number(one), by=two),
            staff.deactivate(lobby.beside().house, here, number(two), by=one),
            return_exceptions=True,
        )

        assert sorted(str(type(each).__name__) for each in answers) == [
            "LastAdministratorError",
            "NoneType",
        ]
        left = [each for each in await colleagues(lobby.house, here) if each.active]
        assert len(left) == 1
        async with work(lobby.house.engine, here.id) as writing:
            await writing.execute("update staff set active = false where tenant_id = $1", here.id)


async def test_nobody_changes_their_own_rights(lobby: Lobby) -> None:
    admin, _ = await hired(lobby, "admin"), await hired(lobby, "admin")
    here, house = await lobby.desk(), lobby.house
    for change in (
        staff.set_roles(house, here, number(admin), ["admin", "leader"], by=admin),
        staff.deactivate(house, here, number(admin), by=admin),
        staff.reset_second_factor(house, here, number(admin), by=admin),
        staff.set_password(house, here, number(admin), OWN, by=admin),
    ):
        with pytest.raises(OwnRightsError):
            await change

    assert [each.roles for each in await colleagues(house, here) if each.id == admin.id] == [
        (Role.ADMIN,)
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_only_an_administrator_changes_accounts(lobby: Lobby, role: Role) -> None:
    an = await hired(lobby, "field")
    by = Actor(0, "Người khác", (role,))
    here, house = await lobby.desk(), lobby.house

    for change in (
        staff.create(house, here, username="moi", password=OWN, roles=["admin"], by=by),
        staff.set_roles(house, here, number(an), ["admin"], by=by),
        staff.deactivate(house, here, number(an), by=by),
        staff.activate(house, here, number(an), by=by),
        staff.unlock(house, here, number(an), by=by),
        staff.reset_second_factor(house, here, number(an), by=by),
        staff.set_password(house, here, number(an), OWN, by=by),
        colleagues(house, here, by=by),
        happened(house, here, by=by),
    ):
        with pytest.raises(NotAdministratorError):
            await change


async def test_an_account_that_is_not_there_is_told_so(lobby: Lobby) -> None:
    """Another tenant's account is not there either."""
    elsewhere = Lobby(lobby.house.engine, lobby.clock, slug="xa-hai")
    theirs = await hired(elsewhere, "admin")
    here, house = await lobby.desk(), lobby.house

    for change in (
        staff.set_roles(house, here, number(theirs), ["field"]),
        staff.deactivate(house, here, number(theirs)),
        staff.unlock(house, here, number(theirs)),
        staff.set_password(house, here, number(theirs), OWN),
        staff.account_id(house, here, theirs.name),
    ):
        with pytest.raises(UnknownStaffError):
            await change


async def test_what_cannot_be_is_refused_with_all_its_faults(lobby: Lobby) -> None:
    an, here = await hired(lobby, "field"), await lobby.desk()

    with pytest.raises(InvalidAnswersError) as caught:
        await staff.create(
            lobby.house,
            here,
            username="Ông",
            password="ngắn",  # noqa: S106 - too short to be one
            roles=[],
            full_name="a\nb",
        )
    with pytest.raises(InvalidAnswersError):
        await staff.set_roles(lobby.house, here, number(an), ["vua"])

    faults = [(each.field, each.fault) for each in caught.value.faults]
    assert faults == [
        ("username", "staff.username-form"),
        ("password", "staff.password-length"),
        ("full_name", "staff.name-form"),
        ("roles", "field.missing"),
    ]


def test_every_refusal_has_words_in_both_languages() -> None:
    for error in (
        OwnRightsError(),
        NotAdministratorError(name="An"),
        LastAdministratorError(name="An"),
        UnknownStaffError(account="an", tenant="Phường Một"),
    ):
        assert isinstance(error, MotCuaError)
        for lang in ("vi", "en"):
            words = text(error.code, lang=lang, **error.fields)
            assert words != error.code
            assert "{" not in words
