"""One's own account: sessions, password, and what has to be done before anything else."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
)

from motcua.domain.errors import InvalidAnswersError, MotCuaError
from motcua.plugin.texts import fault_text, text
from motcua.services import own_account, sessions
from motcua.services.attempts import TooManyAttemptsError
from motcua.services.house import Desk, House
from motcua.services.own_account import AccountOfUnitError, NotConfirmedError
from motcua.services.sessions import Holder
from motcua.services.signin_log import events
from motcua.ui.client import client_of
from motcua.web.counter.session import (
    ANY_ROLE,
    DESPITE_DUE,
    base,
    due_address,
    let_in,
    let_out,
    typed,
)
from motcua.web.pages import Page, page

AnyRequest = Request[Any, Any, Any]
Fault = tuple[str, str]
REFUSALS = (InvalidAnswersError, NotConfirmedError, TooManyAttemptsError, AccountOfUnitError)
"""What a change of one's account may be refused with; the form is shown again."""
_RECENT = 10


@get("/tai-khoan", opt=ANY_ROLE)
async def show(request: AnyRequest) -> Page:
    """Who is signed in, where, what happened lately, and the way out."""
    house, desk, who = who_asks(request)
    return own_page(
        request,
        "account",
        roles=[text(f"role.{role.value}") for role in who.actor.roles],
        sessions=await sessions.of(house, desk, who.id),
        recent=await events(house, desk, staff_id=who.id, limit=_RECENT),
    )


@post("/phien/{session:str}", opt=ANY_ROLE, status_code=HTTP_303_SEE_OTHER)
async def end_session(request: AnyRequest, slug: FromPath[str], session: FromPath[str]) -> Redirect:
    """End one of one's own sessions; one that is unknown has ended already."""
    house, desk, who = who_asks(request)
    wanted = _id(session)
    if wanted is not None:
        await sessions.end(house, desk, who.id, wanted, client_of(request))
    return to(f"{base(slug)}/tai-khoan")


@post("/phien", opt=DESPITE_DUE, status_code=HTTP_303_SEE_OTHER)
async def end_all_sessions(request: AnyRequest, slug: FromPath[str]) -> Redirect:
    """Sign out everywhere."""
    house, desk, who = who_asks(request)
    await sessions.end_all(house, desk, who.id, client_of(request))
    answer = to(f"{base(slug)}/dang-nhap")
    let_out(answer, request, slug)
    return answer


@get("/mat-khau", opt=DESPITE_DUE)
async def password_form(request: AnyRequest) -> Page:
    """Ask for another password."""
    return own_page(request, "password", faults=[])


@post("/mat-khau", opt=DESPITE_DUE, status_code=HTTP_200_OK)
async def change_password(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """Change one's own password and go on."""
    house, desk, who = who_asks(request)
    form = await typed(request)
    faults = missing(form, "current", "new", "again")
    if not faults and form["again"] != form["new"]:
        faults = [("again", text("counter.password.differs"))]
    if faults:
        return own_page(request, "password", status=HTTP_422_UNPROCESSABLE_ENTITY, faults=faults)
    try:
        begun = await own_account.change_password(
            house, desk, who, form["current"], form["new"], client_of(request)
        )
    except REFUSALS as error:
        return refused(own_page(request, "password", faults=told(error, "current")), error)
    answer = to(f"{base(slug)}/" if who.due else f"{base(slug)}/tai-khoan")
    let_in(answer, request, slug, begun.token)
    return answer


def something_due(request: AnyRequest, error: MotCuaError) -> Redirect:
    """Lead to the password or the second factor that has to come first."""
    return to(due_address(request.state.desk.slug, error))


def told(error: MotCuaError, field: str) -> list[Fault]:
    """What was wrong, in words; *field* stands for what names no field."""
    if isinstance(error, InvalidAnswersError):
        return [(each.field, fault_text(each)) for each in error.faults]
    return [(field, text(error.code, **error.fields))]


def refused(shown: Page, error: MotCuaError) -> Page:
    """The form *shown* again, with the status of *error*."""
    shown.status_code = HTTP_422_UNPROCESSABLE_ENTITY
    if isinstance(error, TooManyAttemptsError):
        shown.status_code = HTTP_429_TOO_MANY_REQUESTS
        shown.headers["Retry-After"] = str(error.fields["retry_after"])
    return shown


def own_page(
    request: AnyRequest, template: str, *, status: int = HTTP_200_OK, **context: Any
) -> Page:
    """A page of one's own account."""
    _, desk, who = who_asks(request)
    return page(
        f"counter/{template}.html",
        status=status,
        private=True,
        desk=desk,
        base=base(desk.slug),
        who=who,
        **context,
    )


def who_asks(request: AnyRequest) -> tuple[House, Desk, Holder]:
    """What the guard has found."""
    return request.app.state.house, request.state.desk, request.state.holder


def missing(form: dict[str, str], *names: str) -> list[Fault]:
    """What was left empty."""
    return [
        (name, text("field.missing", label=text(f"counter.account.{name}")))
        for name in names
        if not form.get(name)
    ]


def to(path: str) -> Redirect:
    """Lead on to *path*."""
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)


def _id(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
