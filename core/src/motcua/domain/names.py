"""How Vietnamese names and words are searched and sorted."""

import unicodedata

from motcua.domain.written import clean

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET, start=1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries."""


def search_key(words: str) -> str:
    """*words* in lower case without accents, ``đ`` as ``d``, single spaces.

    Two texts with one key are the same to somebody who types without accents.
    """
    bare = unicodedata.normalize("NFD", clean(words).lower().replace("đ", "d"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def name_key(written: str) -> str:
    """A name however it was spaced, encoded or capitalised; tones tell people apart."""
    return " ".join(clean(written).casefold().split())


def sort_key(words: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Orders *words* as a Vietnamese dictionary does: letters first, then tones."""
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", words.lower()):
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[c] for c in parts if c in _TONES), 0)
        letter = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        letters.append(_RANK.get(letter, 0))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def masked(number: str) -> str:
    """An identification number fit for a list: ``0271******12``."""
    shown = 4
    hidden = max(len(number) - shown - 2, 0)
    return number if hidden == 0 else f"{number[:shown]}{'*' * hidden}{number[-2:]}"
