"""Each macro: what it writes, read back."""

import datetime as dt
import re
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError

from core.ui.conftest import Render
from fakes.portal import HELP, NOTES, at
from motcua.domain.dossier import State
from motcua.domain.limit import TimeLimit, Unit
from motcua.ui.due import due_tag
from motcua.ui.environment import STATIC, TEMPLATES
from motcua.ui.explain import day_lines
from motcua.ui.site import MenuItem
from motcua.ui.table import Cell

NOW = at(23, 14, 20)


def test_a_field_has_label_hint_error_and_input_in_this_order(render: Render) -> None:
    page = render('{{ ui.field("ma", "Mã", hint="In trên giấy", error="Gõ mã", value="x") }}')

    field = page.one("div", "field--bad")
    assert [each.tag for each in field.all() if each.tag in ("label", "p", "input")] == [
        "label",
        "p",
        "p",
        "input",
    ]
    assert field.one("input")["aria-describedby"] == "ma-err ma-hint"
    assert field.one("input")["aria-invalid"] == "true"
    assert field.one("p", "err").text == "Gõ mã"


def test_a_field_in_order_claims_no_fault(render: Render) -> None:
    page = render('{{ ui.field("ma", "Mã") }}')

    assert "aria-invalid" not in page.one("input").attributes
    assert "aria-describedby" not in page.one("input").attributes
    assert page.one("label")["for"] == page.one("input")["id"]


def test_what_was_typed_never_becomes_markup(render: Render) -> None:
    page = render('{{ ui.field("ma", "Mã", value=typed) }}', typed='"><script>alert(1)</script>')

    assert not page.all("script")
    assert page.one("input")["value"] == '"><script>alert(1)</script>'


def test_the_error_summary_links_to_the_fields_in_the_same_words(render: Render) -> None:
    page = render("{{ ui.error_summary(faults) }}", faults=[("ma", "Gõ mã hồ sơ")])

    box = page.one("div", "errors")
    assert box["role"] == "alert"
    assert box["tabindex"] == "-1"
    assert (box.one("a")["href"], box.one("a").text) == ("#ma", "Gõ mã hồ sơ")
    assert box.one("h2").text == "Còn 1 chỗ cần sửa"


def test_no_summary_without_faults(render: Render) -> None:
    assert not render("{{ ui.error_summary([]) }}").all()


def test_a_choice_marks_what_was_chosen_and_can_be_linked_to(render: Render) -> None:
    page = render(
        '{{ ui.choice("tt", "Tình trạng", options, value="b", error="Chọn một") }}',
        options=[("a", "Chưa"), ("b", "Rồi")],
    )

    first, second = page.all("input")
    assert first["id"] == "tt"
    assert "checked" in second.attributes
    assert "checked" not in first.attributes
    assert page.one("p", "err").text == "Chọn một"


def test_a_select_keeps_the_value(render: Render) -> None:
    page = render(
        '{{ ui.select("b", "Bước", options, value="2", empty="Mọi bước") }}',
        options=[("1", "Một"), ("2", "Hai")],
    )

    assert [each.text for each in page.all("option") if "selected" in each.attributes] == ["Hai"]
    assert page.all("option")[0].text == "Mọi bước"


def test_a_textarea_keeps_its_lines(render: Render) -> None:
    page = render('{{ ui.textarea("ly-do", "Lý do", value="một\nhai", required=true) }}')

    assert page.one("textarea").children == ["một\nhai"]
    assert page.one("textarea")["aria-required"] == "true"


def test_a_button_is_a_link_only_with_an_address(render: Render) -> None:
    page = render(
        '{{ ui.button("Nộp", look="go", key="F9") }}{{ ui.button("Về", href="/", icon="home") }}'
    )

    assert page.one("button").classes == ["btn", "btn--go"]
    assert page.one("button")["type"] == "submit"
    assert page.one("kbd").text == "F9"
    assert page.one("a")["href"] == "/"


