"""Which records a finished dossier leaves: pure mapping from answers to rows."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import msgspec

from motcua.plugin import VN, Answers, DossierFacts, Person, search_key
from motcua_civil_status.rules import BOOKS

NUMBER = re.compile(r"(?<![\d/])(\d{1,5})\s*/\s*(\d{4})(?![\d/])")
"""A number with its year, ``12/2024``; the last part of a date is none."""
_VOLUME = re.compile(r"quyen(?: so)?[: ]*$")
_BEFORE = 16

KIND_BOOKS = {
    "birth": "Sổ đăng ký khai sinh",
    "marriage": "Sổ đăng ký kết hôn",
    "death": "Sổ đăng ký khai tử",
    "marital": "Sổ cấp Giấy xác nhận tình trạng hôn nhân",
    "guardianship": "Sổ đăng ký giám hộ",
    "recognition": "Sổ đăng ký nhận cha, mẹ, con",
    "correction": "Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc",
}
"""The book each kind of record stands in."""

KIND_WORDS = {
    "khai sinh": "birth",
    "ket hon": "marriage",
    "khai tu": "death",
    "hon nhan": "marital",
    "giam ho": "guardianship",
    "nhan cha": "recognition",
}
"""How people call a kind of record, without accents."""

NOBODY = Person(name="")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A record about to be written.

    Attributes:
        kind: Its kind, a key of ``tables.RECORDS``.
        values: Its columns.
    """

    kind: str
    values: dict[str, Any]


def drafts(dossier: DossierFacts) -> list[Draft]:
    """The records *dossier* leaves; none if it was refused on the merits or only copies."""
    if dossier.outcome == "negative":
        return []
    answers = Answers(dossier.answers)
    return [
        Draft(kind=kind, values={**_common(dossier, kind), **make(answers)})
        for kind, make in MAKERS.get(dossier.procedure, ())
    ]


def record_id(dossier_id: str, kind: str) -> uuid.UUID:
    """The id of the record of *kind* a dossier leaves: always the same one."""
    return uuid.uuid5(uuid.UUID(dossier_id), kind)


def number_key(text: str) -> str:
    """The register number in *text* as it is searched for, or nothing.

    ``Số 012/2024, quyển số 01/2024`` gives ``12/2024``: leading zeros do not count, and the
    number of the volume is not the number of the entry.
    """
    for found in NUMBER.finditer(text):
        before = search_key(text[max(0, found.start() - _BEFORE) : found.start()])
        if not _VOLUME.search(before):
            return f"{int(found[1])}/{found[2]}"
    return ""


def stored_key(number: str) -> str:
    """How a number as issued is searched for; one without a year is itself."""
    return number_key(number) or search_key(number)


def named_kinds(reference: str) -> set[str]:
    """The kinds of record that the words of a *reference* name; none if they name no event."""
    words = search_key(reference)
    return {kind for word, kind in KIND_WORDS.items() if word in words}


def _common(dossier: DossierFacts, kind: str) -> dict[str, Any]:
    day = dossier.at.astimezone(VN).date()
    return {
        "id": record_id(dossier.id, kind),
        "dossier_id": uuid.UUID(dossier.id),
        "dossier_code": dossier.code,
        "procedure": dossier.procedure,
        "book": BOOKS[KIND_BOOKS[kind]],
        "year": day.year,
        "registered_on": day,
        "data": dossier.answers,
        "created_at": dossier.at,
        "changed_at": dossier.at,
    }


def _first(answers: Answers, *fields: str) -> Person:
    """The first person answered to one of *fields*."""
    return next((person for field in fields for person in answers.people(field)), NOBODY)


def _people(subject: Person, other: Person = NOBODY) -> dict[str, str]:
    return {
        f"{which}_{column}": value
        for which, person in (("subject", subject), ("other", other))
        for column, value in (
            ("name", person.name),
            ("key", search_key(person.name)),
            ("id_number", person.id_number or ""),
            ("birth", person.birth or ""),
        )
    }


def _address(given: Any, prefix: str) -> dict[str, str]:
    """An address word for word, and the code of today's unit beside it."""
    told = {"line": given} if isinstance(given, str) else given or {}
    return {f"{prefix}_line": told.get("line", ""), f"{prefix}_unit": told.get("commune", "")}


