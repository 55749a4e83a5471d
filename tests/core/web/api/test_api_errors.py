"""What the API answers to everything it cannot do."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from fakes.office import APPLICANT, COPY, COPY_ANSWERS, OTHER, Office, paper

pytestmark = pytest.mark.anyio
JSON = {"Content-Type": "application/json"}


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem details of *answer*, checked for what every problem has."""
    assert answer.headers["content-type"].startswith("application/problem+json")
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["status"], told["type"]) == (status, status, kind), told
    assert told["detail"]
    assert "{" not in told["detail"]
    assert told["detail"] != kind
    return told


def fields(told: dict[str, Any]) -> dict[str, str]:
    """The code of the fault of each field; every fault is told in words."""
    assert all(each["detail"] and "{" not in each["detail"] for each in told["errors"]), told
    return {each["field"]: each["code"] for each in told["errors"]}


async def receive(office: Office, body: Any) -> httpx.Response:
    return await office.ask("POST", "/receptions", by="reception", json=body)


async def test_all_faults_of_a_form_come_at_once(office: Office) -> None:
    answers = COPY_ANSWERS | {"page_count": "hai", "copy_count": 0, "màu": "xanh"}
    applicant = APPLICANT | {"id_number": "0271900012345"}

    answer = await receive(office, {"papers": [paper(answers=answers, applicant=applicant)]})

    found = fields(problem(answer, 422, "answers.invalid"))
    assert found == {
        "applicant.id_number": "field.id-number",
        "page_count": "field.type",
        "copy_count": "field.too-small",
        "màu": "field.surplus",
    }


async def test_a_number_of_thirteen_digits_is_a_fault_of_its_field(office: Office) -> None:
    applicant = APPLICANT | {"id_number": "0271900012345"}
    body = {"procedure": COPY, "applicant": applicant, "answers": COPY_ANSWERS}

    answer = await office.ask("POST", "/dossiers", json=body)

    found = fields(problem(answer, 422, "answers.invalid"))
    assert found == {"applicant.id_number": "field.id-number"}


async def test_faults_of_several_papers_name_their_paper(office: Office) -> None:
    bad = paper(answers=COPY_ANSWERS | {"copy_count": 0})

    answer = await receive(office, {"papers": [paper(), bad, bad]})

    found = fields(problem(answer, 422, "answers.invalid"))
    assert set(found) == {"papers[1].copy_count", "papers[2].copy_count"}


async def test_a_body_of_another_shape_tells_everything_that_is_wrong(office: Office) -> None:
    body = {
        "channel": "fax",
        "papers": [{"applicant": [], "answers": {}, "note": "x"}, "giấy"],
        "payr": "A",
    }

    answer = await receive(office, body)

    assert fields(problem(answer, 422, "answers.invalid")) == {
        "channel": "field.option",
        "papers[0].procedure": "field.missing",
        "papers[0].applicant": "field.type",
        "papers[0].note": "field.surplus",
        "papers[1]": "field.type",
        "payr": "field.surplus",
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"papers": "field.missing"}),
        (
            {"papers": [paper()], "submitted": str(uuid4())},
            {"papers": "field.surplus"},
        ),
        ({"submitted": "không phải id"}, {"submitted": "field.type"}),
        ({"papers": [paper()] * 51}, {"papers": "field.too-many"}),
        ([], {"body": "field.type"}),
    ],
)
async def test_a_reception_is_of_papers_or_of_one_submission(
    office: Office, body: Any, expected: dict[str, str]
) -> None:
    answer = await receive(office, body)

    assert fields(problem(answer, 422, "answers.invalid")) == expected


async def test_an_unknown_procedure_is_named(office: Office) -> None:
    answer = await receive(office, {"papers": [paper(procedure="9.999999")]})

    assert fields(problem(answer, 422, "procedure.unknown")) == {"procedure": "procedure.unknown"}
    assert "9.999999" in answer.json()["detail"]


async def test_an_unknown_procedure_has_no_page(office: Office) -> None:
    answer = await office.ask("GET", "/procedures/9.999999")

    problem(answer, 404, "procedure.unknown")


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b'{"papers": [', 400, "request.malformed-json"),
        (b"\xff\xfe", 400, "request.malformed-json"),
        (b"[" * 100_000, 400, "request.malformed-json"),
        (b"", 400, "request.empty"),
        (b"   ", 400, "request.empty"),
    ],
)
async def test_a_body_that_is_no_json_is_refused(
    office: Office, content: bytes, status: int, kind: str
) -> None:
    answer = await office.ask("POST", "/receptions", by="reception", content=content, headers=JSON)

    problem(answer, status, kind)


