"""The other nineteen fields: what is known, what stays unknown, what is a chain."""

import datetime as dt
import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from motcua.domain.fee import total
from motcua.domain.limit import TimeLimit
from motcua.domain.procedure_limit import VariantClock
from motcua.domain.tenant import TenantSettings, campaign_at
from motcua.plugin import default_fee_lines
from motcua_general_procedures import plugin

CURRENT = {each.code: each for each in plugin.procedures() if not each.is_simulation}


def told(limit: TimeLimit | None) -> str:
    assert limit is not None
    return limit.short()


@pytest.mark.parametrize("code", ["1.011606", "1.012971", "1.012974", "2.000794", "2.002165"])
def test_a_limit_no_source_gives_stays_unknown(code: str) -> None:
    # Rules 15.1: the officer enters a date and its ground; nothing is guessed.
    definition = CURRENT[code]

    assert definition.choose_limit().limit is None
    assert definition.limit.note


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("1.014027", "10 wd"),
        ("1.014028", "3 wd"),
        ("1.013750", "3 wd"),
        ("2.001944", "15 wd"),
        ("2.000282", "10 wd"),
        ("2.000286", "10 wd"),
        ("1.012812", "30 cd"),
        ("1.004946", "12 ch"),
        ("1.010092", "13 wd"),
    ],
)
def test_limits_found_later_carry_their_number(code: str, limit: str) -> None:
    # Rules 15.1.
    chosen = CURRENT[code].choose_limit().limit

    assert chosen is not None
    assert chosen.short() == limit


def test_state_compensation_is_a_chain_of_stages_without_a_sum() -> None:
    # Law 10/2017/QH14 art. 43-46; rules 15.1.
    limit = CURRENT["2.002165"].limit

    assert {stage.id: told(stage.time_limit) for stage in limit.stages} == {
        "acceptance": "2 wd",
        "appointment": "2 wd",
        "verification": "15 cd",
        "talks-start": "2 wd",
        "talks": "10 cd",
    }
    assert limit.time_limit is None
    assert [each.id for each in limit.stages_after("acceptance")] == ["appointment", "verification"]
    assert [each.id for each in limit.stages_after("verification")] == ["talks-start"]


@pytest.mark.parametrize(
    ("variant", "stage", "days"),
    [("verification-extended", "verification", "15 cd"), ("talks-extended", "talks", "10 cd")],
)
def test_a_stage_of_compensation_may_be_extended_by_agreement(
    variant: str, stage: str, days: str
) -> None:
    # Law 10/2017/QH14 art. 45 clause 2, art. 46 clause 1.
    longer = CURRENT["2.002165"].extensions()[variant]

    assert (longer.stage, told(longer.time_limit)) == (stage, days)


def test_adoption_takes_thirty_days_in_two_stages() -> None:
    # Law 52/2010/QH12 art. 19, 20, 22: 30 days in all, 10 and 20 inside them.
    adoption = CURRENT["2.001263"]

    assert told(adoption.choose_limit(["abandoned-child"]).limit) == "30 cd"
    assert [(each.id, told(each.time_limit)) for each in adoption.limit.stages] == [
        ("opinions", "10 cd"),
        ("registration", "20 cd"),
    ]
    assert adoption.variant("abandoned-child").clock is VariantClock.BESIDE


def test_military_registration_online_takes_two_hours() -> None:
    # 1.013133: one working day at the counter, two hours online.
    definition = CURRENT["1.013133"]

    assert told(definition.choose_limit(channel="online").limit) == "2 wh"
    assert definition.choose_limit(channel="online").variants == ("online",)
    assert told(definition.choose_limit(channel="direct").limit) == "1 wd"
    assert told(definition.choose_limit().limit) == "1 wd"


def test_a_procedure_without_an_online_limit_keeps_its_own() -> None:
    definition = CURRENT["1.001776"]

    assert definition.choose_limit(channel="online") == definition.choose_limit()


def test_emergency_for_a_child_runs_round_the_clock() -> None:
    # 1.004946: twelve hours of the clock, by night and on days off too.
    limit = CURRENT["1.004946"].limit.time_limit

    assert limit is not None
    assert (limit.short(), limit.round_the_clock) == ("12 ch", True)


def test_silence_on_a_festival_counts_as_an_acceptance() -> None:
    # Decree 110/2018/NĐ-CP: the commune answers only if it does not agree.
    limit = CURRENT["1.003622"].limit

    assert told(limit.time_limit) == "15 cd"
    assert limit.on_silence is not None
    assert limit.on_silence.legal == "Nghị định 110/2018/NĐ-CP"
    assert [code for code, each in CURRENT.items() if each.limit.on_silence] == ["1.003622"]


def test_the_yearly_poverty_review_is_a_campaign() -> None:
    # Rules 15.1: 1.011606 is a campaign, not a dossier clock.
    assert [code for code, each in CURRENT.items() if each.limit.campaign] == ["1.011606"]


def test_the_campaign_of_the_readme_can_stand_in_a_units_file() -> None:
    readme = (Path(__file__).parents[3] / "plugins/general_procedures/README.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)

    read = msgspec.convert(tomllib.loads(example)["settings"], TenantSettings)
    stored = msgspec.to_builtins(read)

    (code,) = stored["campaigns"]
    assert CURRENT[code].limit.campaign
    found = campaign_at(stored, code, dt.date(2026, 12, 14))
    assert found is not None
    assert found.first == dt.date(2026, 9, 1)


def test_the_plugin_is_definitions_and_nothing_else() -> None:
    folder = Path(plugin.__file__).parent

    assert {path.name for path in folder.glob("*.py")} == {"__init__.py", "plugin.py"}
    hooks = [name for name in vars(plugin) if hasattr(getattr(plugin, name), "motcua_impl")]
    assert hooks == ["procedures"]
    assert len(CURRENT) == 45


def test_adoption_costs_four_hundred_thousand_unless_exempt() -> None:
    # Decree 114/2016/NĐ-CP.
    adoption = CURRENT["2.001263"]

    assert total(default_fee_lines(adoption, {})) == 400_000
    assert total(default_fee_lines(adoption, {}, exempt=["relative"])) == 0


def test_every_other_procedure_is_free() -> None:
    charged = [code for code, each in CURRENT.items() if total(default_fee_lines(each, {}))]

    assert charged == ["2.001263"]
