"""The web assets of Một Cửa, built from npm packages into the wheel.

The files themselves stand in the package ``motcua_assets_dist``, which exists
only in a built or editable installation.
"""

from importlib import resources
from pathlib import Path

DIST = "motcua_assets_dist"


def folder() -> Path:
    """Where the built files stand.

    Raises:
        FileNotFoundError: The distribution was put on the path without being built.
    """
    try:
        found = resources.files(DIST)
    except ModuleNotFoundError:
        reason = f"{DIST} is not installed; run `uv sync` to build the web assets"
        raise FileNotFoundError(reason) from None
    return Path(str(found))


def path(name: str) -> Path:
    """The file called *name*, such as ``htmx.min.js``.

    Raises:
        FileNotFoundError: There is no such asset.
    """
    if name not in names():
        reason = f"motcua_assets has no {name!r}; it has {', '.join(names())}"
        raise FileNotFoundError(reason)
    return folder() / name


def names() -> list[str]:
    """The assets that pages may ask for, by name."""
    return sorted(
        file.name for file in folder().iterdir() if file.is_file() and file.suffix != ".py"
    )


def licences() -> list[Path]:
    """The licence files of everything in :func:`names`."""
    return sorted((folder() / "licences").iterdir())
