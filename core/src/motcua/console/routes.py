"""The whole console as routes: pages of ours, and the tables as they stand."""

from collections.abc import Callable, Mapping

from litestar import Router
from litestar.di import Provide
from litestar.types import ExceptionHandlersMap
from piccolo.table import Table

from motcua.console import (
    calendar,
    closures,
    fees,
    history,
    overview,
    people,
    plugins,
    procedures,
    signers,
    unit,
)
from motcua.console.frame import provide_console
from motcua.console.gate import Door, admit, lost_session, something_due
from motcua.console.tables import Tables
from motcua.services.sessions import PasswordDueError, SecondFactorDueError, SignInRequiredError
from motcua.storage.tables import CORE_TABLES

PATH = "/t/{slug:str}/admin"


def console_routes(door: Door, asset: Callable[[str], str]) -> list[Router]:
    """The whole console.

    Args:
        door: How the sign-in is found.
        asset: Answers the address of a static file.
    """
    handled: ExceptionHandlersMap = {
        SignInRequiredError: lost_session,
        PasswordDueError: something_due,
        SecondFactorDueError: something_due,
    }
    return [
        Router(
            PATH,
            route_handlers=[
                overview.overview,
                history.history,
                unit.show,
                unit.change,
                unit.hours,
                unit.set_hours,
                people.show,
                people.add,
                people.form,
                people.change,
                signers.show,
                signers.add,
                signers.end,
                procedures.show,
                procedures.form,
                procedures.change,
                fees.show,
                fees.form,
                fees.change,
                calendar.show,
                calendar.change,
                closures.show,
                closures.change,
                plugins.plugins,
                plugins.act,
                plugins.settings,
                plugins.set_settings,
                Tables(_tables, asset).handler(),
            ],
            guards=[admit(door)],
            dependencies={"console": Provide(provide_console, sync_to_thread=False)},
            exception_handlers=handled,
            include_in_schema=False,
        )
    ]


def _tables() -> Mapping[str, type[Table]]:
    """The core's tables by name."""
    return {table._meta.tablename: table for table in CORE_TABLES}  # noqa: SLF001 - Piccolo's documented way to a table's name
