"""Who gets in: passwords, second factor, sessions, and what happens to whoever guesses."""

import asyncio
import threading

import asyncpg
import pytest
from argon2.exceptions import VerifyMismatchError

from core.services.lobby import HERE, OWN, PASSWORD, Lobby, Phone
from fakes.clock import FixedClock
from motcua.domain.errors import InvalidAnswersError
from motcua.services import attempts, own_account, passwords, proof, sessions, staff
from motcua.services.attempts import TooManyAttemptsError
from motcua.services.own_account import NotConfirmedError
from motcua.services.proof import SecondFactorNeededError, SignInFailedError
from motcua.services.second_factor import SecondFactorOnError
from motcua.services.sessions import (
    Due,
    PasswordDueError,
    SecondFactorDueError,
    SignInRequiredError,
)
from motcua.services.signin_log import Client, events
from motcua.storage.engine import TenantEngine
from motcua.testing.database import ScratchDatabase

pytestmark = pytest.mark.anyio

ELSEWHERE = Client("198.51.100.7", "curl/8")


@pytest.fixture
def lobby(engine: TenantEngine) -> Lobby:
    return Lobby(engine, FixedClock())


# ---- passwords ----


async def test_the_loop_goes_on_while_a_password_is_hashed(
    lobby: Lobby, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lobby.hire("loop-an")
    token = (await lobby.come("loop-an")).token
    hashing, goes_on = threading.Event(), threading.Event()

    def held(expected: str, password: str) -> bool:
        hashing.set()
        assert goes_on.wait(10), "nobody was served meanwhile"
        return passwords.matches(expected, password)

    monkeypatch.setattr(proof, "matches", held)
    arriving = asyncio.create_task(lobby.come("loop-an"))
    assert await asyncio.to_thread(hashing.wait, 10)
    served = await lobby.authenticate(token)
    waiting = not arriving.done()
    goes_on.set()

    assert served.name == "Cán bộ loop-an"
    assert waiting
    assert (await arriving).name == "Cán bộ loop-an"


def test_a_name_nobody_has_costs_what_a_wrong_password_costs() -> None:
    assert not passwords.hasher.check_needs_rehash(passwords.NOBODYS_HASH)
    with pytest.raises(VerifyMismatchError):
        passwords.hasher.verify(passwords.NOBODYS_HASH, PASSWORD)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("ngắn quá thôi", None),
        ("bảy chữ", "staff.password-length"),
        ("x" * 257, "staff.password-length"),
        ("lan.le.thi123", "staff.password-common"),
        ("LAN LE THI !!", "staff.password-common"),
        ("Mật khẩu 12345!", "staff.password-common"),
        ("password12345", "staff.password-common"),
        ("motcua-demo-1", "staff.password-common"),
        ("aaaaaaaaaaaaaa", "staff.password-common"),
        ("123456123456", "staff.password-common"),
        ("qwertyuiop[]", "staff.password-common"),
        ("027194001812", None),
        ("toàn chữ thường", None),
    ],
)
def test_what_everybody_tries_is_no_password(password: str, fault: str | None) -> None:
    found = passwords.faults("new", password, "lan.le.thi")

    assert [each.fault for each in found] == ([fault] if fault else [])


async def test_a_password_given_by_somebody_else_is_changed_first(lobby: Lobby) -> None:
    await lobby.hire("first-an", permanent=False)
    here = await lobby.desk()
    session = await lobby.come("first-an")
    assert session.due == (Due.PASSWORD,)
    with pytest.raises(PasswordDueError):
        await lobby.authenticate(session.token)

    who = await lobby.holder(session.token)
    begun = await own_account.change_password(lobby.house, here, who, PASSWORD, OWN, HERE)

    assert (await lobby.authenticate(begun.token)).name == "Cán bộ first-an"
    with pytest.raises(SignInRequiredError):
        await lobby.holder(session.token)
    with pytest.raises(SignInFailedError):
        await lobby.come("first-an", PASSWORD)
    assert (await lobby.come("first-an", OWN)).due == ()


