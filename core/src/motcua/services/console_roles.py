"""Whom the console of a tenant lets in."""

from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.services.house import Desk

ABOVE = frozenset({"nation", "province", "city"})
"""Kinds of tenants that stand above units."""


def console_roles(desk: Desk, actor: Actor) -> frozenset[Role]:
    """The roles of *actor* that count in the console of *desk*.

    A supervisor supervises a province and is nobody in a commune.
    """
    known = {Role.ADMIN, Role.SUPERVISOR} if desk.kind in ABOVE else {Role.ADMIN}
    return frozenset(known & set(actor.roles))
