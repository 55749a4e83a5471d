"""Pages of a plugin at the counter: what they show and ask, drawn by the core."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from motcua.domain.dossier import Role


class PageField(msgspec.Struct, frozen=True, kw_only=True):
    """Something to fill in; with *options* (value, words) one of several."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    number: bool = False
    options: tuple[tuple[str, str], ...] = ()


class PageForm(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do.

    Attributes:
        act: What it is called when it is done.
        about: Which of several things it is about; empty: it is about none.
        button: What the button says.
        risk: Whether it cannot be taken back.
        folded: Whether it is folded away below its *title* until somebody wants it.
    """

    act: str
    title: str
    fields: tuple[PageField, ...]
    button: str
    about: str = ""
    risk: bool = False
    folded: bool = False


class PageSection(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on the page.

    Attributes:
        facts: Pairs of name and words.
        warning: What has to be seen to.
        table: Rows below *heads*; none, if there is nothing to list.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    warning: str = ""
    heads: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    forms: tuple[PageForm, ...] = ()


class PageShown(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it stands now."""

    lead: str
    sections: tuple[PageSection, ...]


class CounterPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a plugin at the counter, for officers of the units that enabled it.

    Attributes:
        path: The last part of its address.
        label: The key of its name.
        roles: Who sees it.
        writers: Who may do something on it.
        show: What it shows, asked with an :class:`~motcua.plugin.AskedSession` and whether
            whoever asks is one of the *writers*.
        act: Does what the form called *act* asks, given the session, *act*, what the form is
            about and what was typed; answers the key of the text that says it is done. What
            cannot be done is a :class:`~motcua.plugin.MotCuaError`; it is told at the form,
            and nothing typed is lost.
    """

    path: str
    label: str
    roles: frozenset[Role]
    writers: frozenset[Role]
    show: Callable[[Any, bool], Awaitable[PageShown]]
    act: Callable[[Any, str, str, Mapping[str, str]], Awaitable[str]]
