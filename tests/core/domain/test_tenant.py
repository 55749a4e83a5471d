"""Units, their codes with days, and what they inherit."""

import datetime as dt
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.calendar import NATIONAL_HOURS, OpeningHours, Session, WeeklyHours
from motcua.domain.tenant import (
    Campaign,
    Code,
    Crest,
    Tenant,
    TenantSettings,
    amounts_on,
    campaign_at,
    code_at,
    effective_settings,
    employer,
    faults_of,
    hours_of,
    practises,
    shared_faults,
    tenant_at,
)

NEW_YEAR, MERGER = dt.date(2025, 1, 1), dt.date(2025, 7, 1)
DAY = dt.timedelta(days=1)
MORNING = Session(opens=dt.time(7), closes=dt.time(11))
days = st.dates(dt.date(2018, 1, 1), dt.date(2030, 12, 31))


def unit(slug: str = "vo-cuong", **fields: object) -> Tenant:
    given = {"name": "Phường Võ Cường", "kind": "ward", "type_vi": "Phường", **fields}
    return msgspec.convert({"slug": slug, **given}, Tenant)


SUOI_HOA = unit("suoi-hoa-2018", codes=({"code": "09187", "valid_to": MERGER - DAY},))
KINH_BAC = unit("kinh-bac", codes=({"code": "09187", "valid_from": MERGER},))


@pytest.mark.parametrize(
    ("day", "expected"),
    [(dt.date(2018, 5, 2), SUOI_HOA), (MERGER - DAY, SUOI_HOA), (MERGER, KINH_BAC)],
)
def test_a_code_that_was_used_again_means_the_unit_of_the_day(
    day: dt.date, expected: Tenant
) -> None:
    assert tenant_at([KINH_BAC, SUOI_HOA], "09187", day) is expected


def test_a_code_nobody_has_that_day_means_no_unit() -> None:
    assert tenant_at([KINH_BAC], "09187", MERGER - DAY) is None
    assert code_at((), MERGER) is None


@given(day=days, begin=days, end=days)
def test_two_codes_overlap_if_and_only_if_both_hold_on_some_day(
    day: dt.date, begin: dt.date, end: dt.date
) -> None:
    open_end = Code(code="24", valid_from=begin)
    open_begin = Code(code="24", valid_to=end)

    assert open_end.overlaps(open_begin) == (begin <= end)
    assert not (open_end.holds(day) and open_begin.holds(day)) or open_end.overlaps(open_begin)


def test_the_nearest_of_nation_province_and_unit_settles() -> None:
    chain = [{"a": 1, "b": 1, "c": 1}, {"b": 2, "c": 2}, {"c": 3}]

    assert effective_settings(chain) == {"a": 1, "b": 2, "c": 3}


def test_opening_hours_come_from_the_settings_or_are_the_national_ones() -> None:
    own = OpeningHours(weeks=(WeeklyHours(week=((MORNING,), (), (), (), (), (), ())),))
    stored = msgspec.json.decode(msgspec.json.encode(TenantSettings(hours=own)))

    assert hours_of(stored) == own
    assert hours_of({}) is NATIONAL_HOURS


def test_a_sound_unit_has_no_fault() -> None:
    assert faults_of(unit(codes=({"code": "09190", "valid_from": MERGER},))) == []


@pytest.mark.parametrize(
    ("tenant", "key", "code"),
    [
        (unit("Vo_Cuong"), "", "tenants.slug"),
        (unit("vo-cuong-luyen-tap"), "", "tenants.slug-practice"),
        (
            unit(
                settings={
                    "queue": {
                        "lines": [{"letter": "A", "name": "Chứng thực"}],
                        "windows": [{"name": "Quầy 1", "letters": ["B"]}],
                    }
                }
            ),
            "settings.queue",
            "tenants.queue",
        ),
        (unit(name="Võ Cường"), "name", "tenants.name-without-type"),
        (unit(name="Phường Vo\u0303 Cường"), "name", "tenants.not-nfc"),
        (unit(opened_on=MERGER, closed_on=MERGER), "closed_on", "tenants.closed-before-opened"),
        (
            unit(codes=({"code": "09190", "valid_from": MERGER, "valid_to": NEW_YEAR},)),
            "codes[0].valid_to",
            "tenants.code-days",
        ),
        (unit(codes=({"code": "09190"}, {"code": "09187"})), "codes[1]", "tenants.two-codes"),
    ],
)
def test_a_fault_is_named_with_its_key(tenant: Tenant, key: str, code: str) -> None:
    assert [(fault.key, fault.code) for fault in faults_of(tenant)] == [(key, code)]


