"""Options that several commands share."""

from pathlib import Path

import click

DEMO_MARK = "demo-data"
"""The file in a folder of data that says: everything in here is invented."""

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the data. Default: MOTCUA_HOME, or the account's own place.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
