"""A citizen with a browser that runs no scripts."""

from pathlib import Path

import httpx

from fakes.html import Element, parse
from fakes.office import SLUG, Office
from fakes.officer import fields_of


class Citizen:
    """Opens the portal's pages and sends their forms as they stand.

    Attributes:
        answer: The last answer, after redirects.
        page: What it showed.
    """

    def __init__(self, office: Office, slug: str = SLUG) -> None:
        self.base = f"/t/{slug}"
        transport = httpx.ASGITransport(office.app, raise_app_exceptions=False)  # type: ignore[arg-type] # httpx and Litestar word the same protocol differently
        self.client = httpx.AsyncClient(
            transport=transport, base_url="http://test.local", follow_redirects=True
        )
        self.answer = httpx.Response(200)
        self.page = Element("", {})

    async def open(self, path: str = "/", status: int = 200) -> Element:
        """Open a page; *path* is below the tenant's portal, or a whole address."""
        whole = path if path.startswith("/t/") else self.base + path
        return self._read(await self.client.get(whole), status)

    async def send(
        self,
        typed: dict[str, str] | None = None,
        status: int = 200,
        *,
        press: str = "",
        form: str = "",
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Element:
        """Send the page's form with what is *typed* into it.

        Args:
            typed: What is filled in, by the field's name.
            status: The answer's status.
            press: The value of the button pressed, for forms with several.
            form: A part of the form's address, for pages with several.
            files: Name and content of files, by the field's name.
        """
        sent = self.form(form)
        fields = chosen(sent) | (typed or {})
        if press:
            fields["lam"] = press
        return self._read(await self.client.post(sent["action"], data=fields, files=files), status)

    def form(self, part: str = "") -> Element:
        """The page's first form that posts to an address with *part* in it."""
        found = [
            each
            for each in self.page.all("form")
            if each.get("method") == "post" and part in each["action"]
        ]
        assert found, f"no form to {part!r} on {self.page.text[:300]}"
        return found[0]

    def names(self) -> list[str]:
        """Every name the page's form sends, in order, each once."""
        found = [
            each.get("name")
            for tag in ("input", "select", "textarea")
            for each in self.form().all(tag)
        ]
        return list(dict.fromkeys(found))

    @property
    def path(self) -> str:
        """Where the citizen is."""
        return self.answer.url.path

    @property
    def step(self) -> str:
        """The last part of the address."""
        return Path(self.path).name

    @property
    def heading(self) -> str:
        """The page's one heading."""
        return self.page.one("h1").text

    @property
    def faults(self) -> list[str]:
        """The words of the list of faults."""
        return [each.text for box in self.page.all("div", "errors") for each in box.all("a")]

    def value(self, name: str) -> str:
        """What stands in a field."""
        return chosen(self.form())[name]

    def _read(self, answer: httpx.Response, status: int) -> Element:
        assert answer.status_code == status, f"{answer.status_code} {answer.text[-3000:]}"
        self.answer = answer
        self.page = parse(answer.text)
        return self.page


def chosen(form: Element) -> dict[str, str]:
    """What a form would send as it stands; of several boxes the one that is ticked."""
    found = fields_of(form)
    for each in form.all("input"):
        if each.get("type") == "radio":
            found.pop(each["name"], None)
        if each.get("type") == "file":
            found.pop(each["name"], None)
    for each in form.all("input"):
        if each.get("type") == "radio" and "checked" in each.attributes:
            found[each["name"]] = each["value"]
    return found
