"""Dossiers of today for the wards of the demonstration: some in every state."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from motcua.domain.calendar import VN, Calendar
from motcua.domain.procedure import ProcedureDefinition
from motcua.services.demo_people import SEED, Inventor, load_words
from motcua.services.demo_staff import officers
from motcua.services.histories import Channel, History, HistoryEvent
from motcua.services.worktime import WorkTime

_BACK, _AHEAD = dt.timedelta(days=90), dt.timedelta(days=30)
_COPY, _SIGNATURE, _DEED = "2.000815", "2.000884", "2.001035"
_BIRTH, _DEATH, _MARRIAGE, _CHANGE = "1.001193", "1.000656", "1.000894", "1.004859"
_EXTRACT, _STATUS, _NO_LIMIT = "2.000635", "1.004873", "2.002516"
_ALLOWANCE, _DISABILITY = "1.001776", "1.001699"


class Road(NamedTuple):
    """How far a dossier has come.

    Attributes:
        procedure: The procedure's code.
        steps: Transitions, and how many hours of work after the one before.
        since: Hours of work since the last one.
        channel: How it was handed in.
    """

    procedure: str
    steps: tuple[tuple[str, float], ...]
    since: float
    channel: Channel = "counter"


_TAKEN = (("T02", 0.0), ("T08", 0.1))
_PROPOSED = (*_TAKEN, ("T16", 0.4))
_SIGNED = (*_PROPOSED, ("T18", 0.2))
_READY = (*_SIGNED, ("T19", 0.1))
_SENT = (("T01", 0.0),)

ROADS: tuple[Road, ...] = (
    Road(_EXTRACT, _SENT, 0.5, "online"),
    Road(_STATUS, _SENT, 6.0, "online"),
    Road(_BIRTH, (*_SENT, ("T04", 3.0)), 5.0, "online"),
    Road(_DEATH, (*_SENT, ("T07", 2.0)), 9.0, "online"),
    Road(_COPY, (("T02", 0.0),), 0.1),
    Road(_STATUS, (*_SENT, ("T03", 1.5)), 0.4, "online"),
    Road(_DEED, _TAKEN, 5.0),
    Road(_COPY, _TAKEN, 20.0),
    Road(_STATUS, (*_TAKEN, ("T09", 1.0)), 12.0),
    Road(_CHANGE, (*_TAKEN, ("T09", 1.0), ("T10", 9.0)), 2.0),
    Road(_DEED, (*_TAKEN, ("T12", 1.0)), 3.0),
    Road(_DISABILITY, (*_TAKEN, ("T14", 4.0)), 24.0),
    Road(_SIGNATURE, _PROPOSED, 0.2),
    Road(_CHANGE, (*_TAKEN, ("T24", 6.0)), 3.0),
    Road(_EXTRACT, _SIGNED, 0.2),
    Road(_COPY, _READY, 0.5),
    Road(_COPY, (*_READY, ("T20", 0.2)), 4.0),
    Road(_MARRIAGE, (*_TAKEN, ("T22", 1.0)), 16.0),
    Road(_ALLOWANCE, (*_TAKEN, ("T09", 8.0), ("T11", 120.0)), 8.0),
    Road(_NO_LIMIT, _TAKEN, 6.0),
    Road(_DEED, (*_TAKEN, ("T21", 5.0)), 4.0),
)
"""What each ward holds; together they reach every state a dossier can be in."""

_BY = {
    "T01": "citizen",
    "T16": "field",
    "T09": "field",
    "T11": "field",
    "T12": "field",
    "T14": "field",
    "T18": "leader",
    "T19": "clerk",
    "T21": "leader",
    "T24": "field",
}
_REASONS = {
    "T04": "Tờ khai còn thiếu thông tin",
    "T07": "Không thuộc thẩm quyền giải quyết",
    "T09": "Hồ sơ còn thiếu giấy tờ",
    "T11": "Quá thời hạn bổ sung mà không bổ sung",
    "T21": "Cần thêm thời gian đối chiếu hồ sơ địa chính",
    "T22": "Người yêu cầu đề nghị rút hồ sơ",
    "T24": "Không đủ điều kiện giải quyết",
}


def live_codes() -> list[str]:
    """The procedures the live dossiers belong to."""
    return sorted({road.procedure for road in ROADS})


def live(
    slug: str,
    definitions: Mapping[str, ProcedureDefinition],
    calendar: Calendar,
    now: dt.datetime,
) -> Iterator[History]:
    """The dossiers of the ward *slug*, as they stand at *now*.

    Args:
        slug: The ward.
        definitions: The versions in force now, for :func:`live_codes`.
        calendar: The ward's.
        now: The moment; nothing happens after it.
    """
    dice = random.Random(f"{SEED} {slug}")  # noqa: S311 - a demonstration, nothing is kept secret
    inventor = Inventor(dice, load_words(), pages=2, copies=3)
    today = now.astimezone(VN).date()
    work = WorkTime(calendar, today - _BACK, today + _AHEAD)
    staff = {role: names[0] for role, names in officers(slug).items()}
    for number, road in enumerate(ROADS, start=1):
        applicant = inventor.person(today)
        moments = _moments(road, work, now)
        people = staff | {"citizen": str(applicant["name"])}
        yield History(
            tenant=slug,
            external_id=f"live-{slug}-{number:02}",
            procedure=road.procedure,
            channel=road.channel,
            applicant=applicant,
            answers=inventor.answers(
                definitions[road.procedure], applicant, moments[0].astimezone(VN).date()
            ),
            events=[
                HistoryEvent(
                    transition=step,
                    at=at,
                    by=people[_BY.get(step, "reception")],
                    reason=_REASONS.get(step, ""),
                    data=_data(step, road, people, work, now),
                )
                for (step, _), at in zip(road.steps, moments, strict=True)
            ],
        )


def _moments(road: Road, work: WorkTime, now: dt.datetime) -> list[dt.datetime]:
    """When each step was taken: hours of work apart, counted back from *now*."""
    hours = [between for _, between in road.steps]
    last = work.latest(now)
    start = work.after(last, -(sum(hours) + road.since))
    moments = []
    for between in hours:
        start = work.after(start, between)
        moments.append(min(start, last))
    return moments


def _data(
    step: str, road: Road, people: Mapping[str, str], work: WorkTime, now: dt.datetime
) -> dict[str, Any]:
    later = work.after(now, 40).replace(hour=17, minute=0, second=0).isoformat()
    items = {"items": ["Bản sao giấy tờ tùy thân", "Tờ khai có chữ ký"]}
    ground = "Chưa công bố thời hạn; thống nhất với người yêu cầu"
    told: dict[str, dict[str, Any]] = {
        "T04": items,
        "T09": items,
        "T12": {"amount": 50_000, "ground": "Thông tư 226/2016/TT-BTC"},
        "T14": {"agency": "Trạm y tế", "question": "Đề nghị cung cấp hồ sơ bệnh án"},
        "T20": {"received_by": people["citizen"], "way": "counter"},
        "T21": {"new_due": later},
        "T24": {"ground": "Luật Hộ tịch số 60/2014/QH13, Điều 5"},
    }
    if road.procedure == _NO_LIMIT:
        told["T02"] = {"no_limit": {"until": later, "ground": ground}}
    return told.get(step, {})
