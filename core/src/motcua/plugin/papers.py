"""The templates of papers that travel with a plugin."""

import functools
import importlib.resources

FOLDER = "papers"


@functools.cache
def paper_templates(package: str) -> dict[str, str]:
    """The typst files in the folder ``papers`` of *package*, by their name."""
    folder = importlib.resources.files(package) / FOLDER
    if not folder.is_dir():
        return {}
    files = [file for file in folder.iterdir() if file.name.endswith(".typ")]
    return {file.name: file.read_text("utf-8") for file in files}
