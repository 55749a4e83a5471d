"""Printing the texts of a visit through the API."""

import pytest

from fakes.office import SLUG, Office, paper
from motcua.services.configure import assign_signer
from motcua.services.house import desk

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def chairman(office: Office) -> str:
    """The name of the one who signs."""
    where = await desk(office.house, SLUG)
    name, title = "Lê Văn Ký", "Chủ tịch UBND"
    await assign_signer(office.house, where, full_name=name, title=title, act="Nghị quyết 1")
    return name


@pytest.mark.usefixtures("chairman")
async def test_the_texts_of_a_visit_are_a_pdf(office: Office) -> None:
    made = await office.received()
    visit = made["visit"]["visit"]

    answer = await office.ask("POST", "/texts", by="reception", json={"visit": visit})
    again = await office.ask("POST", "/texts", by="reception", json={"visit": visit})

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert again.status_code == 200
    seen = await office.ask("GET", f"/dossiers/{made['id']}", by="reception")
    assert [line["status"] for line in seen.json()["register"]] == ["reserved"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "visit"),
        ({"visit": "01920000-0000-7000-8000-000000000000", "dossiers": ["x"]}, "dossiers"),
        ({"dossiers": ["01920000-0000-7000-8000-000000000000"] * 51}, "dossiers"),
    ],
)
async def test_one_of_both_is_named(office: Office, body: dict[str, object], field: str) -> None:
    answer = await office.ask("POST", "/texts", by="reception", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_who_may_not_sign_cannot_be_named(office: Office, chairman: str) -> None:
    body = {"papers": [paper()]}
    answer = await office.ask("POST", "/receptions", by="reception", json=body)
    visit = answer.json()["visit"]

    refused = await office.ask(
        "POST", "/texts", by="reception", json={"visit": visit, "signer": "Ai đó"}
    )

    assert refused.status_code == 422
    assert chairman in refused.json()["errors"][0]["detail"]
