"""Signing in, and what happens to whoever guesses."""

import asyncio
import hashlib

import httpx
import pytest

from fakes.office import OTHER, PASSWORD, SLUG, Office
from motcua.domain.errors import InvalidAnswersError
from motcua.services import sessions, staff
from motcua.services.attempts import MOST_FAILURES
from motcua.services.house import desk
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def sign_in(office: Office, username: str, password: str = PASSWORD) -> httpx.Response:
    body = {"username": username, "password": password}
    return await office.ask("POST", "/sessions", json=body)


async def hire(office: Office, username: str, role: str = "field") -> None:
    where = await desk(office.house, SLUG)
    await staff.create(
        office.house, where, username=username, password=PASSWORD, roles=[role], permanent=True
    )


async def test_a_token_opens_what_the_role_may_do(office: Office) -> None:
    await hire(office, "an")

    answer = await sign_in(office, "an")

    session = answer.json()
    assert answer.status_code == 201
    assert session["roles"] == ["field"]
    headers = {"Authorization": f"Bearer {session['token']}"}
    assert (await office.ask("GET", "/dossiers", headers=headers)).status_code == 200


async def test_only_the_hash_of_a_token_is_kept(office: Office) -> None:
    await hire(office, "binh")
    token = (await sign_in(office, "binh")).json()["token"]

    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as reading:
        rows = await reading.fetch("select token_hash from staff_session")

    kept = {bytes(row["token_hash"]) for row in rows}
    assert hashlib.sha256(token.encode()).digest() in kept
    assert token.encode() not in kept


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer không-phải"},
        {"Authorization": "Basic YW46YW4="},
    ],
)
async def test_without_a_valid_token_nothing_is_read(
    office: Office, headers: dict[str, str]
) -> None:
    encoded = {name: value.encode() for name, value in headers.items()}

    answer = await office.ask("GET", "/dossiers", headers=encoded)

    assert answer.status_code == 401
    assert answer.json()["type"] == "staff.sign-in-required"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_of_one_tenant_is_unknown_to_another(office: Office) -> None:
    token = await office.token("reception", SLUG)

    answer = await office.ask(
        "GET", "/dossiers", slug=OTHER, headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 401


async def test_a_session_ends_after_its_time(office: Office) -> None:
    await hire(office, "chi")
    token = (await sign_in(office, "chi")).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    begun = office.clock.moment

    office.clock.advance(seconds=sessions.SESSION_LENGTH.total_seconds())
    late = await office.ask("GET", "/dossiers", headers=headers)
    office.clock.moment = begun

    assert late.status_code == 401
    assert (await office.ask("GET", "/dossiers", headers=headers)).status_code == 200


async def test_signing_out_ends_the_session(office: Office) -> None:
    await hire(office, "dung")
    headers = {"Authorization": f"Bearer {(await sign_in(office, 'dung')).json()['token']}"}

    left = await office.ask("DELETE", "/sessions", headers=headers)

    assert left.status_code == 204
    assert (await office.ask("GET", "/dossiers", headers=headers)).status_code == 401


async def test_an_unknown_name_answers_like_a_wrong_password(office: Office) -> None:
    await hire(office, "em")

    wrong = await sign_in(office, "em", "sai mật khẩu")
    unknown = await sign_in(office, "khong-ai", "sai mật khẩu")
    strange = await sign_in(office, "Ai đó?" * 100, "sai mật khẩu")

    told = [answer.json() for answer in (wrong, unknown, strange)]
    assert told[0] == told[1] == told[2]
    assert told[0]["type"] == "staff.sign-in-failed"
    assert wrong.status_code == 401


async def test_after_five_failures_even_the_right_password_waits(office: Office) -> None:
    await hire(office, "giang")
    for _ in range(MOST_FAILURES):
        assert (await sign_in(office, "giang", "sai")).status_code == 401

    locked = await sign_in(office, "giang")

    assert locked.status_code == 429
    assert locked.json()["type"] == "staff.too-many-attempts"
    seconds = int(locked.headers["retry-after"])
    assert seconds >= 30
    office.clock.advance(seconds=seconds)
    assert (await sign_in(office, "giang")).status_code == 201


async def test_each_further_failure_doubles_the_wait(office: Office) -> None:
    waits = []
    for _ in range(MOST_FAILURES):
        await sign_in(office, "hai", "sai")
    for _ in range(3):
        seconds = int((await sign_in(office, "hai", "sai")).headers["retry-after"])
        waits.append(seconds)
        office.clock.advance(seconds=seconds)
        await sign_in(office, "hai", "sai")

    assert waits == sorted(waits)
    assert waits[-1] >= 4 * (waits[0] - 1)


async def test_a_success_forgives_the_failures_before_it(office: Office) -> None:
    await hire(office, "kim")
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            await sign_in(office, "kim", "sai")
        assert (await sign_in(office, "kim")).status_code == 201


async def test_many_guesses_at_once_are_counted_before_they_are_judged(office: Office) -> None:
    await hire(office, "lam")

    answers = await asyncio.gather(*(sign_in(office, "lam", f"sai {n}") for n in range(12)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * MOST_FAILURES + [429] * (12 - MOST_FAILURES)


async def test_a_lock_out_is_of_one_tenant_only(office: Office) -> None:
    for _ in range(MOST_FAILURES + 1):
        await sign_in(office, f"leader.{OTHER}", "sai")

    elsewhere = await office.ask(
        "POST",
        "/sessions",
        slug=OTHER,
        json={"username": f"leader.{OTHER}", "password": PASSWORD},
    )

    assert elsewhere.status_code == 201


async def test_a_name_is_taken_in_any_case_and_width_of_typing(office: Office) -> None:
    await hire(office, "minh")

    assert (await sign_in(office, " MINH ")).status_code == 201


async def test_passwords_are_the_same_however_their_accents_are_typed(office: Office) -> None:
    """Composed and decomposed letters look alike; keyboards differ (style §8: NFC)."""
    where = await desk(office.house, SLUG)
    composed = "mật khẩu của Nga"
    decomposed = "ma\u0323\u0302t kha\u0302\u0309u cu\u0309a Nga"

    await staff.create(office.house, where, username="nga", password=decomposed, roles=["clerk"])

    assert (await sign_in(office, "nga", composed)).status_code == 201


async def test_an_account_is_refused_with_all_its_faults(office: Office) -> None:
    where = await desk(office.house, SLUG)

    with pytest.raises(InvalidAnswersError) as caught:
        await staff.create(
            office.house,
            where,
            username="Ông A",
            password="ngắn",  # noqa: S106 - too short to be one
            roles=["citizen", "vua"],
        )

    faults = [(fault.field, fault.fault) for fault in caught.value.faults]
    assert faults == [
        ("username", "staff.username-form"),
        ("password", "staff.password-length"),
        ("roles", "field.option"),
        ("roles", "field.option"),
    ]


async def test_a_second_account_of_a_name_is_refused(office: Office) -> None:
    await hire(office, "oanh")

    with pytest.raises(staff.UsernameTakenError):
        await hire(office, "oanh")


async def test_what_has_ended_is_forgotten(office: Office) -> None:
    await hire(office, "phuc")
    await sign_in(office, "phuc")
    await sign_in(office, "ai-do", "sai")
    where = await desk(office.house, SLUG)
    begun = office.clock.moment
    office.clock.advance(days=2)

    await sessions.forget_ended(office.house, where.id)

    async with work(office.house.engine, where.id) as reading:
        left = await reading.fetchrow("select count(*) as n from staff_session")
        attempts = await reading.fetchrow("select count(*) as n from login_attempt")
    office.clock.moment = begun
    office.tokens.clear()
    assert (left["n"], attempts["n"]) == (0, 0)
