"""The dossier's page: who holds it, notes between officers, taking back what was handed on."""

import pytest

from core.web.counter.conftest import Hire
from fakes.office import Office
from fakes.officer import received

pytestmark = pytest.mark.anyio


async def test_what_was_handed_on_is_taken_back_until_somebody_acts(at_desk: Hire) -> None:
    reception, field = await at_desk("reception"), await at_desk("field")
    dossier = await received(reception)
    await reception.open(dossier)
    await reception.send(form="/buoc/T08")
    assert "Hoàn tác" in reception.page.text
    await reception.send(form="/buoc/T38")
    assert "Đã xong: Rút lại việc chuyển thẩm định." in reception.page.text
    await reception.send(form="/buoc/T08")
    offered = reception.page

    await field.open(dossier)
    await field.send(form="/viec", buoc="nhan")
    assert "Bạn đang giữ hồ sơ này." in field.page.text
    reception.page = offered
    await reception.send(409, form="/buoc/T38")

    assert reception.heading == "Hồ sơ vừa thay đổi"
    await reception.open(dossier)
    assert not any("/buoc/T38" in each.get("action") for each in reception.page.all("form"))


async def test_only_who_handed_it_on_takes_it_back(office: Office, at_desk: Hire) -> None:
    dossier = await office.received()
    taken = (await office.step(dossier, "T08", "reception")).json()

    answer = await office.step(taken, "T39", "field")
    assert answer.status_code == 409
    field = await at_desk("field")
    await field.open(f"/ho-so/{dossier['id']}")

    assert not any("/buoc/T38" in each.get("action") for each in field.page.all("form"))


async def test_officers_leave_notes_that_the_citizen_never_sees(
    office: Office, at_desk: Hire
) -> None:
    dossier = await office.received()
    field = await at_desk("field")
    await field.open(f"/ho-so/{dossier['id']}")
    opened = field.page
    for _ in range(2):  # a double press leaves one note
        field.page = opened
        await field.send(form="/trao-doi", noi_dung="Gọi lại cho bên hộ tịch")
    assert field.page.text.count("Gọi lại cho bên hộ tịch") == 1

    leader = await at_desk("leader")
    await leader.open(f"/ho-so/{dossier['id']}")
    assert "Gọi lại cho bên hộ tịch" in leader.page.text
    asked = {"code": dossier["code"], "secret": dossier["secret"]}
    told = await office.ask("POST", "/lookup", json=asked)

    assert "hộ tịch" not in told.text
    await leader.send(422, form="/trao-doi", noi_dung=" ")
