"""The whole console as routes: pages of ours, and the tables as they stand."""

from collections.abc import Callable

from litestar import Router
from litestar.di import Provide
from litestar.types import ExceptionHandlersMap

from motcua.console import (
    account,
    api_keys,
    bounds,
    calendar,
    closures,
    fees,
    history,
    look,
    mistakes,
    new_unit,
    outbox,
    overview,
    people,
    plugins,
    practice,
    procedures,
    queue,
    reassign,
    recount,
    registers,
    reopening,
    signers,
    stand_ins,
    unit,
    versions,
    wording,
)
from motcua.console.conflict import changed_meanwhile
from motcua.console.frame import provide_console
from motcua.console.gate import Door, admit, lost_session, something_due
from motcua.console.tables import Tables
from motcua.registry.registry import Registry
from motcua.services.change import ChangedMeanwhileError
from motcua.services.sessions import PasswordDueError, SecondFactorDueError, SignInRequiredError

PATH = "/t/{slug:str}/admin"


def console_routes(door: Door, registry: Registry, asset: Callable[[str], str]) -> list[Router]:
    """The whole console.

    Args:
        door: How the sign-in is found.
        registry: The plugins.
        asset: Answers the address of a static file.
    """
    handled: ExceptionHandlersMap = {
        SignInRequiredError: lost_session,
        ChangedMeanwhileError: changed_meanwhile,
        PasswordDueError: something_due,
        SecondFactorDueError: something_due,
    }
    return [
        Router(
            PATH,
            route_handlers=[
                overview.overview,
                history.history,
                reassign.show,
                reassign.change,
                recount.show,
                recount.change,
                outbox.show,
                outbox.change,
                mistakes.show,
                mistakes.change,
                new_unit.show,
                new_unit.add,
                unit.show,
                unit.change,
                look.show,
                look.change,
                account.show,
                account.change,
                bounds.show,
                bounds.change,
                wording.messages,
                wording.set_messages,
                wording.slip_texts,
                wording.set_slip_texts,
                unit.hours,
                unit.set_hours,
                practice.show,
                practice.change,
                queue.show,
                queue.change,
                people.show,
                people.add,
                people.form,
                people.change,
                signers.show,
                signers.add,
                signers.end,
                stand_ins.show,
                stand_ins.add,
                stand_ins.withdraw,
                api_keys.show,
                api_keys.add,
                api_keys.revoke,
                registers.show,
                registers.begin,
                registers.form,
                registers.change,
                procedures.show,
                procedures.form,
                procedures.change,
                versions.show,
                versions.change,
                fees.show,
                fees.form,
                fees.change,
                calendar.show,
                calendar.change,
                closures.show,
                closures.change,
                reopening.show,
                reopening.change,
                plugins.plugins,
                plugins.act,
                plugins.settings,
                plugins.set_settings,
                Tables(registry, asset).handler(),
            ],
            guards=[admit(door)],
            dependencies={"console": Provide(provide_console, sync_to_thread=False)},
            exception_handlers=handled,
            include_in_schema=False,
        )
    ]
