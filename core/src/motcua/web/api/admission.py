"""Who is let in: which tenant a request is for, and who asks."""

from typing import Any

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import SkipValidation

from motcua.domain.life import Actor
from motcua.services import api_keys
from motcua.services.api_keys import Key, Scope, ScopeError
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

log = structlog.get_logger(__name__)


def within(scope: Scope, **more: bool) -> dict[str, Any]:
    """The ``opt`` of a route that a key made for *scope* may use too."""
    return {"scope": scope, **more}


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Find the tenant the path names and, unless the route is open to all, who asks.

    Raises:
        UnknownTenantError: there is no such tenant.
        SignInRequiredError: no valid token.
        PasswordDueError: whoever asks has to change their password first.
        SecondFactorDueError: whoever asks has to set up a second factor first.
        ScopeError: a key asks for something it was not made for.
        TooOftenError: a key asks too often.
    """
    house: House = connection.app.state.house
    found = await desk(house, connection.path_params["slug"])
    connection.state.desk = found
    key = await _key(connection, house, found)
    if key is not None:
        await _let_in(connection, handler, key)
        return
    if handler.opt.get("anonymous"):
        return
    who = await holder(house, found, bearer(connection))
    connection.state.holder, connection.state.actor = who, who.actor
    if not handler.opt.get("despite_due"):
        refuse_due(who)


async def _key(
    connection: ASGIConnection[Any, Any, Any, Any], house: House, where: Desk
) -> Key | None:
    """The key of another program that asks; one that is not this tenant's is none."""
    _, _, token = connection.headers.get("authorization", "").partition(" ")
    if not token.strip().startswith(api_keys.MARK):
        return None
    return await api_keys.admit(house, where, token.strip())


async def _let_in(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler, key: Key
) -> None:
    """Let a key do what it was made for, and what anybody may do."""
    scope = handler.opt.get("scope")
    log.info("api_key", tenant=connection.state.desk.slug, key=key.prefix, scope=scope)
    if scope not in key.scopes and (scope is not None or not handler.opt.get("anonymous")):
        raise ScopeError(key=key.name)
    connection.state.key = key
    connection.state.actor = Actor(None, key.name, ())


def sender(request: Request[Any, Any, Any], address: str) -> tuple[str, str]:
    """By what a submission is counted, and whose: a key's own, or its address's."""
    key: Key | None = request.state.get("key")
    return ("submit", address) if key is None else ("api-key-submit", str(key.id))


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
