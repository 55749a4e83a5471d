"""A changed procedure: what it changes and where, before it is published for all."""

import datetime as dt
from importlib.resources import files

import pytest

from core.console.conftest import PROVINCE_SLUG, Come
from fakes.console import hidden
from fakes.office import Office
from motcua.domain.limit import parse_limit
from motcua.services.configure import set_override
from motcua.services.house import desk

pytestmark = pytest.mark.anyio

CODE = "9.999001"
SHIPPED = files("motcua_sample").joinpath("procedures/mau.toml").read_text("utf-8")
FASTER = SHIPPED.replace("limit = { amount = 3,", "limit = { amount = 2,")
LISTING = {"things": [{"what": "Đồ vật"}], "copy_count": 1, "way": "tại quầy"}


def moment(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written)


async def received(office: Office) -> dict[str, str]:
    person = {"name": "Nguyễn Thị Ánh", "id_number": "027190001234"}
    paper = {"procedure": CODE, "applicant": person, "answers": LISTING}
    answer = await office.ask("POST", "/receptions", by="reception", json={"papers": [paper]})
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()["dossiers"][0]
    return found


async def test_a_new_version_is_previewed_and_leaves_running_dossiers(
    office: Office, come: Come
) -> None:
    assert FASTER != SHIPPED
    running = await received(office)
    own = parse_limit("3 wd")
    here = await desk(office.house, "xa-hai")
    await set_override(office.house, here, CODE, offered=True, time_limit=own, basis="QĐ 1")
    visitor = await come("supervisor", PROVINCE_SLUG)

    office.clock.advance(minutes=1)  # of two versions the later one holds
    preview = await visitor.post("phien-ban", {"noi_dung": FASTER, "lam": "xem"})
    form = {"noi_dung": FASTER, "lam": "cong-bo", "thay": hidden(preview, "thay")}
    unseen = await visitor.post("phien-ban", form)
    done = await visitor.post("phien-ban", form | {"da_xem": "1"})

    assert "limit.amount" in preview.text
    assert "Phường Một" in preview.text
    assert "Dài hơn quy định mới" in preview.text
    assert running["code"] not in preview.text
    assert (unseen.status_code, done.status_code) == (422, 303)
    later = await received(office)
    assert moment(later["due_at"]) < moment(running["due_at"])
    again = await office.ask("GET", f"/dossiers/{running['id']}", by="field")
    assert moment(again.json()["due_at"]) == moment(running["due_at"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Chưa nhập"),
        ("không phải toml", ""),
        (SHIPPED.replace('code = "9.999001"', 'code = "9.999777"'), ""),
        (SHIPPED.replace("amount = 3,", "amount = 0,"), ""),
        ("schema = 1\n", ""),
    ],
)
async def test_a_text_with_faults_publishes_nothing(
    office: Office, come: Come, text: str, words: str
) -> None:
    before = office.house.catalogue.by_id.keys()

    answer = await (await come("supervisor", PROVINCE_SLUG)).post(
        "phien-ban", {"noi_dung": text, "lam": "cong-bo", "da_xem": "1"}
    )

    assert answer.status_code == 422, answer.text
    assert words in answer.text
    assert (await desk(office.house, "xa-hai")) is not None
    assert office.house.catalogue.by_id.keys() == before


async def test_what_nobody_previewed_is_not_published(come: Come) -> None:
    form = {"noi_dung": FASTER, "lam": "cong-bo", "da_xem": "1", "thay": "khac"}

    answer = await (await come("supervisor", PROVINCE_SLUG)).post("phien-ban", form)

    assert answer.status_code == 422


async def test_a_commune_has_no_such_page(come: Come) -> None:
    assert (await (await come()).get("phien-ban")).status_code == 403
