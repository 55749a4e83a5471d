"""Somebody signed in at the console, asking for pages and sending forms."""

import dataclasses
import re
from typing import Any

import httpx

from fakes.office import SLUG, Office


@dataclasses.dataclass
class Visitor:
    """A browser without scripts: a session, a form token, and what a page offers."""

    office: Office
    token: str
    slug: str = SLUG

    async def get(self, path: str, **request: Any) -> httpx.Response:
        """Ask for a page below the console's address."""
        return await self.send("GET", path, **request)

    async def post(self, path: str, sent: dict[str, Any]) -> httpx.Response:
        """Send a form, with its token."""
        await self.office.client.get("/")
        csrf = self.office.client.cookies["motcua_csrf"]
        return await self.send("POST", path, data={**sent, "_csrf_token": csrf})

    async def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Ask for anything below the console's address."""
        await self.office.client.get("/")
        csrf = self.office.client.cookies["motcua_csrf"]
        cookies = f"motcua_quay={self.token}; motcua_csrf={csrf}; csrftoken=abc"
        headers = {"accept": "text/html", **request.pop("headers", {}), "cookie": cookies}
        client = httpx.AsyncClient(
            transport=self.office.client._transport, base_url="http://test.local"
        )
        return await client.request(
            method, f"/t/{self.slug}/admin/{path}", headers=headers, **request
        )

    async def rows(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Ask the tables as piccolo-admin's program asks them."""
        headers = {"accept": "application/json", "x-csrftoken": "abc"}
        return await self.send(method, f"bang/{path}", headers=headers, **request)


def hidden(page: httpx.Response, name: str, after: str = "") -> str:
    """The value of the hidden field *name*, the first one after the words *after*."""
    text = page.text[page.text.index(after) :]
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, f"{name} is not on the page"
    return found[1]
