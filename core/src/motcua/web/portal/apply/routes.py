"""The pages of an application: begin, answer, look through, send, keep."""

import datetime as dt
from typing import Any

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.calendar import VN
from motcua.domain.deadline import due
from motcua.domain.dossier import State
from motcua.domain.errors import InvalidAnswersError
from motcua.plugin.texts import text
from motcua.services import drafts, lookup, offers
from motcua.services.assess import Paper
from motcua.services.drafts import Draft
from motcua.services.limits import count
from motcua.services.slip_copies import NO_COPY
from motcua.services.transfers import account_of
from motcua.services.visit import secret_of
from motcua.services.words import called
from motcua.storage import dossiers as store
from motcua.storage.work import work
from motcua.ui.qr import drawn
from motcua.ui.site import HelpDesk
from motcua.web.client import address
from motcua.web.language import SWITCH
from motcua.web.pages import Page
from motcua.web.portal.apply import lost, papers, resume
from motcua.web.portal.apply.application import Application
from motcua.web.portal.apply.costs import Costs, costs, costs_of
from motcua.web.portal.apply.desk import Applying, TheApplying, admit, provide_applying, to
from motcua.web.portal.apply.pages import (
    LATER,
    PRESSED,
    asked,
    keep,
    next_page,
    shown,
    step_of,
    tasks_of,
)
from motcua.web.portal.apply.plan import CHECK, Step
from motcua.web.portal.apply.told import groups
from motcua.web.portal.paper import paper
from motcua.web.portal.reads import tracked
from motcua.web.shown import shown_pdf

_MOST_BYTES = 512 * 1024
LONG = 6
"""From so many pages on an application begins with its list of tasks."""


def routes(help_desk: HelpDesk) -> Router:
    """The routes of applications.

    Args:
        help_desk: Where people get help; stands on every page.
    """
    return Router(
        "/t/{slug:str}",
        route_handlers=[
            begin,
            resume.ask_code,
            resume.go_on,
            tasks,
            ask,
            answer,
            papers.ask,
            papers.upload,
            papers.view,
            look_through,
            send,
            done,
            keep_paper,
            later,
        ],
        guards=[admit],
        dependencies={"applying": provide_applying(help_desk)},
        exception_handlers=lost.handlers(help_desk),
        request_max_body_size=_MOST_BYTES,
        include_in_schema=False,
    )


@post("/thu-tuc/{code:str}/nop", status_code=HTTP_200_OK)
async def begin(applying: TheApplying, code: FromPath[str]) -> Response[Any]:
    """Begin an application; what a lost page kept goes along."""
    await count(applying.house, applying.desk, "begin", address(applying.request))
    sent = await applying.form()
    applying.offered(code)
    token = applying.token or drafts.new_token(applying.house)
    draft = await drafts.begin(applying.house, applying.desk, code, token)
    if kept := lost.kept(sent):
        draft = await drafts.change(
            applying.house, applying.desk, draft.id, token, lambda typed: typed | kept
        )
    answer = to(applying.address(draft))
    answer.cookies.append(applying.cookie(token))
    return answer


@get("/nop/{draft_id:str}")
async def tasks(applying: TheApplying, draft_id: FromPath[str]) -> Response[Any]:
    """The list of tasks of a long application; a short one goes on where it was left."""
    draft = await applying.draft(draft_id)
    if draft.dossier_id is not None:
        return to(applying.address(draft, "xong"))
    application = applying.application(draft)
    listed = tasks_of(applying, draft, application)
    if len(listed) <= LONG and (draft.amends is None or draft.supply):
        undone = next((task.href for task in listed if task.state != "ok"), None)
        return to(undone or applying.address(draft, CHECK))
    return applying.page(
        "apply/tasks.html",
        draft=draft,
        name=called(application.definition),
        tasks=listed,
        finished=sum(task.state == "ok" for task in listed),
        check=applying.address(draft, CHECK),
        back=f"{applying.base}/ho-so"
        if draft.amends
        else f"{applying.base}/thu-tuc/{draft.procedure}",
    )


