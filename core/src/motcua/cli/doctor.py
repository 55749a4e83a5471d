"""``motcua doctor``: whether this installation is fit to serve, and the way out."""

import asyncio
import importlib.metadata
import os
import platform
import sys
from pathlib import Path

import click
import msgspec

from motcua.cli.options import home_option, json_option
from motcua.cli.session import opened
from motcua.plugin.texts import text
from motcua.services.doctor import Finding, examine
from motcua.storage.settings import resolve

FAULTS_FOUND = 1
_MARKS = {"good": "ok     ", "warning": "warning", "fault": "FAULT  "}


@click.command("doctor")
@home_option
@json_option
def command(home: Path | None, as_json: bool) -> None:
    """Check versions, database, roles, migrations, plugins, calendar, signers and disk.

    Exit status 1 when something is not fit to serve; warnings do not count.
    """
    with resolve(home, os.environ) as database:
        findings = asyncio.run(opened(database.app, lambda house: examine(house, database.home)))
    fit = all(finding.level != "fault" for finding in findings)
    if as_json:
        rows = [msgspec.to_builtins(each) | {"detail": detail(each)} for each in findings]
        click.echo(msgspec.json.encode({"ok": fit, "versions": versions(), "findings": rows}))
    else:
        told = ", ".join(f"{name} {version}" for name, version in versions().items())
        click.echo(f"{_MARKS['good']}  versions: {told}")
        for finding in findings:
            click.echo(f"{_MARKS[finding.level]}  {finding.check}: {detail(finding)}")
    sys.exit(0 if fit else FAULTS_FOUND)


def versions() -> dict[str, str]:
    """What is installed, by name."""
    named = ("motcua", "litestar", "piccolo", "asyncpg", "msgspec", "granian")
    found = {name: importlib.metadata.version(name) for name in named}
    return {"python": platform.python_version(), **found}


def detail(finding: Finding) -> str:
    """What was found and, where it is not good, what to do."""
    return text(finding.text, lang="en", **finding.told)
