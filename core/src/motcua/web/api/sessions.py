"""Signing in and out."""

from typing import Any

from litestar import Controller, Request, delete, post
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from motcua.services import staff
from motcua.services.house import Desk, House
from motcua.web.api.admission import ANONYMOUS, bearer
from motcua.web.api.shapes import Session, SignIn


class Sessions(Controller):
    """Sessions of members of staff."""

    path = "/sessions"
    tags = ("Phiên làm việc",)

    @post(status_code=HTTP_201_CREATED, opt=ANONYMOUS, summary="Đăng nhập")
    async def sign_in(self, house: House, desk: Desk, data: SignIn) -> Session:
        """Start a session with user name and password."""
        made = await staff.sign_in(house, desk, data.username, data.password)
        return Session(
            token=made.token, expires_at=made.expires_at, name=made.name, roles=made.roles
        )

    @delete(status_code=HTTP_204_NO_CONTENT, summary="Đăng xuất")
    async def sign_out(self, request: Request[Any, Any, Any], house: House, desk: Desk) -> None:
        """End the session of the token in use."""
        await staff.sign_out(house, desk, bearer(request))