def test_a_refused_action_says_why_and_keeps_its_place(render: Render) -> None:
    page = render('{{ ui.refused("Hẹn lại", "Chỉ lãnh đạo hẹn lại được.", "hen") }}')

    button = page.one("button")
    assert button["aria-disabled"] == "true"
    assert page.with_id(button["aria-describedby"]).text == "Chỉ lãnh đạo hẹn lại được."


def test_the_leaf_shows_weekday_day_month_and_hour(render: Render) -> None:
    page = render("{{ ui.leaf(due) }}", due=at(25, 17))

    assert page.one("time")["datetime"] == "2026-11-25T17:00+07:00"
    assert page.one("time").text == "Thứ Tư 25 tháng 11, 2026 17:00"


def test_the_leaf_uses_the_vietnamese_day_of_a_utc_moment(render: Render) -> None:
    page = render("{{ ui.leaf(due) }}", due=dt.datetime(2026, 11, 24, 20, tzinfo=dt.UTC))

    assert page.one("time").text == "Thứ Tư 25 tháng 11, 2026 03:00"


@pytest.mark.parametrize(
    ("state", "due", "days", "tone", "words"),
    [
        (State.APPRAISING, at(19, 17), -2, "late", "Quá hạn 2 ngày làm việc"),
        (State.APPRAISING, at(23, 14), 0, "late", "Quá hạn trong hôm nay"),
        (State.APPRAISING, at(23, 17), 0, "today", "Hôm nay 17:00"),
        (State.FOR_APPROVAL, at(25, 17), 1, "soon", "Còn 1 ngày làm việc"),
        (State.RECEIVED, at(26, 17), 2, "ok", "Còn 2 ngày làm việc"),
        (State.SUPPLEMENT_REQUESTED, at(19, 17), -2, "rest", "Tạm dừng: chờ bổ sung"),
        (State.RESULT_READY, at(19, 17), -2, "ok", "Đã có kết quả"),
        (State.RETURNED, at(19, 17), -2, "rest", "Đã trả kết quả"),
        (State.WITHDRAWN, None, 0, "rest", "Đã rút hồ sơ"),
        (State.RECEIVED, None, 0, "rest", "Chưa có hạn trả"),
    ],
)
def test_the_deadline_tag_says_how_urgent_a_dossier_is(
    render: Render, state: State, due: dt.datetime | None, days: int, tone: str, words: str
) -> None:
    page = render("{{ ui.due(tag) }}", tag=due_tag(state, due, days, NOW))

    assert page.one("span", "due").classes == ["due", f"is-{tone}"]
    assert page.one("span", "due").text == words
    assert page.one("use")["href"].startswith("#s-")


def test_each_tone_of_a_running_clock_has_its_own_shape() -> None:
    dues = [(at(19, 17), -2), (at(23, 17), 0), (at(25, 17), 1), (at(26, 17), 2)]

    shapes = [due_tag(State.APPRAISING, due, days, NOW).shape for due, days in dues]

    assert shapes == ["late", "today", "soon", "ok"]


def test_the_days_count_up_to_the_limit_and_name_the_holiday(render: Render) -> None:
    lines = day_lines(NOTES, at(25, 17), NOW, TimeLimit(amount=3, unit=Unit.WORKING_DAY))

    page = render("{{ ui.days(lines) }}", lines=lines)

    days = page.all("li")
    assert [day.one("span", "day__n").text for day in days] == [
        "chưa tính",
        "ngày 1",
        "không tính",
        "không tính",
        "ngày 2",
        "không tính",
        "ngày 3",
    ]
    assert "Nghỉ lễ: Ngày Văn hóa Việt Nam" in days[5].text
    assert "Nghị quyết 28/2026/QH16" in days[5].text
    assert days[6].classes == ["day", "day--due"]
    assert "Hạn trả, trước 17:00" in days[6].text
    assert days[4].classes == ["day", "day--on", "day--now"]


def test_the_row_of_days_speaks_its_words_to_a_screen_reader(render: Render) -> None:
    lines = day_lines(NOTES, at(25, 17), NOW, None)

    page = render("{{ ui.day_row(lines) }}", lines=lines)

    assert page.all("span", "vh")[5].text == "Nghỉ lễ: Ngày Văn hóa Việt Nam"


