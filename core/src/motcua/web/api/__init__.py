"""The JSON API of a tenant, under ``/t/<slug>/api/v1``."""

import datetime as dt
from collections.abc import Callable

from litestar import Router
from litestar.di import Provide

from motcua.web.api import catalogue, dossiers, problems, registers, texts, turned_away
from motcua.web.api.admission import (
    admit,
    provide_actor,
    provide_desk,
    provide_holder,
    provide_house,
)
from motcua.web.api.body import JsonBody, require_json
from motcua.web.api.sessions import Accounts, Sessions

PATH = "/t/{slug:str}/api/v1"


def routes(now: Callable[[], dt.datetime]) -> Router:
    """The whole API."""
    return Router(
        PATH,
        route_handlers=[
            Sessions,
            Accounts,
            dossiers.routes(),
            registers.routes(),
            texts.routes(),
            texts.routes(),
            turned_away.routes(),
            catalogue.routes(),
        ],
        exception_handlers=problems.handlers(now),
        guards=[admit, require_json],
        dependencies={
            "house": Provide(provide_house, sync_to_thread=False),
            "desk": Provide(provide_desk, sync_to_thread=False),
            "actor": Provide(provide_actor, sync_to_thread=False),
            "holder": Provide(provide_holder, sync_to_thread=False),
        },
        dto=JsonBody,
        return_dto=None,
        response_headers={"Cache-Control": "no-store"},
    )
