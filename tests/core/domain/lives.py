"""Lives of dossiers for the tests: who acts, with what, on a plain calendar."""

import datetime as dt
from typing import Any

import msgspec

from motcua.domain.calendar import VN, Calendar
from motcua.domain.dossier import STAFF_ROLES, Role, transition
from motcua.domain.life import Act, Actor, Life, Opening, Rules, open_dossier, step
from motcua.domain.limit import Unit, parse_limit
from motcua.domain.procedure_limit import (
    Limit,
    LimitVariant,
    Silence,
    Stage,
    VariantClock,
    VariantMode,
)

FIVE_MORE = LimitVariant(
    id="verify", when="phải xác minh", amount=5, unit=Unit.WORKING_DAY, mode=VariantMode.ADDS
)
ASKED_ELSEWHERE = LimitVariant(
    id="asked",
    when="phải hỏi nơi khác",
    amount=2,
    unit=Unit.WORKING_DAY,
    mode=VariantMode.ADDS,
    clock=VariantClock.WAIT,
    consequence="tiếp tục giải quyết",
)
CHECK = Stage(
    id="check", label="Kiểm tra", amount=1, unit=Unit.WORKING_DAY, counted_from="ngày nhận"
)
RULES = Rules(
    calendar=Calendar(),
    limit=Limit(amount=3, unit=Unit.WORKING_DAY),
    variants={"verify": FIVE_MORE},
    waits={"asked": ASKED_ELSEWHERE},
)
SILENT = msgspec.structs.replace(
    RULES,
    limit=Limit(
        amount=3,
        unit=Unit.WORKING_DAY,
        on_silence=Silence(consequence="coi như chấp thuận", legal="Điều 1"),
    ),
)
STAGED = msgspec.structs.replace(
    SILENT, limit=msgspec.structs.replace(SILENT.limit, stages=(CHECK,))
)
THREE_DAYS = Opening(limit=parse_limit("3 wd"))


def at(text: str) -> dt.datetime:
    """``"24 09:30"``: a moment of November 2026, whose 23rd is a Monday."""
    day, _, hour = text.partition(" ")
    time = dt.time.fromisoformat(hour)
    return dt.datetime(2026, 11, int(day), time.hour, time.minute, tzinfo=VN)


START = at("23 08:00")
NEEDED: dict[str, dict[str, Any]] = {
    "T04": {"items": ["Tờ khai có chữ ký"]},
    "T09": {"items": ["Giấy chứng sinh"]},
    "T12": {"amount": 20_000, "ground": "Luật Phí và lệ phí"},
    "T13": {"receipt": "2026-000007"},
    "T14": {"agency": "Công an phường", "question": "Nơi cư trú?"},
    "T15": {"answer": "Đã cư trú"},
    "T20": {"received_by": "Nguyễn Thị An", "way": "counter"},
    "T21": {"new_due": at("30 17:00")},
    "T23": {"ground": "Quyết định của tòa án"},
    "T24": {"ground": "Điều 5"},
    "T26": {"second_person": "truong"},
    "T27": {"basis": "Quyết định 1/QĐ"},
    "T28": {"until": at("30 17:00"), "ground": "Văn bản thỏa thuận"},
    "T29": {"from": at("23 09:00"), "until": at("23 11:00"), "ground": "Thông báo 2/TB"},
    "T31": {"number": "01/2026 SCT/BS"},
    "T32": {"stage": "check"},
    "T33": {"variant": "asked"},
    "T34": {"answer": "Không có tên trong sổ"},
    "T35": {"term": at("26 17:00"), "ground": "Điều 1"},
    "T37": {"holder": "nguoi.thu"},
}
"""What each transition asks for, filled in rightly."""


def person(*roles: Role) -> Actor:
    """Somebody with *roles*; the first tells who, citizens and the system have no number."""
    number = None if roles[0] in (Role.CITIZEN, Role.SYSTEM) else STAFF_ROLES.index(roles[0]) + 1
    return Actor(number, f"Người {roles[0]}", roles)


def act(step_id: str, when: dt.datetime = START, **changes: Any) -> Act:
    """A transition taken by somebody who may, with all it needs."""
    row = transition(step_id)
    usual: dict[str, Any] = {
        "transition": step_id,
        "at": when,
        "by": person(row.roles[0]),
        "reason": "Theo quy định" if row.needs_reason else "",
        "data": NEEDED.get(step_id, {}),
    }
    return Act(**{**usual, **changes})


def lived(*steps: str | Act, rules: Rules = RULES, opening: Opening | None = THREE_DAYS) -> Life:
    """The dossier after *steps*, each a minute after the one before unless it says when."""
    life: Life | None = None
    for each in steps:
        when = START if life is None else life.last_at + dt.timedelta(minutes=1)
        taken = each if isinstance(each, Act) else act(each, when)
        if life is None:
            life = open_dossier(taken, rules, opening)
        else:
            life = step(life, taken, rules, opening)
    assert life is not None
    return life


TO: dict[str, tuple[str, ...]] = {
    "submitted": ("T01",),
    "pre_supplement": ("T01", "T04"),
    "refused": ("T01", "T07"),
    "received": ("T02",),
    "appraising": ("T02", "T08"),
    "supplement_requested": ("T02", "T08", "T09"),
    "awaiting_payment": ("T02", "T08", "T12"),
    "with_other_agency": ("T02", "T08", "T14"),
    "for_approval": ("T02", "T08", "T16"),
    "approved": ("T02", "T08", "T16", "T18"),
    "result_ready": ("T02", "T08", "T16", "T18", "T19"),
    "returned": ("T02", "T08", "T16", "T18", "T19", "T20"),
    "withdrawn": ("T02", "T22"),
    "stopped": ("T02", "T08", "T09", "T11"),
}
"""A way to each state but the draft."""
