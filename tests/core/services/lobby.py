"""Accounts and sessions for tests, as several processes would serve them."""

import secrets
from typing import Any

import uuid_utils.compat

from fakes.clock import FixedClock
from motcua.domain import totp
from motcua.domain.life import Actor
from motcua.registry.loading import load_registry
from motcua.services import own_account, sessions, staff
from motcua.services.house import Desk, House, desk
from motcua.services.sessions import Holder
from motcua.services.signin import SignedIn, sign_in
from motcua.services.signin_log import Client
from motcua.storage.engine import TenantEngine
from motcua.storage.work import work

PASSWORD = "mật khẩu đầu tiên"  # noqa: S105 - of accounts that live as long as a test
OWN = "câu chỉ mình tôi biết"
HERE = Client("203.0.113.5", "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537")


class Lobby:
    """One process that lets people in; :meth:`beside` is another one.

    Attributes:
        house: Strict: passwords are changed, administrators have a second factor.
    """

    def __init__(
        self, engine: TenantEngine, clock: FixedClock, key: bytes = b"k" * 32, slug: str = ""
    ) -> None:
        self.clock = clock
        self.slug = slug or "phuong-mot"
        self.house = House(
            engine=engine,
            registry=load_registry({}),
            now=clock,
            new_id=uuid_utils.compat.uuid7,
            entropy=secrets.token_bytes,
            key=key,
        )

    def beside(self, key: bytes = b"k" * 32) -> "Lobby":
        """Another process of the same installation; with another *key*, of another one."""
        return Lobby(self.house.engine, self.clock, key, self.slug)

    async def desk(self) -> Desk:
        return await desk(self.house, self.slug)

    async def hire(self, username: str, *roles: str, permanent: bool = True) -> Actor:
        """An account with its own password."""
        here = await self.desk()
        number = await staff.create(
            self.house,
            here,
            username=username,
            password=PASSWORD,
            roles=roles or ("field",),
            full_name=f"Cán bộ {username}",
            permanent=permanent,
        )
        return Actor(number, username, ())

    async def come(
        self, username: str, password: str = PASSWORD, code: str = "", client: Client = HERE
    ) -> SignedIn:
        """Sign in."""
        return await sign_in(self.house, await self.desk(), username, password, client, code=code)

    async def holder(self, token: str) -> Holder:
        return await sessions.holder(self.house, await self.desk(), token)

    async def authenticate(self, token: str) -> Actor:
        return await sessions.authenticate(self.house, await self.desk(), token)

    async def enrol(self, username: str, password: str = PASSWORD) -> "Phone":
        """Sign in and set up a second factor; answers the telephone."""
        here = await self.desk()
        who = await self.holder((await self.come(username, password)).token)
        draft = own_account.new_draft(self.house, here, who)
        phone = Phone(self.clock, draft.written)
        begun, codes = await own_account.set_up_second_factor(
            self.house, here, who, draft.sealed, password, phone.code(), HERE
        )
        phone.token, phone.recovery = begun.token, codes
        return phone

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of *sql*, whose ``$1`` is the tenant."""
        here = await self.desk()
        async with work(self.house.engine, here.id) as reading:
            return [dict(row) for row in await reading.fetch(sql, here.id)]


class Phone:
    """An authenticator app."""

    def __init__(self, clock: FixedClock, written: str) -> None:
        import base64  # noqa: PLC0415 - only here a secret is read as an app reads it

        self._secret = base64.b32decode(written)
        self._clock = clock
        self.token = ""
        self.recovery: list[str] = []

    def code(self, steps: int = 0) -> str:
        """What it shows now, or so many *steps* later."""
        return totp.code_at(self._secret, totp.step_at(self._clock()) + steps)
