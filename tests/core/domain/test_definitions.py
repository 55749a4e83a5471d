"""Definition files: read whole, or refused with every fault."""

import copy
import importlib.resources
import tomllib
from typing import Any

import msgspec
import pytest

from motcua.domain.decoding import BROKEN, Fault, UnfitError, decode
from motcua.domain.definitions import definition_faults, read_definitions, text_faults
from motcua.domain.form import Condition, TextField
from motcua.domain.limit import Unit
from motcua.domain.procedure_limit import Limit, LimitVariant, VariantMode
from motcua.plugin.texts import texts
from motcua.testing.procedures import small_procedure

FILE = """
schema = 1
field = "linh-vuc-thu"
field_name = "Lĩnh vực thử"

[[procedure]]
code = "9.000001"
name = "Thủ tục thử"
name_en = "A procedure for tests"
legal_basis = ["Văn bản thử"]
online_level = "khong"
limit = { amount = 1, unit = "same_day", cutoff = "15:00" }
limit_variants = [
  { id = "more", when = "khi cần", amount = 2, unit = "working_day", mode = "adds" },
]
documents = [
  { id = "request", name = "Đơn", kind = "submit", original = 1, copies = 0, required = true },
]
steps = ["tiep-nhan", "tra-ket-qua"]
result = { name = "Kết quả" }

[[procedure.fees]]
id = "page"
label = "Phí"
kind = "phi"
per = "trang"
amount_vnd = 2000
tier_from = 1
tiered_by = "pages"
cap_vnd = 9000

[[procedure.fees]]
id = "charge"
label = "Lệ phí"
kind = "le-phi"
per = "việc"
set_by = "hdnd-cap-tinh"
exemptions = [{ id = "poor", label = "Hộ nghèo" }]

[[procedure.form_fields]]
id = "pages"
label = "Số trang"
type = "integer"
required = true

[[procedure.form_fields]]
id = "way"
label = "Cách nhận"
type = "enum"
options = ["tại quầy", "bưu chính"]

[[procedure.form_fields]]
id = "place"
label = "Nơi nhận"
type = "address"
when = { field = "way", is = "bưu chính" }

[[procedure.form_fields]]
id = "rows"
label = "Kê khai"
type = "group"
repeat = {}
fields = [{ id = "what", label = "Tài sản", type = "text", pattern = "[a-z]+" }]
"""


def document() -> dict[str, Any]:
    return tomllib.loads(FILE)


def keys_and_codes(faults: list[Fault]) -> list[tuple[str, str]]:
    return [(fault.key, fault.code) for fault in faults]


def faults_with(path: str, value: Any) -> list[tuple[str, str]]:
    """The faults of the file with *value* at *path* (``None`` removes it)."""
    changed = document()
    place: Any = changed["procedure"][0]
    *way, last = path.split("/")
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    if value is None:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return keys_and_codes(read_definitions(changed)[1])


def test_a_right_file_gives_its_definitions() -> None:
    (definition,), faults = read_definitions(document())

    assert faults == []
    assert definition.code == "9.000001"
    assert definition.field == "linh-vuc-thu"
    assert definition.field_name == "Lĩnh vực thử"


def test_ten_faults_in_a_file_are_ten_faults_in_the_list() -> None:
    broken = document()
    row = broken["procedure"][0]
    del row["name"]
    row["code"] = "9.1"
    row["colour"] = "xanh"
    row["limit"]["unit"] = "working_week"
    row["limit_variants"][0]["mode"] = "multiplies"
    row["fees"][0]["amount_vnd"] = "hai nghìn"
    row["documents"] = []
    row["form_fields"][0]["type"] = "number"
    row["form_fields"][1]["lable"] = "x"
    row["steps"] = ["tiep-nhan", "bay"]

    _, faults = read_definitions(broken)

    assert keys_and_codes(faults) == [
        ("procedure[0].colour", "file.unknown-key"),
        ("procedure[0].code", "file.value"),
        ("procedure[0].name", "file.missing-key"),
        ("procedure[0].limit.unit", "file.value"),
        ("procedure[0].limit_variants[0].mode", "file.value"),
        ("procedure[0].fees[0].amount_vnd", "file.value"),
        ("procedure[0].documents", "file.too-few"),
        ("procedure[0].form_fields[0].type", "file.option"),
        ("procedure[0].form_fields[1].lable", "file.unknown-key"),
        ("procedure[0].steps[1]", "file.value"),
    ]


