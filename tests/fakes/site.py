"""A whole web site over the fakes, for page tests and for a browser."""

from litestar import Litestar, get, post
from litestar.params import FromPath, FromQuery

from fakes.portal import NOW, SITE, FakeReads
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.web.portal.routes import portal
from motcua.web.setup import WebPages


@get("/t/{slug:str}/api/v1/ping", summary="Answers")
async def ping(slug: FromPath[str]) -> dict[str, str]:
    """Say which commune was asked."""
    return {"slug": slug}


@post("/t/{slug:str}/api/v1/dossiers", summary="Refuses")
async def refuse(slug: FromPath[str]) -> None:
    """Refuse every form, naming two faults."""
    raise InvalidAnswersError(
        [
            FieldFault("child_full_name", "field.required"),
            FieldFault("copies", "field.invalid", slug=slug),
        ]
    )


@get("/hong", include_in_schema=False)
async def broken() -> None:
    """Fail in a way nobody foresaw."""
    message = "secret of the database: hunter2"
    raise RuntimeError(message)


@get("/du-lieu-sai", include_in_schema=False)
async def numbers(count: FromQuery[int]) -> int:
    """Ask for a number."""
    return count


def create_app(reads: FakeReads | None = None) -> Litestar:
    """The site over *reads*."""
    return Litestar(
        route_handlers=[
            portal(reads or FakeReads(), lambda: NOW),
            ping,
            refuse,
            broken,
            numbers,
        ],
        plugins=[WebPages(SITE, csrf_secret="0" * 32, now=lambda: NOW)],
    )
