"""Signing in and out."""

from typing import Any

from litestar import Controller, Request, delete, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from motcua.services import staff
from motcua.web.api.admission import ANONYMOUS, TheDesk, TheHouse, bearer
from motcua.web.api.described import BEARER, WRITE, failures
from motcua.web.api.shapes import Session, SignIn


class Sessions(Controller):
    """Sessions of members of staff."""

    path = "/sessions"
    tags = ("Phiên làm việc",)

    @post(
        status_code=HTTP_201_CREATED,
        opt=ANONYMOUS,
        summary="Đăng nhập",
        responses=failures(*WRITE, 401, 429),
    )
    async def sign_in(self, house: TheHouse, desk: TheDesk, data: JSONBody[SignIn]) -> Session:
        """Start a session with user name and password."""
        made = await staff.sign_in(house, desk, data.username, data.password)
        return Session(
            token=made.token, expires_at=made.expires_at, name=made.name, roles=made.roles
        )

    @delete(
        status_code=HTTP_204_NO_CONTENT,
        summary="Đăng xuất",
        security=BEARER,
        responses=failures(401),
    )
    async def sign_out(
        self, request: Request[Any, Any, Any], house: TheHouse, desk: TheDesk
    ) -> None:
        """End the session of the token in use."""
        await staff.sign_out(house, desk, bearer(request))