def test_a_misspelt_key_gets_the_right_one_as_a_hint() -> None:
    broken = document()
    broken["procedure"][0]["form_fields"][1]["lable"] = "x"

    (fault,) = read_definitions(broken)[1]

    assert fault.told == {"given": "lable", "close": "label"}


@pytest.mark.parametrize(
    ("path", "value", "key", "code"),
    [
        ("limit/cutoff", None, "limit.cutoff", "definition.cutoff"),
        ("limit", {"amount": 3}, "limit", "definition.limit-incomplete"),
        ("limit", {"known": False}, "limit.note", "definition.unknown-without-note"),
        (
            "limit",
            {"known": False, "note": "n", "amount": 1},
            "limit",
            "definition.unknown-with-amount",
        ),
        (
            "limit_variants/0",
            {
                "id": "more",
                "when": "khi cần",
                "amount": 2,
                "unit": "calendar_day",
                "mode": "adds",
                "cutoff": "15:00",
            },
            "limit_variants[0].cutoff",
            "definition.cutoff",
        ),
        (
            "parts",
            [{"procedure": "9.000002", "agency": "Công an", "after": "9.000003"}],
            "parts[0].after",
            "definition.part-order",
        ),
        (
            "parts",
            [{"procedure": "9.000001", "agency": "Công an"}],
            "parts[0].procedure",
            "definition.same-id",
        ),
        ("fees/0/amount_vnd", None, "fees[0].amount_vnd", "definition.fee-amount"),
        ("fees/0/kind", "none", "fees[0].kind", "definition.fee-none"),
        ("fees/0/tiered_by", None, "fees[0].tiered_by", "definition.tier-field"),
        ("fees/0/tier_to", 0, "fees[0].tier_to", "file.value"),
        ("fees/0/cap_vnd", 100, "fees[0].cap_vnd", "definition.cap"),
        ("fees/0/quantity", "way", "fees[0].quantity", "definition.no-number-field"),
        ("fees/1/id", "page", "fees", "definition.same-id"),
        ("documents/0/required", False, "documents[0].when", "definition.optional-document"),
        ("form_fields/1/id", "pages", "form_fields", "definition.same-id"),
        ("form_fields/1/options", ["a", "a"], "form_fields[1].options", "definition.same-id"),
        ("form_fields/1/computed", True, "form_fields[1].computed", "definition.computed"),
        ("form_fields/0/max", -1, "form_fields[0].min", "definition.bounds"),
        (
            "form_fields/3/repeat",
            {"min": 3, "max": 2},
            "form_fields[3].repeat",
            "definition.bounds",
        ),
        (
            "form_fields/3/fields/0/pattern",
            "[",
            "form_fields[3].fields[0].pattern",
            "definition.pattern",
        ),
        (
            "form_fields/2/when",
            {"field": "way"},
            "form_fields[2].when",
            "definition.condition-form",
        ),
        (
            "form_fields/2/when",
            {"field": "place", "present": True},
            "form_fields[2].when.field",
            "definition.condition-field",
        ),
        (
            "form_fields/2/when/is",
            "đường biển",
            "form_fields[2].when",
            "definition.condition-value",
        ),
        ("steps", ["tra-ket-qua", "tiep-nhan"], "steps", "definition.steps"),
        ("limit", "ba ngày", "limit", "file.not-a-table"),
        ("fees", "miễn phí", "fees", "file.value"),
    ],
)
def test_each_fault_has_its_key_and_code(path: str, value: Any, key: str, code: str) -> None:
    assert (f"procedure[0].{key}", code) in faults_with(path, value)


def test_a_condition_on_something_else_than_an_option_is_fine() -> None:
    assert faults_with("form_fields/2/when", {"field": "pages", "in": [1, 2]}) == []


@pytest.mark.parametrize("given", ["pages", "rows", "later"])
def test_a_text_is_the_same_only_as_a_text_or_choice_above_it(given: str) -> None:
    text = {"id": "name", "label": "Tên", "type": "text"}
    broken = document()
    fields = broken["procedure"][0]["form_fields"]
    fields += [{**text, "same_as": given}, {**text, "id": "later", "same_as": "way"}]

    (fault,) = read_definitions(broken)[1]

    assert keys_and_codes([fault]) == [
        ("procedure[0].form_fields[4].same_as", "definition.condition-field")
    ]
    assert fault.told == {"given": given}


def test_an_order_of_tiers_is_checked() -> None:
    changed = document()
    fee = changed["procedure"][0]["fees"][0]
    fee.update(tier_from=3, tier_to=2)

    assert keys_and_codes(read_definitions(changed)[1]) == [
        ("procedure[0].fees[0].tier_to", "definition.tier-order")
    ]


