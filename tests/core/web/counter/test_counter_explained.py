"""What a dossier's page says of answers and acts, in words."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from core.web.counter.test_counter_typed import FORM, MEANT
from motcua.domain.calendar import VN
from motcua.domain.dossier import State
from motcua.registry.loading import load_registry
from motcua.services.views import EventView, StageView, WaitView
from motcua.web.counter.explained import (
    answers,
    entry,
    flow,
    person,
    stages,
    waits,
    warnings,
)

AT = dt.datetime(2026, 12, 1, 9, 0, tzinfo=VN)


def event(transition: str, *, role: str = "field", reason: str = "", **data: Any) -> EventView:
    """An act of *role* with what it told."""
    return EventView(
        seq=1,
        transition=transition,
        at=AT,
        actor="Lê Thu Lan",
        role=role,
        from_state=None,
        to_state="appraising",
        reason=reason,
        data=data,
        hash="",
    )


def test_every_kind_of_answer_has_words() -> None:
    told = dict(
        answers(
            FORM, MEANT | {"price": 2000, "place": {"line": "Khu 5", "commune": "1"}}, whole=True
        )
    )

    assert told == {
        "Tên": "Sổ",
        "Trang": "1204",
        "Giá": "2.000\xa0đ",
        "Gấp": "Có",
        "Đồng ý": "Không",
        "Từ ngày": "03/09/1994",
        "Nơi": "Khu 5",
        "Cách": "bưu chính",
        "Giấy tờ": "Giấy tờ",
        "Giấy kèm": "Giấy A; Giấy B",
        "Mẹ": "Bà Mẹ, 1947",
        "Người thừa kế": "Ông Một, 01/02/1960",
        "Đồ vật": "Tên: Bàn, Số: hai; Số: 3",
    }


def test_a_stored_file_is_called_by_its_name() -> None:
    assert answers(FORM[8:9], {"proof": {"name": "a.pdf", "id": "1"}}, whole=True) == [
        ("Giấy tờ", "a.pdf")
    ]


def test_numbers_of_a_person_are_masked_unless_asked_for() -> None:
    given = {"name": "Bà Một", "id_number": "027190001234", "phone": "0912000123"}

    hidden, shown = dict(person(given, whole=False)), dict(person(given, whole=True))

    assert (hidden["Số định danh"], hidden["Điện thoại"]) == ("0271******34", "0912****23")
    assert shown["Số định danh"] == "027190001234"


def test_numbers_are_masked_in_answers_and_acts_as_well() -> None:
    other = {"name": "Đỗ Đại", "id_number": "027088602464"}
    given = {"mother": other, "things": [{"name": "của 027088602464"}], "title": "2027088602464"}
    act = event("T20", received_by="Đỗ Đại", receiver_id="027088602464")

    hidden, shown = (
        [
            *dict(answers(FORM, given, whole=whole)).values(),
            *dict(entry(act, whole=whole).told).values(),
        ]
        for whole in (False, True)
    )

    assert hidden[:3] == ["2027088602464", "Đỗ Đại, 0270******64", "Tên: của 0270******64"]
    assert hidden[-1] == "0270******64"
    assert [each.count("027088602464") for each in shown] == [1, 1, 1, 0, 1]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (event("T12", amount=50000, ground="Luật"), "Số tiền (đồng): 50.000\xa0đ; Căn cứ: Luật"),
        (event("T18", signer={"full_name": "Hoàng Minh Quân"}), "Người ký: Hoàng Minh Quân"),
        (
            event("T20", received_by="Bà Một", way="post"),
            "Người nhận kết quả: Bà Một; Cách nhận: Bưu chính",
        ),
        (
            event("T21", reason="Bận", new_due="2026-12-04T17:00:00+07:00"),
            "Lý do: Bận; Ngày giờ hẹn lại: 04/12/2026 17:00",
        ),
        (event("T28", until="hôm nào", ground="x"), "Kéo dài đến: hôm nào; Căn cứ: x"),
        (event("T19", register=["01/2026 SCT/BS"]), "Số vào sổ: 01/2026 SCT/BS"),
        (event("T18", issued=["01/2026 SCT/BS"]), "Số đã ký: 01/2026 SCT/BS"),
        (
            event("T22", reason="Xin rút", void=["01/2026 SCT/BS"]),
            "Lý do: Xin rút; Số hủy: 01/2026 SCT/BS",
        ),
        (
            event("T08", entered={"at": "2026-12-03T16:30:00+07:00", "by": "Lê Thị Bình"}),
            "Nhập sau từ giấy: 03/12/2026 16:30 · Lê Thị Bình",
        ),
    ],
)
def test_an_act_tells_what_was_said(act: EventView, told: str) -> None:
    assert "; ".join(f"{label}: {words}" for label, words in entry(act, whole=True).told) == told


def test_a_citizen_stays_unnamed_and_an_officer_does_not() -> None:
    assert entry(event("T01", role="citizen"), whole=True).who == "Người nộp"
    assert entry(event("T16"), whole=True).who == "Lê Thu Lan · Công chức chuyên môn"


def test_doubts_of_the_reception_are_told_in_the_plugins_words() -> None:
    load_registry()  # brings the plugins' texts along
    doubt = {"code": "certification.legalisation", "field": "foreign_issued"}

    assert "hợp pháp hóa" in warnings([event("T02", warnings=[doubt])])[0]


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        (State.SUBMITTED, "now todo todo todo todo"),
        (State.AWAITING_PAYMENT, "done now todo todo todo"),
        (State.RESULT_READY, "done done done done now"),
        (State.RETURNED, "done done done done done"),
        (State.STOPPED, "todo todo todo todo todo"),
    ],
)
def test_the_line_of_steps_shows_where_a_dossier_stands(state: State, steps: str) -> None:
    assert " ".join(step.status for step in flow(state)) == steps


def test_a_stage_says_where_it_stands() -> None:
    """Rules 15.1: each stage has its own clock; which one, until when, which is late."""
    todo = StageView(stage="pay", label="Chi trả", counted_from="ngày nộp lại giấy", limit=None)
    begun = msgspec.structs.replace(todo, started_at=AT)
    due = msgspec.structs.replace(begun, due=AT + dt.timedelta(days=2))
    done = msgspec.structs.replace(due, ended_at=AT + dt.timedelta(days=3), late=True)

    told = stages([todo, begun, due, done])

    assert {label for label, _ in told} == {"Chi trả"}
    assert [words for _, words in told] == [
        "chưa bắt đầu – tính từ ngày nộp lại giấy",
        "đang làm, không có hạn",
        "đang làm, hạn 03/12/2026 09:00",
        "xong 04/12/2026 09:00 – quá hạn",
    ]


def test_a_wait_says_until_when_and_what_follows() -> None:
    """Rules 13.9: it ends at the answer, or at its limit with its consequence."""
    wait = WaitView(
        started_at=AT,
        until=AT + dt.timedelta(days=20),
        ended_at=None,
        answered=False,
        consequence="tiếp tục giải quyết",
    )
    over = msgspec.structs.replace(wait, ended_at=wait.until)
    silent = msgspec.structs.replace(over, consequence="")
    answered = msgspec.structs.replace(over, answered=True)

    assert waits([wait, over, silent, answered]) == [
        "từ 01/12/2026 09:00, chậm nhất 21/12/2026 09:00: tiếp tục giải quyết",
        "không có trả lời đến 21/12/2026 09:00: tiếp tục giải quyết",
        "không có trả lời đến 21/12/2026 09:00",
        "đã có trả lời 21/12/2026 09:00",
    ]
