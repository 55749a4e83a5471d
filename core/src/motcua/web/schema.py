"""The API described: OpenAPI 3.1 as JSON, and pages that need no foreign host to read it."""

from typing import Any

from litestar.config.app import AppConfig
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from motcua.web.pages import AnyRequest

PATH = "/api/schema"


class OfflineSwagger(OpenAPIRenderPlugin):
    """Swagger UI out of our own wheel, started by our own script."""

    def __init__(self) -> None:
        """Stand at the root of the description."""
        super().__init__(path="/", favicon="", style="")

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        """The page; it fetches the JSON by itself."""
        engine = request.app.template_engine
        if engine is None:  # pragma: no cover - the pages plugin always sets one
            raise RuntimeError
        title = openapi_schema["info"]["title"]
        page: str = engine.get_template("schema.html").render(
            title=title, schema=f"{PATH}/openapi.json"
        )
        return page.encode()


def describe(app_config: AppConfig, title: str, version: str) -> None:
    """Let *app_config* describe its API under ``/api/schema/``."""
    app_config.openapi_config = OpenAPIConfig(
        title=title,
        version=version,
        path=PATH,
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}
        ),
        render_plugins=[OfflineSwagger(), JsonRenderPlugin()],
    )