@get("/nop/{draft_id:str}/{step_id:str}")
async def ask(
    applying: TheApplying, draft_id: FromPath[str], step_id: FromPath[str], sua: FromQuery[str] = ""
) -> Response[Any]:
    """One page of questions."""
    return await asked(applying, draft_id, step_id, sua)


@post("/nop/{draft_id:str}/{step_id:str}", status_code=HTTP_200_OK)
async def answer(
    applying: TheApplying, draft_id: FromPath[str], step_id: FromPath[str], sua: FromQuery[str] = ""
) -> Response[Any]:
    """Keep what a page says, and go on if nothing is wrong with it."""
    sent = await applying.form()
    draft = await applying.draft(draft_id)
    if draft.dossier_id is not None:
        return to(applying.address(draft, "xong"))
    pressed = sent.get(PRESSED, "")
    step = step_of(applying.application(draft), step_id)

    draft = await keep(applying, draft, step, sent, step_id if not pressed else "")
    application = applying.application(draft)
    if pressed == LATER:
        return to(applying.address(draft, "luu"))
    if pressed == SWITCH:
        return to(applying.address(draft, step_id) + ("?sua=1" if sua else ""))
    if pressed:
        return await _row_changed(applying, draft, application, step, pressed, sua)
    if errors := application.errors(step):
        return shown(applying, draft, application, step, errors, back=sua)
    return to(next_page(applying, draft, application, step_id, back=sua))


@get(f"/nop/{{draft_id:str}}/{CHECK}")
async def look_through(applying: TheApplying, draft_id: FromPath[str]) -> Response[Any]:
    """Everything that will be sent, with a way to change each answer."""
    draft = await applying.draft(draft_id)
    if draft.dossier_id is not None:
        return to(applying.address(draft, "xong"))
    return _checked(applying, draft, [])


@post(f"/nop/{{draft_id:str}}/{CHECK}", status_code=HTTP_200_OK)
async def send(applying: TheApplying, draft_id: FromPath[str]) -> Response[Any]:
    """Submit the application; sent twice it is submitted once."""
    sent = await applying.form()
    draft = await applying.draft(draft_id)
    if draft.dossier_id is None:
        faults = _unfinished(applying, draft, applying.application(draft))
        if not faults and sent.get("cam_doan") != "1":
            faults = [("#cam-doan", text("apply.declare.missing"))]
        if faults:
            return _checked(applying, draft, faults)

        await count(applying.house, applying.desk, "submit", address(applying.request))

        def paper(fresh: Draft) -> Paper:
            return applying.application(fresh).paper()

        try:
            draft = await drafts.send(
                applying.house, applying.desk, draft.id, applying.token, paper
            )
        except InvalidAnswersError as error:
            return _checked(applying, draft, _refused(applying, draft, error))
    return to(applying.address(draft, "xong"))


@get("/nop/{draft_id:str}/xong")
async def done(applying: TheApplying, draft_id: FromPath[str]) -> Response[Any]:
    """What was sent, under which code, and what happens next."""
    draft = await applying.draft(draft_id)
    if draft.dossier_id is None:
        return to(applying.address(draft))
    async with work(applying.house.engine, applying.desk.id) as reading:
        row = (await store.load(reading, [draft.dossier_id]))[draft.dossier_id]
    published = applying.house.catalogue.version(row.version_id)
    code = row.code or row.temporary_code or ""
    secret = secret_of(applying.house, row.id)
    follow = f"{applying.base}/q/{code}/{secret}?ban={NO_COPY}"
    costs = costs_of(applying.house, applying.desk, row)
    return applying.page(
        "apply/done.html",
        draft=draft,
        name=called(published.definition),
        code=code,
        secret=secret,
        sent_at=draft.saved_at if draft.amends else row.submitted_at,
        official=row.code is not None,
        amended=draft.amends is not None,
        waiting=row.state == State.SUBMITTED,
        follow=follow,
        keep=applying.address(draft, "giay"),
        qr=drawn(f"{_site(applying)}{follow}"),
        costs=costs,
        transfers=bool(costs.total or not costs.lines)
        and account_of(applying.house, applying.desk) is not None,
        phone=row.applicant.get("phone", ""),
    )


