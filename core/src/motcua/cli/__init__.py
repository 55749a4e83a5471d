"""The command line, one module per command."""

import importlib
import sys
from typing import NoReturn

import click

from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import text

COMMANDS = (
    "demo", "serve", "worker", "migrate", "doctor", "verify", "tenants", "tenant", "staff",
    "plugins", "procedures", "calendar", "due", "import", "report", "registers",
)  # fmt: skip


MISTAKE = 2
INTERRUPTED = 130


class LazyGroup(click.Group):
    """Imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of a newcomer's needs."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called *cmd_name*, or ``None`` if there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = "import_" if cmd_name == "import" else cmd_name
        found: click.Command = importlib.import_module(f"motcua.cli.{module}").command
        return found


@click.group(cls=LazyGroup)
@click.version_option(package_name="motcua")
def cli() -> None:
    """Một Cửa: the electronic one-stop shop of Vietnamese communes."""


def main() -> None:
    """Run the command line; a user's mistake is one line and exit status 2."""
    try:
        status = cli.main(standalone_mode=False)
    except MotCuaError as error:
        _refuse(text(error.code, lang="en", **error.fields))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(MISTAKE)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "motcua"
        _refuse(f"{error.format_message().rstrip('.')}; see `{path} --help`")
    except click.Abort:
        sys.exit(INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)


def _refuse(line: str) -> NoReturn:
    click.echo(f"motcua: {' '.join(line.split())}", err=True)
    sys.exit(MISTAKE)
