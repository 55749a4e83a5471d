"""Definitions as values: versions, validity, limits and their variants."""

import datetime as dt

import msgspec
import pytest

from motcua.domain.limit import TimeLimit, Unit, parse_limit
from motcua.domain.procedure import (
    ProcedureDefinition,
    RefusalGround,
    Status,
    UnknownVariantError,
)
from motcua.domain.procedure_limit import Limit, LimitVariant, Stage, VariantClock, VariantMode
from motcua.testing.procedures import SMALL, small_procedure

THREE_DAYS = TimeLimit(amount=3, unit=Unit.WORKING_DAY)


def variant(
    variant_id: str,
    amount: int,
    mode: VariantMode = VariantMode.ADDS,
    unit: Unit = Unit.WORKING_DAY,
    clock: VariantClock = VariantClock.MAIN,
) -> LimitVariant:
    return LimitVariant(
        id=variant_id, when="khi cần", amount=amount, unit=unit, mode=mode, clock=clock
    )


def with_variants(*variants: LimitVariant) -> ProcedureDefinition:
    return small_procedure(limit_variants=variants)


def test_the_same_text_is_the_same_version() -> None:
    again = msgspec.json.decode(msgspec.json.encode(SMALL), type=ProcedureDefinition)

    assert again == SMALL
    assert again.version_id == SMALL.version_id


def test_a_changed_text_is_another_version() -> None:
    changed = small_procedure(notes="Một câu thêm")

    assert changed.version_id != SMALL.version_id
    assert changed.key.startswith("9.000001@")


@pytest.mark.parametrize(
    ("since", "until", "day", "holds"),
    [
        (None, None, dt.date(2026, 1, 1), True),
        (dt.date(2026, 1, 1), None, dt.date(2026, 1, 1), True),
        (dt.date(2026, 1, 2), None, dt.date(2026, 1, 1), False),
        (None, dt.date(2026, 1, 1), dt.date(2026, 1, 1), True),
        (None, dt.date(2026, 1, 1), dt.date(2026, 1, 2), False),
    ],
)
def test_a_version_is_in_force_from_its_first_to_its_last_day(
    since: dt.date | None, until: dt.date | None, day: dt.date, holds: bool
) -> None:
    assert small_procedure(valid_from=since, valid_to=until).in_force(day) is holds


def test_without_a_variant_the_limit_is_the_definitions() -> None:
    chosen = SMALL.choose_limit()

    assert chosen.limit == THREE_DAYS
    assert not chosen.extensions
    assert not chosen.agreed


def test_a_variant_replaces_the_limit() -> None:
    chosen = with_variants(variant("verified", 8, VariantMode.REPLACES)).choose_limit(["verified"])

    assert chosen.limit == TimeLimit(amount=8, unit=Unit.WORKING_DAY)
    assert chosen.variants == ("verified",)


def test_a_variant_adds_to_the_limit() -> None:
    # Law 60/2014 art. 25: three working days, five more when it has to be verified.
    definition = with_variants(variant("posted", 7), variant("verified", 5))

    chosen = definition.choose_limit(["verified"])

    assert chosen.limit == TimeLimit(amount=8, unit=Unit.WORKING_DAY)


def test_a_variant_of_another_unit_follows_the_limit() -> None:
    chosen = with_variants(variant("posted", 7, unit=Unit.CALENDAR_DAY)).choose_limit(["posted"])

    assert chosen.limit == THREE_DAYS
    assert chosen.extensions == (TimeLimit(amount=7, unit=Unit.CALENDAR_DAY),)


@pytest.mark.parametrize("clock", [VariantClock.BESIDE, VariantClock.WAIT])
def test_stages_beside_and_waits_never_lengthen_the_limit(clock: VariantClock) -> None:
    # Rules 13.9: waits "up to" are not added days.
    chosen = with_variants(variant("asked", 20, clock=clock)).choose_limit(["asked"])

    assert chosen.limit == THREE_DAYS
    assert not chosen.extensions


