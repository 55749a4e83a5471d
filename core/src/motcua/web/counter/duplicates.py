"""What is registered already and may be what is about to be received, for officers to compare."""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from motcua.domain.answers import Answers
from motcua.domain.procedure import ProcedureDefinition
from motcua.services.assess import Assessed
from motcua.services.hooks import looked, watched
from motcua.web.counter.explained import problem_words
from motcua.web.counter.frame import Counter


def told(assessed: Iterable[Assessed]) -> list[str]:
    """What may be one of the papers, in words."""
    words = [problem_words(found) for each in assessed for found in each.duplicates]
    return list(dict.fromkeys(words))


def mark(duplicates: list[str]) -> str:
    """Stands for these *duplicates* and no others; empty for none."""
    said = msgspec.json.encode(duplicates)
    return hashlib.sha256(said).hexdigest()[:16] if duplicates else ""


async def of_submission(
    counter: Counter, definition: ProcedureDefinition, answers: dict[str, Any]
) -> list[str]:
    """What may be a dossier that was sent online, in words."""
    house, desk, hook = counter.house, counter.desk, "likely_duplicates"
    async with watched(house, desk):
        asked = {"answers": Answers(answers)}
        found = await looked(house, desk, counter.actor, hook, definition, **asked)
    return [problem_words(each) for each in found or ()]
