"""The reference of hooks names every hook with the arguments it has."""

import inspect
import re
from pathlib import Path

from motcua.plugin import hookspecs
from motcua.registry import load_registry

PAGE = Path(__file__).parents[2] / "docs/reference/hooks.md"
HEADING = re.compile(r"^## `(\w+)\((.*)\)`$", re.MULTILINE)


def specified() -> dict[str, list[str]]:
    return {
        name: list(inspect.signature(value).parameters)
        for name, value in vars(hookspecs).items()
        if hasattr(value, f"{hookspecs.PROJECT}_spec")
    }


def test_the_page_names_every_hook_and_its_arguments() -> None:
    documented = {
        name: [each.strip() for each in arguments.split(",") if each]
        for name, arguments in HEADING.findall(PAGE.read_text("utf-8"))
    }

    assert documented == specified()


def test_every_hook_says_what_it_is_for() -> None:
    assert all(inspect.getdoc(getattr(hookspecs, name)) for name in specified())


def test_every_hook_is_used_by_a_shipped_plugin() -> None:
    used = {hook for plugin in load_registry().plugins.values() for hook in plugin.hooks}

    assert used == specified().keys()


def test_the_page_tells_the_kind_of_every_hook() -> None:
    rows = re.findall(r"^\| (\w+) \|[^|]*\| ([^|]*) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {hook: kind for kind, hooks in rows for hook in re.findall(r"`(\w+)`", hooks)}

    assert told == hookspecs.KINDS
