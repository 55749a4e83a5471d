"""A dossier's way through the API, from the counter or from home to its return."""

import pytest

from fakes import forms
from fakes.office import APPLICANT, COPY, COPY_ANSWERS, SLUG, Office, paper
from motcua_general_procedures import plugin as general

pytestmark = pytest.mark.anyio


async def test_a_certified_copy_goes_from_reception_to_return(office: Office) -> None:
    """T02 → T08 → T16 → T18 → T19 → T20, each step by the one whose it is (rules §2.3)."""
    dossier = await office.received()

    assert dossier["state"] == "received"
    assert dossier["visit"]["fee_total"] == 3 * 2 * 2000
    assert dossier["due_at"] == "2026-12-01T17:00:00+07:00"
    for transition, by, said, state in (
        ("T08", "reception", {}, "appraising"),
        ("T16", "field", {}, "for_approval"),
        ("T18", "leader", {}, "approved"),
        ("T19", "clerk", {}, "result_ready"),
        (
            "T20",
            "reception",
            {"data": {"received_by": "Nguyễn Thị Ánh", "way": "counter"}},
            "returned",
        ),
    ):
        office.clock.advance(minutes=1)
        answer = await office.step(dossier, transition, by, **said)
        assert answer.status_code == 200, answer.text
        after = answer.json()
        assert (after["state"], after["version"]) == (state, dossier["version"] + 1)
        dossier = after
    assert not dossier["late"]
    assert [line["register"] for line in dossier["register"]] == ["SCT/BS"]

    history = await office.ask("GET", f"/dossiers/{dossier['id']}/events", by="field")
    taken = [event["transition"] for event in history.json()["events"]]
    assert taken == ["T02", "T08", "T16", "T18", "T19", "T20"]


