"""Style sheets, scripts, fonts and pictures under addresses that carry their content's hash.

An address never changes its content, so browsers keep a file for ever. Style
sheets are joined here from the layers of ``motcua.ui``; what comes from npm is
read out of ``motcua_assets``.
"""

import gzip
import hashlib
import re
from functools import cached_property
from pathlib import Path

import motcua_assets
import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from motcua.ui.environment import STATIC

PREFIX = "/static"
FOREVER = "public, max-age=31536000, immutable"
LAYERS = ("tokens", "base", "components")
BUNDLES = {
    "portal.css": (*LAYERS, "portal", "print"),
    "counter.css": (*LAYERS, "counter", "lists", "reader", "basket", "print"),
    "supervision.css": (*LAYERS, "counter", "supervision", "print"),
    "console.css": (*LAYERS, "counter", "console", "print"),
    "board.css": ("tokens", "base", "board"),
    "tables.css": ("tokens", "tables"),
    "village.css": ("village",),
}
MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
URL = re.compile(r'url\("([^":]+)"\)')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


class StaticFile(msgspec.Struct, frozen=True):
    """One file as it is sent."""

    name: str
    content: bytes
    compressed: bytes | None

    @property
    def media(self) -> str:
        """Its content type."""
        return MEDIA[Path(self.name).suffix]


class Assets:
    """Every static file of the pages, by its plain name and by its hashed one."""

    def __init__(self) -> None:
        """Read, join and hash all files once."""
        self._hashed: dict[str, str] = {}
        self.files: dict[str, StaticFile] = {}
        for path in self._plain_files():
            self._add(path.name, path.read_bytes())
        for name, layers in BUNDLES.items():
            self._add(name, self._bundle(layers))

    def url(self, name: str) -> str:
        """The address of the file called *name*, such as ``portal.css``."""
        return f"{PREFIX}/{self._hashed[name]}"

    @cached_property
    def handler(self) -> HTTPRouteHandler:
        """The route that sends the files."""

        @get(f"{PREFIX}/{{name:str}}", include_in_schema=False, sync_to_thread=False)
        def static_file(name: FromPath[str], request: Request) -> Response[bytes]:  # type: ignore[type-arg]  # the handler does not care who asks
            """Send one file, to be kept for ever."""
            file = self.files.get(name)
            if file is None:
                raise NotFoundException
            return send(file, request.headers.get("accept-encoding", ""))

        return static_file

    def _plain_files(self) -> list[Path]:
        own = [*(STATIC / "js").glob("*.js"), *(STATIC / "img").iterdir()]
        return sorted(own) + [motcua_assets.path(name) for name in motcua_assets.names()]

    def _bundle(self, layers: tuple[str, ...]) -> bytes:
        """Some layers as one style sheet, its addresses hashed, its comments left out."""
        sheets = [(STATIC / "css" / f"{layer}.css").read_text(encoding="utf-8") for layer in layers]
        joined = COMMENT.sub("", "".join(sheets))
        return URL.sub(lambda found: f'url("{self.url(found[1])}")', joined).encode()

    def _add(self, name: str, content: bytes) -> None:
        stem, _, suffix = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        small = None if suffix == "woff2" else gzip.compress(content, mtime=0)
        self._hashed[name] = hashed
        self.files[hashed] = StaticFile(name, content, small)


def send(file: StaticFile, accepted: str) -> Response[bytes]:
    """The answer that carries *file*, compressed if the browser takes that."""
    headers = {"Cache-Control": FOREVER}
    content = file.content
    if file.compressed is not None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in accepted:
            headers["Content-Encoding"] = "gzip"
            content = file.compressed
    return Response(content, media_type=file.media, headers=headers)
