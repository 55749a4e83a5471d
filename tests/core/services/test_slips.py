"""Slips of dossiers: what each says, out of the events up to the one that issued it."""

import datetime as dt
import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from pypdf import PdfReader

from core.services.shop import AN, Shop, copy, single
from motcua.documents.papers import Sheet
from motcua.documents.slips import barcode, qr
from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, RoleNotAllowedError
from motcua.services.assess import Filing
from motcua.services.receive import UnknownDossierError, accept, submit
from motcua.services.slip_copies import NO_COPY, replaced_at
from motcua.services.slips import NoSlipError, print_slips, replace_copies, slips_of
from motcua.services.turn_away import TurnedAway, turn_away
from motcua.services.verify import verify
from motcua.storage.work import work

pytestmark = pytest.mark.anyio
SITE = "https://motcua.example"


async def slips(shop: Shop, *ids: UUID, role: Role = Role.RECEPTION, **how: Any) -> list[Sheet]:
    shop.clock.tick()
    return await slips_of(shop.house, await shop.desk(), shop.person(role), ids, origin=SITE, **how)


async def told(shop: Shop, dossier: UUID, **how: Any) -> dict[str, Any]:
    (slip,) = await slips(shop, dossier, **how)
    return slip.data


async def anew(shop: Shop, dossier: UUID, **how: Any) -> dict[str, Any]:
    shop.clock.tick()
    await replace_copies(shop.house, await shop.desk(), shop.person(Role.RECEPTION), [dossier])
    return await told(shop, dossier, **how)


def day(moment: dict[str, str]) -> str:
    return "{day}/{month}/{year} {hour}:{minute}".format_map(moment)


def shown(moment: dt.datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(VN):%d/%m/%Y %H:%M}"


async def away(shop: Shop, why: Any, **said: Any) -> TurnedAway:
    return await turn_away(
        shop.house, await shop.desk(), shop.person(Role.RECEPTION), "counter", copy(), why, **said
    )


async def test_the_receipts_of_a_visit_are_one_pdf(shop: Shop) -> None:
    visit = await shop.receive(single(), copy(), copy())
    ids = [each.id for each in visit.dossiers]

    pdf = await print_slips(
        shop.house, await shop.desk(), shop.person(Role.RECEPTION), ids, origin=SITE, form="F01"
    )

    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == 3
    assert all(one.code in page for one, page in zip(visit.dossiers, pages, strict=True))


async def test_a_receipt_tells_what_was_received_and_promised(shop: Shop) -> None:
    now = shop.clock.now
    received = await shop.received(single())

    data = await told(shop, received.id)

    assert data["person"]["name"] == AN["name"]
    assert data["person"]["id_number"] == AN["id_number"]
    assert data["request"].endswith("(1.004873)")
    assert data["limit"] == "3 ngày làm việc"
    assert day(data["received"]) == shown(now)
    assert day(data["due"]) == shown(received.due_at)
    assert data["number"] == f"{received.code[-4:]}/TTPVHCC"
    assert data["officer"] == "Cán bộ reception"
    assert data["principal"] is None
    assert data["items"]
    assert data["above"] == "UBND Phường Một"
    assert data["place"] == "Một"


async def test_the_qr_code_holds_address_code_and_token_only(shop: Shop) -> None:
    received = await shop.received(single())

    data = await told(shop, received.id)

    assert data["qr"] == qr(f"{SITE}/t/phuong-mot/q/{received.code}/{received.secret}")
    assert data["digits"] == received.code.replace("-", "")
    assert data["digits"].isdigit()
    assert data["barcode"] == barcode(data["digits"])


async def test_only_the_reception_hands_out_the_token(shop: Shop) -> None:
    received = await shop.received(single())

    data = await told(shop, received.id, role=Role.FIELD)

    assert data["secret"] == ""
    assert data["qr"] == qr(f"{SITE}/t/phuong-mot/tra-cuu?ma={received.code}")


async def test_who_submitted_online_knows_the_token_and_the_slip_does_not_tell_it(
    shop: Shop,
) -> None:
    sent = await submit(shop.house, await shop.desk(), single())
    shop.clock.tick()
    visit = await accept(shop.house, await shop.desk(), shop.person(Role.RECEPTION), sent.id)

    data = await told(shop, sent.id)

    assert data["secret"] == visit.dossiers[0].secret == ""
    assert sent.secret not in str(data)


