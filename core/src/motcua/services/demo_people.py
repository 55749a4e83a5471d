"""People, papers and answers of the demonstration: all of them invented."""

import datetime as dt
import random
import tomllib
from importlib.resources import files
from typing import Any

import msgspec

from motcua.domain.form import (
    AddressField,
    BooleanField,
    DateField,
    EnumField,
    Field,
    FileField,
    GroupField,
    IntegerField,
    MoneyField,
    PersonField,
    TextField,
)
from motcua.domain.procedure import ProcedureDefinition

SEED = 2018
PROVINCE_PART = "027"
"""First digits of the invented identification numbers: the former province of Bắc Ninh."""
_YOUNGEST, _OLDEST = 18, 82
_WOMEN = {"bride": True, "mother": True, "groom": False, "father": False}
_OF_AGE = 3 * 366
"""Days that make those who marry old enough: men at twenty."""
_LATE_BIRTH_SHARE = 0.06
_PAPERS_OFFICE_SHARE = 0.3


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The syllables people, addresses and texts are made of."""

    surnames: tuple[str, ...]
    men_middle: tuple[str, ...]
    men_given: tuple[str, ...]
    women_middle: tuple[str, ...]
    women_given: tuple[str, ...]
    streets: tuple[str, ...]
    areas: tuple[str, ...]
    papers: tuple[str, ...]
    sentences: tuple[str, ...]
    agencies: tuple[str, ...]
    missing: tuple[str, ...]


def load_words() -> Words:
    """The syllables that travel with the program."""
    text = files("motcua").joinpath("data/demo/names.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)


class Inventor:
    """Invents people and what they declare, always the same for one seed."""

    def __init__(self, dice: random.Random, words: Words, *, pages: float, copies: float) -> None:
        """Take the *dice*, the *words* and the mean numbers of pages and copies."""
        self.dice = dice
        self.words = words
        self._means = {"page_count": (pages, 60), "copy_count": (copies, 100)}

    def name(self, *, woman: bool) -> str:
        """A full name: surname, middle name, given name."""
        words, pick = self.words, self.dice.choice
        if woman:
            return f"{pick(words.surnames)} {pick(words.women_middle)} {pick(words.women_given)}"
        return f"{pick(words.surnames)} {pick(words.men_middle)} {pick(words.men_given)}"

    def person(self, on: dt.date, field: str = "") -> dict[str, Any]:
        """Somebody grown up on the day *on*, with an identification number that fits.

        Args:
            on: The day it is about.
            field: Where the person stands on a form: a bride is a woman, a groom of age.
        """
        dice = self.dice
        drawn = dice.random() < 0.5  # noqa: PLR2004 - half of the people
        woman = _WOMEN.get(field, drawn)
        days = dice.randint(_YOUNGEST * 366, _OLDEST * 365)
        born = on - dt.timedelta(days=days + (_OF_AGE if field in _WOMEN else 0))
        digit = (1 if woman else 0) + (2 if born.year >= 2000 else 0)  # noqa: PLR2004 - the century
        number = f"{PROVINCE_PART}{digit}{born.year % 100:02}{dice.randrange(10**6):06}"
        return {
            "name": self.name(woman=woman),
            "id_number": number,
            "birth": born.isoformat(),
            "sex": "Nữ" if woman else "Nam",
            "address": self.address(),
        }

    def address(self) -> str:
        """A house in a street that does not exist."""
        pick = self.dice.choice
        house = self.dice.randint(1, 180)
        return f"Số {house} đường {pick(self.words.streets)}, {pick(self.words.areas)}"

    def answers(
        self, definition: ProcedureDefinition, applicant: dict[str, Any], on: dt.date
    ) -> dict[str, Any]:
        """What *applicant* declares on the form of *definition* on the day *on*."""
        given: dict[str, Any] = {}
        for field in definition.form_fields:
            hidden = field.when is not None and not field.when.holds(given.get(field.when.field))
            if field.id == "requester" or hidden or field.computed:
                continue
            if field.required or field.id in _ALSO:
                value = self._answer(field, on)
                given[field.id] = value if field.repeat is None else [value]
        if any(field.id == "requester" for field in definition.form_fields):
            given["requester"] = {"birth": applicant["birth"], "address": applicant["address"]}
        return given

    def _answer(self, field: Field, on: dt.date) -> Any:
        given: Any
        match field:
            case PersonField():
                given = self.person(on, field.id)
            case AddressField():
                given = self.address()
            case BooleanField():
                given = field.required or self.dice.random() < _PAPERS_OFFICE_SHARE
            case EnumField():
                given = self.dice.choice(field.options)
            case DateField():
                given = self._day(field, on).isoformat()
            case IntegerField() | MoneyField():
                given = self._number(field)
            case FileField():
                given = f"{field.id}.pdf"
            case GroupField():
                inner = (each for each in field.fields if each.required and not each.computed)
                given = {each.id: self._answer(each, on) for each in inner}
            case TextField():
                given = self._text(field)
        return given

    def _day(self, field: DateField, on: dt.date) -> dt.date:
        dice = self.dice
        if field.id == "child_birth_date":
            late = dice.random() < _LATE_BIRTH_SHARE
            return on - dt.timedelta(days=dice.randint(70, 900) if late else dice.randint(2, 50))
        if field.id == "death_date":
            return on - dt.timedelta(days=dice.randint(0, 12))
        if field.id == "signing_date":
            return on
        return on - dt.timedelta(days=dice.randint(30, 3000))

    def _number(self, field: IntegerField | MoneyField) -> int:
        if field.id in self._means:
            mean, most = self._means[field.id]
            drawn = 1 + int(self.dice.expovariate(1 / max(mean - 1, 0.01)) + 0.5)
            return max(field.min, min(drawn, most, field.max))
        if isinstance(field, MoneyField):
            return max(field.min, self.dice.randint(1, 400) * 5_000_000)
        return max(field.min, min(self.dice.choice((1, 1, 1, 2)), field.max))

    def _text(self, field: TextField) -> str:
        pick = self.dice.choice
        if "name" in field.id:
            return self.name(woman=self.dice.random() < 0.5)  # noqa: PLR2004 - half of the people
        if field.id.endswith(("_no", "_number", "_reference")):
            return f"{self.dice.randint(1, 400)}/{self.dice.randint(2005, 2017)}"
        if "title" in field.id:
            return pick(self.words.papers)
        if field.id.endswith("ethnicity"):
            return "Kinh"
        if field.id.endswith("nationality"):
            return "Việt Nam"
        return pick(self.words.sentences)[: field.max_length]


_ALSO = ("copies_by_office", "purpose")
"""Fields that are answered though they need not be."""
