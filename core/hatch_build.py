# noqa: INP001 - hatchling loads this file by its path; it belongs to no package
"""Lets the sample units of the top-level folder ``tenants`` travel with the core.

A checkout reads them where they stand. A source distribution carries a copy,
and a wheel is built from either.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGED = "motcua/data/tenants"


class TenantsBuildHook(BuildHookInterface[Any]):
    """Adds the folder to what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folder, unless the build sees it in its place already."""
        folder = Path(self.root).parent / "tenants"
        in_place = (Path(self.root) / "src" / PACKAGED).is_dir()
        if version == "editable" or in_place or not folder.is_dir():
            return
        inside = f"src/{PACKAGED}" if self.target_name == "sdist" else PACKAGED
        build_data["force_include"][str(folder)] = inside