async def test_a_new_password_ends_the_other_sessions(lobby: Lobby) -> None:
    await lobby.hire("other-an")
    elsewhere = await lobby.come("other-an", client=ELSEWHERE)
    who = await lobby.holder((await lobby.come("other-an")).token)

    begun = await own_account.change_password(
        lobby.house, await lobby.desk(), who, PASSWORD, OWN, HERE
    )

    with pytest.raises(SignInRequiredError):
        await lobby.authenticate(elsewhere.token)
    await lobby.authenticate(begun.token)


@pytest.mark.parametrize(
    ("current", "new", "fault"),
    [
        (PASSWORD, PASSWORD, "staff.password-same"),
        (PASSWORD, "ngắn", "staff.password-length"),
    ],
)
async def test_a_new_password_that_is_refused_changes_nothing(
    lobby: Lobby, current: str, new: str, fault: str
) -> None:
    name = f"refused-{len(new)}"
    await lobby.hire(name)
    token = (await lobby.come(name)).token
    who = await lobby.holder(token)

    with pytest.raises(InvalidAnswersError) as caught:
        await own_account.change_password(lobby.house, await lobby.desk(), who, current, new, HERE)

    assert [(each.field, each.fault) for each in caught.value.faults] == [("new", fault)]
    await lobby.authenticate(token)


async def test_whoever_took_a_session_over_cannot_guess_the_password_through_it(
    lobby: Lobby,
) -> None:
    await lobby.hire("taken-an")
    here = await lobby.desk()
    who = await lobby.holder((await lobby.come("taken-an")).token)
    guess = ("sai", OWN, HERE)

    for _ in range(attempts.MOST_FAILURES):
        with pytest.raises(NotConfirmedError):
            await own_account.change_password(lobby.house, here, who, *guess)

    with pytest.raises(TooManyAttemptsError):
        await own_account.change_password(lobby.house, here, who, *guess)


async def test_the_password_alone_opens_no_further_round_of_guessing_codes(lobby: Lobby) -> None:
    """Somebody took a session over and knows the password, but has not the telephone."""
    await lobby.hire("round-an")
    here, phone = await lobby.desk(), await lobby.enrol("round-an")
    token = phone.token
    for turn in range(attempts.MOST_FAILURES - 1):
        who = await lobby.holder(token)
        old, new = (PASSWORD, OWN) if turn % 2 == 0 else (OWN, PASSWORD)
        with pytest.raises(NotConfirmedError):
            await own_account.remove_second_factor(lobby.house, here, who, old, "000000", HERE)
        begun = await own_account.change_password(lobby.house, here, who, old, new, HERE)
        token = begun.token

    who = await lobby.holder(token)
    with pytest.raises(NotConfirmedError):
        await own_account.remove_second_factor(lobby.house, here, who, PASSWORD, "000000", HERE)
    with pytest.raises(TooManyAttemptsError):
        await own_account.remove_second_factor(lobby.house, here, who, PASSWORD, "000000", HERE)


# ---- the second factor ----


@pytest.mark.parametrize("role", ["admin", "supervisor"])
async def test_an_administrator_works_only_with_a_second_factor(lobby: Lobby, role: str) -> None:
    await lobby.hire(f"two-{role}", role, "field")
    session = await lobby.come(f"two-{role}")
    assert session.due == (Due.SECOND_FACTOR,)
    with pytest.raises(SecondFactorDueError):
        await lobby.authenticate(session.token)

    phone = await lobby.enrol(f"two-{role}")

    await lobby.authenticate(phone.token)
    with pytest.raises(SignInRequiredError):
        await lobby.holder(session.token)
    with pytest.raises(SecondFactorNeededError):
        await lobby.come(f"two-{role}")
    assert (await lobby.come(f"two-{role}", code=phone.code(1))).due == ()


async def test_the_demonstration_does_without(lobby: Lobby) -> None:
    await lobby.hire("demo-admin", "admin", permanent=False)
    lobby.house.strict_accounts = False

    session = await lobby.come("demo-admin")

    assert session.due == ()
    await lobby.authenticate(session.token)


