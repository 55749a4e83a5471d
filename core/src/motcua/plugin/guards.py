"""Who may use a plugin's own addresses, beyond being signed in."""

from typing import TYPE_CHECKING, Any

from motcua.domain.dossier import Role, RoleNotAllowedError

if TYPE_CHECKING:  # nobody reads these annotations at run time, and `motcua due` starts faster
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler
    from litestar.types import Guard

READERS = frozenset({Role.RECEPTION, Role.FIELD, Role.LEADER, Role.CLERK, Role.CASHIER, Role.HEAD})
"""Roles that may read what dossiers say; administrators configure and do not read."""


def only(*roles: Role) -> "Guard":
    """A guard for a handler: staff with one of *roles*, everybody else gets 403.

    Written as ``@get("/…", guards=[only(*READERS)])``; that somebody is signed in
    has been seen to before.
    """
    allowed = frozenset(roles)

    def guard(connection: "ASGIConnection[Any, Any, Any, Any]", _: "BaseRouteHandler") -> None:
        if not allowed & set(connection.state.actor.roles):
            raise RoleNotAllowedError(transition="", roles=tuple(sorted(allowed)))

    return guard
