"""An environment with plain addresses, and a way to render one macro."""

from collections.abc import Callable

import pytest
from jinja2 import Environment

from fakes.html import Element, parse
from fakes.portal import SITE
from motcua.ui.environment import environment

Render = Callable[..., Element]


@pytest.fixture(scope="session")
def env() -> Environment:
    """The environment of all pages."""
    return environment(SITE, lambda name: f"/static/{name}")


@pytest.fixture
def render(env: Environment) -> Render:
    """Renders a piece of template and reads what comes out."""

    def rendered(source: str, **names: object) -> Element:
        return parse(env.from_string(source).render(**names))

    return rendered
