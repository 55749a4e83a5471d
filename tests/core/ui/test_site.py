"""Where people get help, at the foot of a unit's pages."""

import datetime as dt

from motcua.ui.site import HelpDesk, help_of

GENERAL = HelpDesk(name="Trung tâm Phục vụ hành chính công")
DAY = dt.date(2026, 11, 23)


def test_a_unit_without_a_contact_says_where_and_when_and_promises_no_telephone() -> None:
    found = help_of({}, GENERAL, "Phường Một, Tỉnh Thử", DAY)

    assert found.phone == ""
    assert found.address == "Bộ phận tiếp nhận hồ sơ của Phường Một, Tỉnh Thử"
    assert found.hours == "Thứ Hai đến thứ Sáu: 07:30–11:30, 13:00–17:00"


def test_what_a_unit_has_settled_stands_there_with_its_opening_hours() -> None:
    found = help_of({"contact": {"phone": "0000 1", "address": "Số 1"}}, GENERAL, "Xã Hai", DAY)

    assert (found.phone, found.address) == ("0000 1", "Số 1")
    assert found.hours.startswith("Thứ Hai")
