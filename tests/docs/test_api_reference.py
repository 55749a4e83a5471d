"""The reference of the API names every route there is, and no other."""

import re
from pathlib import Path

from litestar import Litestar

from fakes.clock import FixedClock
from motcua.web.api import PATH, routes

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
ROW = re.compile(r"^\| `([A-Z]+) (/\S*)` \|", re.MULTILINE)


def test_the_page_has_one_row_for_each_request() -> None:
    app = Litestar([routes(FixedClock())], openapi_config=None)
    told = set(ROW.findall(PAGE.read_text(encoding="utf-8")))

    served = {
        (str(method), re.sub(r":\w+}", "}", route.path.removeprefix(PATH)))
        for route in app.routes
        for method in getattr(route, "methods", ())
        if method not in {"OPTIONS", "HEAD"}
    }

    assert told == served