async def test_a_code_opens_once_also_when_two_come_at_once(lobby: Lobby) -> None:
    await lobby.hire("once-an")
    phone = await lobby.enrol("once-an")
    code = phone.code(1)

    answers = await asyncio.gather(
        lobby.come("once-an", code=code),
        lobby.beside().come("once-an", code=code),
        return_exceptions=True,
    )

    refused = [each for each in answers if isinstance(each, SignInFailedError)]
    assert len(refused) == 1
    with pytest.raises(SignInFailedError):
        await lobby.come("once-an", code=code)


async def test_the_code_that_set_it_up_opens_nothing(lobby: Lobby) -> None:
    await lobby.hire("setup-an")
    phone = await lobby.enrol("setup-an")

    with pytest.raises(SignInFailedError):
        await lobby.come("setup-an", code=phone.code())


@pytest.mark.parametrize(("steps", "opens"), [(-1, True), (1, True), (2, False), (-2, False)])
async def test_a_telephones_clock_may_be_half_a_minute_off(
    lobby: Lobby, steps: int, opens: bool
) -> None:
    name = f"clock{steps}".replace("-", "m")
    await lobby.hire(name)
    phone = await lobby.enrol(name)
    lobby.clock.advance(minutes=5)

    if opens:
        await lobby.come(name, code=phone.code(steps))
    else:
        with pytest.raises(SignInFailedError):
            await lobby.come(name, code=phone.code(steps))


async def test_spaces_in_a_code_do_not_matter(lobby: Lobby) -> None:
    await lobby.hire("space-an")
    phone = await lobby.enrol("space-an")
    code = phone.code(1)

    await lobby.come("space-an", code=f" {code[:3]} {code[3:]} ")


async def test_a_recovery_code_stands_in_once(lobby: Lobby) -> None:
    await lobby.hire("lost-an")
    phone = await lobby.enrol("lost-an")
    first, second = phone.recovery[0], phone.recovery[1].replace("-", " ")

    await lobby.come("lost-an", code=first)
    await lobby.come("lost-an", code=second)

    assert len(set(phone.recovery)) == 10
    with pytest.raises(SignInFailedError):
        await lobby.come("lost-an", code=first)


async def test_a_recovery_code_is_its_owners_alone(lobby: Lobby) -> None:
    await lobby.hire("mine-an")
    await lobby.hire("theirs-an")
    mine, _ = await lobby.enrol("mine-an"), await lobby.enrol("theirs-an")

    with pytest.raises(SignInFailedError):
        await lobby.come("theirs-an", code=mine.recovery[0])


async def test_new_recovery_codes_replace_the_old_ones(lobby: Lobby) -> None:
    await lobby.hire("renew-an")
    here, phone = await lobby.desk(), await lobby.enrol("renew-an")
    who = await lobby.holder(phone.token)

    begun, codes = await own_account.new_recovery_codes(
        lobby.house, here, who, PASSWORD, phone.code(1), HERE
    )

    await lobby.authenticate(begun.token)
    assert not set(codes) & set(phone.recovery)
    with pytest.raises(SignInFailedError):
        await lobby.come("renew-an", code=phone.recovery[0])
    await lobby.come("renew-an", code=codes[0])


async def test_the_secret_lies_sealed_and_recovery_codes_only_as_keyed_hashes(
    lobby: Lobby,
) -> None:
    await lobby.hire("seal-an")
    phone = await lobby.enrol("seal-an")

    kept = b""
    for table in ("staff_second_factor", "staff_recovery_code"):
        for row in await lobby.rows(f"select * from {table} where tenant_id = $1"):  # noqa: S608 - two tables of ours
            kept += b"".join(value for value in row.values() if isinstance(value, bytes))

    assert phone._secret not in kept
    assert not any(code.replace("-", "").encode() in kept for code in phone.recovery)
    with pytest.raises(SignInFailedError):
        await lobby.beside(b"x" * 32).come("seal-an", code=phone.code(1))
    with pytest.raises(SignInFailedError):
        await lobby.beside(b"x" * 32).come("seal-an", code=phone.recovery[0])
    await lobby.come("seal-an", code=phone.code(1))


