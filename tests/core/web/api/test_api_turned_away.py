"""Refusing at the counter, and asking for what is missing before reception."""

import pytest

from fakes.office import APPLICANT, COPY, COPY_ANSWERS, Office

pytestmark = pytest.mark.anyio


async def test_a_refusal_by_a_ground_of_the_law(office: Office) -> None:
    body = {"procedure": COPY, "applicant": APPLICANT, "refusal_ground": "erased"}

    answer = await office.ask("POST", "/refusals", by="reception", json=body)

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert set(made) == {"id", "temporary_code", "secret", "state", "version", "reason"}
    assert made["state"] == "refused"
    assert "Nghị định 23/2015/NĐ-CP Điều 22" in made["reason"]
    seen = await office.ask("GET", f"/dossiers/{made['id']}", by="reception")
    assert (seen.json()["code"], seen.json()["received_at"]) == (None, None)


async def test_a_request_for_what_is_missing(office: Office) -> None:
    body = {
        "procedure": COPY,
        "applicant": APPLICANT,
        "answers": COPY_ANSWERS,
        "items": ["Bản chính"],
        "reason": "Chỉ có bản chụp",
        "until": "2026-12-04T17:00:00+07:00",
    }

    answer = await office.ask("POST", "/supplement-requests", by="reception", json=body)

    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "pre_supplement"


async def test_the_other_agency_stands_in_the_history(office: Office) -> None:
    body = {
        "procedure": COPY,
        "applicant": APPLICANT,
        "reason": "Không thuộc thẩm quyền",
        "right_agency": "UBND xã Hai",
    }

    made = (await office.ask("POST", "/refusals", by="reception", json=body)).json()

    events = await office.ask("GET", f"/dossiers/{made['id']}/events", by="reception")
    assert events.json()["events"][0]["data"]["right_agency"] == "UBND xã Hai"


@pytest.mark.parametrize("path", ["/refusals", "/supplement-requests"])
async def test_only_the_reception_may(office: Office, path: str) -> None:
    body = {"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS, "reason": "x"}
    more = {"items": ["x"]} if path.startswith("/supp") else {}

    answer = await office.ask("POST", path, by="field", json=body | more)

    assert answer.status_code == 403


async def test_an_unknown_ground_names_those_there_are(office: Office) -> None:
    body = {"procedure": COPY, "applicant": APPLICANT, "refusal_ground": "x"}

    answer = await office.ask("POST", "/refusals", by="reception", json=body)

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["field"] == "refusal_ground"
    assert "erased" in fault["detail"]
