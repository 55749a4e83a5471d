"""Supervision: what a province sees of its communes, under ``/giam-sat/``. Numbers, not people."""

import datetime as dt
from collections.abc import Callable

from litestar import Router

from motcua.web.counter.errors import handlers
from motcua.web.supervision import pages
from motcua.web.supervision.frame import admit

PATH = "/t/{slug:str}/giam-sat"


def supervision_routes(now: Callable[[], dt.datetime]) -> list[Router]:
    """The pages of supervision, and the way to them from the installation's own address.

    Args:
        now: The clock; the page of an unexpected failure says when it happened.
    """
    return [
        Router("/giam-sat", route_handlers=[pages.choose], include_in_schema=False),
        Router(
            PATH,
            route_handlers=[pages.overview, pages.download, pages.unit],
            guards=[admit],
            exception_handlers=handlers(now),
            include_in_schema=False,
        ),
    ]
