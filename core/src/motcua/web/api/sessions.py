"""Signing in and out, one's own password, and what happened to the accounts."""

from typing import Any

from litestar import Controller, Request, delete, get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from motcua.services import own_account, sessions, signin
from motcua.services.colleagues import happened
from motcua.services.sessions import Begun
from motcua.ui.client import client_of
from motcua.web.api.admission import (
    ANONYMOUS,
    DESPITE_DUE,
    TheActor,
    TheDesk,
    TheHolder,
    TheHouse,
    bearer,
)
from motcua.web.api.described import BEARER, WRITE, failures
from motcua.web.api.shapes import NewPassword, Session, SignIn, SignInEvents

AnyRequest = Request[Any, Any, Any]
_TAGS = ("Phiên làm việc",)


class Sessions(Controller):
    """Sessions of members of staff."""

    path = "/sessions"
    tags = _TAGS

    @post(
        status_code=HTTP_201_CREATED,
        opt=ANONYMOUS,
        summary="Đăng nhập",
        responses=failures(*WRITE, 401, 429),
    )
    async def sign_in(
        self, request: AnyRequest, house: TheHouse, desk: TheDesk, data: JSONBody[SignIn]
    ) -> Session:
        """Start a session with user name and password, and a code if the account asks for it."""
        made = await signin.sign_in(
            house, desk, data.username, data.password, client_of(request), code=data.code
        )
        return Session(
            token=made.token,
            expires_at=made.expires_at,
            name=made.name,
            roles=made.roles,
            due=made.due,
        )

    @delete(
        status_code=HTTP_204_NO_CONTENT,
        opt=DESPITE_DUE,
        summary="Đăng xuất",
        security=BEARER,
        responses=failures(401),
    )
    async def sign_out(self, request: AnyRequest, house: TheHouse, desk: TheDesk) -> None:
        """End the session of the token in use."""
        await sessions.sign_out(house, desk, bearer(request), client_of(request))


class Accounts(Controller):
    """The account in use, and what happened to all of them."""

    tags = _TAGS

    @post(
        "/password",
        status_code=HTTP_200_OK,
        opt=DESPITE_DUE,
        summary="Đổi mật khẩu của mình",
        security=BEARER,
        responses=failures(*WRITE, 401, 403, 429),
    )
    async def change_password(
        self,
        request: AnyRequest,
        house: TheHouse,
        desk: TheDesk,
        holder: TheHolder,
        data: JSONBody[NewPassword],
    ) -> Begun:
        """Change one's own password; the token before is worth nothing any more."""
        return await own_account.change_password(
            house, desk, holder, data.current, data.new, client_of(request)
        )

    @get(
        "/sign-in-events",
        summary="Nhật ký đăng nhập",
        security=BEARER,
        responses=failures(401, 403),
    )
    async def sign_in_events(self, house: TheHouse, desk: TheDesk, actor: TheActor) -> SignInEvents:
        """What happened to the tenant's accounts last; for its administrator."""
        return SignInEvents(events=await happened(house, desk, by=actor))
