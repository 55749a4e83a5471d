"""What every page of an application shares: where it stands, what it keeps, where it leads."""

from typing import Any

import msgspec
from litestar.exceptions import NotFoundException
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.plugin.texts import text
from motcua.services import drafts, files
from motcua.services.drafts import Draft
from motcua.services.words import called
from motcua.ui.format import megabytes
from motcua.web.forms.typed import Typed
from motcua.web.pages import Page
from motcua.web.portal.apply.application import Application
from motcua.web.portal.apply.desk import Applying, to
from motcua.web.portal.apply.plan import CHECK, PAPERS, Step

PRESSED, LATER = "lam", "luu"


class Task(msgspec.Struct, frozen=True):
    """One page in the list of tasks."""

    title: str
    href: str
    status: str
    state: str


async def asked(applying: Applying, draft_id: str, step_id: str, back: str) -> Response[Any]:
    """A page as it stands; one that is corrected says at once what is wrong."""
    draft = await applying.draft(draft_id)
    if draft.dossier_id is not None:
        return to(applying.address(draft, "xong"))
    application = applying.application(draft)
    step = step_of(application, step_id)
    errors = application.errors(step) if back and step_id in draft.seen else {}
    return shown(applying, draft, application, step, errors, back=back)


def step_of(application: Application, step_id: str) -> Step:
    """The page called *step_id*.

    Raises:
        NotFoundException: it is not asked.
    """
    step = application.step(step_id)
    if step is None:
        raise NotFoundException
    return step


async def keep(applying: Applying, draft: Draft, step: Step, sent: Typed, page: str) -> Draft:
    """*draft* with what its page *step* says now; *page* if it was sent to go on."""

    def merge(typed: dict[str, str]) -> dict[str, str]:
        fresh = msgspec.structs.replace(draft, typed=typed)
        return applying.application(fresh).merged(step, sent)

    return await drafts.change(applying.house, applying.desk, draft.id, applying.token, merge, page)


def tasks_of(applying: Applying, draft: Draft, application: Application) -> list[Task]:
    """Every page with where it stands: not begun, to be corrected, done."""
    made = []
    for step in application.steps:
        seen = step.id in draft.seen
        wrong = bool(application.errors(step)) if seen else True
        state = "rest" if not seen else "late" if wrong else "ok"
        query = "?sua=1" if state == "late" else ""
        href = applying.address(draft, step.id) + query
        made.append(Task(step.title, href, text(f"apply.task.{state}"), state))
    return made


def next_page(
    applying: Applying, draft: Draft, application: Application, step_id: str, *, back: str
) -> str:
    """Where a finished page leads: back to the check, or to the next page."""
    ids = [step.id for step in application.steps]
    after = ids[ids.index(step_id) + 1 :] if step_id in ids else []
    missed = [] if back else [each for each in after if each not in draft.seen]
    return applying.address(draft, missed[0] if missed else CHECK)


def _before(applying: Applying, draft: Draft, application: Application, step: Step) -> str:
    ids = [each.id for each in application.steps]
    at = ids.index(step.id)
    if at == 0 and draft.amends is not None:
        return f"{applying.base}/ho-so"
    if at == 0:
        return f"{applying.base}/thu-tuc/{draft.procedure}"
    return applying.address(draft, ids[at - 1])


def shown(
    applying: Applying,
    draft: Draft,
    application: Application,
    step: Step,
    errors: dict[str, str],
    *,
    back: str = "",
    focus: str = "",
) -> Page:
    """A page of questions with what stands in it, and what is wrong."""
    ids = [each.id for each in application.steps]
    check = applying.address(draft, CHECK)
    return applying.page(
        "apply/question.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY
        if errors and applying.request.method == "POST"
        else HTTP_200_OK,
        draft=draft,
        name=called(application.definition),
        step=step,
        number=ids.index(step.id) + 1,
        count=len(ids) + 1,
        widgets=application.widgets(step, errors, focus),
        papers=step.id == PAPERS,
        sent={f"a.{each.id}": application.files(each.id) for each in step.fields},
        limit=megabytes(files.most_bytes(applying.desk)),
        most=files.MOST_FILES,
        here=applying.address(draft),
        faults=application.targets(step, errors) if errors else [],
        before=check if back else _before(applying, draft, application, step),
        action=applying.address(draft, step.id) + ("?sua=1" if back else ""),
    )
