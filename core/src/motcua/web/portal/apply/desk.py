"""One request of somebody who applies: the tenant, the browser's token, the pages around."""

import datetime as dt
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import SkipValidation
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from motcua.domain.procedure import OnlineLevel
from motcua.services import drafts, offers
from motcua.services.assess import NotOfferedError, NotOnlineError
from motcua.services.catalogue import Published
from motcua.services.drafts import Draft, UnknownDraftError
from motcua.services.house import Desk, House, desk
from motcua.services.look import look
from motcua.services.receive import ended
from motcua.ui.helpdesk import help_at
from motcua.ui.site import HelpDesk
from motcua.web.hosts import OWN_HOST
from motcua.web.pages import Page, page
from motcua.web.portal.apply.application import Application
from motcua.web.portal.views import Commune

COOKIE = "motcua_nop"
"""Holds the token of a browser's drafts; no script may read it; it ends with the browser."""
CSRF_FIELD = "_csrf_token"
AnyRequest = Request[Any, Any, Any]


async def admit(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Find the tenant the path names.

    Raises:
        UnknownTenantError: there is no such tenant.
    """
    house: House = connection.app.state.house
    connection.state.desk = await desk(house, connection.path_params["slug"])


class Applying:
    """What the pages of an application work with.

    Attributes:
        house: The application's parts.
        desk: The tenant.
        token: What the browser showed; empty: it has no drafts.
        base: Where the tenant's portal begins.
    """

    def __init__(self, request: AnyRequest, help_desk: HelpDesk) -> None:
        """Take what the guard has found."""
        self.request = request
        self.house: House = request.app.state.house
        self.desk: Desk = request.state.desk
        self.token = request.cookies.get(COOKIE, "")
        self.base = f"/t/{self.desk.slug}"
        self._help = help_desk

    def now(self) -> dt.datetime:
        """The moment."""
        return self.house.now()

    async def draft(self, draft_id: str) -> Draft:
        """The browser's draft of that id.

        Raises:
            UnknownDraftError: it has none.
        """
        return await drafts.find(self.house, self.desk, uuid(draft_id), self.token)

    def offered(self, code: str, *, new: bool = True) -> Published:
        """The version in force of a procedure that is taken online here.

        Raises:
            NotOfferedError: it is not.
            NotOnlineError: it is taken at the desk only, and this is a *new* application.
        """
        found = self.house.catalogue.find(code, self.house.today())
        if found is None or not goes_on_online(self.house, self.desk, found):
            raise NotOfferedError(procedure=code, tenant=self.desk.name)
        if new and not self.desk.online(found.definition):
            raise NotOnlineError(procedure=found.definition.name, tenant=self.desk.name)
        return found

    def application(self, draft: Draft) -> Application:
        """What a draft says."""
        definition = self.offered(draft.procedure, new=draft.amends is None).definition
        return Application(
            definition,
            draft.typed,
            self.house.today(),
            draft.files,
            amends=draft.amends is not None,
            supply=draft.supply,
        )

    def address(self, draft: Draft, step: str = "") -> str:
        """The address of a page of *draft*."""
        return f"{self.base}/nop/{draft.id}" + (f"/{step}" if step else "")

    async def form(self) -> dict[str, str]:
        """What was sent, without the form's token and zero characters."""
        sent = await self.request.form()
        said = {
            name: value.replace("\x00", "")
            for name, value in sent.multi_items()
            if name != CSRF_FIELD and isinstance(value, str)
        }
        self.request.state.sent = said
        return said

    def page(self, template: str, *, status: int = HTTP_200_OK, **context: Any) -> Page:
        """A page of the application; *template* is below ``portal``."""
        return page(
            f"portal/{template}",
            status=status,
            private=True,
            commune=self.commune(),
            now=self.now(),
            **context,
        )

    def commune(self) -> Commune:
        """The tenant as the portal's pages name it."""
        return Commune(
            slug=self.desk.slug,
            name=self.desk.name,
            province=self.desk.above,
            help=help_at(self.desk, self._help, self.now()),
            look=look(self.desk),
        )

    def cookie(self, token: str) -> Cookie:
        """What gives a browser its drafts."""
        config = self.request.app.csrf_config
        return Cookie(
            key=COOKIE,
            value=token,
            path="/" if self.request.state.get(OWN_HOST) else f"{self.base}/",
            httponly=True,
            samesite="lax",
            secure=config is not None and config.cookie_secure,
        )


def goes_on_online(house: House, where: Desk, published: Published) -> bool:
    """Whether what was sent online is completed online, even if no more is taken so."""
    definition = published.definition
    return (
        definition.online_level is not OnlineLevel.NONE
        and not definition.parts
        and not ended(where, house.now())
        and offers.offered(house, where, published)
    )


def uuid(words: str) -> UUID:
    """The id a path names.

    Raises:
        UnknownDraftError: it is none.
    """
    try:
        return UUID(words)
    except ValueError:
        raise UnknownDraftError from None


def to(address: str) -> Redirect:
    """Lead on after something was sent."""
    return Redirect(address, status_code=HTTP_303_SEE_OTHER)


TheApplying = NamedDependency[SkipValidation[Applying]]


def provide_applying(help_desk: HelpDesk) -> Provide:
    """What gives a handler its ``applying``, with *help_desk* at the foot of its pages."""

    def made(request: AnyRequest) -> Applying:
        return Applying(request, help_desk)

    return Provide(made, sync_to_thread=False)
