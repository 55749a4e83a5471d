"""The counter: everything officers do in a browser, under ``/t/<slug>/quay/``."""

import datetime as dt
from collections.abc import Callable

from litestar import Router
from litestar.di import Provide

from motcua.web.counter import (
    account,
    amending,
    approval,
    batch,
    block,
    choosing,
    dashboard,
    day,
    dossier,
    files,
    followed,
    money,
    morning,
    paper_day,
    papers,
    plugin_pages,
    queue,
    ratings,
    reception,
    registers,
    returns,
    second_factor,
    signing,
    sitting,
    slip,
    slip_papers,
    steps,
    told,
    transfers,
    turned_away,
    village,
    village_sheet,
    visits,
    worklist,
)
from motcua.web.counter.errors import handlers
from motcua.web.counter.frame import provide_counter
from motcua.web.counter.session import admit

PATH = "/t/{slug:str}/quay"


def counter_routes(now: Callable[[], dt.datetime]) -> list[Router]:
    """The whole counter.

    Args:
        now: The clock; the page of an unexpected failure says when it happened.
    """
    return [
        Router(
            PATH,
            route_handlers=[
                signing.sign_in_form,
                signing.sign_in,
                signing.sign_out,
                account.show,
                account.end_session,
                account.end_all_sessions,
                account.password_form,
                account.change_password,
                second_factor.second_factor_form,
                second_factor.change_second_factor,
                worklist.work,
                choosing.choose,
                choosing.begin,
                batch.many,
                approval.inbox,
                morning.show,
                morning.sign,
                approval.folder,
                returns.desk,
                returns.give,
                returns.keep,
                reception.form,
                reception.receive_visit,
                slip.slip,
                sitting.end,
                slip_papers.of_visit,
                slip_papers.of_dossier,
                slip_papers.anew,
                turned_away.form,
                turned_away.turn,
                turned_away.slip,
                papers.ask,
                papers.show,
                dossier.show,
                dossier.note,
                files.view,
                files.picture,
                files.texts,
                amending.show,
                amending.change,
                money.show,
                money.change,
                transfers.listed,
                told.shown,
                visits.show,
                dashboard.show,
                ratings.show,
                day.show,
                day.close,
                day.kept,
                queue.show,
                queue.sit,
                queue.call,
                queue.give,
                queue.change,
                followed.listed,
                followed.ask,
                followed.tell,
                paper_day.choose,
                paper_day.form,
                paper_day.enter,
                village.listed,
                village.make,
                village.show,
                village.packet,
                village.close,
                village_sheet.form,
                village_sheet.enter,
                plugin_pages.show,
                plugin_pages.act,
                block.form,
                block.close,
                registers.all_books,
                registers.page,
                steps.ask,
                steps.take,
            ],
            guards=[admit],
            dependencies={"counter": Provide(provide_counter, sync_to_thread=False)},
            exception_handlers=handlers(now),
            include_in_schema=False,
        )
    ]
