"""Every page the application has, as addresses somebody can ask for.

Made from the application's own routes: a new page takes part without being listed here,
as long as what its address names is one of :data:`EXAMPLES`.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec
from litestar import Litestar

from fakes.office import COPY
from tenancy.routes import targets

PROVINCE = "tinh-thu"
EXAMPLES = {
    "code": COPY,
    "plugin": "certification",
    "fee": COPY,
    "step": "T08",
    "year": "2026",
    "day": "2026-12-01",
    "unit_slug": "phuong-mot",
    "name": "mark.svg",
    "path": "openapi.json",
    "kind": "birth",
}
"""What stands in an address for what it names, besides a dossier and its visit."""
NO_PAGES = ("/static", "/api/schema", "/healthz", "/readyz", "/t/{slug}/admin/bang")


class Place(msgspec.Struct, frozen=True):
    """One page: its route, its address, and who comes to it."""

    route: str
    address: str
    role: str


def places(app: Litestar, slug: str, things: Mapping[str, str]) -> Iterator[Place]:
    """The pages of a commune and of its province, each for whoever works there.

    Args:
        app: The application.
        slug: The commune.
        things: What else addresses name, such as ``dossier``.
    """
    known = EXAMPLES | dict(things)
    for route in sorted(
        {each.path for each in targets(app) if each.method == "GET" and each.handler}
    ):
        named = set(re.findall(r"{(\w+)}", route)) - {"slug"}
        if route.startswith(NO_PAGES) or not named <= set(known):
            continue
        path = re.sub(r"{(\w+)}", lambda found: known.get(found[1], "{slug}"), route)
        for role, where in comers(route, slug):
            yield Place(route, path.replace("{slug}", where), role)


def comers(route: str, slug: str) -> list[tuple[str, str]]:
    """Who comes to a page, and where they are at home; nobody is a citizen."""
    if route.startswith("/t/{slug}/giam-sat"):
        return [("supervisor", PROVINCE)]
    if route.startswith("/t/{slug}/admin"):
        return [("admin", slug), ("supervisor", PROVINCE)]
    if route.startswith(("/t/{slug}/quay", "/t/{slug}/api/", "/t/{slug}/p/")):
        return [("head", slug), ("reception", slug)]
    return [("", slug)]