def test_a_chain_of_stages_keeps_its_limit_unknown() -> None:
    stage = {
        "id": "accept",
        "label": "Thụ lý",
        "amount": 2,
        "unit": "same_day",
        "counted_from": "ngày nhận",
    }

    assert faults_with("limit", {"stages": [stage, stage], "note": "theo chặng"}) == [
        ("procedure[0].limit", "definition.limit-incomplete"),
        ("procedure[0].limit.stages[0].cutoff", "definition.cutoff"),
        ("procedure[0].limit.stages[1].cutoff", "definition.cutoff"),
        ("procedure[0].limit.stages", "definition.same-id"),
    ]


@pytest.mark.parametrize(
    ("limit", "key", "code"),
    [
        (
            {"amount": 1, "unit": "working_day", "round_the_clock": True},
            "limit.round_the_clock",
            "definition.round-the-clock",
        ),
        (
            {"amount": 1, "unit": "working_day", "campaign": True},
            "limit.campaign",
            "definition.campaign-known",
        ),
        (
            {
                "known": False,
                "note": "chưa rõ",
                "on_silence": {"consequence": "chấp thuận", "legal": "Điều 1"},
            },
            "limit.on_silence",
            "definition.silence-without-limit",
        ),
    ],
)
def test_an_odd_clock_needs_the_limit_it_rests_on(
    limit: dict[str, Any], key: str, code: str
) -> None:
    assert faults_with("limit", limit) == [(f"procedure[0].{key}", code)]


def test_a_stage_follows_one_above_it_and_has_a_whole_limit_or_none() -> None:
    stage = {"id": "a", "label": "A", "counted_from": "ngày nhận"}
    limit = {"amount": 30, "unit": "calendar_day"}
    right = [stage, {**stage, "id": "b", "after": "a"}]
    wrong = [{**stage, "after": "b"}, {**stage, "id": "b", "amount": 3}]

    assert faults_with("limit", {**limit, "stages": right}) == []
    assert faults_with("limit", {**limit, "stages": wrong}) == [
        ("procedure[0].limit.stages[0].after", "definition.stage-order"),
        ("procedure[0].limit.stages[1]", "definition.limit-incomplete"),
    ]


def test_a_variant_says_of_stages_and_waits_only_what_can_be() -> None:
    case = {"id": "x", "when": "khi cần", "unit": "working_day", "mode": "adds"}
    wrong = [
        {**case, "amount": 2, "stage": "moon"},
        {**case, "id": "y", "amount": 2, "pauses": True},
        {**case, "id": "z", "amount": 2, "consequence": "tiếp tục"},
        {**case, "id": "w", "amount": 0, "clock": "wait"},
    ]

    assert faults_with("limit_variants", wrong) == [
        ("procedure[0].limit_variants[0].stage", "definition.no-stage"),
        ("procedure[0].limit_variants[1].clock", "definition.wait-only"),
        ("procedure[0].limit_variants[2].clock", "definition.wait-only"),
        ("procedure[0].limit_variants[3].amount", "definition.wait-without-limit"),
    ]
    right = [{**case, "amount": 2, "clock": "wait", "pauses": True, "consequence": "tiếp tục"}]
    assert faults_with("limit_variants", right) == []


def test_working_days_may_have_a_cut_off() -> None:
    # Decree 301/2026/NĐ-CP: taken in after 15:00, a group counts from the next working day.
    assert faults_with("limit", {"amount": 3, "unit": "working_day", "cutoff": "15:00"}) == []


def test_an_agreed_time_only_adds() -> None:
    faults = definition_faults(
        small_procedure(
            limit_variants=(
                LimitVariant(
                    id="agreed",
                    when="thỏa thuận",
                    amount=0,
                    unit=Unit.WORKING_DAY,
                    mode=VariantMode.REPLACES,
                ),
            )
        )
    )

    assert keys_and_codes(faults) == [("limit_variants[0].amount", "definition.agreed-replaces")]