def test_a_week_has_seven_days() -> None:
    short = OpeningHours(weeks=(WeeklyHours(week=((MORNING,), ())),))  # type: ignore[arg-type]  # the fault itself
    tenant = msgspec.structs.replace(unit(), settings=TenantSettings(hours=short))

    assert [fault.code for fault in faults_of(tenant)] == ["tenants.week"]


def test_what_two_units_claim_is_a_fault_of_the_second() -> None:
    first = unit("a", hosts=("a.vn",), codes=({"code": "09190"},))
    second = unit("a", hosts=("a.vn",), codes=({"code": "09190", "valid_from": MERGER},))

    found = shared_faults([first, second])

    assert [(tenant is second, fault.key) for tenant, fault in found] == [
        (True, ""),
        (True, "hosts[0]"),
        (True, "codes[0].code"),
    ]


def test_a_code_may_pass_to_another_unit() -> None:
    assert shared_faults([SUOI_HOA, KINH_BAC]) == []


@pytest.mark.parametrize(
    ("kind", "level"),
    [("nation", "nation"), ("province", "province"), ("city", "province"), ("ward", "unit")],
)
def test_a_city_of_2018_stands_where_a_province_stands(kind: str, level: str) -> None:
    assert unit(kind=kind).level == level


def test_a_campaign_holds_from_its_first_to_its_last_day() -> None:
    rows = [
        {"first": "2026-09-01", "last": "2026-12-14", "ground": "Kế hoạch 12/KH-UBND"},
        {"first": "2027-09-01", "last": "2027-12-14", "ground": "Kế hoạch 15/KH-UBND"},
    ]
    settings = {"campaigns": {"1.011606": rows}}

    def ground(day: dt.date, code: str = "1.011606") -> str | None:
        found = campaign_at(settings, code, day)
        return found.ground if found else None

    assert ground(dt.date(2026, 8, 31)) is None
    assert ground(dt.date(2026, 9, 1)) == ground(dt.date(2026, 12, 14)) == "Kế hoạch 12/KH-UBND"
    assert ground(dt.date(2027, 10, 1)) == "Kế hoạch 15/KH-UBND"
    assert ground(dt.date(2026, 10, 1), "1.011607") is None
    assert campaign_at({}, "1.011606", dt.date(2026, 9, 1)) is None


def test_a_campaign_does_not_end_before_it_begins() -> None:
    one_day = Campaign(first=MERGER, last=MERGER, ground="Kế hoạch 12/KH-UBND")
    backwards = msgspec.structs.replace(one_day, last=NEW_YEAR)
    settings = TenantSettings(campaigns={"1.011606": (one_day, backwards)})
    tenant = msgspec.structs.replace(unit(), settings=settings)

    found = [(fault.key, fault.code) for fault in faults_of(tenant)]
    assert found == [("settings.campaigns.1.011606[1].last", "tenants.campaign-days")]


def test_the_nearer_units_amount_holds_and_a_dated_one_from_its_day() -> None:
    """Rules 9.3: an amount has its dates; of one unit's own, what began last holds."""
    later = {"fee": "late", "amount": 9_000, "valid_from": "2026-07-01", "basis": "NQ 1"}
    latest = {"fee": "late", "amount": 10_000, "valid_from": "2027-01-01", "basis": "NQ 2"}
    province = {"fee_amounts": {"late": 5_000, "extract": 8_000}}
    commune = {"fee_schedule": [latest, later]}

    def charged(day: dt.date) -> dict[str, int]:
        return amounts_on([{}, province, commune], day)

    assert charged(dt.date(2026, 6, 30)) == {"late": 5_000, "extract": 8_000}
    assert charged(dt.date(2026, 7, 1)) == {"late": 9_000, "extract": 8_000}
    assert charged(dt.date(2027, 1, 1)) == {"late": 10_000, "extract": 8_000}


@pytest.mark.parametrize("minutes", [4, 721, "30"])
def test_an_idle_time_that_cannot_be_is_refused(minutes: int | str) -> None:
    with pytest.raises(msgspec.ValidationError, match="session_idle_minutes"):
        msgspec.convert({"session_idle_minutes": minutes}, TenantSettings)


def test_a_place_to_practise_uses_its_units_accounts() -> None:
    assert practises("vo-cuong-luyen-tap")
    assert not practises("tan-tap")
    assert employer("vo-cuong-luyen-tap") == employer("vo-cuong") == "vo-cuong"


def test_another_crest_has_another_address() -> None:
    one = Crest(id=UUID(int=1), sha256="ab" * 32, media_type="image/png")

    assert one.name == "abababababababab.png"
    assert one.name != msgspec.structs.replace(one, sha256="cd" * 32).name
