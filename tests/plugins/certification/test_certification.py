"""The rules of certification, each with its article."""

import datetime as dt
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.fee import total
from motcua.domain.limit import Unit
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin import Answers, Reception, Severity
from motcua.plugin.texts import text
from motcua_certification import books, plugin
from motcua_certification.settings import CertificationSettings

TODAY = dt.date(2026, 11, 23)
AT_THE_COUNTER = Reception(received_on=TODAY, unit_codes=("99001",), unit_name="Phường Võ Cường")
USUAL = CertificationSettings()
CURRENT = {each.code: each for each in plugin.procedures() if not each.is_simulation}
COPY, SIGNATURE, TRANSACTION = CURRENT["2.000815"], CURRENT["2.000884"], CURRENT["2.001035"]
SAME_DAY = ["2.000815", "2.000884", "2.000913", "2.000927", "2.000942", "2.000992", "2.001008"]
TWO_DAYS = ["2.001035", "2.001019", "2.001016", "2.001406"]


def price(code: str, **answers: Any) -> int:
    return total(plugin.fee_lines(CURRENT[code], Answers(answers), AT_THE_COUNTER))


@pytest.mark.parametrize(
    ("pages", "copies", "amount"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (10, 1, 12_000),
        (198, 1, 200_000),
        (199, 1, 200_000),
        (5, 3, 21_000),
    ],
)
def test_a_certified_copy_costs_by_the_page_up_to_a_cap(
    pages: int, copies: int, amount: int
) -> None:
    # Circular 226/2016/TT-BTC art. 4; rules 9.1 gives these very figures.
    assert price("2.000815", page_count=pages, copy_count=copies) == amount


@given(pages=st.integers(1, 1_000), copies=st.integers(1, 100))
def test_no_copy_costs_more_than_the_cap(pages: int, copies: int) -> None:
    assert price("2.000815", page_count=pages, copy_count=copies) <= 200_000 * copies


@pytest.mark.parametrize(
    ("code", "answers", "amount"),
    [
        ("2.000884", {"document_count": 1, "signer_count": 4}, 10_000),
        ("2.000884", {"document_count": 3, "signer_count": 1}, 30_000),
        ("2.000992", {"pages": 9, "copies": 2}, 10_000),
        ("2.001008", {"pages": 9, "copies": 2}, 10_000),
        ("2.001035", {"copy_count": 5}, 50_000),
        ("2.001019", {}, 50_000),
        ("2.001016", {}, 50_000),
        ("2.001406", {}, 50_000),
        ("2.000913", {}, 30_000),
        ("2.000927", {}, 25_000),
        ("2.000942", {"page_count": 4, "copy_count": 2}, 12_000),
        ("2.000908", {}, 0),
    ],
)
def test_other_certifications_cost_by_the_paper_or_act(
    code: str, answers: dict[str, int], amount: int
) -> None:
    # Circular 226/2016/TT-BTC art. 4: a case is one or more signatures in one paper.
    assert price(code, **answers) == amount


def test_a_mortgage_for_farming_is_exempt_if_the_officer_accepts_it() -> None:
    # Decree 55/2015/NĐ-CP.
    exempt = Reception(received_on=TODAY, exemptions=("rural-loan",))

    (line,) = plugin.fee_lines(TRANSACTION, Answers(), exempt)

    assert (line.amount, line.exemption) == (0, "rural-loan")


@pytest.mark.parametrize("code", SAME_DAY)
def test_certification_is_same_day_work_with_a_cut_off_at_three(code: str) -> None:
    # Decree 23/2015/NĐ-CP art. 7.
    limit = CURRENT[code].limit.time_limit

    assert limit is not None
    assert (limit.unit, limit.last_hour) == (Unit.SAME_DAY, dt.time(15))


@pytest.mark.parametrize("code", TWO_DAYS)
def test_transactions_take_two_working_days_or_as_agreed_in_writing(code: str) -> None:
    # Decree 23/2015/NĐ-CP art. 37.
    definition = CURRENT[code]

    assert definition.choose_limit().limit is not None
    assert definition.limit.amount == 2
    assert definition.limit.unit is Unit.WORKING_DAY
    assert definition.choose_limit(["agreed"]).agreed


def test_many_pages_add_two_working_days_where_the_commune_says_from_when() -> None:
    # Decree 23/2015/NĐ-CP art. 21.
    answers = Answers(page_count=100, copy_count=5)
    settings = CertificationSettings(many_pages=500)

    chosen = plugin.time_limit(COPY, answers, AT_THE_COUNTER, settings)

    assert chosen is not None
    assert chosen.variants == ("complex",)
    assert chosen.limit is not None
    assert chosen.limit.short() == "same_day + 2 wd"
    assert chosen.limit.cutoff == dt.time(15)