async def test_a_secret_moved_to_another_account_opens_nothing(
    lobby: Lobby, database: ScratchDatabase
) -> None:
    """Whoever can write the database cannot give an account a secret they know."""
    mine, theirs = await lobby.hire("mover-an"), await lobby.hire("moved-an")
    phone = await lobby.enrol("mover-an")
    await lobby.enrol("moved-an")
    owner = await asyncpg.connect(database.owner_dsn.url)
    await owner.execute(
        "update staff_second_factor set secret = (select secret from staff_second_factor"
        " where staff_id = $1), last_step = 0 where staff_id = $2",
        mine.id,
        theirs.id,
    )
    await owner.close()

    with pytest.raises(SignInFailedError):
        await lobby.come("moved-an", code=phone.code(1))


async def test_nobody_sets_up_a_secret_that_was_drawn_for_another(lobby: Lobby) -> None:
    await lobby.hire("draft-an")
    await lobby.hire("draft-binh")
    here = await lobby.desk()
    an = await lobby.holder((await lobby.come("draft-an")).token)
    binh = await lobby.holder((await lobby.come("draft-binh")).token)
    draft = own_account.new_draft(lobby.house, here, an)

    for sealed in (draft.sealed, "", "không phải", "AAAA"):
        with pytest.raises(InvalidAnswersError):
            await own_account.set_up_second_factor(
                lobby.house, here, binh, sealed, PASSWORD, "123456", HERE
            )

    assert own_account.same_draft(lobby.house, here, an, draft.sealed).written == draft.written
    assert own_account.same_draft(lobby.house, here, binh, draft.sealed).written != draft.written


async def test_setting_up_asks_for_the_password_and_happens_once(lobby: Lobby) -> None:
    await lobby.hire("ask-an")
    here = await lobby.desk()
    who = await lobby.holder((await lobby.come("ask-an")).token)
    draft = own_account.new_draft(lobby.house, here, who)
    with pytest.raises(InvalidAnswersError):
        await own_account.set_up_second_factor(
            lobby.house, here, who, draft.sealed, PASSWORD, "000000", HERE
        )
    phone = await lobby.enrol("ask-an")
    again = await lobby.holder(phone.token)

    with pytest.raises(SecondFactorOnError):
        await own_account.set_up_second_factor(
            lobby.house, here, again, draft.sealed, PASSWORD, phone.code(1), HERE
        )


async def test_of_two_telephones_set_up_at_once_one_is_taken(lobby: Lobby) -> None:
    await lobby.hire("both-an")
    here = await lobby.desk()
    who = await lobby.holder((await lobby.come("both-an")).token)
    drafts = [own_account.new_draft(lobby.house, here, who) for _ in range(2)]

    answers = await asyncio.gather(
        *(
            own_account.set_up_second_factor(
                lobby.house,
                here,
                who,
                draft.sealed,
                PASSWORD,
                Phone(lobby.clock, draft.written).code(),
                HERE,
            )
            for draft in drafts
        ),
        return_exceptions=True,
    )

    refused = [each for each in answers if isinstance(each, SecondFactorOnError)]
    assert len(refused) == 1


async def test_turning_it_off_takes_password_and_code(lobby: Lobby) -> None:
    await lobby.hire("off-an")
    here, phone = await lobby.desk(), await lobby.enrol("off-an")
    who = await lobby.holder(phone.token)
    for password, code in ((PASSWORD, "000000"), (PASSWORD, ""), ("sai", phone.code(1))):
        with pytest.raises(NotConfirmedError):
            await own_account.remove_second_factor(lobby.house, here, who, password, code, HERE)

    await own_account.remove_second_factor(lobby.house, here, who, PASSWORD, phone.code(1), HERE)

    await lobby.come("off-an")


