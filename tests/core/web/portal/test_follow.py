"""The holder of a dossier follows it, completes it, withdraws it and says how it went."""

import datetime as dt
import re
import unicodedata
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from fakes.application import TYPED, WHO, apply, begin, fill
from fakes.citizen import Citizen, chosen
from fakes.office import OTHER, SLUG, Office
from fakes.officer import Officer
from fakes.papers import PDF, PNG
from motcua.domain.calendar import VN
from motcua.services import passes
from motcua.services.house import desk
from motcua.services.verify import verify
from motcua.storage.work import work
from motcua.ui.format import long_date, moment

pytestmark = pytest.mark.anyio

BOX = "tep.a.old_certificate"


async def sent(citizen: Citizen, **typed: str) -> tuple[str, str]:
    """An application just sent; answers its code and secret."""
    await apply(citizen, TYPED | typed)
    code, secret = [each.text for each in citizen.page.all("p", "sheet__code")]
    return code, secret


async def row(office: Office, code: str) -> Any:
    async with work(office.house.engine, 101) as reading:
        return await reading.fetchrow(
            "select id, version, state, code from dossier"
            " where tenant_id = 101 and (temporary_code = $1 or code = $1)",
            code,
        )


async def figures(office: Office) -> list[Any]:
    async with work(office.house.engine, 101) as reading:
        return [tuple(each) for each in await reading.fetch("select * from daily_figure")]


async def step(office: Office, code: str, transition: str, by: str, **said: Any) -> None:
    found = await row(office, code)
    answer = await office.step(
        {"id": found["id"], "version": found["version"]}, transition, by, **said
    )
    assert answer.status_code == 200, answer.text


async def accept(office: Office, code: str) -> None:
    found = await row(office, code)
    answer = await office.ask(
        "POST", "/receptions", by="reception", json={"submitted": str(found["id"])}
    )
    assert answer.status_code == 201, answer.text


async def answered(office: Office, code: str) -> bool:
    """Whether the list tells that the citizen has answered."""
    official = (await row(office, code))["code"]
    listed = await office.ask("GET", f"/dossiers?q={official}", by="reception")
    (line,) = listed.json()["dossiers"]
    return bool(line["answered"])


async def rename(office: Office, dossier_id: Any, name: str) -> None:
    """Change what a paper of a dossier is called, past the application."""
    async with work(office.house.engine, 101) as writing:
        await writing.execute(
            "update dossier_document set name = $2"
            " where tenant_id = 101 and dossier_id = $1 and file_id is not null",
            dossier_id,
            name,
        )


async def look(citizen: Citizen, code: str, secret: str) -> None:
    await citizen.open("/tra-cuu")
    await citizen.send({"ma": code, "bi_mat": secret})


