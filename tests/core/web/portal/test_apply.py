"""An application from the start page to the code of its dossier, without scripts."""

import io
import unicodedata
from typing import Any

import anyio
import pytest
from pypdf import PdfReader

from fakes.application import COPIES, COPY, STATUS, TYPED, WHO, apply, begin, fill
from fakes.citizen import Citizen, chosen
from fakes.html import parse
from fakes.office import SLUG, Office
from motcua.services import chores
from motcua.services.configure import enable
from motcua.services.house import desk
from motcua.storage.work import work

pytestmark = pytest.mark.anyio


async def dossiers(office: Office) -> int:
    """How many dossiers the tenant has."""
    async with work(office.house.engine, 101) as reading:
        row = await reading.fetchrow("select count(*) as n from dossier where tenant_id = 101")
    found: int = row["n"]
    return found


async def read(office: Office, code: str) -> Any:
    """The dossier of a temporary code, as the desk reads it."""
    async with work(office.house.engine, 101) as reading:
        row = await reading.fetchrow(
            "select id from dossier where tenant_id = 101 and temporary_code = $1", code
        )
    answer = await office.ask("GET", f"/dossiers/{row['id']}", by="reception")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_application_becomes_a_dossier_with_a_code_and_a_secret(
    citizen: Citizen, office: Office
) -> None:
    await begin(citizen)
    assert citizen.heading == "Người nộp hồ sơ"

    been = await fill(citizen, TYPED)
    assert "Vay vốn" in citizen.page.one("main").text
    await citizen.send({"cam_doan": "1"})

    assert been == ["nguoi-nop", "cau-1", "cau-2", "cau-3", "cau-5", "giay-to", "ket-qua"]
    code, secret = [each.text for each in citizen.page.all("p", "sheet__code")]
    assert code.startswith("T-2612")
    assert citizen.page.one(css="qr").all("path")
    answer = await office.ask("POST", "/lookup", json={"code": code, "secret": secret})
    assert answer.json()["applicant"]["name"] == WHO["nguoi.name"]


