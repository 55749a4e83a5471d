"""Opening a place to practise in the console, and what its pages say."""

import pytest

from core.console.conftest import Come
from fakes.office import PASSWORD, SLUG, Office
from fakes.officer import Officer

pytestmark = pytest.mark.anyio

PLACE = f"{SLUG}-luyen-tap"


async def test_an_officer_practises_with_the_same_password_under_a_mark_on_every_page(
    office: Office, come: Come
) -> None:
    visitor = await come()

    opened = await visitor.post("luyen-tap", {})
    unsure = await visitor.post("luyen-tap", {})

    assert opened.status_code == 303
    assert unsure.status_code == 409
    assert "xóa hết dữ liệu luyện tập" in unsure.text
    officer = Officer(office, "reception", PLACE)
    officer.name = f"reception.{SLUG}"
    await officer.sign_in(PASSWORD)
    assert "DỮ LIỆU THỬ" in officer.page.text
    assert officer.link(f"/t/{SLUG}/quay/") == f"/t/{SLUG}/quay/"
    real = Officer(office, "reception")
    await real.sign_in()
    assert "DỮ LIỆU THỬ" not in real.page.text
    assert real.link(PLACE) == f"/t/{PLACE}/quay/"
    lost = await office.client.get(f"/t/{PLACE}/khong-co", headers={"accept": "text/html"})
    assert "DỮ LIỆU THỬ" in lost.text
    front = await office.client.get("/", headers={"accept": "text/html"})
    assert PLACE not in front.text
    await officer.client.aclose()
    await real.client.aclose()
