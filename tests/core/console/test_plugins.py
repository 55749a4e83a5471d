"""Plugins in the console: switched, set, retried, with a history and without losing a change."""

import pytest

from core.console.conftest import Come
from fakes.console import hidden
from fakes.office import SLUG, Office
from motcua.console.settings_form import setting_fields
from motcua.plugin.texts import texts
from motcua.registry.dispatch import PluginFault
from motcua.registry.loading import load_registry
from motcua.services.hooks import QUARANTINE_AFTER, record_fault
from motcua.services.house import desk

pytestmark = pytest.mark.anyio

BIRTH = "1.001193"


async def taken(office: Office, code: str) -> bool:
    """Whether the API offers a procedure at this moment."""
    answer = await office.ask("GET", "/procedures")
    return code in {each["code"] for each in answer.json()["procedures"]}


async def test_a_plugin_switched_off_and_on_holds_from_the_next_request(
    office: Office, come: Come
) -> None:
    visitor = await come()

    for act, offered in (("tat", False), ("bat", True)):
        page = await visitor.get("phan-mo-rong")
        seen = hidden(page, "thay", after="phan-mo-rong/civil_status")
        answer = await visitor.post("phan-mo-rong/civil_status", {"lam": act, "thay": seen})

        assert answer.status_code == 303
        assert await taken(office, BIRTH) is offered


async def test_the_second_of_two_administrators_changes_nothing(office: Office, come: Come) -> None:
    first, second = await come(), await come()
    page = await second.get("phan-mo-rong")
    old = hidden(page, "thay", after="phan-mo-rong/civil_status")
    await first.post("phan-mo-rong/civil_status", {"lam": "tat", "thay": old})

    refused = await second.post("phan-mo-rong/civil_status", {"lam": "tat", "thay": old})

    assert refused.status_code == 409
    assert "Người khác vừa thay đổi" in refused.text
    await first.post("phan-mo-rong/civil_status", {"lam": "bat"})
    assert await taken(office, BIRTH)


async def test_settings_are_asked_as_the_plugin_declares_them(office: Office, come: Come) -> None:
    visitor = await come()
    page = await visitor.get("phan-mo-rong/certification")
    seen = hidden(page, "thay")

    refused = await visitor.post(
        "phan-mo-rong/certification/cau-hinh", {"many_pages": "0", "thay": seen}
    )
    kept = await visitor.post(
        "phan-mo-rong/certification/cau-hinh", {"many_pages": "40", "thay": seen}
    )

    assert "Từ bao nhiêu trang" in page.text
    assert refused.status_code == 422
    assert "Giá trị chưa đúng" in refused.text
    assert kept.status_code == 303
    settings = (await desk(office.house, SLUG)).plugins.settings["certification"]
    assert settings["many_pages"] == 40


@pytest.mark.parametrize("typed", ["--5", "5-", "٣٣٣٣٣٣", "9" * 5000, "-1"])
async def test_a_number_mistyped_is_asked_again_with_all_that_was_typed(
    come: Come, typed: str
) -> None:
    sent = {"host": "mail.example.vn", "port": typed, "timeout": typed}

    refused = await (await come()).post("phan-mo-rong/email/cau-hinh", sent)

    assert refused.status_code == 422
    assert refused.text.count("Giá trị chưa đúng") >= 2
    assert 'value="mail.example.vn"' in refused.text


async def test_settings_that_do_not_go_together_say_what_to_change(come: Come) -> None:
    sent = {"host": "mail.example.vn", "security": "none"}

    refused = await (await come()).post("phan-mo-rong/email/cau-hinh", sent)

    assert refused.status_code == 422
    assert 'href="#security"' in refused.text
    assert "phải bảo vệ đường truyền" in refused.text


async def test_the_history_tells_who_changed_what_into_what(come: Come) -> None:
    visitor = await come()
    page = await visitor.get("phan-mo-rong")
    seen = hidden(page, "thay", after="phan-mo-rong/sample")
    await visitor.post("phan-mo-rong/sample", {"lam": "tat", "thay": seen})

    told = (await visitor.get("nhat-ky")).text
    await visitor.post("phan-mo-rong/sample", {"lam": "bat"})

    line = told[told.index("<td") : told.index("</tbody>")]
    assert "Cán bộ admin" in line
    assert "Phân hệ: Phân hệ mẫu" in line
    assert "<del>Đang nhận</del>" in line
    assert "<ins>Chỉ giải quyết nốt</ins>" in line


async def test_a_quarantined_plugin_tells_its_faults_and_is_retried(
    office: Office, come: Come
) -> None:
    where = await desk(office.house, SLUG)
    for _ in range(QUARANTINE_AFTER):
        fault = PluginFault(plugin="sample", hook="fee_lines", detail="ZeroDivisionError")
        await record_fault(office.house, where, fault)
    visitor = await come()

    page = await visitor.get("phan-mo-rong")
    answer = await visitor.post("phan-mo-rong/sample", {"lam": "chay-lai"})

    assert "lỗi ZeroDivisionError ở bước fee_lines" in page.text
    assert answer.status_code == 303
    assert (await desk(office.house, SLUG)).plugins.state("sample") == "offered"


@pytest.mark.parametrize("path", ["phan-mo-rong/khong-co", "phan-mo-rong/khong-co/cau-hinh"])
async def test_a_plugin_that_is_not_there_is_refused(come: Come, path: str) -> None:
    answer = await (await come()).post(path, {"lam": "bat"})

    assert answer.status_code == 404
    assert "Chưa cài phân hệ" in answer.text


async def test_a_form_without_its_token_changes_nothing(office: Office, come: Come) -> None:
    visitor = await come()

    answer = await visitor.send("POST", "phan-mo-rong/sample", data={"lam": "tat"})

    assert answer.status_code == 403
    assert (await desk(office.house, SLUG)).plugins.state("sample") == "offered"


async def test_what_the_page_does_not_do_is_refused(come: Come) -> None:
    assert (await (await come()).post("phan-mo-rong/sample", {"lam": "xoa"})).status_code == 422


def test_every_setting_of_every_plugin_has_a_label() -> None:
    fields = {
        (name, field.label)
        for name, plugin in load_registry().plugins.items()
        for field in setting_fields(name, plugin.manifest.settings, {})
    }
    choices = {
        label
        for name, plugin in load_registry().plugins.items()
        for field in setting_fields(name, plugin.manifest.settings, {})
        for _, label in field.options
    }

    assert ("sample", "Miễn lệ phí") in fields
    told = set(texts("vi").values())
    assert {label for _, label in fields} | choices <= told