@pytest.mark.parametrize(
    ("definition", "settings", "pages"),
    [
        (COPY, CertificationSettings(), 10_000),
        (COPY, CertificationSettings(many_pages=500), 499),
        (SIGNATURE, CertificationSettings(many_pages=1), 10_000),
    ],
)
def test_otherwise_the_officer_picks_the_variant(
    definition: ProcedureDefinition, settings: CertificationSettings, pages: int
) -> None:
    answers = Answers(page_count=pages, copy_count=1)

    assert plugin.time_limit(definition, answers, AT_THE_COUNTER, settings) is None


def test_the_variant_the_officer_picked_is_kept_beside_the_automatic_one() -> None:
    agreed = Reception(received_on=TODAY, variants=("agreed",))
    settings = CertificationSettings(many_pages=1)

    chosen = plugin.time_limit(COPY, Answers(page_count=1, copy_count=1), agreed, settings)

    assert chosen is not None
    assert chosen.agreed
    assert chosen.variants == ("complex", "agreed")


class TestBooks:
    def test_one_number_per_original_however_many_copies(self) -> None:
        # Decree 23/2015/NĐ-CP art. 13, 14; rules 7.2.
        answers = Answers(document_title="Bằng đại học", page_count=2, copy_count=7)

        (line,) = plugin.register_entries(COPY, answers, TODAY, USUAL)

        assert (line.book, line.subject, line.quantity) == ("SCT/BS", "Bằng đại học", 7)

    def test_one_number_per_signed_paper(self) -> None:
        answers = Answers(document_title="Giấy ủy quyền", document_count=3, signer_count=2)

        lines = plugin.register_entries(SIGNATURE, answers, TODAY, USUAL)

        assert [line.book for line in lines] == ["SCT/CK,ĐC"] * 3

    def test_one_number_per_act_however_many_copies_are_signed(self) -> None:
        lines = plugin.register_entries(
            TRANSACTION, Answers(transaction_type="tặng cho", copy_count=4), TODAY, USUAL
        )

        assert [(line.book, line.subject) for line in lines] == [("SCT/HĐ,GD", "tặng cho")]

    def test_a_translators_signature_has_its_own_book(self) -> None:
        answers = Answers(document_name="Bảng điểm")

        (line,) = plugin.register_entries(CURRENT["2.000992"], answers, TODAY, USUAL)

        assert (line.book, line.subject) == ("SCT/CKND", "Bảng điểm")

    def test_a_copy_from_the_original_register_has_no_book(self) -> None:
        assert plugin.register_entries(CURRENT["2.000908"], Answers(), TODAY, USUAL) == []

    @pytest.mark.parametrize(
        ("electronic", "settings", "book"),
        [
            (True, USUAL, "SCTĐT/BS"),
            (True, CertificationSettings(electronic_book="same"), "SCT/BS"),
            (False, USUAL, "SCT/BS"),
        ],
    )
    def test_electronic_copies_have_their_own_book_unless_the_commune_says_otherwise(
        self, electronic: bool, settings: CertificationSettings, book: str
    ) -> None:
        # Rules 15.4: a running system keeps SCTĐT/BS beside SCT/BS.
        (line,) = plugin.register_entries(COPY, Answers(electronic=electronic), TODAY, settings)

        assert line.book == book

    def test_no_version_in_force_offers_electronic_copies(self) -> None:
        assert "electronic" not in {field.id for field in COPY.form}

    def test_an_act_nobody_described_still_gets_its_line(self) -> None:
        (line,) = plugin.register_entries(CURRENT["2.001016"], Answers(), TODAY, USUAL)

        assert line.subject == ""

    @pytest.mark.parametrize("definition", plugin.procedures(), ids=lambda each: each.key)
    def test_every_book_a_definition_names_is_known(self, definition: ProcedureDefinition) -> None:
        register = definition.result.register

        assert not register or books.kind_of(register)

    @pytest.mark.parametrize("kind", get_args(books.Kind))
    @pytest.mark.parametrize("day", [dt.date(2025, 10, 31), dt.date(2025, 11, 1), TODAY])
    def test_each_book_has_one_symbol_a_day_and_says_where_it_is_from(
        self, kind: books.Kind, day: dt.date
    ) -> None:
        (row,) = [
            each
            for each in books.books()
            if each.kind == kind and each.valid_from <= day <= (each.valid_to or day)
        ]

        assert books.symbol(kind, day, USUAL) == row.symbol
        assert row.source

    def test_symbols_since_the_change_are_not_called_certain(self) -> None:
        # Rules 7.2: symbols after 1/11/2025 [?].
        since = [each for each in books.books() if each.valid_to is None]

        assert {each.confidence for each in since} == {"partial"}

    @pytest.mark.parametrize("kind", get_args(books.Kind))
    def test_a_commune_may_print_another_symbol(self, kind: books.Kind) -> None:
        settings = msgspec.convert({f"symbol_{kind}": "SCT/X"}, CertificationSettings)

        assert books.symbol(kind, TODAY, settings) == "SCT/X"

    def test_a_symbol_has_no_spaces(self) -> None:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"symbol_copy": "SCT BS"}, CertificationSettings)

    def test_there_were_no_books_before_the_decree(self) -> None:
        with pytest.raises(LookupError):
            books.symbol("copy", dt.date(2015, 4, 9), USUAL)
        with pytest.raises(LookupError):
            books.kind_of("Sổ vàng")


