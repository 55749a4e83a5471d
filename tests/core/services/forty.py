"""Forty hand-made histories of March 2018 and the form II.06a worked out by hand.

March 2018 begins on a Thursday and ends on a Saturday; it has no holiday.
Limits: 2.000815 and 1.001193 same day (15:00), 2.001035 two working days,
1.004873 three, 1.001776 twenty-two calendar days, 1.001699 thirty;
2.002516 has no known limit.
"""

import datetime as dt
from typing import Any, NamedTuple

from motcua.domain.calendar import VN
from motcua.domain.report import Group, Period
from motcua.services.histories import Channel, History, HistoryEvent

UNIT = "vo-cuong-2018"
MARCH = Period(dt.date(2018, 3, 1), dt.date(2018, 3, 31))

_DATA: dict[str, dict[str, Any]] = {
    "T04": {"items": ["Tờ khai"]},
    "T09": {"items": ["Tờ khai"]},
    "T12": {"amount": 50_000, "ground": "Thông tư 226/2016/TT-BTC"},
    "T20": {"received_by": "Nguyễn Văn An", "way": "counter"},
    "T24": {"ground": "Luật Hộ tịch, Điều 5"},
    "T26": {"second_person": "Trần Thị Bình"},
}
_REASONED = {"T04", "T07", "T09", "T11", "T17", "T21", "T22", "T23", "T24", "T26"}
_ANSWERS: dict[str, dict[str, Any]] = {
    "2.000815": {
        "document_type": "giấy khai sinh",
        "document_title": "Giấy khai sinh",
        "page_count": 1,
        "copy_count": 2,
    },
    "2.001035": {
        "transaction_type": "tặng cho",
        "parties_a": [{"name": "Lê Văn Cường"}],
        "parties_b": [{"name": "Lê Thị Dung"}],
        "asset_type": "động sản",
        "draft": "du-thao.pdf",
        "copy_count": 3,
    },
    "1.004873": {
        "relationship": "bản thân",
        "subject": {"name": "Nguyễn Văn An"},
        "residence_periods": "Từ nhỏ đến nay",
        "marital_status": "chưa đăng ký kết hôn với ai",
        "purpose": "mục đích khác",
    },
    "1.001193": {
        "relationship": "cha",
        "child_full_name": "NGUYỄN VĂN BÌNH",
        "child_birth_date": "2018-02-20",
        "child_sex": "Nam",
        "child_ethnicity": "Kinh",
        "child_nationality": "Việt Nam",
        "place_of_birth": "Bệnh viện",
        "home_origin": "Bắc Ninh",
        "birth_evidence": "giay-chung-sinh.pdf",
    },
    "1.001776": {
        "subject": {"name": "Nguyễn Thị Hoa"},
        "request_kind": "hưởng mới",
        "subject_group": "người cao tuổi",
        "payment_method": "tiền mặt qua bưu điện",
    },
    "1.001699": {
        "subject": {"name": "Nguyễn Thị Hoa"},
        "request_kind": "xác định lần đầu",
        "disability_types": "vận động",
        "difficulties": "Đi lại khó khăn",
    },
    "2.002516": {
        "event_kind": "khai sinh",
        "registered_at": "Xã Hai, 1990",
        "content": "Ngày sinh",
        "purpose": "Hồ sơ hưu trí",
        "copies": 1,
        "evidence": "giay-khai-sinh.pdf",
    },
}


class Case(NamedTuple):
    """One history in short, with the group worked out by hand and why."""

    procedure: str
    channel: Channel
    steps: str
    """``T02 03-05 09:00, T19 03-06 10:00``: what is left out on the way is filled in."""
    group: Group
    why: str
    data: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - never changed


EARLY, ON_TIME, LATE = Group.EARLY, Group.ON_TIME, Group.LATE
IN_TIME, BEHIND, OUT = Group.RUNNING_IN_TIME, Group.RUNNING_LATE, Group.OUTSIDE
COPY, DEED, STATUS, BIRTH = "2.000815", "2.001035", "1.004873", "1.001193"
_NO_LIMIT = {"no_limit": {"until": "2018-04-10T17:00:00+07:00", "ground": "Chưa công bố thời hạn"}}
_LATER = {"new_due": "2018-03-09T17:00:00+07:00"}
_AGREED = {"until": "2018-03-09T17:00:00+07:00", "ground": "Thỏa thuận", "paper": "Biên bản"}

