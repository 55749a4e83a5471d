"""Whatever is typed is shown as text: on the portal, and to the officer who reads it."""

import re

import pytest

from fakes.application import begin
from fakes.citizen import Citizen, chosen
from fakes.office import Office
from fakes.officer import Officer
from fakes.papers import PDF

pytestmark = pytest.mark.anyio

HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)> 😀 سلام {{ 7*7 }}"""
LIVE = re.compile(r"<script>alert|<img src=x|49 ?<")
BIRTH = "1.001193"
FITTING = {
    "giup.cho": "nguoi-khac",
    "a.child_birth_date-day": "20",
    "a.child_birth_date-month": "11",
    "a.child_birth_date-year": "2026",
    "a.child_full_name": "NGUYỄN VĂN AN",
    "a.mother.sex": "Nữ",
    "tra.cach": "post",
}
"""What the law has a say about; everything else is hostile."""
NUMBERS = ("id_number", ".birth-", "_date-", "_count", "copies")


def typed_into(citizen: Citizen) -> dict[str, str]:
    """Something hostile in every field that takes any text; the first option elsewhere."""
    told = chosen(citizen.form())
    for each in citizen.form().all("input"):
        name = each.get("name")
        if name in FITTING:
            told[name] = FITTING[name]
        elif each.get("type") == "radio":
            told.setdefault(name, each["value"])
        elif each.get("type") == "text" or each.get("type") == "":
            hostile = "." in name and not any(part in name for part in NUMBERS)
            told[name] = HOSTILE if hostile else told[name]
    return told


async def test_scripts_in_every_field_stay_text_everywhere(
    citizen: Citizen, office: Office
) -> None:
    address = await begin(citizen, BIRTH)
    pages = []
    for _ in range(30):
        if citizen.step == "kiem-tra":
            break
        sent = None
        if citizen.step == "giay-to":
            names = [
                each["name"] for each in citizen.page.all("input") if each.get("type") == "file"
            ]
            sent = {names[0]: (f"{HOSTILE}.pdf", PDF)}
        form = citizen.form()
        answer = await citizen.client.post(form["action"], data=typed_into(citizen), files=sent)
        pages.append(answer.text)
        citizen._read(answer, answer.status_code)
        assert citizen.faults == [], citizen.path
    await citizen.send({"cam_doan": "1"})
    pages.append(citizen.answer.text)
    assert citizen.step == "xong", citizen.faults
    code, secret = [each.text for each in citizen.page.all("p", "sheet__code")]
    await citizen.open("/tra-cuu")
    await citizen.send({"ma": code, "bi_mat": secret})
    pages.append(citizen.answer.text)
    officer = Officer(office, "reception")
    await officer.sign_in()
    await officer.open(f"/?q={code}")
    pages.append(officer.answer.text)

    assert [page for page in pages if LIVE.search(page)] == []
    assert "&lt;script&gt;" in officer.answer.text
    assert address
    await officer.client.aclose()
