"""Piccolo-admin put together from the grants; imported on the first visit, for it is slow.

Its own sign-in, documentation, media and password pages are never reached: see
:mod:`motcua.console.tables`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import piccolo_admin
from fastapi import FastAPI
from piccolo.columns import Column
from piccolo.table import Table, create_table_class
from piccolo_admin.endpoints import AdminRouter, TableConfig
from piccolo_admin.translations.data import ENGLISH
from piccolo_admin.translations.models import Translation
from piccolo_api.crud.endpoints import OrderBy
from piccolo_api.crud.validators import Validators
from piccolo_api.session_auth.middleware import SessionsAuthBackend
from starlette.authentication import AuthCredentials, AuthenticationError, BaseUser
from starlette.exceptions import HTTPException
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.routing import Mount

from motcua.console.grants import TableGrant
from motcua.domain.life import Actor
from motcua.plugin.texts import text
from motcua.services.house import Desk
from motcua.storage.engine import ENGINE

VISITOR = "motcua.visitor"
"""Where the guard's findings stand in the scope handed to piccolo-admin."""
ASSETS = Path(piccolo_admin.__file__).parent / "dist" / "assets"
_READING = ("get_all", "get_single", "get_schema", "get_ids", "get_count", "get_references")
_WRITING = ("post_single", "put_single", "patch_single", "delete_single", "delete_all", "get_new")


class Visitor(BaseUser):
    """Who is signed in, as piccolo-admin asks for it."""

    def __init__(self, desk: Desk, actor: Actor) -> None:
        """Take what the guard has found."""
        self.desk = desk
        self.actor = actor
        self.user = actor

    @property
    def is_authenticated(self) -> bool:
        """Always: nobody else comes so far."""
        return True

    @property
    def display_name(self) -> str:
        """The officer's name."""
        return self.actor.name

    @property
    def user_id(self) -> str:
        """The officer's number."""
        return str(self.actor.id)


class VisitorBackend(SessionsAuthBackend):
    """Takes the place of piccolo-admin's own sessions: the guard has judged already."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        """Who the guard let in.

        Raises:
            AuthenticationError: nobody; the request did not come through the guard.
        """
        visitor = conn.scope.get(VISITOR)
        if visitor is None:
            raise AuthenticationError
        return AuthCredentials(["authenticated"]), visitor


class AnyHost(list[str]):
    """Stands for every host name: where a write comes from is judged before."""

    def __contains__(self, item: object) -> bool:
        """Whatever it is."""
        return True


def build(tables: Mapping[str, type[Table]], grants: Mapping[str, TableGrant]) -> FastAPI:
    """The application that shows the *tables* as the *grants* allow.

    Args:
        tables: Every table by its name; one without a grant is left out.
        grants: Who may do what, by table.
    """
    admin = AdminRouter(
        *(_config(tables[name], grant) for name, grant in grants.items()),
        allowed_hosts=AnyHost(),
        site_name=text("console.tables.site"),
        default_language_code="vi",
        translations=[vietnamese()],
    )
    for route in admin.router.routes:
        if isinstance(route, Mount) and isinstance(route.app, AuthenticationMiddleware):
            route.app.backend = VisitorBackend()
    return admin


def vietnamese() -> Translation:
    """The words piccolo-admin knows to be words."""
    words = {each: text(f"console.spa.{key_of(each)}") for each in ENGLISH.translations}
    return Translation(language_code="vi", language_name="Tiếng Việt", translations=words)


def key_of(english: str) -> str:
    """The part of a text's key that stands for *english*."""
    return "-".join("".join(c if c.isalnum() else " " for c in english.lower()).split())


def _config(table: type[Table], grant: TableGrant) -> TableConfig:
    made = _narrowed(table, grant)
    columns = made._meta.columns  # noqa: SLF001 - Piccolo's documented way to a table's columns
    first = made._meta.get_column_by_name(grant.order.removeprefix("-"))  # noqa: SLF001 - the same
    return TableConfig(
        made,
        visible_columns=list(columns),
        validators=_validators(grant),
        menu_group=text(f"console.group.{grant.group}"),
        order_by=[OrderBy(first, ascending=not grant.order.startswith("-"))],
    )


def _narrowed(table: type[Table], grant: TableGrant) -> type[Table]:
    """*table* with the granted columns only: the others cannot even be asked for."""
    columns: dict[str, Column] = {
        column: table._meta.get_column_by_name(column).copy()  # noqa: SLF001 - the same
        for column in grant.columns
    }
    return create_table_class(
        table.__name__, class_kwargs={"tablename": grant.name, "db": ENGINE}, class_members=columns
    )


def _validators(grant: TableGrant) -> Validators:
    """What piccolo-admin asks before each act on the table: the grant, nothing else."""

    def may_read(piccolo_crud: Any, request: Request) -> None:
        del piccolo_crud
        visitor: Visitor = request.scope[VISITOR]
        if not grant.reads(visitor.desk, visitor.actor):
            raise HTTPException(404)

    def may_write(piccolo_crud: Any, request: Request) -> None:
        may_read(piccolo_crud, request)
        visitor: Visitor = request.scope[VISITOR]
        if not grant.writes(visitor.desk, visitor.actor):
            raise HTTPException(405)

    judged: dict[str, Any] = {act: [may_read] for act in _READING}
    judged |= {act: [may_write] for act in _WRITING}
    return Validators(**judged)
