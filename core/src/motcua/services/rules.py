"""Which rules hold for one dossier of one tenant."""

from typing import Literal

from motcua.domain.life import Rules
from motcua.services.catalogue import Published
from motcua.services.house import Desk


def rules_for(
    desk: Desk, published: Published, *, own_approval: bool = False, here: bool = False
) -> Rules:
    """The rules of *published* at *desk*.

    Args:
        desk: The tenant: its calendar and its settings.
        published: The version the dossier is received under.
        own_approval: Whether the acting signer is an authorised certifier.
        here: Whether the desk acts now: what it settled for itself judges neither an old
            history nor what another system did.
    """
    definition = published.definition
    supplement: Literal["restart", "resume"] = definition.supplement_policy.value
    allowed = own_approval or bool(desk.settings.get("own_approval", False))
    return Rules(
        calendar=desk.calendar,
        supplement=supplement,
        supplement_within=desk.settings.get("supplement_within_days") if here else None,
        limit=definition.limit,
        variants=definition.extensions(),
        waits=definition.waits(),
        own_approval=allowed,
    )
