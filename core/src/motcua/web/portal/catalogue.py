"""A commune's procedures as the portal lists and explains them."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from motcua.domain.names import sort_key
from motcua.domain.procedure import DocumentItem, DocumentKind, OnlineLevel, ProcedureDefinition
from motcua.plugin.texts import spoken, text, texts
from motcua.services.finding import found
from motcua.services.words import called, limit_words
from motcua.ui.format import capital
from motcua.ui.words import (
    amount_words,
    fee_words,
    offered_limit_words,
    variant_words,
)
from motcua.web.portal.views import Offer

ALL = "tat-ca"
ICONS = {"chung-thuc": "copy", "ho-tich": "baby", "nuoi-con-nuoi": "baby", "dat-dai": "home"}


class Row(msgspec.Struct, frozen=True):
    """A procedure in a list."""

    href: str
    title: str
    note: str
    icon: str


class FieldCount(msgspec.Struct, frozen=True):
    """A field of law with the number of its procedures."""

    slug: str
    name: str
    count: int


class FieldRows(msgspec.Struct, frozen=True):
    """The procedures of one field."""

    slug: str
    name: str
    rows: list[Row]


class Paper(msgspec.Struct, frozen=True):
    """A component document in words.

    Attributes:
        note: How many are handed in.
        lead: What stands before the case.
        when: In which case it is needed, in the words of the law.
    """

    name: str
    note: str
    lead: str = ""
    when: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page of a procedure says."""

    code: str
    name: str
    official: str
    applicants: str
    field: str
    limit: str
    limit_note: str
    stages: list[tuple[str, str, str]]
    variants: list[tuple[str, str]]
    fee: str
    fees: list[tuple[str, str, str]]
    papers: list[Paper]
    result: str
    online: str
    process: list[str]
    basis: Sequence[str]


def fields(offers: Iterable[Offer]) -> list[FieldCount]:
    """The fields of law, those with most procedures first."""
    counted = Counter((each.definition.field, field_called(each.definition)) for each in offers)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], sort_key(item[0][1])))
    return [FieldCount(slug, name, count) for (slug, name), count in ordered]


def matching(offers: Iterable[Offer], typed: str, field: str) -> list[Offer]:
    """The procedures of *field* (or of all) that *typed* may mean: no accents, everyday words."""
    listed = [each for each in offers if field in ("", ALL, each.definition.field)]
    codes = found((each.definition for each in listed), typed)
    return [each for each in listed if each.definition.code in codes]


def grouped(slug: str, offers: Iterable[Offer]) -> list[FieldRows]:
    """*offers* by field of law, in Vietnamese order."""
    ordered = sorted(
        offers,
        key=lambda each: (sort_key(field_called(each.definition)), sort_key(each.definition.name)),
    )
    return [
        FieldRows(field, name, rows(slug, members))
        for (field, name), members in itertools.groupby(
            ordered, key=lambda each: (each.definition.field, field_called(each.definition))
        )
    ]


def rows(slug: str, offers: Iterable[Offer]) -> list[Row]:
    """*offers* as rows of a list: name, limit and fee in words."""
    return [
        Row(
            href=f"/t/{slug}/thu-tuc/{each.definition.code}",
            title=called(each.definition),
            note=f"{_limit(each)} · {fee_words(each.definition.fees)}",
            icon=ICONS.get(each.definition.field, "file"),
        )
        for each in offers
    ]


def field_called(definition: ProcedureDefinition) -> str:
    """The name of a field of law, in English where it has one and English is spoken."""
    return (spoken() == "en" and definition.field_name_en) or definition.field_name


def short_name(name: str) -> str:
    """A procedure's name without the words that every name begins with."""
    return capital(name.removeprefix("Thủ tục "))


def sheet(offer: Offer) -> Sheet:
    """The page of one procedure."""
    definition = offer.definition
    return Sheet(
        code=definition.code,
        name=called(definition),
        official=definition.name,
        applicants=definition.applicants,
        field=field_called(definition),
        limit=_limit(offer),
        limit_note=definition.limit.note,
        stages=[
            (stage.label, limit_words(stage.time_limit), stage.counted_from)
            for stage in definition.limit.stages
        ],
        variants=_variants(offer),
        fee=fee_words(definition.fees),
        fees=[(each.label, amount_words(each), each.exempt_note) for each in definition.fees],
        papers=papers(definition),
        result=definition.result.name,
        online=text(f"ui.online.{_level(offer).value}"),
        process=[text(f"ui.process.{step.value}") for step in definition.steps],
        basis=definition.legal_basis,
    )


def online(offer: Offer) -> bool:
    """Whether one may apply on the portal; a group of procedures still begins at the desk."""
    return _level(offer) is not OnlineLevel.NONE and not offer.definition.parts


def _level(offer: Offer) -> OnlineLevel:
    """How much can be done online: nothing where the commune keeps it at its desk."""
    return offer.definition.online_level if offer.online else OnlineLevel.NONE


def _limit(offer: Offer) -> str:
    """The commune's own limit, or else the definition's."""
    if offer.limit is not None:
        return limit_words(offer.limit)
    return offered_limit_words(offer.definition.limit)


def _variants(offer: Offer) -> list[tuple[str, str]]:
    """When it takes longer: the case, and how long."""
    variants = offer.definition.limit_variants
    return [(capital(variant.when), variant_words(variant)) for variant in variants]


def papers(definition: ProcedureDefinition) -> list[Paper]:
    """What to bring: each paper, how many of it and when."""
    return [
        Paper(each.name, " ".join(filter(None, (_how_many(each), _if_needed(each)))), *_when(each))
        for each in definition.documents
    ]


def _how_many(document: DocumentItem) -> str:
    """Whether a paper is only shown, and how many are handed in."""
    if document.kind is DocumentKind.PRESENT:
        return text("ui.paper.present")
    original, copies = document.original, document.copies
    if original and copies:
        return text("ui.paper.both", original=original, copies=copies)
    key = "ui.paper.original" if original else "ui.paper.copies"
    return text(key, count=original or copies) if original or copies else ""


def _if_needed(document: DocumentItem) -> str:
    """Says so of a paper that is not always needed, and for which no case is told."""
    return "" if document.required or document.when else text("ui.paper.if_needed")


def _when(document: DocumentItem) -> tuple[str, str]:
    """In which case a paper is needed, or a note on one that always is; with what leads to it."""
    said = texts("vi")["ui.paper.only_if"].removesuffix(":").casefold()
    if document.required or document.when.casefold().startswith(said):
        return "", capital(document.when)
    return (text("ui.paper.only_if") if document.when else "", document.when)
