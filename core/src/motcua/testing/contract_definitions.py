"""The contract of a plugin's definitions: valid, ending, dated, priced."""

# ruff: noqa: S101 - a test kit asserts

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.domain.answers import Answers
from motcua.domain.calendar_data import national_calendar
from motcua.domain.clock_events import Extended
from motcua.domain.definitions import definition_faults
from motcua.domain.dossier import FINAL, TRANSITIONS, State, leaving, transition
from motcua.domain.errors import MotCuaError
from motcua.domain.fee import default_fee_lines, total
from motcua.domain.life import Act, Actor, Life, Opening, Rules, clock_state, open_dossier, step
from motcua.domain.procedure import FeeItem, ProcedureDefinition
from motcua.plugin.facts import Reception
from motcua.testing.clock import MONDAY
from motcua.testing.contract_base import AboutPlugin
from motcua.testing.forms import SETTINGS, TODAY, filled

CALENDAR = national_calendar()
SILENCE = "T35"
"""The step nobody takes: the limit passes without an answer."""
AN_HOUR, A_MONTH = dt.timedelta(hours=1), dt.timedelta(days=30)
_FITTING: dict[str, Any] = {
    "text": "x",
    "lines": ["x"],
    "moment": MONDAY + A_MONTH,
    "amount": 1000,
}


class DefinitionContract(AboutPlugin):
    """Each definition can be stored, worked through, counted and charged."""

    def test_its_definitions_are_right(self) -> None:
        """No definition has a fault; all are of a field the manifest names."""
        for definition in self.definitions():
            assert definition_faults(definition) == [], definition.key
            assert self.loaded().serves(definition.field), definition.key

    def test_its_definitions_survive_storage(self) -> None:
        """A definition read back is the same version."""
        for definition in self.definitions():
            stored = msgspec.json.encode(definition)
            again = msgspec.json.decode(stored, type=ProcedureDefinition)
            assert again.version_id == definition.version_id, definition.key

    def test_every_path_through_its_steps_ends(self) -> None:
        """Whatever step is taken, a dossier gets from there to an end, and its clock stops."""
        for definition in self.definitions():
            for path in _paths(definition):
                life = _walked(definition, path)
                assert life.state in FINAL, (definition.key, path)
                assert life.finished_at is not None, (definition.key, path)

    def test_each_variant_is_dated_and_explained(self) -> None:
        """The limit, alone and with each variant, gives a due time and a reason for each day."""
        for definition in self.definitions():
            for variants in [(), *((each.id,) for each in definition.limit_variants)]:
                chosen = definition.choose_limit(variants)
                assert chosen.variants == variants
                rules, life = _opened(definition, variants)
                told = clock_state(life, rules, MONDAY.date(), explain=True)
                assert told.current_due is not None, (definition.key, variants)
                assert told.current_due > MONDAY, (definition.key, variants)
                if chosen.limit is not None:
                    assert told.explanation, (definition.key, variants)
                    assert told.explanation[-1].date == told.current_due.date(), (
                        definition.key,
                        variants,
                    )

    def test_its_fees_hold_at_their_boundaries(self) -> None:
        """Nothing for nothing, never less for more, and no unit above its cap."""
        for definition in self.definitions():
            counted = {each.tiered_by or each.quantity for each in definition.fees} - {None}

            @settings(SETTINGS)
            @given(data=st.data())
            def held(data: st.DataObject) -> None:
                answers = data.draw(filled(definition.form))  # noqa: B023 - called at once
                for fee in definition.fees:  # noqa: B023 - the same
                    self._require_boundaries(definition, fee, answers)  # noqa: B023 - the same

            if counted:
                held()
            lines = default_fee_lines(definition, {})
            assert all(line.amount is None or line.amount >= 0 for line in lines), definition.key

    def _require_boundaries(
        self, definition: ProcedureDefinition, fee: FeeItem, answers: dict[str, Any]
    ) -> None:
        field, cap = fee.tiered_by or fee.quantity, fee.cap_vnd
        if field is None:
            return
        edges = _edges(definition, field)
        charged = [self._charged(definition, field, answers, n) for n in edges]
        assert charged == sorted(charged), (definition.key, field)
        assert cap is None or max(charged) <= cap, (definition.key, field)

    def _charged(
        self, definition: ProcedureDefinition, field: str, answers: dict[str, Any], units: int
    ) -> int:
        """What *units* of one fee's field cost, all other quantities being one.

        As the plugin decides it; by the definition where it decides nothing.
        """
        counted = {each.quantity: 1 for each in definition.fees if each.quantity}
        told = Answers({**answers, **counted, field: units})
        lines = self.decide("fee_lines", definition, told, Reception(received_on=TODAY))
        if lines is None:
            lines = default_fee_lines(definition, told)
        ids = {each.id for each in definition.fees if field in (each.tiered_by, each.quantity)}
        return total([line for line in lines if line.fee_id in ids])


