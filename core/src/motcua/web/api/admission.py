"""Who is let in: which tenant a request is for, and who asks."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import SkipValidation

from motcua.domain.life import Actor
from motcua.services.house import Desk, House, desk
from motcua.services.sessions import Holder, SignInRequiredError, holder, refuse_due

TheHouse = NamedDependency[SkipValidation[House]]
TheDesk = NamedDependency[SkipValidation[Desk]]
TheActor = NamedDependency[SkipValidation[Actor]]
TheHolder = NamedDependency[SkipValidation[Holder]]
"""What a handler names to be given it."""

ANONYMOUS = {"anonymous": True}
"""The ``opt`` of a route that anybody may use."""
DESPITE_DUE = {"despite_due": True}
"""The ``opt`` of a route for those too who have to change their password first."""
_SCHEME = "bearer"


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Find the tenant the path names and, unless the route is open to all, who asks.

    Raises:
        UnknownTenantError: there is no such tenant.
        SignInRequiredError: no valid token.
        PasswordDueError: whoever asks has to change their password first.
        SecondFactorDueError: whoever asks has to set up a second factor first.
    """
    house: House = connection.app.state.house
    found = await desk(house, connection.path_params["slug"])
    connection.state.desk = found
    if handler.opt.get("anonymous"):
        return
    who = await holder(house, found, bearer(connection))
    connection.state.holder, connection.state.actor = who, who.actor
    if not handler.opt.get("despite_due"):
        refuse_due(who)


def bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token of the ``Authorization`` header.

    Raises:
        SignInRequiredError: there is none.
    """
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not token.strip():
        raise SignInRequiredError
    return token.strip()


def provide_house(request: Request[Any, Any, Any]) -> House:
    """The working parts of the application."""
    house: House = request.app.state.house
    return house


def provide_desk(request: Request[Any, Any, Any]) -> Desk:
    """The tenant the request is for."""
    found: Desk = request.state.desk
    return found


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """The member of staff who asks."""
    actor: Actor = request.state.actor
    return actor


def provide_holder(request: Request[Any, Any, Any]) -> Holder:
    """The session in use."""
    found: Holder = request.state.holder
    return found