async def test_the_secret_opens_the_dossier_and_no_address_tells_it(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    other = Citizen(office)

    await look(other, code, secret)

    assert other.path == f"/t/{SLUG}/ho-so"
    assert WHO["nguoi.name"] in other.page.one("main").text
    assert secret not in str(other.answer.url)
    await other.client.aclose()


async def test_the_address_in_the_picture_leads_on_without_the_secret(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    other = Citizen(office)

    await other.open(f"/q/{code}/{secret}")
    shown = other.path
    await other.open(f"/q/{code}/{'x' * 16}")

    assert shown == f"/t/{SLUG}/ho-so"
    assert other.path == f"/t/{SLUG}/tra-cuu"
    await other.client.aclose()


async def test_a_code_to_the_telephone_opens_it_too(citizen: Citizen, office: Office) -> None:
    code, _ = await sent(citizen, **{"nguoi.phone": "0912000123"})
    other = Citizen(office)
    await other.open(f"/ho-so/mo?ma={code}")
    await other.send(press="gui")
    async with work(office.house.engine, 101) as reading:
        found = await reading.fetchrow(
            "select body from message where tenant_id = 101 order by id desc limit 1"
        )
    await other.send({"so": "000000"}, 422)
    assert other.faults == ["Mã chưa đúng, hoặc đã hết hạn. Hãy xem lại, hoặc xin mã mới."]

    await other.send({"so": re.findall(r"\d{6}", found["body"])[-1]})

    assert other.path == f"/t/{SLUG}/ho-so"
    await other.client.aclose()


async def test_without_a_pass_or_with_an_old_or_foreign_one_nothing_is_shown(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    await look(citizen, code, secret)
    office.clock.advance(hours=3)
    await citizen.open("/ho-so", 403)
    office.clock.advance(hours=-3)
    found = await row(office, code)
    there = await desk(office.house, OTHER)
    foreign = passes.issue(office.house, there, found["id"])

    for shown in (foreign, "x", "", foreign[:-4] + "AAAA"):
        answer = await Citizen(office).client.get(
            f"/t/{SLUG}/ho-so", headers={"cookie": f"motcua_hs={shown}"}
        )
        assert answer.status_code == 403
        assert WHO["nguoi.name"] not in answer.text


async def _slip(office: Office, dossier_id: Any) -> str:
    """The words of a dossier's receipt."""
    officer = Officer(office, "reception", SLUG)
    await officer.sign_in()
    answer = await officer.client.get(f"/t/{SLUG}/quay/ho-so/{dossier_id}/phieu.pdf?mau=F01")
    await officer.client.aclose()
    pages = PdfReader(BytesIO(answer.content)).pages
    return unicodedata.normalize("NFC", " ".join(" ".join(p.extract_text() for p in pages).split()))


async def test_a_supplement_changes_answers_and_files_and_goes_back_to_the_desk(
    citizen: Citizen, office: Office
) -> None:
    await begin(citizen)
    for _ in range(12):
        if citizen.step == "kiem-tra":
            break
        here = {name: value for name, value in TYPED.items() if name in citizen.names()}
        files = {BOX: ("cu.pdf", PDF)} if citizen.step == "giay-to" else None
        await citizen.send(here, files=files)
    await citizen.send({"cam_doan": "1"})
    code, secret = [each.text for each in citizen.page.all("p", "sheet__code")]
    await step(office, code, "T04", "reception", reason="Thiếu", data={"items": ["Ảnh rõ hơn"]})
    await look(citizen, code, secret)
    assert "Lý do: Thiếu" in citizen.page.one("main").text
    assert "Ảnh rõ hơn" in citizen.page.one("main").text
    await citizen.send(form="/bo-sung")
    assert "Cần bổ sung: Ảnh rõ hơn" in citizen.page.one("main").text
    draft = citizen.path if citizen.page.all("a", "row") else citizen.path.rpartition("/")[0]
    await citizen.open(f"{draft}/cau-2")
    assert citizen.value("a.subject.birth-year") == "1994"
    await citizen.open(f"{draft}/cau-3")
    await citizen.send({"a.residence_periods": "Rõ hơn: từ 2015"})
    await citizen.open(f"{draft}/giay-to")
    assert "cu.pdf" in citizen.page.one("main").text
    await citizen.send(press=citizen.page.one("ul", "files").one("button")["value"])
    await citizen.send(files={BOX: ("ro.png", PNG)}, press="tai")
    await citizen.open(f"{draft}/cau-1")
    await fill(citizen, {})
    assert "Người nộp hồ sơ" not in [each.text for each in citizen.page.all("h2")]

    await citizen.send({"cam_doan": "1"})

    assert citizen.heading == "Đã gửi phần bổ sung"
    found = await row(office, code)
    assert found["state"] == "submitted"
    answer = await office.ask("GET", f"/dossiers/{found['id']}", by="reception")
    told = answer.json()
    assert told["answers"]["residence_periods"] == "Rõ hơn: từ 2015"
    assert told["answers"]["old_certificate"]["name"] == "ro.png"
    assert [each["name"] for each in told["documents"] if each["file_id"]] == ["ro.png"]
    assert told["filing"] == {"result_way": "counter"}
    await accept(office, code)
    answer = await office.ask("GET", f"/dossiers/{found['id']}", by="reception")
    assert [each["name"] for each in answer.json()["documents"]] == ["ro.png"]
    assert "ro.png (bản điện tử)" in (slip := await _slip(office, found["id"]))
    assert "bản chính" not in slip
    checked = await verify(office.house, office.home, slugs=[SLUG])
    assert checked.faults == ()
    await rename(office, found["id"], "khac.png")
    (fault,) = (await verify(office.house, office.home, slugs=[SLUG])).faults
    assert fault.told == {"columns": "files"}
    await rename(office, found["id"], "ro.png")


async def _told_to_wait(citizen: Citizen) -> None:
    """The page says that what was sent has arrived, and asks for nothing."""
    await citizen.open("/ho-so")
    said = citizen.page.one("main").text
    assert "Đã nhận phần bổ sung, chờ cán bộ kiểm tra. Bạn chưa phải làm gì." in said
    assert "Bạn đã gửi thêm giấy tờ" in said
    assert "Hồ sơ cần bổ sung" not in said


async def test_papers_asked_for_in_process_are_added_and_the_desk_accepts_them(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    officer = Officer(office, "field", SLUG)
    await officer.sign_in()
    await accept(office, code)
    await step(office, code, "T08", "reception")
    until = (office.clock() + dt.timedelta(days=30)).astimezone(VN).replace(hour=17, minute=0)
    asked = {"items": ["Giấy cũ"], "until": until.isoformat()}
    await step(office, code, "T09", "field", reason="Thiếu", data=asked)
    told_in_list = [await answered(office, code)]
    office.clock.advance(minutes=1)
    await look(citizen, code, secret)
    assert f"Gửi chậm nhất 17:00 {long_date(until)}." in citizen.page.one("main").text
    assert "Hạn trả" not in citizen.page.one("main").text
    await citizen.send(form="/bo-sung")
    assert citizen.step == "giay-to"
    assert "Giấy cũ" in citizen.page.one("main").text
    assert "Giấy tờ được yêu cầu bổ sung" in [each.text for each in citizen.page.all("legend")]
    await citizen.send(files={"tep.a.supplement": ("giay.pdf", PDF)})
    assert citizen.step == "kiem-tra"
    assert "Phí" not in citizen.page.one("main").text
    assert "hạn trả" not in citizen.page.one("main").text
    await citizen.send({"cam_doan": "1"})
    assert moment(office.clock()) in citizen.page.one("main").text
    assert "mã chính thức" not in citizen.page.one("main").text

    found = await row(office, code)
    told_in_list.append(await answered(office, code))
    await officer.open("/?nhom=waiting")
    assert "Công dân vừa trả lời" in officer.page.one("table").text
    office.clock.advance(minutes=1)
    await officer.open(f"/ho-so/{found['id']}")
    assert "Công dân vừa trả lời" in officer.page.one("main").text
    answer = await office.ask("GET", f"/dossiers/{found['id']}", by="reception")
    told = answer.json()
    told_in_list.append(await answered(office, code))
    assert citizen.heading == "Đã gửi phần bổ sung"
    assert found["state"] == "supplement_requested"
    await _told_to_wait(citizen)
    assert [each["name"] for each in told["documents"] if each["file_id"]] == ["giay.pdf"]
    assert "T36" not in {each["transition"] for each in told["actions"]}
    assert told_in_list == [False, True, False]
    await step(office, code, "T10", "reception")
    await officer.open(f"/ho-so/{found['id']}")
    assert "Công dân vừa trả lời" not in officer.page.one("main").text
    await officer.client.aclose()
    assert (await row(office, code))["state"] == "appraising"
    checked = await verify(office.house, office.home, slugs=[SLUG])
    assert checked.faults == ()


async def test_the_way_of_the_result_is_changed_and_stands_in_the_events(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    await accept(office, code)
    await look(citizen, code, secret)
    assert citizen.page.one("ol", "tl").text.count("Đã tiếp nhận") == 1
    await citizen.open("/ho-so/nhan-ket-qua")
    await citizen.send({"cach": "post"}, 422)
    assert citizen.faults == ["Gõ địa chỉ nhận qua bưu điện"]

    await citizen.send({"cach": "post", "dia_chi": "Khu 5"})

    assert "Đã đổi cách nhận kết quả." in citizen.page.one("main").text
    found = await row(office, code)
    answer = await office.ask("GET", f"/dossiers/{found['id']}", by="reception")
    assert answer.json()["filing"] == {"result_way": "post", "result_address": "Khu 5"}
    checked = await verify(office.house, office.home, slugs=[SLUG])
    assert checked.faults == ()


async def test_the_holder_opens_the_papers_and_nobody_else_does(
    citizen: Citizen, office: Office
) -> None:
    address = await begin(citizen)
    await citizen.open(f"{address}/giay-to")
    await citizen.send(files={BOX: ("cu.pdf", PDF)}, press="tai")
    await citizen.open(f"{address}/nguoi-nop")
    await fill(citizen, TYPED)
    await citizen.send({"cam_doan": "1"})
    code, secret = [each.text for each in citizen.page.all("p", "sheet__code")]
    holder, stranger = Citizen(office), Citizen(office)
    await look(holder, code, secret)
    link = holder.page.one("ul", "files").one("a")["href"]
    other_code, other_secret = await sent(citizen)
    await look(stranger, other_code, other_secret)

    mine = await holder.client.get(link)
    foreign = await stranger.client.get(link)
    nobody = await Citizen(office).client.get(link)

    assert mine.content == PDF
    assert (foreign.status_code, nobody.status_code) == (404, 403)
    assert PDF not in foreign.content + nobody.content


async def test_a_received_dossier_is_withdrawn_with_a_reason_once(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    await look(citizen, code, secret)
    await accept(office, code)
    await citizen.open("/ho-so/rut")
    await citizen.send(status=422)
    assert citizen.faults == ["Hãy ghi lý do rút hồ sơ"]
    form = citizen.form()
    fields = chosen(form) | {"ly_do": "Tôi đổi ý"}

    await citizen.send({"ly_do": "Tôi đổi ý"})
    again = await citizen.client.post(form["action"], data=fields)

    assert "Đã rút hồ sơ." in citizen.page.one("main").text
    assert (await row(office, code))["state"] == "withdrawn"
    assert again.url.path == f"/t/{SLUG}/ho-so"


@pytest.mark.parametrize("asked_to_complete", [False, True])
async def test_what_nobody_received_yet_is_withdrawn_and_counts_nowhere(
    citizen: Citizen, office: Office, asked_to_complete: bool
) -> None:
    code, secret = await sent(citizen)
    if asked_to_complete:
        await step(office, code, "T04", "reception", reason="Thiếu", data={"items": ["Ảnh"]})
    await look(citizen, code, secret)
    counted = await figures(office)
    (link,) = [each["href"] for each in citizen.page.all("a") if "/rut" in each.get("href")]
    await citizen.open(link)
    form = citizen.form()
    fields = chosen(form) | {"ly_do": "Tôi nộp nhầm thủ tục"}

    await citizen.send({"ly_do": "Tôi nộp nhầm thủ tục"})
    again = await citizen.client.post(form["action"], data=fields)

    found = await row(office, code)
    told = (await office.ask("GET", f"/dossiers/{found['id']}", by="reception")).json()
    assert "Đã rút hồ sơ." in citizen.page.one("main").text
    assert again.url.path == f"/t/{SLUG}/ho-so"
    assert (found["state"], told["received_at"], told["finished_at"]) == ("withdrawn", None, None)
    assert told["actions"] == []
    assert "Rút hồ sơ khi chưa tiếp nhận" in citizen.page.one("main").text
    assert await figures(office) == counted
    assert (await verify(office.house, office.home, slugs=[SLUG])).faults == ()
    late = await office.ask(
        "POST", "/receptions", by="reception", json={"submitted": str(found["id"])}
    )
    assert late.status_code == 409


async def test_a_finished_dossier_is_rated_once_and_nobody_learns_which(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    await look(citizen, code, secret)
    assert not [each for each in citizen.page.all("a") if "/danh-gia" in each.get("href")]
    await step(office, code, "T07", "reception", reason="Không thuộc thẩm quyền")
    await citizen.open("/ho-so/danh-gia")
    assert len(citizen.page.one("form").all("fieldset")) == 8
    form = citizen.form()
    fields = chosen(form) | {"overall": "hai-long", "gop_y": "\u202e<script>alert(1)</script>"}

    await citizen.client.post(form["action"], data=fields)
    await citizen.client.post(form["action"], data=fields | {"overall": "khong-hai-long"})
    await citizen.open("/ho-so/danh-gia")

    found = await row(office, code)
    async with work(office.house.engine, 101) as reading:
        rows = await reading.fetch(
            "select answers::text as answers, note, mark from rating where tenant_id = 101"
        )
        told = await reading.fetch("select question, answer, n from rating_figure")
    assert [tuple(each) for each in told] == [("overall", "hai-long", 1)], "what is told above"
    assert [each["answers"] for each in rows] == ['{"overall": "hai-long"}']
    assert rows[0]["note"] == "<script>alert(1)</script>"
    assert found["id"].bytes not in rows[0]["mark"]
    assert citizen.path == f"/t/{SLUG}/ho-so"


async def test_an_answer_that_is_no_option_is_refused(citizen: Citizen, office: Office) -> None:
    code, secret = await sent(citizen)
    await step(office, code, "T07", "reception", reason="Không thuộc thẩm quyền")
    await look(citizen, code, secret)
    await citizen.open("/ho-so/danh-gia")

    await citizen.send({"overall": "tuyet"}, 422)

    assert citizen.heading == "Đánh giá việc giải quyết"


async def test_the_holder_sees_who_read_the_dossier_by_role(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    found = await row(office, code)
    await office.ask("GET", f"/dossiers/{found['id']}", by="head")

    await look(citizen, code, secret)

    words = citizen.page.one("main").text
    assert "Trưởng bộ phận" in words
    assert "Cán bộ head" not in words


async def test_the_desk_finds_a_dossier_by_its_temporary_code_before_and_after(
    citizen: Citizen, office: Office
) -> None:
    code, _ = await sent(citizen)
    found = await row(office, code)

    for accepted in (False, True):
        if accepted:
            await accept(office, code)
        listed = await office.ask("GET", f"/dossiers?q={code.lower()}", by="reception")
        assert [each["id"] for each in listed.json()["dossiers"]] == [str(found["id"])]


async def test_leaving_ends_the_pass(citizen: Citizen) -> None:
    code, secret = await sent(citizen)
    await look(citizen, code, secret)

    await citizen.send(form="/thoat")

    await citizen.open("/ho-so", 403)


async def test_the_confirmation_is_a_pdf_to_keep_before_and_after_reception(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    kept = await citizen.client.get(
        next(e["href"] for e in citizen.page.all("a") if "/giay" in e.get("href"))
    )
    await accept(office, code)
    await look(citizen, code, secret)
    large = await citizen.client.get(f"/t/{SLUG}/ho-so/giay?co=lon")
    nobody = Citizen(office)
    await nobody.open("/ho-so/giay", 403)
    await nobody.client.aclose()

    for answer in (kept, large):
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "no-store"
    before, after = (
        str(PdfReader(BytesIO(each.content)).pages[0].extract_text()) for each in (kept, large)
    )
    official = (await row(office, code))["code"]
    assert secret in before
    assert code in before
    assert "Chờ" in before or "chờ tiếp nhận" in before
    assert official in after
    assert "".join(filter(str.isdigit, official)) in after
    assert "Hẹn trả kết quả" in after


async def test_a_pass_that_ends_in_the_middle_of_a_form_loses_nothing_typed(
    citizen: Citizen, office: Office
) -> None:
    code, secret = await sent(citizen)
    await look(citizen, code, secret)
    await citizen.open("/ho-so/rut")
    office.clock.advance(hours=3)
    try:
        await citizen.send({"ly_do": "Chuyển nơi ở"}, 403)
        await citizen.send(form="/ho-so/mo")
        await citizen.send({"ma": code, "so": "sai"}, 422, form="/ho-so/mo")
        await citizen.send({"ma": code, "so": secret}, form="/ho-so/mo")
        assert citizen.heading == "Làm tiếp việc vừa dở"
        await citizen.send(form="/rut")
        assert citizen.page.with_id("ly_do").text == "Chuyển nơi ở"
        await citizen.send(form="/rut")
    finally:
        office.clock.advance(hours=-3)

    assert citizen.path.endswith("/ho-so")
    assert (await row(office, code))["state"] == "withdrawn"
