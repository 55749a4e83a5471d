"""The Jinja environment: templates, filters, texts by key and the macros as ``ui.<name>``."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup

from motcua.domain.names import masked
from motcua.plugin.texts import spoken, text
from motcua.services.look import look
from motcua.ui import format as shown
from motcua.ui.device import device
from motcua.ui.native import native, native_lang
from motcua.ui.qr import picture
from motcua.ui.site import Site

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"

FILTERS: dict[str, Callable[..., Any]] = {
    "capital": shown.capital,
    "date": shown.date,
    "decimal": shown.decimal,
    "device": device,
    "file_size": shown.file_size,
    "hour": shown.hour,
    "iso_date": shown.iso_date,
    "iso_moment": shown.iso_moment,
    "local": shown.local,
    "long_date": shown.long_date,
    "look": look,
    "masked": masked,
    "moment": shown.moment,
    "money": shown.money,
    "native": native,
    "native_lang": native_lang,
    "number": shown.number,
    "percent": shown.percent,
    "phone_link": shown.phone_link,
    "qr": picture,
    "short_date": shown.short_date,
    "short_weekday": shown.short_weekday,
    "symbols": shown.symbols,
    "weekday": shown.weekday,
}


def environment(
    site: Site,
    asset: Callable[[str], str],
    *extra_templates: Path,
) -> Environment:
    """The environment that renders every page.

    Args:
        site: What the pages say about this installation.
        asset: Answers the address of a style sheet, script, font or picture.
        extra_templates: Folders searched after the core's own.
    """
    folders = [TEMPLATES, *extra_templates]
    env = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    components = SimpleNamespace()
    env.globals.update(
        site=site, asset=asset, t=text, ui=components, language=spoken, vi=vietnamese
    )
    _load_macros(env, components)
    return env


def vietnamese() -> Markup:
    """The attribute of what has Vietnamese words only, on a page in another language."""
    return Markup("") if spoken() == "vi" else Markup(' lang="vi"')


def _load_macros(env: Environment, components: SimpleNamespace) -> None:
    """Make every macro of the macros folder an attribute of ``ui``.

    The namespace is filled in place: a macro finds the others in it when it is
    called, not when it is read.
    """
    for file in sorted((TEMPLATES / "macros").glob("*.html")):
        module = env.get_template(f"macros/{file.name}").module
        for name, macro in vars(module).items():
            if isinstance(macro, Macro):
                setattr(components, name, macro)
