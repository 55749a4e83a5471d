"""Files of procedure definitions: one field of law each, all faults at once.

A file begins with ``schema``, ``field`` and ``field_name``; each ``[[procedure]]``
is a definition. A ``[[version]]`` is another dated version of a procedure of the
same file: what it does not state is as in that procedure.
"""

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from motcua.domain.decoding import BROKEN, Fault, decode
from motcua.domain.form import EnumField, Field, GroupField, IntegerField, MoneyField, TextField
from motcua.domain.limit import Unit
from motcua.domain.procedure import FeeItem, FeeKind, ProcedureDefinition, Step
from motcua.domain.procedure_limit import Limit, VariantClock, VariantMode

HEAD = ("field", "field_name", "field_name_en")
_TOP = {"schema", "as_of", "procedure", "version", *HEAD}


def read_definitions(document: Mapping[str, Any]) -> tuple[list[ProcedureDefinition], list[Fault]]:
    """The definitions of a parsed file, and everything that is wrong in it.

    Args:
        document: What the TOML reader made of the file.

    Returns:
        The definitions without a fault of their own, in the file's order, and all faults.
    """
    faults = list(_head_faults(document))
    head = {key: document[key] for key in HEAD if key in document}
    definitions = []
    for key, row in _rows(document, faults):
        found: list[Fault] = []
        definition = decode(ProcedureDefinition, {**head, **row}, key, found)
        if definition is not BROKEN:
            found += definition_faults(definition, key)
        if not found:
            definitions.append(definition)
        faults += found
    faults += _repeated(definitions)
    return definitions, faults


def _head_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    if document.get("schema") != 1:
        yield Fault(key="schema", code="file.schema")
    for key in ("field", "field_name"):
        if key not in document:
            yield Fault(key=key, code="file.missing-key")
    for key in document:
        if key not in _TOP:
            told = {"given": key, "close": ", ".join(sorted(_TOP))}
            yield Fault(key=key, code="file.unknown-key", told=told)
    if not document.get("procedure"):
        yield Fault(key="procedure", code="file.too-few", told={"least": "1"})