def test_the_flow_names_the_current_step(render: Render) -> None:
    steps = [
        {"words": "Tiếp nhận", "status": "done"},
        {"words": "Thẩm định", "status": "now"},
        {"words": "Trả", "status": "todo"},
    ]

    page = render('{{ ui.flow(steps, "Các bước") }}', steps=steps)

    (now,) = [each for each in page.all("li") if each.get("aria-current") == "step"]
    assert now.text == "Thẩm định"


def test_a_table_has_a_caption_and_scopes_and_labels_for_cards(render: Render) -> None:
    rows = [(Cell("Võ Cường", href="/t/vo-cuong/"), Cell("2.483", "hồ sơ", css="num"))]

    page = render(
        '{{ ui.table("Hồ sơ", [("Xã", ""), ("Nhận", "num")], rows, foot=rows[0]) }}', rows=rows
    )

    assert page.one("caption").text == "Hồ sơ"
    assert {each["scope"] for each in page.one("thead").all("th")} == {"col"}
    assert page.one("tbody").one("th")["scope"] == "row"
    assert page.one("tbody").one("td")["data-l"] == "hồ sơ"
    assert page.one("tfoot").one("td").text == "2.483"


def test_the_banner_of_test_data_stands_first_in_every_head(render: Render) -> None:
    portal = render('{{ ui.masthead("Phường Mẫu", "/", []) }}').one("header")
    counter = render('{{ ui.counter_bar("Phường Mẫu", "/", "/", "Lan", []) }}').one("header")

    for head in (portal, counter):
        assert head.all()[0].classes == ["demo"]
        assert head.one("p", "demo").text == "DỮ LIỆU THỬ – không có giá trị pháp lý"


def test_a_menu_works_without_scripts(render: Render) -> None:
    items = [MenuItem("Trang chủ", "/", current=True), MenuItem("Tra cứu", "/tra-cuu")]

    page = render('{{ ui.menu("Menu", items) }}', items=items)

    assert page.one("details").one("summary").text == "Menu"
    assert [each.get("aria-current") for each in page.all("a")] == ["page", ""]


def test_help_names_phone_hours_and_place(render: Render) -> None:
    page = render("{{ ui.help_footer(help) }}", help=HELP)

    foot = page.one("footer")
    assert foot["id"] == "help"
    assert foot.one("a", "tel")["href"] == "tel:19000000"
    assert "07:30–11:30" in foot.text


def test_the_rail_marks_the_present_place_and_shows_counts(render: Render) -> None:
    items = [
        {"label": "Tiếp nhận", "href": "/a", "icon": "in", "key": "F2", "count": None,
         "current": True},
        {"label": "Việc", "href": "/b", "icon": "list", "key": "", "count": 1200,
         "current": False},
    ]  # fmt: skip

    page = render("{{ ui.rail(items) }}", items=items)

    assert page.all("a")[0]["aria-current"] == "page"
    assert page.one("span", "count").text == "1.200"


def test_blocks_say_what_they_are_given(render: Render) -> None:
    page = render(
        """
        {% call ui.notice("soon", "cal") %}<p>Mai nghỉ lễ</p>{% endcall %}
        {% call ui.panel("Thao tác", "tt", state="late") %}<p>bên trong</p>{% endcall %}
        {% call ui.more("Căn cứ") %}Luật{% endcall %}
        {{ ui.facts([("Mã lỗi", "7K4-M2Q")]) }}
        {{ ui.kpi([("hồ sơ", "29.494")]) }}
        {{ ui.glance([("Thời hạn", "3 ngày", "")], all=("Nếu nộp", "thứ Sáu", "chú thích")) }}
        {{ ui.tag("Khớp", state="ok", shape="done") }}
        {{ ui.empty("Không có", "Xem việc hôm nay", href="/viec", label="Xem") }}
        {{ ui.rows([{"href": "/x", "title": "Khai sinh", "note": "Trong ngày", "icon": "baby"}]) }}
        {{ ui.back("/", "Trang chủ") }}
        """
    )

    assert page.one("div", "note").classes == ["note", "is-soon"]
    assert page.one("section")["aria-labelledby"] == page.one("section").one("h2")["id"]
    assert page.one("summary").text == "Căn cứ"
    assert page.one("dl", "facts").text == "Mã lỗi 7K4-M2Q"
    assert page.one("dl", "kpi").text == "hồ sơ 29.494"
    assert page.one("div", "all").text == "Nếu nộp thứ Sáu chú thích"
    assert page.one("span", "tag").text == "Khớp"
    assert page.one("div", "empty").one("a")["href"] == "/viec"
    assert page.one("a", "row").text == "Khai sinh Trong ngày"
    assert page.one("a", "back").text == "Trang chủ"