CASES: tuple[Case, ...] = (
    # certification (chung-thuc): 22 counted
    Case(COPY, "counter", "T02 03-05 09:00, T20 03-05 09:30", ON_TIME, "same day"),
    Case(COPY, "counter", "T02 03-05 15:30, T20 03-05 16:30", EARLY, "after 15:00: due 6/3"),
    Case(COPY, "counter", "T02 03-05 15:00, T20 03-05 16:00", ON_TIME, "15:00 is not after 15:00"),
    Case(COPY, "counter", "T02 03-05 10:00, T20 03-06 09:00", LATE, "a day after"),
    Case(COPY, "counter", "T02 03-02 15:30, T20 03-05 10:00", ON_TIME, "over the weekend"),
    Case(COPY, "counter", "T02 02-28 15:30, T20 03-01 09:00", ON_TIME, "carried over, due 1/3"),
    Case(COPY, "counter", "T02 02-28 10:00, T19 02-28 11:00, T20 03-01 10:00", OUT, "ready before"),
    Case(COPY, "counter", "T02 03-30 16:00, T20 04-02 09:00", IN_TIME, "due 2/4"),
    Case(COPY, "counter", "T02 03-30 10:00, T20 04-02 09:00", BEHIND, "due 30/3"),
    Case(COPY, "counter", "T02 04-02 09:00, T20 04-02 10:00", OUT, "received after the period"),
    Case(DEED, "counter", "T02 03-05 09:00, T20 03-07 16:00", ON_TIME, "due 7/3"),
    Case(DEED, "counter", "T02 03-05 09:00, T20 03-06 16:00", EARLY, "due 7/3"),
    Case(DEED, "counter", "T02 03-05 09:00, T20 03-08 08:00", LATE, "due 7/3"),
    Case(
        DEED,
        "counter",
        "T02 03-05 09:00, T09 03-06 10:00, T10 03-12 10:00, T20 03-14 09:00",
        ON_TIME,
        "restarted: due 14/3",
    ),
    Case(
        DEED,
        "counter",
        "T02 03-05 09:00, T09 03-08 10:00, T10 03-12 10:00, T20 03-13 09:00",
        LATE,
        "asked after 7/3: lateness latches (13.8)",
    ),
    Case(
        DEED,
        "counter",
        "T02 03-28 09:00, T09 03-29 10:00, T10 04-05 10:00, T20 04-05 15:00",
        IN_TIME,
        "waiting for the supplement at the end (4.7)",
    ),
    Case(
        DEED,
        "counter",
        "T02 03-26 09:00, T09 03-29 10:00, T10 04-05 10:00, T20 04-05 15:00",
        BEHIND,
        "asked after 28/3: waiting does not undo it (13.8)",
    ),
    Case(
        DEED,
        "counter",
        "T02 03-05 09:00, T21 03-06 10:00, T20 03-09 10:00",
        LATE,
        "kept the second date, not the first (4.6)",
        {"T21": _LATER},
    ),
    Case(
        DEED,
        "counter",
        "T02 03-05 09:00, T21 03-06 10:00, T20 03-07 10:00",
        ON_TIME,
        "kept the first date all the same",
        {"T21": _LATER},
    ),
    Case(DEED, "counter", "T02 03-05 09:00, T22 03-09 09:00", ON_TIME, "withdrawn (4.7)"),
    Case(DEED, "counter", "T02 03-05 09:00, T26 03-05 09:30", OUT, "entered by mistake (13.16)"),
    Case(DEED, "counter", "T02 02-27 09:00, T20 03-02 09:00", LATE, "carried over, due 1/3"),
    Case(DEED, "counter", "T02 03-29 09:00, T22 04-03 09:00", IN_TIME, "withdrawn only in April"),
    Case(DEED, "counter", "T02 03-27 09:00, T12 03-28 09:00", IN_TIME, "waits for payment (4.7)"),
    Case(
        DEED,
        "counter",
        "T02 03-05 09:00, T28 03-06 10:00, T20 03-09 10:00",
        ON_TIME,
        "agreed in writing: due 9/3 (4.4)",
        {"T28": _AGREED},
    ),
    # civil status (ho-tich): 10 counted
    Case(STATUS, "online", "T01 03-01 20:00, T03 03-02 09:00, T20 03-06 09:00", EARLY, "due 7/3"),
    Case(STATUS, "online", "T01 03-01 20:00, T03 03-02 09:00, T20 03-07 09:00", ON_TIME, "due 7/3"),
    Case(STATUS, "online", "T01 03-29 20:00", OUT, "not received"),
    Case(STATUS, "online", "T01 03-28 20:00, T04 03-29 09:00", OUT, "not received"),
    Case(STATUS, "online", "T01 03-01 20:00, T07 03-02 09:00", OUT, "refused"),
    Case(STATUS, "post", "T02 03-12 09:00, T20 03-16 09:00", LATE, "due 15/3"),
    Case(
        STATUS,
        "counter",
        "T02 02-26 09:00, T09 02-27 10:00, T10 03-05 09:00, T20 03-07 09:00",
        EARLY,
        "carried over; restarted: due 8/3",
    ),
    Case(BIRTH, "counter", "T02 03-06 09:00, T20 03-06 10:00", ON_TIME, "same day"),
    Case(BIRTH, "online", "T01 02-28 21:00, T03 03-01 08:00, T20 03-01 10:00", ON_TIME, "same day"),
    Case(
        "2.002516",
        "counter",
        "T02 03-05 09:00, T20 03-12 09:00",
        Group.NO_LIMIT,
        "no limit is set: outside early, on time, late (15.1)",
        {"T02": _NO_LIMIT},
    ),
    Case(
        "2.002516",
        "counter",
        "T02 03-26 09:00, T08 03-26 10:00",
        Group.RUNNING_NO_LIMIT,
        "no limit is set (15.1)",
        {"T02": _NO_LIMIT},
    ),
    Case(STATUS, "counter", "T02 03-05 09:00, T24 03-07 09:00, T20 03-08 09:00", ON_TIME, "a no"),
    Case(
        STATUS,
        "counter",
        "T02 03-05 09:00, T09 03-06 09:00, T11 03-27 09:00",
        ON_TIME,
        "stopped: processed from the day it was stopped (4.7)",
    ),
    # social protection (bao-tro-xa-hoi): 2 counted
    Case("1.001776", "counter", "T02 03-01 09:00, T20 03-23 09:00", ON_TIME, "due 23/3"),
    Case("1.001699", "counter", "T02 02-01 09:00, T20 04-10 09:00", BEHIND, "due Sat 3/3 → 5/3"),
)