def _rows(document: Mapping[str, Any], faults: list[Fault]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every definition's table with its key; versions completed from their procedure."""
    by_code: dict[object, dict[str, Any]] = {}
    for at, row in enumerate(_tables(document, "procedure", faults)):
        by_code.setdefault(row.get("code"), row)
        yield f"procedure[{at}]", row
    for at, row in enumerate(_tables(document, "version", faults)):
        key = f"version[{at}]"
        base = by_code.get(row.get("code"))
        if base is None:
            told = {"given": str(row.get("code"))}
            faults.append(Fault(key=f"{key}.code", code="definition.no-procedure", told=told))
        elif "valid_from" not in row:
            faults.append(Fault(key=f"{key}.valid_from", code="file.missing-key"))
        else:
            yield key, {**base, **row}


def _tables(
    document: Mapping[str, Any], name: str, faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    rows = document.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append(Fault(key=name, code="file.not-a-table"))
        return
    yield from rows


def _repeated(definitions: Iterable[ProcedureDefinition]) -> Iterator[Fault]:
    """Codes that come twice for the same first day."""
    keys = Counter((each.code, each.valid_from) for each in definitions)
    for (code, since), times in keys.items():
        if times > 1:
            told = {"given": code if since is None else f"{code} ({since})"}
            yield Fault(key="procedure", code="definition.repeated", told=told)


def definition_faults(definition: ProcedureDefinition, key: str = "") -> list[Fault]:
    """What is wrong in a definition whose single values are all right."""
    found = (
        *_limit_faults(definition.limit),
        *_variant_faults(definition),
        *_fee_faults(definition),
        *_document_faults(definition),
        *_form_faults(definition.form_fields, "form_fields"),
        *_step_faults(definition),
        *_part_faults(definition),
        *_same_ids((each.id for each in definition.refusal_grounds), "refusal_grounds"),
        *_validity_faults(definition),
    )
    prefix = f"{key}." if key else ""
    return [Fault(key=prefix + each.key, code=each.code, told=each.told) for each in found]


def _cutoff_faults(unit: Unit | None, cutoff: str | None, key: str) -> Iterator[Fault]:
    """Same-day work has a cut-off, working days may have one, nothing else has."""
    fits = unit in (Unit.SAME_DAY, Unit.WORKING_DAY) if cutoff else unit is not Unit.SAME_DAY
    if not fits:
        yield Fault(key=f"{key}.cutoff", code="definition.cutoff")


def _limit_faults(limit: Limit) -> Iterator[Fault]:
    stated = limit.amount is not None or limit.unit is not None
    if not limit.known:
        if stated:
            yield Fault(key="limit", code="definition.unknown-with-amount")
        if not limit.note:
            yield Fault(key="limit.note", code="definition.unknown-without-note")
    elif limit.amount is None or limit.unit is None:
        yield Fault(key="limit", code="definition.limit-incomplete")
    yield from _cutoff_faults(limit.unit, limit.cutoff, "limit")
    if limit.round_the_clock and limit.unit is not Unit.CLOCK_HOUR:
        yield Fault(key="limit.round_the_clock", code="definition.round-the-clock")
    if limit.campaign and limit.known:
        yield Fault(key="limit.campaign", code="definition.campaign-known")
    if limit.on_silence is not None and not limit.known:
        yield Fault(key="limit.on_silence", code="definition.silence-without-limit")
    yield from _stage_faults(limit)


def _stage_faults(limit: Limit) -> Iterator[Fault]:
    before: set[str] = set()
    for at, stage in enumerate(limit.stages):
        key = f"limit.stages[{at}]"
        yield from _cutoff_faults(stage.unit, stage.cutoff, key)
        if (stage.amount is None) != (stage.unit is None):
            yield Fault(key=key, code="definition.limit-incomplete")
        if stage.after is not None and stage.after not in before:
            told = {"given": stage.after}
            yield Fault(key=f"{key}.after", code="definition.stage-order", told=told)
        before.add(stage.id)
    yield from _same_ids((stage.id for stage in limit.stages), "limit.stages")


def _variant_faults(definition: ProcedureDefinition) -> Iterator[Fault]:
    stages = {stage.id for stage in definition.limit.stages}
    for at, variant in enumerate(definition.limit_variants):
        key = f"limit_variants[{at}]"
        yield from _cutoff_faults(variant.unit, variant.cutoff, key)
        if variant.agreed and variant.mode is not VariantMode.ADDS:
            yield Fault(key=f"{key}.amount", code="definition.agreed-replaces")
        if variant.stage is not None and variant.stage not in stages:
            told = {"given": variant.stage}
            yield Fault(key=f"{key}.stage", code="definition.no-stage", told=told)
        if variant.clock is VariantClock.WAIT:
            if variant.agreed:
                yield Fault(key=f"{key}.amount", code="definition.wait-without-limit")
        elif variant.consequence or variant.pauses:
            yield Fault(key=f"{key}.clock", code="definition.wait-only")
    yield from _same_ids((each.id for each in definition.limit_variants), "limit_variants")


def _fee_faults(definition: ProcedureDefinition) -> Iterator[Fault]:
    numbers = {
        field.id for field in definition.form if isinstance(field, IntegerField | MoneyField)
    }
    for at, fee in enumerate(definition.fees):
        key = f"fees[{at}]"
        if (fee.amount_vnd is None) == (fee.set_by is None):
            yield Fault(key=f"{key}.amount_vnd", code="definition.fee-amount")
        if fee.kind is FeeKind.NONE and fee.amount_vnd:
            yield Fault(key=f"{key}.kind", code="definition.fee-none")
        yield from _tier_faults(fee, key)
        for name, field in (("quantity", fee.quantity), ("tiered_by", fee.tiered_by)):
            if field is not None and field not in numbers:
                told = {"given": field}
                yield Fault(key=f"{key}.{name}", code="definition.no-number-field", told=told)
        yield from _same_ids((each.id for each in fee.exemptions), f"{key}.exemptions")
    yield from _same_ids((fee.id for fee in definition.fees), "fees")


def _tier_faults(fee: FeeItem, key: str) -> Iterator[Fault]:
    if (fee.tier_from is None) != (fee.tiered_by is None):
        yield Fault(key=f"{key}.tiered_by", code="definition.tier-field")
    if fee.tier_to is not None and fee.tier_to < (fee.tier_from or fee.tier_to + 1):
        yield Fault(key=f"{key}.tier_to", code="definition.tier-order")
    if fee.cap_vnd is not None and fee.cap_vnd < (fee.amount_vnd or 0):
        yield Fault(key=f"{key}.cap_vnd", code="definition.cap")


def _document_faults(definition: ProcedureDefinition) -> Iterator[Fault]:
    for at, document in enumerate(definition.documents):
        if not document.required and not document.when:
            yield Fault(key=f"documents[{at}].when", code="definition.optional-document")
    yield from _same_ids((each.id for each in definition.documents), "documents")


def _form_faults(fields: tuple[Field, ...], key: str) -> Iterator[Fault]:
    before: dict[str, Field] = {}
    for at, field in enumerate(fields):
        here = f"{key}[{at}]"
        yield from _condition_faults(field, before, here)
        yield from _field_faults(field, here)
        if isinstance(field, TextField) and field.same_as is not None:
            source = before.get(field.same_as)
            if not isinstance(source, TextField | EnumField) or source.repeat is not None:
                told = {"given": field.same_as}
                yield Fault(key=f"{here}.same_as", code="definition.condition-field", told=told)
        before[field.id] = field
    yield from _same_ids((field.id for field in fields), key)


def _condition_faults(field: Field, before: dict[str, Field], key: str) -> Iterator[Fault]:
    when = field.when
    if when is None:
        return
    if when.stated != 1:
        yield Fault(key=f"{key}.when", code="definition.condition-form")
    source = before.get(when.field)
    if source is None:
        told = {"given": when.field}
        yield Fault(key=f"{key}.when.field", code="definition.condition-field", told=told)
    elif isinstance(source, EnumField):
        for value in when.values:
            if value not in source.options:
                told = {"given": str(value), "options": ", ".join(source.options)}
                yield Fault(key=f"{key}.when", code="definition.condition-value", told=told)


def _field_faults(field: Field, key: str) -> Iterator[Fault]:
    if field.repeat is not None and field.repeat.min > field.repeat.max:
        yield Fault(key=f"{key}.repeat", code="definition.bounds")
    if field.computed and not isinstance(field, IntegerField | MoneyField):
        yield Fault(key=f"{key}.computed", code="definition.computed")
    match field:
        case IntegerField() | MoneyField() if field.min > field.max:
            yield Fault(key=f"{key}.min", code="definition.bounds")
        case EnumField():
            yield from _same_ids(field.options, f"{key}.options")
        case TextField() if field.pattern is not None:
            try:
                re.compile(field.pattern)
            except re.error as error:
                told = {"detail": str(error)}
                yield Fault(key=f"{key}.pattern", code="definition.pattern", told=told)
        case GroupField():
            yield from _form_faults(field.fields, f"{key}.fields")
        case _:
            pass


def _step_faults(definition: ProcedureDefinition) -> Iterator[Fault]:
    steps = definition.steps
    if steps[0] is not Step.RECEIVE or steps[-1] is not Step.RETURN:
        yield Fault(key="steps", code="definition.steps")
    yield from _same_ids(steps, "steps")


def _part_faults(definition: ProcedureDefinition) -> Iterator[Fault]:
    """A part follows one that comes before it, and no group is a part of itself."""
    before: set[str] = {definition.code}
    for at, part in enumerate(definition.parts):
        if part.after is not None and part.after not in before - {definition.code}:
            told = {"given": part.after}
            yield Fault(key=f"parts[{at}].after", code="definition.part-order", told=told)
        if part.procedure in before:
            told = {"given": part.procedure}
            yield Fault(key=f"parts[{at}].procedure", code="definition.same-id", told=told)
        before.add(part.procedure)


def _validity_faults(definition: ProcedureDefinition) -> Iterator[Fault]:
    since, until = definition.valid_from, definition.valid_to
    if (since or dt.date.min) > (until or dt.date.max):
        yield Fault(key="valid_to", code="definition.validity")
    if definition.is_simulation and (since is None or until is None):
        yield Fault(key="valid_to", code="definition.simulation-dates")


def _same_ids(ids: Iterable[str], key: str) -> Iterator[Fault]:
    """Ids that come twice in one list."""
    for each, times in Counter(ids).items():
        if times > 1:
            yield Fault(key=key, code="definition.same-id", told={"given": each})


def text_faults(text: str) -> list[Fault]:
    """Lines of a file that are not in Unicode NFC: they would sort and search wrongly."""
    return [
        Fault(key=f"line {number}", code="file.not-nfc")
        for number, line in enumerate(text.splitlines(), start=1)
        if not unicodedata.is_normalized("NFC", line)
    ]
