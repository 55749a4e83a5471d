"""What a plugin says about itself."""

from typing import Annotated

import msgspec
from msgspec import Meta

CORE_API = (1, 0)
"""The version of the surface in :mod:`motcua.plugin`, as (major, minor)."""


class NoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of a plugin that has none."""


class PluginManifest(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin's identity card.

    Attributes:
        name: Identifier, folder and import suffix; prefix of everything the plugin owns.
        label_vi: What an administrator reads.
        label_en: The same in English.
        version: The plugin's own version, stored with what it decides.
        core_api: Versions of this surface it works with, such as ``>=1.0,<2``.
        fields: Fields of law it serves, as slugs.
        settings: The Struct its settings are checked against, per tenant.
    """

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
    label_vi: str
    label_en: str = ""
    version: str = "0"
    core_api: str
    fields: tuple[str, ...] = ()
    settings: type[msgspec.Struct] = NoSettings

    def accepts(self, core_api: tuple[int, int] = CORE_API) -> bool:
        """Whether :attr:`core_api` includes the version *core_api*.

        Raises:
            ValueError: If the range cannot be read.
        """
        return all(_within(core_api, part) for part in self.core_api.split(","))


def _within(version: tuple[int, int], part: str) -> bool:
    """Whether *version* keeps to one bound such as ``>=1.0``."""
    for sign in (">=", "<=", "==", "<", ">"):
        if part.strip().startswith(sign):
            numbers = [int(number) for number in part.strip().removeprefix(sign).split(".")]
            bound = [*numbers, 0, 0][:2]
            return _holds(sign, list(version), bound)
    message = f"a bound begins with >=, <=, ==, < or >: {part!r}"
    raise ValueError(message)


def _holds(sign: str, version: list[int], bound: list[int]) -> bool:
    return {
        ">=": version >= bound,
        "<=": version <= bound,
        "==": version == bound,
        "<": version < bound,
        ">": version > bound,
    }[sign]
