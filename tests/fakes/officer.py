"""An officer with a browser that runs no scripts."""

from typing import Any

import httpx

from fakes.html import Element, parse
from fakes.office import PASSWORD, SLUG, Office


class Officer:
    """Opens the counter's pages and sends their forms as they stand.

    Attributes:
        answer: The last answer, after redirects.
        page: What it showed.
    """

    def __init__(self, office: Office, role: str, slug: str = SLUG) -> None:
        self.name = f"{role}.{slug}"
        self.base = f"/t/{slug}/quay"
        transport = httpx.ASGITransport(office.app, raise_app_exceptions=False)  # type: ignore[arg-type] # httpx and Litestar word the same protocol differently
        self.client = httpx.AsyncClient(
            transport=transport, base_url="http://test.local", follow_redirects=True
        )
        self.answer = httpx.Response(200)
        self.page = Element("", {})

    async def open(self, path: str = "/", status: int = 200) -> Element:
        """Open a page of the counter."""
        return self.read(await self.client.get(self.base + path), status)

    async def sign_in(self, password: str = PASSWORD, status: int = 200) -> Element:
        """Fill in the sign-in form that is shown, or open it."""
        if not self.has("username"):
            await self.open("/dang-nhap")
        return await self.send(status, username=self.name, password=password)

    async def send(
        self, status: int = 200, *, press: str = "", form: str = "", **typed: str
    ) -> Element:
        """Send the page's form with what is *typed* into it.

        Args:
            status: The answer's status.
            press: The value of the button pressed, for forms with several.
            form: A part of the form's address, for pages with several.
            typed: What is filled in, by the field's name.
        """
        return await self.send_all(typed, status, press=press, form=form)

    async def send_all(
        self, typed: dict[str, str], status: int = 200, *, press: str = "", form: str = ""
    ) -> Element:
        """As :meth:`send`, for names that are no Python words."""
        sent = self.form(form)
        fields = fields_of(sent) | typed
        if press:
            fields["lam"] = press
        path = sent["action"]
        return self.read(await self.client.post(path, data=fields), status)

    def form(self, part: str = "") -> Element:
        """The page's form that posts to an address with *part* in it."""
        found = [
            each
            for each in self.page.all("form")
            if each.get("method") == "post" and part in each["action"]
        ]
        assert found, f"no form to {part!r} on {self.page.text[:300]}"
        return found[0]

    def has(self, name: str) -> bool:
        """Whether the page asks for a field called *name*."""
        return any(each.get("name") == name for each in self.page.all("input"))

    def link(self, part: str) -> str:
        """The address of the first link with *part* in it, without the counter's own beginning."""
        found = [each["href"] for each in self.page.all("a") if part in each.get("href")]
        assert found, f"no link to {part!r}"
        return found[0].removeprefix(self.base)

    @property
    def path(self) -> str:
        """Where the officer is, without the counter's own beginning."""
        return self.answer.url.path.removeprefix(self.base)

    @property
    def heading(self) -> str:
        """The page's one heading."""
        return self.page.one("h1").text

    @property
    def faults(self) -> list[str]:
        """The words of the list of faults."""
        return [each.text for box in self.page.all("div", "errors") for each in box.all("a")]

    @property
    def button(self) -> list[str]:
        """The filled buttons: one is the likely step."""
        return [each.text for each in self.page.all(css="btn--go")]

    def read(self, answer: httpx.Response, status: int) -> Element:
        """Take *answer* as the page that is open."""
        assert answer.status_code == status, f"{answer.status_code} {answer.text[-3000:]}"
        self.answer = answer
        self.page = parse(answer.text)
        return self.page


def fields_of(form: Element) -> dict[str, str]:
    """What a form would send as it stands."""
    found: dict[str, str] = {}
    for each in form.all("input"):
        if each.get("type") == "checkbox" and "checked" not in each.attributes:
            continue
        if each.get("name"):
            found[each["name"]] = each.get("value")
    for each in form.all("textarea"):
        found[each["name"]] = "".join(str(part) for part in each.children).removeprefix("\n")
    for each in form.all("select"):
        chosen = [option for option in each.all("option") if "selected" in option.attributes]
        found[each["name"]] = (chosen or each.all("option"))[0].get("value")
    return found


COPY_TYPED: dict[str, str] = {
    "nguoi.name": "Nguyễn Thị Ánh",
    "nguoi.id_number": "027190001234",
    "g0.document_type": "giấy khai sinh",
    "g0.document_title": "Giấy khai sinh",
    "g0.page_count": "2",
    "g0.copy_count": "3",
}
"""A certified copy as an officer types it."""


def ticked(officer: Officer) -> dict[str, str]:
    """Every box of the page, ticked."""
    boxes = [each for each in officer.page.all("input") if each.get("type") == "checkbox"]
    return {each["name"]: each["value"] for each in boxes}


async def handed_over(officer: Officer, dossier: str) -> None:
    """Hand the result of a paid dossier to its holder, led from the dossier to the return desk."""
    await officer.open(f"{dossier}/buoc/T20")
    await officer.send_all(ticked(officer) | {"nhan": "minh"}, form="/tra")


async def received(officer: Officer, **changes: Any) -> str:
    """Receive a certified copy; answers the address of its dossier."""
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED | changes, press="luu")
    return officer.link("/ho-so/")