def _day(text: str) -> dt.date | None:
    """A date; ``None`` for nothing and for a year alone."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _birth(answers: Answers) -> dict[str, Any]:
    child = _first(answers, "registrant")
    name = answers.text("child_full_name") or answers.text("subject_full_name") or child.name
    dated = answers.text("child_birth_date") or answers.text("birth_date")
    born = dated or str(answers.get("birth_year") or "") or (child.birth or "")
    father = _first(answers, "father")
    subject = msgspec.structs.replace(child, name=name, birth=born)
    return {
        **_people(subject, _first(answers, "mother")),
        **_address(answers.get("place_of_birth"), "place"),
        **_address(answers.get("home_origin"), "origin"),
        "event_date": _day(born),
        "father_name": father.name,
        "father_key": search_key(father.name),
    }


def _marriage(answers: Answers) -> dict[str, Any]:
    return {
        **_people(_first(answers, "bride"), _first(answers, "groom")),
        **_address(answers.text("old_place"), "place"),
        "event_date": answers.date("old_date"),
    }


def _death(answers: Answers) -> dict[str, Any]:
    return {
        **_people(_first(answers, "deceased")),
        **_address(answers.get("death_place"), "place"),
        **_address(answers.get("last_residence"), "last_residence"),
        "event_date": answers.date("death_date"),
    }


def _marital(answers: Answers) -> dict[str, Any]:
    subject = _first(answers, "subject")
    return {
        **_people(subject, _first(answers, "intended_partner")),
        **_address(subject.address, "place"),
        "event_date": None,
        "purpose": answers.text("purpose"),
    }


def _guardianship(answers: Answers) -> dict[str, Any]:
    ward = _first(answers, "ward")
    return {
        **_people(ward, _first(answers, "guardian")),
        **_address(ward.address, "place"),
        "event_date": None,
        "entry": "begin",
        "ends": None,
        "ended_on": None,
    }


def _guardianship_end(answers: Answers) -> dict[str, Any]:
    ended = answers.date("end_date")
    return {**_guardianship(answers), "entry": "end", "event_date": ended, "ended_on": ended}


def _recognition(answers: Answers) -> dict[str, Any]:
    recogniser = _first(answers, "recogniser")
    return {
        **_people(_recognised(answers), recogniser),
        **_address(recogniser.address, "place"),
        "event_date": None,
        "recognition_kind": answers.text("recognition_kind"),
    }


def _recognised(answers: Answers) -> Person:
    """Who is recognised: a person, or the child whose birth is registered with it."""
    child = Person(
        name=answers.text("child_full_name"), birth=answers.text("child_birth_date") or None
    )
    return next(iter(answers.people("recognised")), child)


def _correction(answers: Answers) -> dict[str, Any]:
    subject = _first(answers, "subject")
    return {
        **_people(subject),
        **_address(subject.address, "place"),
        "event_date": None,
        "request_kind": answers.text("request_kind"),
        "reference": answers.text("register_reference"),
        "before": answers.text("from_value"),
        "after": answers.text("to_value"),
        "reason": answers.text("reason"),
        "record_kind": None,
        "record_id": None,
    }


Maker = Callable[[Answers], dict[str, Any]]

_A_BIRTH: tuple[tuple[str, Maker], ...] = (("birth", _birth),)
_A_MARRIAGE: tuple[tuple[str, Maker], ...] = (("marriage", _marriage),)
_A_DEATH: tuple[tuple[str, Maker], ...] = (("death", _death),)

MAKERS: dict[str, tuple[tuple[str, Maker], ...]] = {
    "1.001193": _A_BIRTH,
    "1.003583": _A_BIRTH,
    "1.004884": _A_BIRTH,
    "1.004772": _A_BIRTH,
    "9.722001": _A_BIRTH,
    "1.000689": (*_A_BIRTH, ("recognition", _recognition)),
    "1.000894": _A_MARRIAGE,
    "1.000593": _A_MARRIAGE,
    "1.004746": _A_MARRIAGE,
    "1.000656": _A_DEATH,
    "1.000419": _A_DEATH,
    "1.005461": _A_DEATH,
    "1.004873": (("marital", _marital),),
    "1.001022": (("recognition", _recognition),),
    "1.004837": (("guardianship", _guardianship),),
    "1.004845": (("guardianship", _guardianship_end),),
    "1.004859": (("correction", _correction),),
}
"""What each procedure leaves; copies and confirmations of facts leave nothing."""