@get("/nop/{draft_id:str}/giay")
async def keep_paper(
    applying: TheApplying, draft_id: FromPath[str], co: FromQuery[str] = ""
) -> Response[Any]:
    """The confirmation of what was sent, as a paper to keep."""
    draft = await applying.draft(draft_id)
    if draft.dossier_id is None:
        return to(applying.address(draft))
    row, told = await lookup.for_holder(applying.house, applying.desk, draft.dossier_id)
    dossier = tracked(applying.desk, told, applying.now())
    return shown_pdf(await paper(applying, row, dossier, co))


@get("/nop/{draft_id:str}/luu")
async def later(applying: TheApplying, draft_id: FromPath[str]) -> Response[Any]:
    """How to go on another time."""
    draft = await applying.draft(draft_id)
    if draft.dossier_id is not None:
        return to(applying.address(draft, "xong"))
    application = applying.application(draft)
    return applying.page(
        "apply/later.html",
        draft=draft,
        name=called(application.definition),
        on=applying.address(draft),
        resume=f"{_site(applying)}{applying.base}/nop",
        paper_code=drafts.paper_code(applying.house, draft.id),
        by_message=resume.reachable(applying, draft) is not None,
    )


def _site(applying: Applying) -> str:
    url = applying.request.url
    return f"{url.scheme}://{url.netloc}"


async def _row_changed(
    applying: Applying,
    draft: Draft,
    application: Application,
    step: Step,
    pressed: str,
    back: str,
) -> Page:
    typed, focus = application.changed(step, pressed)
    draft = await drafts.change(
        applying.house, applying.desk, draft.id, applying.token, lambda _: typed
    )
    return shown(applying, draft, applying.application(draft), step, {}, back=back, focus=focus)


def _unfinished(
    applying: Applying, draft: Draft, application: Application
) -> list[tuple[str, str]]:
    """The pages that still miss something, as addresses and words."""
    return [
        (task.href.partition("?")[0] + "?sua=1", text("apply.unfinished", step=task.title))
        for task in tasks_of(applying, draft, application)
        if task.state != "ok"
    ]


def _refused(applying: Applying, draft: Draft, error: InvalidAnswersError) -> list[tuple[str, str]]:
    """What the rules of the procedure still have against it, each with its page."""
    application = applying.application(draft)
    return [
        (applying.address(draft, page) + "?sua=1", words)
        for page, words in application.refused(error.faults)
    ]


def _checked(applying: Applying, draft: Draft, faults: list[tuple[str, str]]) -> Page:
    application = applying.application(draft)
    faults = faults or _unfinished(applying, draft, application)
    declare = [each for each in faults if each[0] == "#cam-doan"]
    ids = [each.id for each in application.steps]
    return applying.page(
        "apply/check.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if applying.request.method == "POST" else HTTP_200_OK,
        draft=draft,
        name=called(application.definition),
        groups=[
            (step.title, applying.address(draft, step.id) + "?sua=1", rows)
            for step, rows in groups(application)
        ],
        faults=faults,
        declare=declare[0][1] if declare else "",
        complete=not faults or bool(declare),
        count=len(ids) + 1,
        before=applying.address(draft, ids[-1]),
        action=applying.address(draft, CHECK),
        promise=None if draft.supply else _promise(applying, application),
        costs=None if draft.supply else _costs(applying, application),
    )


def _costs(applying: Applying, application: Application) -> Costs:
    """What it would cost if the desk took the application in now."""
    paper, clean = application.paper(), application.checked[0]
    asked = (application.definition, paper, clean, applying.now())
    return costs(applying.house, applying.desk, *asked)


def _promise(applying: Applying, application: Application) -> dt.datetime | None:
    """When the result would be due if the desk took the application in now."""
    limit = offers.limit_of(applying.desk, application.definition)
    if limit is None:
        return None
    now = applying.now()
    return due(applying.desk.calendar, now, limit, as_of=now.astimezone(VN).date()).due
