"""The packet of a village day: a cover and ruled sheets with the numbers on them, as one PDF."""

import functools
import importlib.resources

from motcua.documents.papers import Sheet as Paper
from motcua.documents.papers import printed
from motcua.domain.form import BooleanField, EnumField, IntegerField
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text
from motcua.services import offers
from motcua.services.house import Desk, House
from motcua.services.village_days import LINES, Leaf, VillageDay
from motcua.services.village_plan import in_one_line, kind_name

_HEADS = ("number", "time", "id", "name")
"""As the lines are typed afterwards."""
_SHORT = (IntegerField, BooleanField)
_COVER = ("n", "kind", "book", "numbers")


async def packet(house: House, desk: Desk, day: VillageDay) -> bytes:
    """What is taken along to a village day."""
    definitions = {
        each.procedure: offers.on_day(house, each.procedure, day.day) for each in day.sheets
    }
    leaves = day.leaves
    sheets = [
        Paper(template="village/cover.typ", data=_cover(desk, day, definitions)),
        *(
            Paper(
                template="village/sheet.typ",
                data=_leaf(desk, day, leaf, definitions[leaf.sheet.procedure], len(leaves)),
            )
            for leaf in leaves
        ),
    ]
    title = text("village.packet.title", place=day.place, day=f"{day.day:%d/%m/%Y}")
    return await printed(_templates(), sheets, title, house.now(), test=house.invented(desk))


def _cover(
    desk: Desk, day: VillageDay, definitions: dict[str, ProcedureDefinition]
) -> dict[str, object]:
    return {
        "unit": desk.name,
        "title": text("village.packet.cover"),
        "facts": [
            [text("village.day"), f"{day.day:%d/%m/%Y}"],
            [text("village.place"), day.place],
            [text("village.officer"), day.officer],
            [text("village.signers"), ", ".join(day.signers)],
        ],
        "heads": [text(f"village.packet.{name}") for name in _COVER],
        "rows": [
            [
                str(leaf.at),
                kind_name(definitions[leaf.sheet.procedure]),
                f"{leaf.sheet.book} {leaf.sheet.year}",
                _span(leaf),
            ]
            for leaf in day.leaves
        ],
        "rules": [text(f"village.packet.rule{n}") for n in range(1, 6)],
        "signs": [text("village.packet.taken"), text("village.packet.back")],
    }


def _leaf(
    desk: Desk, day: VillageDay, leaf: Leaf, definition: ProcedureDefinition, count: int
) -> dict[str, object]:
    asked = in_one_line(definition)
    series = str(desk.settings.get("receipt_series") or "")
    ends = [text("village.col.signer")] if len(day.signers) > 1 else []
    ends += [text("village.col.paid"), text("village.packet.fee")]
    if series:
        ends.append(text("village.packet.receipt", series=series))
    ends.append(text("village.packet.signed"))
    heads = [text(f"village.packet.col.{name}") for name in _HEADS]
    return {
        "unit": desk.name,
        "title": kind_name(definition),
        "leaf": text("village.packet.leaf", number=leaf.at, count=count),
        "where": text(
            "village.packet.where",
            place=day.place,
            day=f"{day.day:%d/%m/%Y}",
            book=f"{leaf.sheet.book} {leaf.sheet.year}",
            numbers=_span(leaf),
        ),
        "heads": [*heads, *(field.label for field in asked), *ends],
        "widths": [
            *_HEADS,
            *("short" if isinstance(field, _SHORT) else "wide" for field in asked),
            *("fee" for _ in ends[:-1]),
            "sign",
        ],
        "numbers": [f"{each.number:02d}" for each in leaf.numbers],
        "lines": LINES,
        "options": [
            text("village.packet.options", label=field.label, options=_numbered(field))
            for field in asked
            if isinstance(field, EnumField)
        ],
        "foot": text("village.packet.foot"),
        "signs": [
            text("village.packet.officer", name=day.officer),
            text("village.packet.signer", names=", ".join(day.signers)),
        ],
    }


def _numbered(field: EnumField) -> str:
    """The choices with the numbers that stand for them on the sheet."""
    return "; ".join(f"{n} {option}" for n, option in enumerate(field.options, 1))


def _span(leaf: Leaf) -> str:
    return f"{leaf.numbers[0].number}–{leaf.numbers[-1].number}"


@functools.cache
def _templates() -> dict[str, str]:
    folder = importlib.resources.files("motcua.documents") / "typst/village"
    return {f"village/{each.name}": each.read_text("utf-8") for each in folder.iterdir()}