def test_the_declaration_of_inheritance_is_not_offered_any_more() -> None:
    ended = CURRENT["2.001009"]

    assert not ended.in_force(dt.date(2025, 11, 10))
    assert ended.in_force(dt.date(2025, 11, 9))


class TestLand:
    """Land and houses belong to the commune where they lie (Decree 280/2025/NĐ-CP)."""

    def land(self, commune: str | None = "99002", kind: str = "quyền sử dụng đất") -> Answers:
        address = {"line": "Thửa 12"} | ({"commune": commune} if commune else {})
        return Answers(asset_type=kind, asset_address=address)

    @pytest.mark.parametrize("kind", ["quyền sử dụng đất", "nhà ở", "quyền sử dụng đất và nhà ở"])
    def test_elsewhere_they_are_pointed_out_with_the_ground(self, kind: str) -> None:
        (found,) = plugin.problems(TRANSACTION, self.land(kind=kind), AT_THE_COUNTER)

        assert (found.field, found.severity) == ("asset_address", Severity.WARNING)
        assert "99002" in text(found.code, lang="vi", **found.told)
        assert "Nghị định 280/2025/NĐ-CP" in text(found.code, lang="vi", **found.told)

    @pytest.mark.parametrize(
        "answers",
        [
            Answers(asset_type="động sản", asset_address={"line": "x", "commune": "99002"}),
            Answers(asset_type="nhà ở", asset_address={"line": "x", "commune": "99001"}),
            Answers(asset_type="nhà ở", asset_address={"line": "Khu 5, P. VÕ CƯỜNG"}),
            Answers(asset_type="nhà ở", asset_address="Thửa 12, phường Vo Cuong"),
            Answers(asset_type="nhà ở"),
            Answers(asset_summary="Nhà", asset_address={"line": "x", "commune": "99002"}),
        ],
    )
    def test_movables_wills_and_what_is_not_known_raise_nothing(self, answers: Answers) -> None:
        assert plugin.problems(TRANSACTION, answers, AT_THE_COUNTER) == []

    @pytest.mark.parametrize("address", ["Thửa 12, Xã Hai", {"line": "Thửa 12"}])
    def test_a_line_that_does_not_name_the_unit_is_to_be_looked_at_again(
        self, address: str | dict[str, str]
    ) -> None:
        """At the counter an address is typed as one line."""
        answers = Answers(asset_type="nhà ở", asset_address=address)

        (found,) = plugin.problems(TRANSACTION, answers, AT_THE_COUNTER)

        assert (found.field, found.severity) == ("asset_address", Severity.WARNING)
        assert "Phường Võ Cường" in text(found.code, lang="vi", **found.told)

    def test_a_unit_without_a_code_compares_nothing(self) -> None:
        codeless = Reception(received_on=TODAY)

        assert plugin.problems(TRANSACTION, self.land(), codeless) == []


def test_the_form_of_a_transaction_takes_several_parties_and_witnesses() -> None:
    repeated = {field.id for field in TRANSACTION.form if field.repeat is not None}

    assert repeated == {"parties_a", "parties_b", "witnesses"}


class TestProblems:
    def test_a_paper_from_abroad_and_a_signer_who_cannot_sign_are_pointed_out(self) -> None:
        found = plugin.problems(
            COPY, Answers(foreign_issued=True), AT_THE_COUNTER
        ) + plugin.problems(
            SIGNATURE, Answers(signing_mode="không ký và không điểm chỉ được"), AT_THE_COUNTER
        )

        assert [(each.field, each.severity) for each in found] == [
            ("foreign_issued", Severity.WARNING),
            ("signing_mode", Severity.WARNING),
        ]

    def test_a_correction_may_not_touch_the_parties_rights(self) -> None:
        answers = Answers(rights_unaffected=False)

        (found,) = plugin.problems(CURRENT["2.000927"], answers, AT_THE_COUNTER)

        assert found.severity is Severity.ERROR
        assert "sửa đổi, bổ sung" in text(found.code, lang="vi", **found.told)

    def test_an_ordinary_copy_raises_nothing(self) -> None:
        assert plugin.problems(COPY, Answers(foreign_issued=False), AT_THE_COUNTER) == []