async def test_another_content_type_is_refused(office: Office) -> None:
    answer = await office.ask("POST", "/receptions", by="reception", data={"papers": "1"})

    problem(answer, 415, "request.not-json")


async def test_a_step_the_state_does_not_permit_is_a_conflict(office: Office) -> None:
    dossier = await office.received()

    answer = await office.step(dossier, "T20", "reception")

    problem(answer, 409, "dossier.step-not-allowed")


async def test_a_step_of_somebody_elses_is_forbidden(office: Office) -> None:
    dossier = await office.received()

    answer = await office.step(dossier, "T08", "clerk")

    problem(answer, 403, "dossier.role-not-allowed")


async def test_a_clerk_receives_nothing(office: Office) -> None:
    answer = await office.ask("POST", "/receptions", by="clerk", json={"papers": [paper()]})

    problem(answer, 403, "dossier.role-not-allowed")


async def test_the_second_of_two_officers_is_told_that_the_dossier_has_changed(
    office: Office,
) -> None:
    dossier = await office.received()
    await office.step(dossier, "T08", "reception")

    answer = await office.step(dossier, "T08", "reception")

    problem(answer, 409, "dossier.stale")


async def test_a_step_tells_all_it_needs(office: Office) -> None:
    dossier = await office.received()
    appraising = (await office.step(dossier, "T08", "reception")).json()

    answer = await office.step(appraising, "T09", "field", data={"until": "mai", "x": 1})

    assert fields(problem(answer, 422, "answers.invalid")) == {
        "reason": "field.missing",
        "items": "field.missing",
        "until": "field.type",
        "x": "field.surplus",
    }


async def test_an_unknown_transition_is_a_fault_of_its_field(office: Office) -> None:
    dossier = await office.received()

    answer = await office.step(dossier, "T99", "reception")

    found = fields(problem(answer, 422, "dossier.unknown-transition"))
    assert found == {"transition": "dossier.unknown-transition"}


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("GET", "", None),
        ("GET", "/events", None),
        ("GET", "/explanation", None),
        ("POST", "/transitions", {"transition": "T08", "version": 1}),
    ],
)
async def test_another_tenants_dossier_answers_exactly_like_none(
    office: Office, method: str, tail: str, body: Any
) -> None:
    """Architecture §9.2: no tenant learns that another's dossier exists."""
    theirs = await office.received(slug=OTHER)
    answers = []
    for dossier in (theirs["id"], str(uuid4()), "không-phải-id"):
        answer = await office.ask(method, f"/dossiers/{dossier}{tail}", by="reception", json=body)
        told = problem(answer, 404, "dossier.unknown")
        told.pop("instance")
        answers.append({key: told[key].replace(dossier, "…") for key in ("type", "detail")})

    assert answers[0] == answers[1] == answers[2]