async def test_a_dossier_sent_online_is_received_under_its_own_id(office: Office) -> None:
    """T01 by the citizen without signing in, T03 by the desk (rules §2.3)."""
    sent = await office.ask(
        "POST",
        "/dossiers",
        json={"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS},
    )

    assert sent.status_code == 201, sent.text
    submitted = sent.json()
    assert set(submitted) == {"id", "temporary_code", "secret", "version"}

    answer = await office.ask(
        "POST", "/receptions", by="reception", json={"submitted": submitted["id"]}
    )
    assert answer.status_code == 201, answer.text
    (dossier,) = answer.json()["dossiers"]
    assert dossier["id"] == submitted["id"]
    assert dossier["state"] == "received"
    assert dossier["code"].startswith("99001-261201-")


async def test_a_citizen_completes_what_was_sent_online(office: Office) -> None:
    """T04 by the desk, T05 by the citizen with the secret, T03 (rules §2.3)."""
    said = {"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS}
    sent = (await office.ask("POST", "/dossiers", json=said)).json()
    office.clock.advance(minutes=1)
    asked = {"reason": "Thiếu trang", "data": {"items": ["Bản chính"]}}
    assert (await office.step(sent, "T04", "reception", **asked)).status_code == 200
    body = {"secret": sent["secret"], "answers": COPY_ANSWERS | {"page_count": 4}}
    where = f"/dossiers/{sent['id']}/supplement"

    stranger = await office.ask("POST", where, json=body | {"secret": "sai"})
    answer = await office.ask("POST", where, json=body)

    assert (stranger.status_code, stranger.json()["type"]) == (404, "dossier.unknown")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "id": sent["id"],
        "temporary_code": sent["temporary_code"],
        "state": "submitted",
        "version": 3,
    }
    received = await office.ask(
        "POST", "/receptions", by="reception", json={"submitted": sent["id"]}
    )
    assert received.json()["fee_total"] == 3 * (2 * 2000 + 2 * 1000)


async def test_several_papers_of_a_visit_get_one_receipt(office: Office) -> None:
    papers = [paper(), paper(applicant={"name": "Trần Văn Đức"})]

    answer = await office.ask(
        "POST",
        "/receptions",
        by="reception",
        json={"channel": "counter", "papers": papers, "payer": "Trần Văn Đức"},
    )

    visit = answer.json()
    assert visit["fee_total"] == 24_000
    assert len({dossier["code"] for dossier in visit["dossiers"]}) == 2


async def test_a_dossier_is_found_without_accents_and_by_a_part_of_its_code(
    office: Office,
) -> None:
    dossier = await office.received()
    last = dossier["code"][-9:]

    for words in ("nguyen thi anh", "NGUYỄN THỊ ÁNH", last):
        found = await office.ask("GET", "/dossiers", by="field", params={"q": words})
        lines = {line["id"]: line for line in found.json()["dossiers"]}
        assert dossier["id"] in lines, words
        assert lines[dossier["id"]]["id_number"] == "0271******34"


async def test_a_list_is_read_page_by_page(office: Office) -> None:
    for _ in range(3):
        await office.received()

    seen: list[str] = []
    after = ""
    while True:
        answer = await office.ask(
            "GET",
            "/dossiers",
            by="head",
            params={"state": "received", "limit": 2, "after": after},
        )
        page = answer.json()
        assert {line["state"] for line in page["dossiers"]} == {"received"}
        seen += [line["id"] for line in page["dossiers"]]
        if page["after"] is None:
            break
        after = page["after"]
    assert len(seen) == len(set(seen)) >= 3


async def test_the_due_time_is_explained_day_by_day(office: Office) -> None:
    dossier = await office.received()

    answer = await office.ask("GET", f"/dossiers/{dossier['id']}/explanation", by="reception")

    told = answer.json()
    assert told["due"] == dossier["due_at"]
    assert [day["date"] for day in told["days"]][-1] == "2026-12-01"


async def test_the_explanation_names_each_stage_with_its_clock(office: Office) -> None:
    """2.001263: thirty days in all, two stages inside them; T32 ends the first."""
    (adoption,) = [each for each in general.procedures() if each.code == "2.001263"]
    dossier = await office.received(procedure=adoption.code, answers=forms.filled(adoption))
    after = await office.step(dossier, "T32", "field", data={"stage": "opinions"})
    again = await office.step(after.json(), "T32", "field", data={"stage": "opinions"})

    answer = await office.ask("GET", f"/dossiers/{dossier['id']}/explanation", by="field")

    told = answer.json()
    assert told["due"] == dossier["due_at"]
    assert [(each["stage"], each["late"]) for each in told["stages"]] == [
        ("opinions", False),
        ("registration", False),
    ]
    first, second = told["stages"]
    assert first["ended_at"] == second["started_at"]
    assert second["due"] < told["due"]
    assert (told["waits"], told["silence"]) == ([], "")
    assert again.status_code == 422
    assert [each["field"] for each in again.json()["errors"]] == ["stage"]


async def test_a_citizen_follows_a_dossier_and_sees_more_with_its_secret(office: Office) -> None:
    dossier = await office.received()

    without = await office.ask("POST", "/lookup", json={"code": dossier["code"]})
    proven = await office.ask(
        "POST", "/lookup", json={"code": dossier["code"], "secret": dossier["secret"]}
    )

    assert without.status_code == 200
    assert without.json()["applicant"] is None
    assert without.json()["state"] == "received"
    assert proven.json()["applicant"]["name"] == "Nguyễn Thị Ánh"


async def test_a_wrong_secret_answers_like_an_unknown_code(office: Office) -> None:
    dossier = await office.received()

    wrong = await office.ask("POST", "/lookup", json={"code": dossier["code"], "secret": "sai"})
    unknown = await office.ask("POST", "/lookup", json={"code": "99001-261201-9999"})

    assert wrong.status_code == unknown.status_code == 404
    assert wrong.json()["type"] == unknown.json()["type"] == "dossier.unknown"


async def test_the_catalogue_is_open_to_everybody(office: Office) -> None:
    found = await office.ask("GET", "/procedures")
    one = await office.ask("GET", f"/procedures/{COPY}")

    assert COPY in {line["code"] for line in found.json()["procedures"]}
    assert one.json()["offered"] is True
    assert one.json()["definition"]["form_fields"][0]["id"] == "requester"


async def test_the_calendar_names_the_holiday(office: Office) -> None:
    """24 November is a legal holiday from 2026 on (rules §15.6); the year's rows say so."""
    answer = await office.ask(
        "GET", "/calendar", by="reception", params={"from": "2026-09-01", "to": "2026-09-03"}
    )

    days = {day["date"]: day for day in answer.json()["days"]}
    assert days["2026-09-02"]["working"] is False
    assert days["2026-09-02"]["basis"]
    assert days["2026-09-03"]["working"] is True


async def test_the_figures_count_what_was_received(office: Office) -> None:
    before = (await office.ask("GET", "/figures", by="supervisor")).json()["received"]

    await office.received()

    after = (await office.ask("GET", "/figures", by="supervisor")).json()
    assert after["received"] == before + 1
    assert after["tenant"] == SLUG


async def test_whoever_may_not_read_is_told_only_where_the_dossier_stands(
    office: Office,
) -> None:
    """T26 is the administrator's, with a second person (rules §2.3); content is not (§6)."""
    dossier = await office.received()

    answer = await office.step(
        dossier,
        "T26",
        "admin",
        reason="nhập nhầm",
        data={"second_person": f"head.{SLUG}"},
    )

    after = answer.json()
    assert answer.status_code == 200, after
    assert (after["state"], after["version"]) == ("withdrawn", 2)
    assert (after["applicant"], after["answers"]) == ({}, {})


async def test_an_own_error_is_corrected_in_a_new_dossier(office: Office) -> None:
    """T25: the returned dossier stays, its correction is tied to it (rules §2.3)."""
    dossier = await office.received()
    for transition, by, said in (
        ("T08", "reception", {}),
        ("T16", "field", {}),
        ("T18", "leader", {}),
        ("T19", "clerk", {}),
        ("T20", "reception", {"data": {"received_by": "Ánh", "way": "post"}}),
    ):
        dossier = (await office.step(dossier, transition, by, **said)).json()

    wrong = await office.step(dossier, "T25", "reception", reason="sai", data={"colour": 1})
    answer, again = [
        await office.ask(
            "POST",
            f"/dossiers/{dossier['id']}/transitions",
            by="reception",
            key="sua-sai",
            json={
                "transition": "T25",
                "version": dossier["version"],
                "reason": "sai số trang",
                "data": {"answers": COPY_ANSWERS | {"page_count": 5}, "variants": ["complex"]},
            },
        )
        for _ in range(2)
    ]

    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "data.colour")
    after = answer.json()
    assert answer.status_code == 200, after
    assert again.json() == after
    assert after["state"] == "returned"
    made = after["correction"]
    assert after["corrections"] == [made["id"]]
    fresh = (await office.ask("GET", f"/dossiers/{made['id']}", by="field")).json()
    assert (fresh["state"], fresh["answers"]["page_count"]) == ("received", 5)
    said = {"code": made["code"], "secret": made["secret"]}
    assert (await office.ask("POST", "/lookup", json=said)).json()["applicant"]
