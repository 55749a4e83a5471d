"""The personal identification number (số định danh cá nhân): 12 digits for life.

Digits 1–3 name the province or country of birth registration, digit 4 century and
sex, digits 5–6 the birth year. Only length and characters are faults: sex may have
been corrected since, and old data may be wrong, so the rest is a doubt to look at.
"""

import re

ID_NUMBER = re.compile(r"[0-9]{12}")
_AMONG_WORDS = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
FIRST_CENTURY = 1900
SEXES = ("Nam", "Nữ")


def is_id_number(text: str) -> bool:
    """Whether *text* has the form of a personal identification number."""
    return ID_NUMBER.fullmatch(text) is not None


def id_number_doubts(number: str, *, birth: str | None, sex: str | None) -> list[str]:
    """Codes of what does not fit between *number*, birth and sex.

    Args:
        number: Twelve digits.
        birth: A date or a year, as in a form.
        sex: ``Nam`` or ``Nữ``.
    """
    century, coded_sex = divmod(int(number[3]), 2)
    doubts = []
    if birth:
        year = int(birth[:4])
        if FIRST_CENTURY + 100 * century + int(number[4:6]) != year:
            doubts.append("field.id-number-birth")
    if sex in SEXES and sex != SEXES[coded_sex]:
        doubts.append("field.id-number-sex")
    return doubts


def mask(number: str) -> str:
    """*number* as lists show it: ``0270******12``."""
    return number[:4] + "*" * max(0, len(number) - 6) + number[-2:]


def hidden_numbers(words: str) -> str:
    """*words* with every identification number among them masked."""
    return _AMONG_WORDS.sub(lambda found: mask(found[0]), words)
