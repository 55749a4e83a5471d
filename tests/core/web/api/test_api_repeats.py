"""Writes that are repeated, and writes that meet."""

import asyncio
from typing import Any

import pytest

from fakes.office import APPLICANT, COPY, COPY_ANSWERS, OTHER, SLUG, Office, paper
from motcua.services import idempotency
from motcua.services.house import desk
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def count(office: Office, table: str = "dossier") -> int:
    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as reading:
        row = await reading.fetchrow(f"select count(*) as n from {table}")  # noqa: S608 - a name of ours
    found: int = row["n"]
    return found


async def test_a_repeated_reception_gives_the_first_answer_again(office: Office) -> None:
    before = await count(office)
    first, again = [
        await office.ask(
            "POST", "/receptions", by="reception", key="lan-1", json={"papers": [paper()]}
        )
        for _ in range(2)
    ]

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await count(office) == before + 1


async def test_concurrent_repeats_are_carried_out_once(office: Office) -> None:
    await office.token("reception")
    before = await count(office)

    answers = await asyncio.gather(
        *(
            office.ask("POST", "/receptions", by="reception", key="dua", json={"papers": [paper()]})
            for _ in range(8)
        )
    )

    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert await count(office) == before + 1


async def test_a_key_is_not_taken_for_another_request(office: Office) -> None:
    async def send(pages: int) -> tuple[int, str]:
        answer = await office.ask(
            "POST",
            "/receptions",
            by="reception",
            key="khoa",
            json={"papers": [paper(answers=COPY_ANSWERS | {"page_count": pages})]},
        )
        return answer.status_code, answer.json().get("type", "")

    assert await send(2) == (201, "")
    assert await send(3) == (422, "idempotency.key-reused")


async def test_keys_of_two_officers_and_of_two_tenants_are_apart(office: Office) -> None:
    dossier = await office.received()
    other = await office.received()

    async def step(which: dict[str, str], by: str) -> int:
        answer = await office.ask(
            "POST",
            f"/dossiers/{which['id']}/transitions",
            by=by,
            key="chung",
            json={"transition": "T08", "version": 1},
        )
        return answer.status_code

    assert await step(dossier, "reception") == 200
    assert await step(other, "clerk") == 403
    elsewhere = await office.ask(
        "POST",
        "/receptions",
        by="reception",
        slug=OTHER,
        key="chung",
        json={"papers": [paper()]},
    )
    assert elsewhere.status_code == 201


async def test_a_failed_request_leaves_its_key_free(office: Office) -> None:
    async def send(body: object) -> int:
        answer = await office.ask("POST", "/receptions", by="reception", key="hong", json=body)
        return answer.status_code

    assert await send({"papers": [paper(procedure="9.999999")]}) == 422
    assert await send({"papers": [paper()]}) == 201


async def test_a_repeated_step_gives_the_dossier_again(office: Office) -> None:
    dossier = await office.received()
    body = {"transition": "T08", "version": dossier["version"]}

    first, again = [
        await office.ask(
            "POST", f"/dossiers/{dossier['id']}/transitions", by="reception", key="b", json=body
        )
        for _ in range(2)
    ]

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()