async def test_a_second_print_says_so_and_each_is_logged(shop: Shop) -> None:
    received = await shop.received(single())

    first = await told(shop, received.id)
    same = await told(shop, received.id, size="a4")
    again = await anew(shop, received.id)

    assert [each["again"] for each in (first, same, again)] == [False, False, True]
    assert (first["size"], same["size"]) == ("a5", "a4")
    log = await shop.rows(
        "select what from read_log where tenant_id = $1 and dossier_id = $2", received.id
    )
    assert [each["what"] for each in log] == ["slip F01 1"] * 3


async def test_who_files_for_another_signs_and_the_principal_is_named(shop: Shop) -> None:
    filing = Filing(
        result_way="post",
        result_address="Thôn Đông",
        filed_by={"name": "Trần Văn Ủy", "id_number": "027150004321", "phone": "0987654321"},
        authority="Giấy ủy quyền 15/2026",
    )
    received = await shop.received(single(filing=filing))

    data = await told(shop, received.id)

    assert data["person"]["name"] == "Trần Văn Ủy"
    assert data["principal"]["name"] == AN["name"]
    assert data["authority"] == "Giấy ủy quyền 15/2026"
    assert data["way"] == "Qua bưu điện, Thôn Đông"


async def test_a_due_time_on_a_provisional_row_says_so(shop: Shop) -> None:
    shop.clock.now = dt.datetime(2028, 1, 24, 9, 0, tzinfo=VN)  # the Monday of Tết's week
    received = await shop.received(single())
    shop.next_day()

    data = await told(shop, received.id)

    assert data["provisional"] is True


async def test_a_supplement_request_lists_what_is_missing_and_by_when(shop: Shop) -> None:
    until = shop.clock.now + dt.timedelta(days=5)
    turned = await away(
        shop,
        "T04",
        reason="Còn thiếu",
        data={"items": ["Bản chính", "Giấy ủy quyền"], "until": until.isoformat()},
    )

    (slip,) = await slips(shop, turned.id)

    assert slip.template == "slips/f02.typ"
    assert slip.data["items"] == ["Bản chính", "Giấy ủy quyền"]
    assert slip.data["reason"] == "Còn thiếu"
    assert day(slip.data["until"]) == shown(until)
    assert slip.data["code"] == turned.temporary_code
    assert slip.data["barcode"] == "", "a temporary code is no code of the scanner's"
    assert slip.data["qr"] == qr(f"{SITE}/t/phuong-mot/q/{turned.temporary_code}/{turned.secret}")


async def test_a_refusal_names_reason_and_the_right_agency(shop: Shop) -> None:
    turned = await away(
        shop, "T07", reason="Không thuộc thẩm quyền", data={"right_agency": "UBND xã Hai"}
    )

    (slip,) = await slips(shop, turned.id)

    assert slip.template == "slips/f03.typ"
    assert slip.data["reason"] == "Không thuộc thẩm quyền"
    assert slip.data["agency"] == "UBND xã Hai"
    assert slip.data["person"]["id_number"] == AN["id_number"]


async def test_an_apology_keeps_the_first_promise_and_gives_the_new_date(shop: Shop) -> None:
    received = await shop.received(single())
    await shop.take(received, "T08")
    assert received.due_at is not None
    new = received.due_at + dt.timedelta(days=7)
    row = await shop.take(
        received, "T21", version=2, reason="Chờ xác minh", new_due=new.isoformat()
    )

    (slip,) = await slips(shop, received.id)
    first = await told(shop, received.id, form="F01")

    assert slip.template == "slips/f04.typ"
    assert day(slip.data["promised"]) == shown(received.due_at)
    assert day(slip.data["due"]) == shown(new) == shown(row.due_at)
    assert slip.data["reason"] == "Chờ xác minh"
    assert day(first["due"]) == shown(received.due_at), "a receipt stays what it was"


