"""Grounds of refusal: an officer picks one, and it becomes the reason the slip prints."""

from typing import Any

import msgspec

from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.life import Act
from motcua.domain.procedure import ProcedureDefinition

GROUND = "refusal_ground"


def grounded(definition: ProcedureDefinition, asked: Act) -> Act:
    """*asked* with the ground it picks in its reason, before what the officer adds.

    Raises:
        InvalidAnswersError: the procedure has no such ground.
    """
    picked: Any = asked.data.get(GROUND)
    if not picked:
        return asked
    known = {each.id: each for each in definition.refusal_grounds}
    if picked not in known:
        label, options = str(picked), ", ".join(known) or "–"
        raise InvalidAnswersError(
            [FieldFault(GROUND, "field.option", label=label, options=options)]
        )
    words = known[picked].words
    reason = f"{words}. {asked.reason}" if asked.reason else words
    return msgspec.structs.replace(asked, reason=reason)
