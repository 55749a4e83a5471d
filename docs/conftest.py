"""Runs the Python of the documentation."""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

APART = ("second-plugin.md",)
"""Pages whose Python is files of a plugin; ``tests/outside`` follows them."""

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()], patterns=["*.md"], excludes=APART
).pytest()