async def test_a_supplement_that_is_complete_brings_a_new_receipt(shop: Shop) -> None:
    received = await shop.received(single())
    await shop.take(received, "T08")
    await shop.take(received, "T09", version=2, reason="Còn thiếu", items=["Bản chính"])
    asked = await told(shop, received.id)
    shop.next_day()
    row = await shop.take(received, "T10", version=3, items=["Bản chính"])

    (slip,) = await slips(shop, received.id)

    assert asked["items"] == ["Bản chính"]
    assert asked["officer"] == "Cán bộ field"
    assert asked["code"] == received.code
    assert slip.template == "slips/f01.typ"
    assert day(slip.data["received"]) == shown(row.last_at)
    assert day(slip.data["due"]) == shown(row.due_at)
    assert row.due_at != received.due_at


async def test_the_set_of_forms_is_that_of_the_day_of_issue(shop: Shop) -> None:
    received = await shop.received(single())
    began = {"forms_begin": {"2025": str(shop.clock.now.date() + dt.timedelta(days=1))}}
    sql = "update tenant set settings = settings || $1::text::jsonb where slug = 'phuong-mot'"
    await shop.configure("phuong-mot", sql, msgspec.json.encode(began).decode())
    before = await told(shop, received.id)
    await shop.take(received, "T08")
    shop.next_day()
    assert received.due_at is not None
    new = (received.due_at + dt.timedelta(days=7)).isoformat()
    await shop.take(received, "T21", version=2, reason="Chờ xác minh", new_due=new)

    after = await told(shop, received.id)

    undo = "update tenant set settings = settings - 'forms_begin' where slug = 'phuong-mot'"
    await shop.configure("phuong-mot", undo)
    assert before["number"].endswith("/BPTNTKQ")
    assert before["desk"] == "Bộ phận Tiếp nhận và Trả kết quả"
    assert after["title"] == "Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết"


async def test_printing_changes_nothing_that_is_verified(shop: Shop) -> None:
    received = await shop.received(single())
    await told(shop, received.id)

    faults = (await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])).faults

    assert [each for each in faults if each.kind != "anchor"] == []


@pytest.mark.parametrize("form", ["F02", "F05", "x"])
async def test_what_was_not_issued_is_not_printed(shop: Shop, form: str) -> None:
    received = await shop.received(single())

    with pytest.raises(NoSlipError):
        await slips(shop, received.id, form=form)


async def test_others_dossiers_are_not_there(shop: Shop) -> None:
    theirs = await shop.received(single(), slug="xa-hai")

    for each in (theirs.id, uuid4()):
        with pytest.raises(UnknownDossierError):
            await slips(shop, each)


async def test_an_administrator_prints_none(shop: Shop) -> None:
    received = await shop.received(single())

    with pytest.raises(RoleNotAllowedError):
        await slips(shop, received.id, role=Role.ADMIN)


async def test_a_reprint_takes_the_place_of_the_copy_before(shop: Shop) -> None:
    received = await shop.received(single())
    desk = await shop.desk()

    first = await told(shop, received.id)
    async with work(shop.house.engine, desk.id) as reading:
        assert await replaced_at(reading, received.id, "") is None
    with pytest.raises(RoleNotAllowedError):
        await replace_copies(shop.house, desk, shop.person(Role.FIELD), [received.id])
    again = await anew(shop, received.id)

    address = f"{SITE}/t/phuong-mot/q/{received.code}/{received.secret}"
    assert (first["copy"], again["copy"]) == (1, 2)
    assert again["qr"] == qr(f"{address}?ban=1-2")
    async with work(shop.house.engine, desk.id) as reading:
        assert await replaced_at(reading, received.id, "") is not None
        assert await replaced_at(reading, received.id, NO_COPY) is None
        assert await replaced_at(reading, received.id, "1-2") is None


async def test_supplements_are_numbered_by_the_desk_and_apologies_by_the_clerk(shop: Shop) -> None:
    row = await shop.walk(await shop.received(single()), "T08")
    row = await shop.take(row, "T09", reason="Thiếu", items=["Tờ khai"])

    first, again = await told(shop, row.id), await anew(shop, row.id)
    row = await shop.take(row, "T10")
    later = (shop.clock.now + dt.timedelta(days=9)).isoformat()
    row = await shop.take(row, "T21", new_due=later, reason="Cần xác minh")

    assert first["number"] == again["number"]
    assert first["number"].partition("/")[0].isdigit()
    assert (await told(shop, row.id, form="F04"))["number"].startswith("……")
