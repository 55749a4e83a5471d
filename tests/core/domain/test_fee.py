"""Fees computed from a definition."""

from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.fee import FeeLine, default_fee_lines, total
from motcua.domain.form import IntegerField
from motcua.domain.procedure import Exemption, FeeItem, FeeKind, ProcedureDefinition
from motcua.testing.procedures import small_procedure

POOR = Exemption(id="poor", label="Hộ nghèo", legal="Điều 11")
CHARGE = FeeItem(
    id="charge",
    label="Lệ phí",
    kind=FeeKind.LE_PHI,
    per="việc",
    amount_vnd=5_000,
    legal="Thông tư",
    exemptions=(POOR,),
)


def priced(*fees: FeeItem) -> ProcedureDefinition:
    return small_procedure(
        fees=fees,
        form_fields=(
            IntegerField(id="page_count", label="Số trang"),
            IntegerField(id="copy_count", label="Số bản"),
        ),
    )


def tier(first: int, last: int | None, amount: int) -> FeeItem:
    return FeeItem(
        id=f"from-{first}",
        label=f"từ trang {first}",
        kind=FeeKind.PHI,
        per="trang",
        amount_vnd=amount,
        tiered_by="page_count",
        quantity="copy_count",
        tier_from=first,
        tier_to=last,
        cap_vnd=200_000,
    )


def test_a_fee_without_a_quantity_is_charged_once() -> None:
    assert default_fee_lines(priced(CHARGE), {}) == (
        FeeLine(
            fee_id="charge", label="Lệ phí", kind=FeeKind.LE_PHI, amount=5_000, basis="Thông tư"
        ),
    )


def test_a_free_procedure_has_no_line() -> None:
    assert default_fee_lines(small_procedure(), {}) == ()


def test_a_fee_by_the_copy_is_multiplied() -> None:
    fee = FeeItem(
        id="extract",
        label="Bản sao",
        kind=FeeKind.PHI,
        per="bản",
        amount_vnd=8_000,
        quantity="copy_count",
    )

    (line,) = default_fee_lines(priced(fee), {"copy_count": 3})

    assert (line.quantity, line.amount) == (3, 24_000)
    assert default_fee_lines(priced(fee), {}) == ()


def test_an_optional_fee_is_charged_only_if_asked_for() -> None:
    fee = FeeItem(
        id="extra", label="Thêm", kind=FeeKind.PHI, per="bản", amount_vnd=8_000, optional=True
    )

    assert default_fee_lines(priced(fee), {}) == ()
    assert total(default_fee_lines(priced(fee), {}, asked=["extra"])) == 8_000


def test_an_accepted_exemption_frees_the_line_and_names_its_ground() -> None:
    (line,) = default_fee_lines(priced(CHARGE), {}, exempt=["poor", "other"])

    assert (line.amount, line.exemption) == (0, "poor")


def test_a_fee_the_province_has_not_set_is_shown_but_not_charged() -> None:
    # Rules 15.8: no figure of another province is ever charged.
    fee = FeeItem(
        id="late",
        label="Không đúng hạn",
        kind=FeeKind.LE_PHI,
        per="việc",
        set_by="hdnd-cap-tinh",
        example_vnd=8_000,
    )

    (line,) = default_fee_lines(priced(fee), {})

    assert line.amount is None
    assert total([line]) == 0
    assert total(default_fee_lines(priced(fee), {}, amounts={"late": 6_000})) == 6_000


@given(pages=st.integers(0, 400), copies=st.integers(0, 50))
def test_a_ladder_of_tiers_costs_what_the_formula_says(pages: int, copies: int) -> None:
    # Rules 9.1: min(200000, 2000·min(p,2) + 1000·max(p-2,0)) a copy.
    ladder = priced(tier(1, 2, 2_000), tier(3, None, 1_000))

    lines = default_fee_lines(ladder, {"page_count": pages, "copy_count": copies})

    each = min(200_000, 2_000 * min(pages, 2) + 1_000 * max(pages - 2, 0))
    assert total(lines) == each * copies


def test_a_ladder_without_a_quantity_and_a_cap_is_charged_once() -> None:
    fee = FeeItem(
        id="page",
        label="Trang",
        kind=FeeKind.PHI,
        per="trang",
        amount_vnd=1_000,
        tiered_by="page_count",
        tier_from=1,
    )

    assert total(default_fee_lines(priced(fee), {"page_count": 7})) == 7_000