def _edges(definition: ProcedureDefinition, field: str) -> list[int]:
    """0, 1, both sides of every tier's ends and of where a cap begins to hold."""
    found = {0, 1, 2, 1000}
    for fee in definition.fees:
        if fee.tiered_by == field:
            for edge in (fee.tier_from or 1, fee.tier_to or 1):
                found |= {edge - 1, edge, edge + 1}
            if fee.cap_vnd and fee.amount_vnd:
                at = fee.cap_vnd // fee.amount_vnd
                found |= {at - 1, at, at + 1}
    return sorted(each for each in found if each >= 0)


def _opened(definition: ProcedureDefinition, variants: Iterable[str] = ()) -> tuple[Rules, Life]:
    """A dossier received on a Monday morning under the limit with *variants*."""
    chosen = definition.choose_limit(variants)
    agreed = [Extended(at=MONDAY, until=MONDAY + 2 * A_MONTH, ground="x", paper="x")]
    extensions = [Extended(at=MONDAY, limit=each, ground="x") for each in chosen.extensions]
    opening = Opening(
        limit=chosen.limit,
        until=None if chosen.limit else MONDAY + A_MONTH,
        ground="" if chosen.limit else "x",
        extensions=(*extensions, *(agreed if chosen.agreed else [])),
    )
    rules = Rules(
        calendar=CALENDAR,
        supplement=definition.supplement_policy.value,
        limit=definition.limit,
        variants=definition.extensions(),
        waits=definition.waits(),
        own_approval=True,
    )
    act = Act(transition="T02", at=MONDAY, by=_whoever("T02"))
    return rules, open_dossier(act, rules, opening)


def _whoever(name: str) -> Actor:
    return Actor(1, "x", transition(name).roles)


def _walked(definition: ProcedureDefinition, path: tuple[str, ...]) -> Life:
    rules, life = _opened(definition)
    for hours, name in enumerate(path, start=1):
        needs = {
            need.name: need.options[0] if need.options else _FITTING[need.kind]
            for need in transition(name).needs
            if need.required
        }
        at = MONDAY + hours * AN_HOUR
        if name == SILENCE:
            due = clock_state(life, rules).current_due
            assert due is not None, definition.key
            needs["term"], at = due, due + AN_HOUR
        at = max(at, life.last_at)
        act = Act(transition=name, at=at, by=_whoever(name), reason="x", data=needs)
        life = step(life, act, rules)
    return life


def _paths(definition: ProcedureDefinition) -> list[tuple[str, ...]]:
    """For each step that moves a received dossier: a shortest way to it and on to an end."""
    silent = definition.limit.on_silence is not None
    moves = [
        row
        for row in TRANSITIONS.values()
        if row.target is not None and row.sources and (silent or row.id != SILENCE)
    ]
    there = _shortest(State.RECEIVED)
    return [
        (*there[source], row.id, *_on(row.target))
        for row in moves
        for source in row.sources
        if source in there and row.target is not None
    ]


def _shortest(start: State) -> dict[State, tuple[str, ...]]:
    """The shortest way from *start* to every state that people can bring a dossier to."""
    found: dict[State, tuple[str, ...]] = {start: ()}
    waiting = [start]
    for state in waiting:
        for row in leaving(state):
            if row.target is not None and row.target not in found and row.id != SILENCE:
                found[row.target] = (*found[state], row.id)
                waiting.append(row.target)
    return found


def _on(state: State) -> tuple[str, ...]:
    """The shortest way from *state* to an end; a state without one is the fault looked for."""
    ends = [way for end, way in _shortest(state).items() if end in FINAL]
    if not ends:
        raise MotCuaError(f"no way from {state} to an end")
    return min(ends, key=len)
