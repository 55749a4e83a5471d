"""Finding a procedure by what people call it: without accents, in everyday words."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

from motcua.domain.names import search_key
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import spoken


class Saying(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ways to say something, and the words or codes of procedures that are meant."""

    say: Annotated[tuple[str, ...], Meta(min_length=1)]
    means: Annotated[tuple[str, ...], Meta(min_length=1)]


class Everyday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of every day.

    Attributes:
        filler: Words that say nothing about which procedure is meant.
    """

    filler: tuple[str, ...]
    words: tuple[Saying, ...]


@cache
def everyday() -> Everyday:
    """The words of every day, from ``everyday.toml``."""
    text = files("motcua.services").joinpath("everyday.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Everyday)


def found(definitions: Iterable[ProcedureDefinition], typed: str) -> set[str]:
    """The codes of those *definitions* that somebody who *typed* this may mean.

    The last word may be half typed. Where an everyday saying was recognised, or nothing
    is found, words that say nothing are left out. Where nothing has every word, those
    with most of them are found.
    """
    listed = {each.code: _searched(each) for each in definitions}
    whole = search_key(typed).split()
    meant = _meant(" ".join(whole))
    codes = _matching(listed, whole, half=not meant)
    for way in meant:
        codes |= _matching(listed, _without_filler(way).split())
    rest = _without_filler(" ".join(whole)).split()
    return codes or _matching(listed, rest or whole) or _nearest(listed, rest, meant)


def _meant(typed: str) -> list[str]:
    """*typed* with the everyday saying in it said as the law does; the longest one counts."""
    padded = f" {typed} "
    known = [
        (search_key(said), saying)
        for saying in everyday().words
        for said in saying.say
        if f" {search_key(said)} " in padded
    ]
    longest = max((len(said) for said, _ in known), default=0)
    return [
        padded.replace(f" {said} ", f" {search_key(means)} ").strip()
        for said, saying in known
        if len(said) == longest
        for means in saying.means
    ]


def _matching(
    listed: dict[str, tuple[str, ...]], wanted: Sequence[str], *, half: bool = False
) -> set[str]:
    """The codes of what has every word of *wanted*; with *half*, the last one begun."""
    if not wanted:
        return set(listed)
    *first, last = wanted
    return {
        code
        for code, words in listed.items()
        if all(word in words for word in first)
        and (last in words or (half and any(word.startswith(last) for word in words)))
    }


def _nearest(
    listed: dict[str, tuple[str, ...]], rest: Sequence[str], meant: Iterable[str]
) -> set[str]:
    """The codes of what has most words of *rest*, or of what was *meant*: over half of them.

    A word that no procedure has does not count; one word alone says too little.
    """
    known = {word for words in listed.values() for word in words}
    ways = [known.intersection(_without_filler(way).split()) for way in meant]
    ways = [way for way in (*ways, known.intersection(rest)) if len(way) > 1 or way & set(listed)]
    if not ways:
        return set()
    shares = {
        code: max(1.0 if code in way else len(way.intersection(words)) / len(way) for way in ways)
        for code, words in listed.items()
    }
    best = max(shares.values(), default=0.0)
    return {code for code, share in shares.items() if share == best > _MOST_WORDS}


def _searched(definition: ProcedureDefinition) -> tuple[str, ...]:
    names = f"{definition.name} {definition.short_name} {definition.field_name}"
    english = f" {definition.name_en} {definition.field_name_en}" if spoken() == "en" else ""
    words = search_key(names + english)
    return (definition.code, *_WORD.findall(words))


def _without_filler(typed: str) -> str:
    rest = f" {typed} "
    for word in everyday().filler:
        rest = rest.replace(f" {word} ", " ")
    return rest.strip()


_WORD = re.compile(r"\w+")
_MOST_WORDS = 0.5
"""The share of the words that has to be there, where not all of them are."""