# fmt: off
BY_HAND: dict[str, tuple[int, ...]] = {
    # field             c3  c4  c5  c6   c7  c8  c9 c10  c11 c12 c13   no limit: done, running
    "bao-tro-xa-hoi": ( 2,  0,  1,  1,   1,  0,  1,  0,   1,  0,  1,   0, 0),
    "chung-thuc":     (22,  0, 20,  2,  16,  2,  9,  5,   6,  4,  2,   0, 0),
    "ho-tich":        (10,  3,  6,  1,   9,  2,  5,  1,   1,  0,  0,   1, 1),
    "":               (34,  3, 27,  4,  26,  4, 15,  6,   8,  4,  3,   1, 1),
}
# fmt: on

_ROADS = {
    ("T02", "T09"): ("T08",),
    ("T02", "T12"): ("T08",),
    ("T02", "T19"): ("T08", "T16", "T18"),
    ("T02", "T20"): ("T08", "T16", "T18", "T19"),
    ("T02", "T24"): ("T08",),
    ("T03", "T20"): ("T08", "T16", "T18", "T19"),
    ("T10", "T20"): ("T16", "T18", "T19"),
    ("T21", "T20"): ("T08", "T16", "T18", "T19"),
    ("T24", "T20"): ("T18", "T19"),
    ("T28", "T20"): ("T08", "T16", "T18", "T19"),
}
"""What lies between two steps of a case; all of it happens at the second one's moment."""


def _event(step: str, at: dt.datetime, case: Case) -> HistoryEvent:
    return HistoryEvent(
        transition=step,
        at=at,
        by="Phạm Thị Lan",
        data=case.data.get(step, _DATA.get(step, {})),
        reason="Có lý do" if step in _REASONED else "",
    )


def history(number: int, case: Case, unit: str = UNIT) -> History:
    """*case* as a line of an import file."""
    events: list[HistoryEvent] = []
    before = ""
    for written in case.steps.split(", "):
        name, day, time = written.split(" ")
        at = dt.datetime.fromisoformat(f"2018-{day}T{time}").replace(tzinfo=VN)
        steps = (*_ROADS.get((before, name), ()), name)
        events += [_event(step, at, case) for step in steps]
        before = name
    return History(
        tenant=unit,
        external_id=f"forty-{number:02}",
        procedure=case.procedure,
        channel=case.channel,
        applicant={"name": "Nguyễn Văn An", "id_number": "027090123456"},
        answers=_ANSWERS.get(case.procedure, {}),
        events=events,
    )


def histories(unit: str = UNIT) -> list[History]:
    """All forty, numbered from 1."""
    return [history(number, case, unit) for number, case in enumerate(CASES, start=1)]
