"""Terms and limits a unit settles: in their range, told, refused for the second of two."""

import pytest

from core.console.conftest import PROVINCE_SLUG, Come
from fakes.console import hidden
from fakes.office import SLUG, Office
from motcua.domain.tenant import TenantSettings
from motcua.services.house import desk
from motcua.services.unit import ELSEWHERE

pytestmark = pytest.mark.anyio

HERE = ("contact", "hours", "own_approval", "session_idle_minutes", "queue")
"""Settings of the pages of the unit, its hours and its queue."""


def test_every_setting_has_its_page() -> None:
    assert {*ELSEWHERE, *HERE} == set(TenantSettings.__struct_fields__)


async def test_terms_and_limits_hold_and_are_told(office: Office, come: Come) -> None:
    visitor = await come()
    seen = hidden(await visitor.get("gioi-han"), "thay")
    form = {"supplement_within_days": "5", "draft_days": "14", "receipt_series": "01BLP/2026"}

    kept = await visitor.post("gioi-han", form | {"thay": seen})
    second = await visitor.post("gioi-han", {"draft_days": "7", "thay": seen})

    assert (kept.status_code, second.status_code) == (303, 409)
    settings = (await desk(office.house, SLUG)).settings
    assert (settings["supplement_within_days"], settings["draft_days"]) == (5, 14)
    history = (await visitor.get("nhat-ky")).text
    assert "Số ngày được yêu cầu bổ sung" in history
    assert "01BLP/2026" in history


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"supplement_within_days": "0"}, "từ 1 đến 365"),
        ({"draft_days": "366"}, "từ 1 đến 365"),
        ({"file_megabytes": "nhiều"}, "từ 1 đến 50"),
        ({"receipt_series": "01 BLP"}, "không có khoảng trắng"),
    ],
)
async def test_what_is_out_of_range_is_refused(
    office: Office, come: Come, wrong: dict[str, str], words: str
) -> None:
    before = (await desk(office.house, SLUG)).settings

    answer = await (await come()).post("gioi-han", wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert (await desk(office.house, SLUG)).settings == before


async def test_campaigns_are_typed_one_a_line(office: Office, come: Come) -> None:
    code = next(
        each.definition.code
        for each in office.house.catalogue.current(office.house.today())
        if each.definition.limit.campaign
    )
    visitor = await come()

    wrong = await visitor.post("gioi-han", {f"dot-{code}": "14/12/2026; 01/09/2026; KH 1"})
    kept = await visitor.post("gioi-han", {f"dot-{code}": "01/09/2026; 14/12/2026; KH 1"})

    assert (wrong.status_code, kept.status_code) == (422, 303)
    assert "01/09/2026; 14/12/2026; KH 1" in (await visitor.get("gioi-han")).text
    found = (await desk(office.house, SLUG)).campaign_end(code, office.house.today())
    assert found is not None
    assert (f"{found[0]:%d/%m/%Y}", found[1]) == ("14/12/2026", "KH 1")


async def test_a_province_settles_when_a_set_of_slips_begins(office: Office, come: Come) -> None:
    visitor = await come("admin", PROVINCE_SLUG)

    kept = await visitor.post("gioi-han", {"forms_begin": "01/10/2025"})

    assert kept.status_code == 303
    assert (await desk(office.house, SLUG)).settings["forms_begin"] == {"2025": "2025-10-01"}
    await visitor.post("gioi-han", {})
