"""Watches what a page does while a browser opens it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # axe's package has no types
from playwright.sync_api import CDPSession, ConsoleMessage, Page, Request

KILOBYTE = 1024
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EXPECTED = "the server responded with a status of 4"


class Watch:
    """Console messages, requests and bytes of one page."""

    def __init__(self, page: Page, site: str) -> None:
        """Watch *page*, which belongs to *site*."""
        self.page = page
        self.site = site
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.bytes: dict[str, int] = {}
        self._types: dict[str, str] = {}
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        self._wire: CDPSession = page.context.new_cdp_session(page)
        self._wire.send("Network.enable")
        self._wire.on("Network.responseReceived", self._typed)
        self._wire.on("Network.loadingFinished", self._weighed)

    def open(self, path: str) -> int:
        """Open a page of the site; answer its status."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return answer.status

    def over(self, **budget: int) -> dict[str, int]:
        """The bytes of every kind of file above its budget in kilobytes; ``total`` is all."""
        used = {**self.bytes, "total": sum(self.bytes.values())}
        return {
            kind: used.get(kind, 0)
            for kind, most in budget.items()
            if used.get(kind, 0) > most * KILOBYTE
        }

    def forget(self) -> None:
        """Weigh anew from here on."""
        self.bytes.clear()
        self._types.clear()

    @property
    def requests(self) -> int:
        """How many files were asked for."""
        return len(self._types)

    def faults(self) -> list[str]:
        """What axe finds wrong, as rule and place."""
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": TAGS}})
        violations: list[dict[str, Any]] = found.response["violations"]
        return [
            f"{each['id']}: {node['html']}: {node['failureSummary']}"
            for each in violations
            for node in each["nodes"]
        ]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and EXPECTED not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "about:")):
            self.foreign.append(request.url)

    def _typed(self, event: dict[str, Any]) -> None:
        self._types[event["requestId"]] = event["type"]

    def _weighed(self, event: dict[str, Any]) -> None:
        kind = self._types.get(event["requestId"], "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + int(event["encodedDataLength"])
