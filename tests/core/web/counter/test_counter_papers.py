"""The button "In lời chứng" after a reception, and at a dossier."""

from typing import Any

import pytest

from core.web.counter.conftest import Hire
from fakes.office import SLUG, Office
from fakes.officer import COPY_TYPED, fields_of
from motcua.domain.signing import Capacity
from motcua.services.configure import assign_signer
from motcua.services.house import desk
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def test_without_a_signer_the_page_says_so(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    await officer.open(officer.link("/loi-chung?luot="))

    await officer.send(422)

    assert "Người ký phải đang được phân công" in officer.faults[0]


async def test_the_texts_of_a_visit_are_printed_after_its_reception(
    at_desk: Hire, office: Office
) -> None:
    where = await desk(office.house, SLUG)
    for name in ("Lê Văn Ký", "Trần Thị Hai"):
        await assign_signer(
            office.house, where, full_name=name, title="Chủ tịch UBND", act="Nghị quyết 1"
        )
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    await officer.open(officer.link("/loi-chung?luot="))
    await officer.send(422)
    assert "Lê Văn Ký" in officer.faults[0]
    options = [each for each in officer.page.one("select").all("option") if each["value"]]

    form = officer.form()
    fields = {"luot": next(each["value"] for each in form.all("input") if each["name"] == "luot")}
    token = next(each for each in form.all("input") if "csrf" in each["name"])
    fields |= {token["name"]: token["value"], "nguoi_ky": options[0]["value"]}
    answer = await officer.client.post(form["action"], data=fields)

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


async def test_a_dossier_offers_its_texts_where_it_has_some(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    await officer.open(officer.link("/ho-so/"))

    await officer.open(officer.link("/loi-chung?ho_so="))

    assert officer.heading == "In lời chứng"


@pytest.mark.parametrize("query", ["luot=x", "ho_so=x"])
async def test_what_does_not_exist_is_not_found(at_desk: Hire, query: str) -> None:
    officer = await at_desk("reception")
    await officer.open("/loi-chung")
    name, _, value = query.partition("=")

    answer = await officer.client.post(
        officer.form()["action"],
        data={each["name"]: each["value"] for each in officer.form().all("input")} | {name: value},
    )

    assert answer.status_code in (404, 422)


async def test_the_page_says_what_is_printed_and_leads_back_to_the_receipt(
    at_desk: Hire, office: Office
) -> None:
    where = await desk(office.house, SLUG)
    async with work(office.house.engine, where.id) as writing:
        await writing.execute("delete from signer where tenant_id = $1", where.id)
    for name, capacity in (("Lê Văn Ký", Capacity.OWN), ("Trần Thị Hai", Capacity.DEPUTY)):
        said: dict[str, Any] = {
            "title": "Chủ tịch UBND",
            "act": "Nghị quyết 1",
            "capacity": capacity,
        }
        await assign_signer(office.house, where, full_name=name, **said)
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED, press="luu")
    slip, code = officer.path, officer.page.one("a", "code").text

    await officer.open(officer.link("/loi-chung?luot="))

    assert code in officer.page.text
    assert "Nguyễn Thị Ánh" in officer.page.text
    offered = [each.text for each in officer.page.one("select").all("option") if each["value"]]
    assert offered == ["Lê Văn Ký, Chủ tịch UBND"]
    assert fields_of(officer.form("/loi-chung"))["nguoi_ky"]
    assert officer.form("/loi-chung")["target"] == "_blank"
    assert [each["data-key"] for each in officer.page.all("button", "btn--go")] == ["F9"]
    assert officer.link(slip) == slip