async def test_a_citizen_may_repeat_a_submission(office: Office) -> None:
    body = {"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS}

    first, again = [
        await office.ask("POST", "/dossiers", key="cong-dan", json=body) for _ in range(2)
    ]

    assert first.json()["secret"] == again.json()["secret"]


async def test_two_citizens_who_think_of_one_key_do_not_meet(office: Office) -> None:
    body = {"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS}
    other = body | {"applicant": {"name": "Trần Văn Đức"}}

    one, two = [await office.ask("POST", "/dossiers", key="1", json=sent) for sent in (body, other)]

    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json()["secret"] != two.json()["secret"]


async def test_neither_secrets_nor_dossiers_are_kept_for_repeats(office: Office) -> None:
    """Architecture: of a secret only the hash is kept."""
    sent = {"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS}
    submitted = await office.ask("POST", "/dossiers", key="giu-1", json=sent)
    received = await office.ask(
        "POST", "/receptions", by="reception", key="giu-2", json={"papers": [paper()]}
    )
    dossier = received.json()["dossiers"][0]
    stepped = await office.ask(
        "POST",
        f"/dossiers/{dossier['id']}/transitions",
        by="reception",
        key="giu-3",
        json={"transition": "T08", "version": 1},
    )

    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as reading:
        rows = await reading.fetch(
            "select answer::text as answer from idempotency_key where key like 'giu-%'"
        )
    stored = " ".join(row["answer"] for row in rows)
    assert len(rows) == 3
    assert stepped.json()["applicant"]["name"] == APPLICANT["name"]
    for told in (submitted.json()["secret"], dossier["secret"], *APPLICANT.values()):
        assert told not in stored


async def kept_of(office: Office, key: str) -> str:
    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as reading:
        row = await reading.fetchrow(
            "select answer::text as answer from idempotency_key where key = $1", key
        )
    found: str = row["answer"]
    return found


async def test_warnings_are_not_kept_for_repeats(office: Office) -> None:
    """They may name people of another dossier."""
    doubtful = paper(answers=COPY_ANSWERS | {"foreign_issued": True})

    async def send() -> dict[str, Any]:
        body = {"papers": [doubtful]}
        answer = await office.ask("POST", "/receptions", by="reception", key="nghi", json=body)
        (dossier,) = answer.json()["dossiers"]
        assert isinstance(dossier, dict)
        return dossier

    first, again = await send(), await send()

    assert "hợp pháp hóa" in first["warnings"][0]["detail"]
    assert again == first | {"warnings": []}
    assert "hợp pháp hóa" not in await kept_of(office, "nghi")


@pytest.mark.parametrize(
    ("path", "more"), [("refusals", {}), ("supplement-requests", {"items": ["Bản chính"]})]
)
async def test_a_reason_is_not_kept_for_repeats(
    office: Office, path: str, more: dict[str, Any]
) -> None:
    """It is in free words; a repeat reads it in the dossier."""
    body = {**paper(), "reason": "Bà Lê Thị Láng Giềng đã nộp"} | more

    first, again = [
        await office.ask("POST", f"/{path}", by="reception", key=path, json=body) for _ in range(2)
    ]

    assert first.json()["reason"] == body["reason"]
    assert again.json() == first.json()
    assert "Láng Giềng" not in await kept_of(office, path)


async def test_a_key_without_end_is_refused(office: Office) -> None:
    answer = await office.ask(
        "POST", "/receptions", by="reception", key="k" * 201, json={"papers": [paper()]}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_answers_are_kept_for_a_day(office: Office) -> None:
    await office.ask("POST", "/receptions", by="reception", key="cu", json={"papers": [paper()]})
    where = await desk(office.house, SLUG)
    begun = office.clock.moment

    await idempotency.forget_old(office.house, where.id)
    kept = await count(office, "idempotency_key")
    office.clock.advance(days=1, seconds=1)
    await idempotency.forget_old(office.house, where.id)
    left = await count(office, "idempotency_key")
    office.clock.moment = begun

    assert kept > 0
    assert left == 0


async def test_fifty_receptions_at_once_leave_no_gap_and_no_repeat(office: Office) -> None:
    """Issue, durability: codes are gap-free under concurrency."""
    await office.token("reception")

    visits = await asyncio.gather(
        *(
            office.ask("POST", "/receptions", by="reception", json={"papers": [paper()]})
            for _ in range(50)
        )
    )

    assert {visit.status_code for visit in visits} == {201}
    numbers = sorted(int(visit.json()["dossiers"][0]["code"][-4:]) for visit in visits)
    assert numbers == list(range(numbers[0], numbers[0] + 50))


async def test_of_many_who_take_one_step_one_succeeds(office: Office) -> None:
    dossier = await office.received()

    answers = await asyncio.gather(*(office.step(dossier, "T08", "reception") for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
