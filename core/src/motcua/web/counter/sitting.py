"""Ending a visit at the counter in one sitting: everybody proves who they are, then it is done."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from motcua.domain.dossier import Role
from motcua.domain.errors import MotCuaError
from motcua.domain.life import Actor
from motcua.plugin.texts import text
from motcua.services import sitting
from motcua.services.attempts import TooManyAttemptsError
from motcua.services.idempotency import KeyReusedError, Repeatable, once
from motcua.services.proof import SecondFactorNeededError, SignInFailedError, prove
from motcua.services.sessions import actor_of
from motcua.ui.client import client_of
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import faults_of
from motcua.web.counter.seats import RECEIVER, SIGNER, Sitting, sitting_of
from motcua.web.counter.session import typed
from motcua.web.counter.slip import Found, no_slip, received, shown
from motcua.web.forms.told import words

AnyRequest = Request[Any, Any, Any]
Fault = tuple[str, str]


@post("/phieu/{key:str}/tai-cho", status_code=HTTP_200_OK)
async def end(request: AnyRequest, counter: TheCounter, key: FromPath[str]) -> Response[Any]:
    """Take every step that is left, or say what stands against it."""
    sent = await typed(request)
    found = await received(counter, key)
    if found is None:
        return await no_slip(counter)
    asked = await sitting_of(counter, found.views, sent)
    if asked is None:
        return _to(f"{counter.base}/phieu/{key}?lai=xong")
    team, faults = await _team(counter, asked, sent)
    if not faults:
        faults = await _ended(counter, found, asked, team)
    if not faults:
        return _to(f"{counter.base}/phieu/{key}?lai=xong")
    said = text("counter.slip.done", count=len(found.views))
    return await shown(counter, found, said=said, typed=sent, faults=faults)


async def _team(
    counter: Counter, asked: Sitting, sent: dict[str, str]
) -> tuple[sitting.Team, list[Fault]]:
    """Who sits together, each of them proven; somebody in two seats proves it once."""
    faults: list[Fault] = []
    people: dict[Role, Actor] = {}
    proven: dict[str, Actor] = {}
    for seat in asked.seats:
        who = seat.value
        if who not in proven:
            if not sent.get(f"{seat.name}_mk"):
                faults.append(
                    (f"{seat.name}_mk", f"{seat.label}: {text('counter.sign_in.no_password')}")
                )
                continue
            try:
                proven[who] = await _proven(counter, seat.name, who, sent)
            except (SignInFailedError, SecondFactorNeededError, TooManyAttemptsError) as error:
                field = "_ma" if isinstance(error, SecondFactorNeededError) else "_mk"
                told = text(error.code, **error.fields)
                faults.append((seat.name + field, f"{seat.label}: {told}"))
                continue
        people[seat.role] = proven[who]
    return sitting.Team(reception=counter.actor, others=people), faults


async def _proven(counter: Counter, name: str, who: str, sent: dict[str, str]) -> Actor:
    """The person called *who*, by their own password and, where they have one, their code.

    Raises:
        SignInFailedError: it is not their password, or nobody may use it yet.
        SecondFactorNeededError: the code is missing.
        TooManyAttemptsError: they have to wait.
    """
    client = client_of(counter.request)
    code = sent.get(f"{name}_ma", "").strip()
    account = await prove(
        counter.house, counter.desk, who, sent.get(f"{name}_mk", ""), client, code=code
    )
    if account.given and counter.house.strict_accounts:
        raise SignInFailedError
    return await actor_of(counter.house, counter.desk, account)


async def _ended(counter: Counter, found: Found, asked: Sitting, team: sitting.Team) -> list[Fault]:
    """Do it once, whatever is pressed how often; what stands against it."""
    receiver, signer = asked.receiver.strip(), asked.chosen or asked.signer
    # The passwords are no part of it: who they stand for is.
    content = [found.key, receiver, signer, [each.id for each in team.others.values()]]
    repeatable = Repeatable(
        actor=str(counter.actor.id),
        key=f"tai-cho-{found.key[:64]}",
        request=msgspec.json.encode(content),
    )

    async def do() -> Any:
        await sitting.finish(
            counter.house,
            counter.desk,
            team,
            asked.dossiers,
            received_by=receiver,
            signer=signer,
        )

    try:
        await once(counter.house, counter.desk, repeatable, HTTP_200_OK, do)
    except KeyReusedError:
        return []
    except MotCuaError as error:
        fields = {"signer": SIGNER, "received_by": RECEIVER}
        return [
            (
                fields.get(each.field, "tai-cho"),
                words(each, text(f"sitting.field.{each.field}") if each.field in fields else ""),
            )
            for each in faults_of(error)
        ]
    return []


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
