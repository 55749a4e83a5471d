"""One plugin gives a Litestar application everything a page needs."""

import datetime as dt
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from litestar.config.app import AppConfig
from litestar.config.compression import CompressionConfig
from litestar.plugins import InitPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from motcua.ui.environment import environment
from motcua.ui.site import Site
from motcua.web import errors, schema, security
from motcua.web.board.screen import STREAM
from motcua.web.language import other_language
from motcua.web.static import PREFIX, Assets


class WebPages(InitPlugin):
    """Templates, static files, security headers, form tokens, error pages, API description."""

    def __init__(
        self,
        site: Site,
        *,
        csrf_secret: str,
        now: Callable[[], dt.datetime],
        secure_cookies: bool = False,
        extra_templates: tuple[Path, ...] = (),
    ) -> None:
        """Prepare the pages of one installation.

        Args:
            site: What every page says about the installation.
            csrf_secret: Signs the form tokens; the same in every process.
            now: The clock.
            secure_cookies: Whether the site is reached over HTTPS.
            extra_templates: Folders of templates of others (plugins).
        """
        self.site = site
        self.assets = Assets()
        self.environment = environment(site, self.assets.url, *extra_templates)
        self.environment.globals["other_language"] = other_language
        self._csrf = security.csrf(csrf_secret, secure=secure_cookies)
        self._now = now

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """Add the parts to the application that is being made."""
        engine = JinjaTemplateEngine.from_environment(self.environment)
        app_config.template_config = TemplateConfig(instance=engine)
        app_config.csrf_config = self._csrf
        app_config.compression_config = CompressionConfig(
            backend="gzip", exclude=[f"^{PREFIX}/", STREAM]
        )
        app_config.before_send.append(security.add_headers)
        app_config.exception_handlers.update(errors.handlers(self._now))
        app_config.route_handlers.append(self.assets.handler)
        schema.describe(app_config, f"API {self.site.name}", version("motcua"))
        return app_config