class TestVersions:
    def version(self, **changes: Any) -> dict[str, Any]:
        changed = document()
        changed["version"] = [
            {
                "code": "9.000001",
                "valid_from": "2018-01-01",
                "valid_to": "2018-12-31",
                "assumed": "simulation",
                "name": "Tên cũ",
                **changes,
            }
        ]
        return changed

    def test_a_version_is_as_its_procedure_where_it_says_nothing_else(self) -> None:
        (now, then), faults = read_definitions(self.version())

        assert faults == []
        assert then.name == "Tên cũ"
        assert then.form_fields == now.form_fields
        assert then.is_simulation
        assert not now.is_simulation

    def test_a_version_of_nothing_is_a_fault(self) -> None:
        assert keys_and_codes(read_definitions(self.version(code="9.000002"))[1]) == [
            ("version[0].code", "definition.no-procedure")
        ]

    def test_a_version_needs_its_first_day(self) -> None:
        changed = self.version()
        del changed["version"][0]["valid_from"]

        assert keys_and_codes(read_definitions(changed)[1]) == [
            ("version[0].valid_from", "file.missing-key")
        ]

    def test_a_simulation_needs_both_days_and_in_order(self) -> None:
        changed = self.version(valid_from="2018-12-31", valid_to="2018-01-01")
        assert keys_and_codes(read_definitions(changed)[1]) == [
            ("version[0].valid_to", "definition.validity")
        ]

        del changed["version"][0]["valid_to"]
        assert keys_and_codes(read_definitions(changed)[1]) == [
            ("version[0].valid_to", "definition.simulation-dates")
        ]


def test_a_code_that_comes_twice_is_a_fault() -> None:
    changed = document()
    changed["procedure"].append(copy.deepcopy(changed["procedure"][0]))
    changed["version"] = [{"code": "9.000001", "valid_from": "2018-01-01"}] * 2

    definitions, faults = read_definitions(changed)

    assert len(definitions) == 4
    assert [(fault.code, fault.told["given"]) for fault in faults] == [
        ("definition.repeated", "9.000001"),
        ("definition.repeated", "9.000001 (2018-01-01)"),
    ]


def test_an_empty_file_says_what_is_missing() -> None:
    assert keys_and_codes(read_definitions({"procedures": []})[1]) == [
        ("schema", "file.schema"),
        ("field", "file.missing-key"),
        ("field_name", "file.missing-key"),
        ("procedures", "file.unknown-key"),
        ("procedure", "file.too-few"),
    ]


def test_procedures_that_are_no_tables_are_a_fault() -> None:
    changed = {**document(), "procedure": "một"}

    assert ("procedure", "file.not-a-table") in keys_and_codes(read_definitions(changed)[1])


def test_lines_that_are_not_in_nfc_are_named() -> None:
    assert keys_and_codes(text_faults("a\nHo\u0302 so\u031b")) == [("line 2", "file.not-nfc")]


def test_a_list_without_a_least_length_may_be_empty() -> None:
    faults: list[Fault] = []

    assert decode(tuple[LimitVariant, ...], [], "variants", faults) == ()
    assert decode(tuple[LimitVariant, ...], ["x"], "variants", faults) is BROKEN
    assert keys_and_codes(faults) == [("variants[0]", "file.not-a-table")]


def test_values_that_do_not_go_together_are_a_fault_of_the_key_to_mend() -> None:
    class Server(msgspec.Struct, frozen=True):
        host: str = ""
        safe: bool = False

        def __post_init__(self) -> None:
            if self.host and not self.safe:
                raise UnfitError("safe", "x.unsafe")

    faults: list[Fault] = []

    assert decode(Server, {"host": "a", "safe": True}, "server", faults) == Server("a", safe=True)
    assert faults == []
    assert decode(Server, {"host": "a"}, "server", faults) is BROKEN
    assert keys_and_codes(faults) == [("server.safe", "x.unsafe")]


def test_a_condition_compares_with_the_values_it_states() -> None:
    assert Condition(field="a", equals=1).values == (1,)
    assert Condition(field="a", among=(1, 2)).values == (1, 2)
    assert Condition(field="a", present=True).values == ()


def test_fields_without_a_condition_or_pattern_are_fine() -> None:
    assert definition_faults(small_procedure(form_fields=(TextField(id="a", label="A"),))) == []
    assert definition_faults(small_procedure(limit=Limit(known=False, note="chưa rõ"))) == []


def test_every_fault_has_a_text_and_a_hint_in_both_languages() -> None:
    folder = importlib.resources.files("motcua") / "locale"
    codes = {
        key
        for lang in ("vi", "en")
        for key in tomllib.loads((folder / lang / "procedures.toml").read_text("utf-8"))
        if key.startswith(("file.", "definition.")) and not key.endswith(".hint")
    }

    assert codes
    for lang in ("vi", "en"):
        for code in codes:
            assert {code, f"{code}.hint"} <= texts(lang).keys()