def test_a_toast_is_announced_and_can_be_closed(render: Render) -> None:
    page = render('{{ ui.toast("Đã giao 2 hồ sơ", close_href="/viec") }}')

    assert page.one("div", "toast")["role"] == "status"
    assert page.one("a").text == "Đóng"


def test_tabs_and_actions_keep_their_order(render: Render) -> None:
    tabs = [
        {"label": "Quá hạn", "href": "/1", "count": 2, "current": True, "late": True,
         "over": False},
        {"label": "Đã xong", "href": "/2", "count": 1000, "current": False, "late": False,
         "over": True},
    ]  # fmt: skip
    actions = [
        {"label": "Trình ký", "href": "/t", "look": "go", "icon": "right", "key": "T",
         "refused": ""},
        {"label": "Hẹn lại", "href": "", "look": "", "icon": "", "key": "",
         "refused": "Chỉ lãnh đạo"},
    ]  # fmt: skip

    page = render('{{ ui.tabs(tabs, "Nhóm") }}{{ ui.actions(acts) }}', tabs=tabs, acts=actions)

    late, done = page.one("nav").all("span", "count")
    assert (late.text, late.classes) == ("2", ["count", "is-late"])
    assert (done.text, done.classes) == ("hơn 1.000", ["count"])
    first, second = page.one("ul", "acts").all("li")
    assert first.one("a").text == "Trình ký T"
    assert second.one("p").text == "Chỉ lãnh đạo"


def test_the_sprite_holds_only_what_is_asked_for(render: Render) -> None:
    page = render('{{ ui.sprite(["i-next", "s-late"]) }}')

    assert [each["id"] for each in page.all("symbol")] == ["i-next", "s-late"]
    assert page.one("svg")["aria-hidden"] == "true"


def test_a_page_that_takes_in_fragments_gets_every_symbol(render: Render) -> None:
    names = [each["id"] for each in render("{{ ui.sprite([], all=true) }}").all("symbol")]

    assert len(names) == len(set(names))
    assert {"m-gate", "i-search", "s-late"} <= set(names)


def test_an_unknown_symbol_is_a_fault(env: Environment) -> None:
    with pytest.raises(UndefinedError):
        env.from_string('{{ ui.sprite(["i-unicorn"]) }}').render()


def files(folder: Path, pattern: str) -> list[Path]:
    """All files below *folder*, for the checks over every template."""
    return sorted(folder.rglob(pattern))


def name_of(template: Path) -> str:
    """A template as the others name it; several folders have a layout of their own."""
    return template.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("template", files(TEMPLATES, "*.html"), ids=name_of)
def test_no_template_styles_or_scripts_inline(template: Path) -> None:
    source = template.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|hx-on", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("template", files(TEMPLATES, "*.html"), ids=name_of)
def test_no_template_holds_a_vietnamese_text_of_its_own(template: Path) -> None:
    source = re.sub(r"{#.*?#}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert not re.search(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]", source)


def test_only_the_tokens_name_a_colour() -> None:
    sheets = [
        path for path in files(STATIC / "css", "*.css") if path.stem not in ("tokens", "print")
    ]

    named = {
        path.name: re.findall(r"#(?!0000\b)[0-9a-f]{3,8}\b", path.read_text()) for path in sheets
    }

    assert not any(named.values()), named