# ---- sessions ----


async def test_a_session_ends_when_nobody_uses_it(lobby: Lobby) -> None:
    await lobby.hire("idle-an")
    token = (await lobby.come("idle-an")).token
    for _ in range(3):
        lobby.clock.advance(minutes=sessions.IDLE_MINUTES - 1)
        await lobby.authenticate(token)

    lobby.clock.advance(minutes=sessions.IDLE_MINUTES)

    with pytest.raises(SignInRequiredError):
        await lobby.authenticate(token)


async def test_a_session_in_use_ends_after_twelve_hours(lobby: Lobby) -> None:
    await lobby.hire("long-an")
    token = (await lobby.come("long-an")).token
    for _ in range(23):
        lobby.clock.advance(minutes=30)
        await lobby.authenticate(token)

    lobby.clock.advance(minutes=30)

    with pytest.raises(SignInRequiredError):
        await lobby.authenticate(token)


async def test_a_tenant_sets_its_own_idle_time(lobby: Lobby, database: ScratchDatabase) -> None:
    owner = await asyncpg.connect(database.owner_dsn.url)
    await owner.execute(
        """update tenant set settings = '{"session_idle_minutes": 10}',
           config_version = config_version + 1 where slug = 'xa-hai'"""
    )
    await owner.close()
    short = Lobby(lobby.house.engine, lobby.clock, slug="xa-hai")
    await short.hire("short-an")
    token = (await short.come("short-an")).token

    lobby.clock.advance(minutes=10)

    with pytest.raises(SignInRequiredError):
        await short.authenticate(token)


async def test_people_see_and_end_their_own_sessions_only(lobby: Lobby) -> None:
    an, binh = await lobby.hire("list-an"), await lobby.hire("list-binh")
    here = await lobby.desk()
    first = await lobby.come("list-an", client=ELSEWHERE)
    lobby.clock.advance(minutes=2)
    second = await lobby.come("list-an")
    assert an.id is not None
    assert binh.id is not None
    listed = await sessions.of(lobby.house, here, an.id)
    assert [each.address for each in listed] == [HERE.address, ELSEWHERE.address]

    await sessions.end(lobby.house, here, binh.id, listed[1].id, HERE)
    await lobby.authenticate(first.token)
    await sessions.end(lobby.house, here, an.id, listed[1].id, HERE)

    with pytest.raises(SignInRequiredError):
        await lobby.authenticate(first.token)
    await lobby.authenticate(second.token)
    await sessions.end_all(lobby.house, here, an.id, HERE)
    with pytest.raises(SignInRequiredError):
        await lobby.authenticate(second.token)


# ---- guessing ----


async def test_a_lock_holds_in_every_process(lobby: Lobby) -> None:
    await lobby.hire("lock-an")
    for turn in range(attempts.MOST_FAILURES):
        with pytest.raises(SignInFailedError):
            await (lobby if turn % 2 else lobby.beside()).come("lock-an", "sai")

    with pytest.raises(TooManyAttemptsError) as caught:
        await lobby.beside().come("lock-an")

    assert 0 < caught.value.fields["retry_after"] <= 31


async def test_codes_are_guessed_no_more_than_passwords(lobby: Lobby) -> None:
    await lobby.hire("guess-an")
    phone = await lobby.enrol("guess-an")
    wrong = "000000" if phone.code(1) != "000000" else "111111"
    answers = []
    for turn in range(100):
        with pytest.raises((SignInFailedError, TooManyAttemptsError)) as caught:
            await (lobby if turn % 2 else lobby.beside()).come("guess-an", code=wrong)
        answers.append(caught.type)

    most = attempts.MOST_FAILURES
    assert answers == [SignInFailedError] * most + [TooManyAttemptsError] * (100 - most)
    with pytest.raises(TooManyAttemptsError):
        await lobby.come("guess-an", code=phone.code(1))