async def test_another_tenants_submission_cannot_be_received(office: Office) -> None:
    sent = await office.ask(
        "POST",
        "/dossiers",
        slug=OTHER,
        json={"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS},
    )

    answer = await receive(office, {"submitted": sent.json()["id"]})

    problem(answer, 404, "dossier.unknown")


async def test_a_submission_is_received_once(office: Office) -> None:
    sent = await office.ask(
        "POST",
        "/dossiers",
        json={"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS},
    )
    body = {"submitted": sent.json()["id"]}
    await receive(office, body)

    answer = await receive(office, body)

    problem(answer, 409, "dossier.step-not-allowed")


async def test_a_unit_that_has_ended_names_its_successor(office: Office) -> None:
    """Contract, settled readings: no reception after a unit's end."""
    answer = await office.ask(
        "POST",
        "/dossiers",
        slug="xa-cu",
        json={"procedure": COPY, "applicant": APPLICANT, "answers": COPY_ANSWERS},
    )

    problem(answer, 409, "reception.unit-ended")
    assert "phuong-mot" in answer.json()["detail"]


@pytest.mark.parametrize("role", ["admin", "supervisor"])
async def test_whoever_configures_reads_no_dossier(office: Office, role: str) -> None:
    """Rules §6: administrators and supervisors see no content by default."""
    dossier = await office.received()

    for path in ("/dossiers", f"/dossiers/{dossier['id']}"):
        answer = await office.ask("GET", path, by=role)
        problem(answer, 403, "dossier.role-not-allowed")


@pytest.mark.parametrize(
    "params",
    [{"from": "2026-13-01"}, {"to": "hôm nay"}, {"from": "20261201"}],
)
async def test_a_day_that_is_none_is_a_fault(office: Office, params: dict[str, str]) -> None:
    for path in ("/calendar", "/figures"):
        answer = await office.ask("GET", path, by="head", params=params)
        found = fields(problem(answer, 422, "answers.invalid"))
        assert found == dict.fromkeys(params, "field.date")


async def test_a_period_that_ends_before_it_begins_is_refused(office: Office) -> None:
    params = {"from": "2026-12-02", "to": "2026-12-01"}

    answer = await office.ask("GET", "/figures", by="head", params=params)

    problem(answer, 422, "report.period-reversed")


async def test_a_calendar_is_asked_for_a_year_at_most(office: Office) -> None:
    params = {"from": "2020-01-01", "to": "2026-12-01"}

    answer = await office.ask("GET", "/calendar", by="head", params=params)

    assert fields(problem(answer, 422, "answers.invalid")) == {"to": "field.too-many"}


@pytest.mark.parametrize(
    ("params", "field", "code"),
    [
        ({"state": "lost"}, "state", "field.option"),
        ({"limit": "nhiều"}, "limit", "field.type"),
        ({"limit": "0"}, "limit", "field.type"),
    ],
)
async def test_a_list_asked_for_wrongly_says_why(
    office: Office, params: dict[str, str], field: str, code: str
) -> None:
    answer = await office.ask("GET", "/dossiers", by="field", params=params)

    assert fields(problem(answer, 422, "answers.invalid")) == {field: code}


async def test_an_unknown_tenant_is_told(office: Office) -> None:
    answer = await office.ask("GET", "/procedures", slug="khong-co")

    problem(answer, 404, "tenant.unknown")


async def test_an_address_nobody_serves_is_told_as_a_problem(office: Office) -> None:
    answer = await office.ask("GET", "/khong-co")

    problem(answer, 404, "http.404")


async def test_a_method_nobody_serves_is_told_as_a_problem(office: Office) -> None:
    answer = await office.ask("DELETE", "/procedures")

    problem(answer, 405, "http.405")


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", '"; drop table dossier; --', "a" * 5000])
async def test_a_search_takes_any_words(office: Office, words: str) -> None:
    answer = await office.ask("GET", "/dossiers", by="field", params={"q": words})

    assert answer.status_code == 200
    assert answer.json()["dossiers"] == []


@pytest.mark.parametrize("path", ["/dossiers?q=%00", "/procedures/%00"])
async def test_a_zero_character_in_an_address_is_refused(office: Office, path: str) -> None:
    answer = await office.ask("GET", path, by="field")

    problem(answer, 400, "http.400")


async def test_a_zero_character_in_a_body_is_refused(office: Office) -> None:
    answer = await receive(office, {"papers": [paper()], "payer": "a\x00b"})

    assert fields(problem(answer, 422, "answers.invalid")) == {"body": "field.characters"}


CONFIRMATION: dict[str, Any] = {
    "procedure": "2.002516",
    "applicant": APPLICANT,
    "answers": {
        "event_kind": "khai sinh",
        "registered_at": "UBND xã Hai",
        "content": "Ngày sinh",
        "purpose": "bổ sung hồ sơ",
        "copies": 1,
        "evidence": "bản sao giấy khai sinh",
    },
}
"""A procedure whose limit no source gives (rules §15.1)."""


async def test_where_no_limit_is_known_the_officer_is_asked_for_a_date_and_its_ground(
    office: Office,
) -> None:
    definition = (await office.ask("GET", "/procedures/2.002516")).json()["definition"]
    kinds = next(each for each in definition["form_fields"] if each["id"] == "event_kind")
    answers = CONFIRMATION["answers"] | {"event_kind": kinds["options"][0]}
    asked = CONFIRMATION | {"answers": answers}
    date = {"until": "2026-12-10T17:00:00+07:00", "ground": "phiếu hẹn của tư pháp"}

    without = await receive(office, {"papers": [asked]})
    dated = await receive(office, {"papers": [asked | {"no_limit": date}]})

    found = fields(problem(without, 422, "dossier.limit-missing"))
    assert found == {"no_limit": "dossier.limit-missing"}
    assert dated.status_code == 201, dated.text
    assert dated.json()["dossiers"][0]["due_at"] == date["until"]
