"""The portal in English: chosen by a link, kept for the commune, nothing typed is lost."""

import re

import pytest

from fakes.application import STATUS, apply, begin
from fakes.citizen import Citizen
from fakes.office import OTHER, SLUG, Office
from fakes.officer import Officer
from motcua.plugin.texts import texts

pytestmark = pytest.mark.anyio

KEYS = re.compile(r"\b[a-z]+(?:\.[a-z0-9_-]+)+\b")
FIRST = {key.partition(".")[0] for key in texts("en")}
ENGLISH = "?ngon-ngu=en"


def spoken(citizen: Citizen) -> str:
    return str(citizen.page.one("html")["lang"])


async def test_the_choice_leads_back_to_the_page_and_holds_for_this_commune_only(
    citizen: Citizen, office: Office
) -> None:
    await citizen.open("/?q=sao+y&ngon-ngu=en")
    shown = str(citizen.answer.url)
    (cookie,) = (each for each in citizen.client.cookies.jar if each.name == "motcua_tieng")
    await citizen.open(f"/t/{OTHER}/")
    there = spoken(citizen)
    officer = Officer(office, "reception")
    officer.client.cookies.set("motcua_tieng", "en")
    await officer.open("/dang-nhap")

    assert shown.endswith(f"/t/{SLUG}/?q=sao+y")
    assert cookie.path == f"/t/{SLUG}/"
    assert there == "vi"
    assert officer.page.one("html")["lang"] == "vi"
    await citizen.open("")
    assert spoken(citizen) == "vi", "without the slash it is no page below the cookie's path"
    await citizen.open("/?ngon-ngu=vi")
    assert spoken(citizen) == "vi"


async def test_no_page_shows_a_bare_key_or_loses_its_language(citizen: Citizen) -> None:
    found: dict[str, tuple[str, list[str]]] = {}

    def look() -> None:
        words = KEYS.findall(citizen.page.one("body").text)
        bare = [each for each in words if each.partition(".")[0] in FIRST]
        found[citizen.path] = spoken(citizen), bare

    await citizen.open(f"/{ENGLISH}")
    look()
    for path in ("/tra-cuu", "/ho-so/mo", "/nop", f"/thu-tuc/{STATUS}", "/thu-tuc/2.000815"):
        await citizen.open(path)
        look()
    await citizen.open("/khong-co", 404)
    look()
    assert "Contact" in citizen.page.text
    assert "The reception of Phường Một" in citizen.page.one("footer").text
    await citizen.open("/ho-so", 403)
    look()
    address = await begin(citizen)
    look()
    await citizen.send({}, 422)
    look()
    await citizen.open(f"{address}/luu")
    look()
    await apply(citizen)
    look()
    await citizen.open(citizen.page.all("a", "btn--go")[0]["href"])
    look()

    assert {path: each for path, each in found.items() if each != ("en", [])} == {}
    assert len(found) > 10
    assert "The desk" in citizen.page.text or "dossier" in citizen.page.text


async def test_a_procedure_is_found_and_named_in_english_where_it_has_a_name(
    citizen: Citizen,
) -> None:
    await citizen.open("/?q=birth+registration&ngon-ngu=en")
    titles = [each.text for each in citizen.page.all("a", "row")]
    await citizen.open("/thu-tuc/2.000815")

    assert any(each.startswith("Birth registration") for each in titles)
    assert citizen.heading == "Certification of true copies from originals"
    official = [each for each in citizen.page.all("span") if each.get("lang") == "vi"]
    assert official[0].text.startswith("Chứng thực bản sao từ bản chính giấy tờ")


async def test_changing_the_language_loses_nothing_typed(citizen: Citizen) -> None:
    await begin(citizen)
    button = next(each for each in citizen.page.all("button") if each.get("id") == "doi-tieng")
    typed = {"nguoi.name": "Nguyễn Thị Ánh", "nguoi.phone": "0912000123"}
    form = citizen.form()
    form.attributes["action"] = citizen.path + button["formaction"]

    await citizen.send(typed, press="ngon-ngu")

    assert spoken(citizen) == "en"
    assert {name: citizen.value(name) for name in typed} == typed
    assert citizen.faults == []


@pytest.mark.parametrize("path", ["/tra-cuu", "/ho-so/mo", "/nop"])
async def test_a_small_form_is_not_sent_by_changing_the_language(
    citizen: Citizen, path: str
) -> None:
    await citizen.open(path)
    citizen.form().attributes["action"] = citizen.path + ENGLISH

    await citizen.send({"ma": "khong phai ma"}, press="ngon-ngu")

    assert spoken(citizen) == "en"
    assert citizen.value("ma") == "khong phai ma"
    assert citizen.faults == []