async def test_an_address_that_tries_many_names_waits_and_others_do_not(lobby: Lobby) -> None:
    await lobby.hire("wide-an")
    guesser = Client("192.0.2.66")
    for number in range(attempts.MOST_NAMES):
        with pytest.raises(SignInFailedError):
            await lobby.come(f"wide-{number}", "sai", client=guesser)

    with pytest.raises(TooManyAttemptsError):
        await lobby.beside().come("wide-an", client=guesser)
    await lobby.come("wide-an", client=ELSEWHERE)
    lobby.clock.advance(seconds=31)
    await lobby.come("wide-an", client=guesser)


async def test_a_whole_network_of_ipv6_is_one_guesser(lobby: Lobby) -> None:
    for number in range(attempts.MOST_NAMES):
        with pytest.raises(SignInFailedError):
            await lobby.come(f"six-{number}", "sai", client=Client(f"2001:db8:5:6::{number + 1:x}"))

    with pytest.raises(TooManyAttemptsError):
        await lobby.come("six-x", "sai", client=Client("2001:db8:5:6:ffff::1"))
    with pytest.raises(SignInFailedError):
        await lobby.come("six-x", "sai", client=Client("2001:db8:5:7::1"))


async def test_an_office_that_mistypes_and_then_gets_in_is_not_locked(lobby: Lobby) -> None:
    office = Client("192.0.2.10")
    names = [f"office-{number}" for number in range(attempts.MOST_NAMES + 2)]
    for name in names:
        await lobby.hire(name)
        with pytest.raises(SignInFailedError):
            await lobby.come(name, "sai", client=office)
        await lobby.come(name, client=office)


async def test_failures_of_yesterday_no_longer_count(lobby: Lobby) -> None:
    await lobby.hire("old-an")
    for _ in range(attempts.MOST_FAILURES - 1):
        with pytest.raises(SignInFailedError):
            await lobby.come("old-an", "sai")
    lobby.clock.advance(hours=25)

    for _ in range(attempts.MOST_FAILURES - 1):
        with pytest.raises(SignInFailedError):
            await lobby.come("old-an", "sai")
    await lobby.come("old-an")


# ---- what is written down ----


async def test_what_happens_is_written_down_without_secrets(lobby: Lobby) -> None:
    admin = await lobby.hire("log-admin", "admin")
    boss = admin.__class__(admin.id, "Quản trị", ("admin",))  # type: ignore[arg-type] # a role is its word
    an = await lobby.hire("log-an")
    here = await lobby.desk()
    assert an.id is not None
    phone = await lobby.enrol("log-an")
    await lobby.come("log-an", code=phone.recovery[0])
    typed_in_the_wrong_field = "cau-chi-minh-toi-biet"
    with pytest.raises(SignInFailedError):
        await lobby.come(typed_in_the_wrong_field, "sai")
    for _ in range(attempts.MOST_FAILURES):
        with pytest.raises(SignInFailedError):
            await lobby.come("log-an", "sai")
    await staff.unlock(lobby.house, here, an.id, by=boss)
    await staff.reset_second_factor(lobby.house, here, an.id, by=boss, client=HERE)

    found = await events(lobby.house, here, staff_id=an.id)

    assert [each.kind for each in reversed(found)] == [
        "created",
        "signed_in",
        "second_factor_on",
        "recovery_code_used",
        "signed_in",
        *["failed"] * attempts.MOST_FAILURES,
        "locked",
        "unlocked",
        "second_factor_reset",
    ]
    assert (found[0].by, found[0].address) == ("Cán bộ log-admin", HERE.address)
    everything = str(await lobby.rows("select * from sign_in_event where tenant_id = $1"))
    secrets = [PASSWORD, "sai", typed_in_the_wrong_field, *phone.recovery]
    assert [each for each in secrets if f"'{each}'" in everything] == []


@pytest.mark.parametrize(
    "change", ["update sign_in_event set at = at", "delete from sign_in_event"]
)
async def test_what_was_written_down_stays(lobby: Lobby, change: str) -> None:
    await lobby.desk()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await lobby.rows(f"{change} where tenant_id = $1")