async def test_what_is_ordered_is_added_up_before_and_after_it_is_sent(citizen: Citizen) -> None:
    address = await begin(citizen, COPY)
    await fill(citizen, COPIES)
    said = [each.text for each in citizen.page.all("dd")]
    assert "Khai sinh" in said
    before = citizen.page.one("dl", "lines").text, citizen.page.one("p", "total").text

    await citizen.send({"cam_doan": "1"})
    after = citizen.page.one("p", "total").text
    answer = await citizen.client.get(f"{address}/giay")
    read = (page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    kept = " ".join(" ".join(read).split())

    assert "2 bản sao" in before[0]
    assert before[1] == after == "Phải nộp 16.000 đ"
    assert "16.000 đ" in kept


async def test_the_desk_reads_what_was_answered(citizen: Citizen, office: Office) -> None:
    await apply(citizen)
    code = citizen.page.all("p", "sheet__code")[0].text

    found = await read(office, code)

    assert found["answers"]["subject"] == {"name": WHO["nguoi.name"], "birth": "1994"}
    assert found["channel"] == "online"
    assert found["filing"] == {"result_way": "counter"}


async def test_a_question_whose_condition_holds_gets_its_page(citizen: Citizen) -> None:
    await begin(citizen)

    typed = TYPED | {"a.purpose": "kết hôn", "a.intended_partner.name": "Trần Văn Đức"}
    been = await fill(citizen, typed)

    assert "cau-4" in been
    assert "Trần Văn Đức" in citizen.page.one("main").text


async def test_a_page_with_faults_keeps_what_was_typed(citizen: Citizen) -> None:
    await begin(citizen)

    await citizen.send(
        {"nguoi.id_number": "123", "nguoi.birth-day": "31", "nguoi.birth-month": "2"}, 422
    )

    assert citizen.page.one("title").text.startswith("Lỗi: ")
    assert "Hãy chọn: Bạn nộp hồ sơ cho ai?" in citizen.faults
    assert len(citizen.faults) == 4
    assert citizen.value("nguoi.id_number") == "123"
    assert citizen.value("nguoi.birth-day") == "31"
    links = [each["href"].removeprefix("#") for each in citizen.page.one(css="errors").all("a")]
    assert all(citizen.page.with_id(link) for link in links)


async def test_back_and_change_keep_every_answer(citizen: Citizen) -> None:
    address = await begin(citizen)
    await fill(citizen, TYPED)
    await citizen.open(f"{address}/cau-3?sua=1")
    assert citizen.value("a.purpose") == "vay vốn"

    await citizen.send({"a.residence_periods": "Ở đây từ bé"})

    assert citizen.step == "kiem-tra"
    assert "Ở đây từ bé" in citizen.page.one("main").text
    assert "Vay vốn" in citizen.page.one("main").text


async def test_the_applicant_is_never_typed_twice(citizen: Citizen) -> None:
    address = await begin(citizen)
    await citizen.send(WHO | {"nguoi.birth-year": "1994"})
    await citizen.open(f"{address}/cau-2")

    await citizen.send(press="nhu:a.subject")

    assert citizen.value("a.subject.name") == WHO["nguoi.name"]
    assert citizen.value("a.subject.birth-year") == "1994"
    assert citizen.faults == []


async def test_an_unfinished_application_is_not_sent_and_says_what_is_missing(
    citizen: Citizen, office: Office
) -> None:
    address = await begin(citizen)
    before = await dossiers(office)
    await citizen.open(f"{address}/kiem-tra")
    assert len(citizen.faults) == 7
    assert citizen.page.all("button", "btn--no")

    await citizen.send({"cam_doan": "1"}, 422)

    assert await dossiers(office) == before


async def test_without_the_declaration_nothing_is_sent(citizen: Citizen) -> None:
    await begin(citizen)
    await fill(citizen, TYPED)

    await citizen.send(status=422)

    assert citizen.faults == ["Hãy đánh dấu lời cam đoan rồi nộp"]


async def test_sent_twice_at_once_and_once_more_it_is_one_dossier(
    citizen: Citizen, office: Office
) -> None:
    address = await begin(citizen)
    await fill(citizen, TYPED)
    before = await dossiers(office)
    form = citizen.form()
    fields = chosen(form) | {"cam_doan": "1"}
    codes = []

    async def press() -> None:
        answer = await citizen.client.post(form["action"], data=fields)
        codes.append(parse(answer.text).all("p", "sheet__code")[0].text)

    async with anyio.create_task_group() as pressing:
        for _ in range(3):
            pressing.start_soon(press)
    await press()
    await citizen.open(f"{address}/nguoi-nop")

    assert await dossiers(office) == before + 1
    assert len(set(codes)) == 1
    assert citizen.step == "xong"


async def test_what_was_typed_is_gone_from_the_draft_once_it_is_sent(
    citizen: Citizen, office: Office
) -> None:
    address = await apply(citizen)

    async with work(office.house.engine, 101) as reading:
        row = await reading.fetchrow(
            "select typed::text as typed from draft where tenant_id = 101 and id = $1",
            address.rpartition("/")[2],
        )

    assert row["typed"] == "{}"


async def test_a_draft_is_another_browsers_only_with_its_token(
    citizen: Citizen, office: Office
) -> None:
    address = await begin(citizen)
    await citizen.send(TYPED)
    other = Citizen(office)

    await other.open(f"{address}/nguoi-nop", 404)

    assert "Nguyễn Thị Ánh Tuyết" not in other.answer.text
    await other.client.aclose()


async def test_a_lost_session_keeps_what_was_typed(citizen: Citizen) -> None:
    await begin(citizen)
    form = citizen.form()
    citizen.client.cookies.delete("motcua_nop")
    answer = await citizen.client.post(form["action"], data=chosen(form) | WHO)
    citizen.page, citizen.answer = parse(answer.text), answer
    assert answer.status_code == 404
    assert WHO["nguoi.name"] in citizen.page.one("main").text

    await citizen.send(form="/nop")

    await citizen.open(citizen.page.all("a", "row")[0]["href"])
    assert citizen.value("nguoi.name") == WHO["nguoi.name"]
    assert citizen.value("giup.cho") == "chinh-toi"


async def test_an_expired_draft_is_not_there_and_is_deleted(
    citizen: Citizen, office: Office
) -> None:
    address = await begin(citizen)
    now = office.clock.moment
    office.clock.advance(days=31)
    await citizen.open(f"{address}/nguoi-nop", 404)
    await chores.once(office.house)
    office.clock.moment = now
    office.tokens.clear()

    assert citizen.heading == "Không mở được bản nháp"
    await citizen.open(f"{address}/nguoi-nop", 404)


async def test_what_is_typed_is_shown_as_text_and_kept_in_one_form(citizen: Citizen) -> None:
    address = await begin(citizen)
    hostile = "<script>alert(1)</script> 😀 سلام"
    parts = unicodedata.normalize("NFD", "Nguyễn Thị Ánh")
    await citizen.send(WHO | {"nguoi.name": parts, "nguoi.address": f"\u202e{hostile}\x00"})

    await citizen.open(f"{address}/nguoi-nop")

    assert citizen.value("nguoi.name") == unicodedata.normalize("NFC", parts)
    assert citizen.value("nguoi.address") == hostile
    assert "<script>alert" not in citizen.answer.text


async def test_names_of_other_pages_are_not_taken(citizen: Citizen) -> None:
    address = await begin(citizen)

    await citizen.send(WHO | {"a.purpose": "vay vốn", "khac": "x"})

    await citizen.open(f"{address}/cau-3")
    assert citizen.value("a.residence_periods") == ""
    assert "a.purpose" not in chosen(citizen.form())


async def test_rows_are_added_and_taken_out_without_scripts(citizen: Citizen) -> None:
    await begin(citizen, "2.000913")
    while "a.parties#" not in citizen.names():
        typed = WHO | {"a.certified_no": "1", "a.change_kind": "sửa đổi"}
        typed |= {f"a.certified_date-{part}": "1" for part in ("day", "month")}
        typed["a.certified_date-year"] = "2026"
        await citizen.send({name: typed[name] for name in typed if name in citizen.names()})

    await citizen.send({"a.parties[0].name": "Ông Một"}, press="them:a.parties")
    await citizen.send({"a.parties[1].name": "Bà Hai"}, press="bo:a.parties:0")

    assert citizen.value("a.parties[0].name") == "Bà Hai"
    assert "a.parties[1].name" not in citizen.names()


async def test_a_helper_is_named_with_what_allows_it(citizen: Citizen, office: Office) -> None:
    helper = {"giup.cho": "nguoi-khac", "giup.name": "Trần Thị Con", "giup.giay": "con đẻ"}
    await begin(citizen)
    await citizen.send(WHO | helper | {"giup.name": ""}, 422)
    assert citizen.faults == ["Người nộp giúp – Họ, chữ đệm và tên: chưa nhập."]

    await fill(citizen, TYPED | helper | {"tra.cach": "post", "tra.dia_chi": "Khu 5"})
    await citizen.send({"cam_doan": "1"})

    code = citizen.page.all("p", "sheet__code")[0].text
    assert (await read(office, code))["filing"] == {
        "result_way": "post",
        "result_address": "Khu 5",
        "filed_by": {"name": "Trần Thị Con"},
        "authority": "con đẻ",
    }


async def test_a_draft_saved_for_later_tells_its_code_and_until_when(citizen: Citizen) -> None:
    await begin(citizen)

    await citizen.send({"nguoi.name": "Nguyễn Thị Ánh"}, press="luu")

    assert citizen.heading == "Đã lưu bản nháp"
    assert [len(each.text) for each in citizen.page.all("p", "sheet__code")] == [9, 14]
    await citizen.open(citizen.page.all("a", "btn--go")[0]["href"] + "/nguoi-nop")
    assert citizen.value("nguoi.name") == "Nguyễn Thị Ánh"


@pytest.mark.parametrize("code", ["2.000815", "3.000722", "9.000000"])
async def test_what_is_not_taken_online_cannot_be_begun(citizen: Citizen, code: str) -> None:
    await citizen.open(f"/thu-tuc/{STATUS}")
    form = citizen.form("/nop")
    path = form["action"].replace(STATUS, code)

    answer = await citizen.client.post(path, data=chosen(form))

    assert answer.status_code == 409
    assert "/nop" not in (await citizen.client.get(f"/t/{SLUG}/thu-tuc/{code}")).text


async def test_with_every_cookie_lost_what_was_typed_is_still_given_back(citizen: Citizen) -> None:
    await begin(citizen)
    form = citizen.form()
    fields = chosen(form) | WHO
    citizen.client.cookies.clear()

    answer = await citizen.client.post(form["action"], data=fields)
    citizen.page, citizen.answer = parse(answer.text), answer
    assert answer.status_code == 403
    assert WHO["nguoi.name"] in citizen.page.one("main").text
    await citizen.send(form="/nop")

    await citizen.open(citizen.page.all("a", "row")[0]["href"])
    assert citizen.value("nguoi.name") == WHO["nguoi.name"]


async def test_a_plugin_that_fails_while_it_is_sent_keeps_the_draft(
    citizen: Citizen, office: Office, failing: set[str]
) -> None:
    address = await begin(citizen)
    await fill(citizen, TYPED)
    failing.add("problems")
    await citizen.send({"cam_doan": "1"}, 503)
    assert "Phân hệ" in citizen.page.one("main").text
    assert citizen.page.one("main").all("a")

    failing.clear()
    await enable(office.house, await desk(office.house, SLUG), "civil_status")
    await citizen.open(f"{address}/kiem-tra")
    await citizen.send({"cam_doan": "1"})
    assert citizen.step == "xong"