def test_an_agreed_variant_asks_for_date_and_paper() -> None:
    # Decree 23/2015 art. 37: longer by written agreement.
    chosen = with_variants(variant("agreed", 0)).choose_limit(["agreed"])

    assert chosen.agreed
    assert chosen.limit == THREE_DAYS


def test_what_may_be_added_after_reception_is_what_adds_to_the_main_clock() -> None:
    # T28: found necessary later, it follows the limit as an extension.
    definition = with_variants(
        variant("verified", 5),
        variant("replaced", 8, VariantMode.REPLACES),
        variant("asked", 20, clock=VariantClock.WAIT),
        variant("agreed", 0),
    )

    assert list(definition.extensions()) == ["verified"]
    assert list(definition.waits()) == ["asked"]


def test_an_unknown_limit_is_never_guessed() -> None:
    definition = small_procedure(
        limit=Limit(known=False, note="chưa có nguồn"), limit_variants=(variant("more", 5),)
    )

    assert definition.choose_limit().limit is None
    assert definition.choose_limit(["more"]).limit is None


def test_a_chain_of_stages_has_no_sum() -> None:
    stages = tuple(
        Stage(id=name, label=name, amount=2, unit=Unit.WORKING_DAY, counted_from="ngày thụ lý")
        for name in ("accept", "appoint")
    )
    limit = Limit(known=False, note="theo từng chặng", stages=stages)

    assert limit.time_limit is None
    assert [stage.time_limit for stage in limit.stages] == [parse_limit("2 wd")] * 2


def test_a_limit_without_a_number_has_none() -> None:
    assert Limit().time_limit is None
    assert Limit(amount=1).time_limit is None


def test_the_cut_off_is_read_from_its_text() -> None:
    limit = Limit(amount=1, unit=Unit.SAME_DAY, cutoff="15:00", note="Điều 7")

    assert limit.time_limit == TimeLimit(
        amount=1, unit=Unit.SAME_DAY, cutoff=dt.time(15), ground="Điều 7"
    )


def test_a_variant_nobody_declared_is_refused() -> None:
    with pytest.raises(UnknownVariantError) as caught:
        SMALL.choose_limit(["magic"])

    assert caught.value.fields == {"procedure": "9.000001", "variant": "magic"}


def test_a_key_the_schema_gains_later_does_not_rename_definitions() -> None:
    class Grown(ProcedureDefinition, frozen=True, kw_only=True):
        also: str = ""
        counts: bool = False

    before = small_procedure()
    after = msgspec.convert(msgspec.to_builtins(before), Grown)

    assert after.version_id == before.version_id


def test_no_fee_and_an_unknown_fee_are_two_versions() -> None:
    free = small_procedure()
    unknown = msgspec.structs.replace(
        free, fees=(msgspec.structs.replace(free.fees[0], amount_vnd=None, set_by="hdnd-cap-tinh"),)
    )

    assert unknown.version_id != free.version_id


@pytest.mark.parametrize(
    ("status", "counted", "alone"),
    [
        (Status.CURRENT, True, True),
        (Status.LEGACY, True, True),
        (Status.RELATED, False, True),
        (Status.PART, False, False),
        (Status.RETIRED, False, False),
    ],
)
def test_parts_and_retired_procedures_neither_count_nor_stand_alone(
    status: Status, *, counted: bool, alone: bool
) -> None:
    definition = small_procedure(status=status)

    assert definition.is_counted is counted
    assert definition.stands_alone is alone


def test_a_retired_procedure_with_a_last_day_can_be_asked_for_until_then() -> None:
    definition = small_procedure(status=Status.RETIRED, valid_to=dt.date(2026, 9, 8))

    assert definition.stands_alone


def test_a_ground_of_refusal_says_its_article() -> None:
    ground = RefusalGround(
        id="secret", text="Đóng dấu mật", legal="Nghị định 23/2015/NĐ-CP Điều 22"
    )

    assert ground.words == "Đóng dấu mật (Nghị định 23/2015/NĐ-CP Điều 22)"
