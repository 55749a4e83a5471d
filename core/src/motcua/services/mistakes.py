"""Taking back a dossier that was entered by mistake (T26): two persons, both of them present."""

from typing import Any

from motcua.domain.dossier import State
from motcua.domain.errors import FieldFault, InvalidAnswersError
from motcua.domain.life import Actor
from motcua.services.act import act
from motcua.services.house import Desk, House
from motcua.services.proof import SignInFailedError, prove
from motcua.services.signin_log import Client
from motcua.storage.work import work

_FIND = "select id, version, procedure_code, state from dossier where tenant_id = $1 and code = $2"


async def take_back(
    house: House,
    desk: Desk,
    actor: Actor,
    *,
    code: str,
    reason: str,
    second: str,
    password: str,
    client: Client,
) -> State:
    """Take the dossier of that *code* back; it stays in the books, outside every figure.

    Args:
        house: The application's parts.
        desk: The tenant.
        actor: The administrator.
        code: The dossier's.
        reason: What was entered wrongly.
        second: The user name of the second person.
        password: Theirs, typed by themselves.
        client: From where.

    Returns:
        The state it stood in.

    Raises:
        InvalidAnswersError: no such dossier, or the second person is not who they say.
        TooManyAttemptsError: the second person's name was tried too often.
        StepNotAllowedError: the dossier has been decided already.
        RoleNotAllowedError: the actor is no administrator.
    """
    found = await _found(house, desk, code)
    if found is None:
        raise InvalidAnswersError([FieldFault("code", "config.no-such-dossier", dossier=code)])
    try:
        # Who is there in person has the password; the second factor opens sessions, not this.
        await prove(house, desk, second, password, client, code=None)
    except SignInFailedError as error:
        raise InvalidAnswersError([FieldFault("second", error.code)]) from error
    data = {"second_person": second}
    args = (found["id"], "T26", found["version"])
    await act(house, desk, actor, *args, reason=reason, data=data)
    return State(found["state"])


async def _found(house: House, desk: Desk, code: str) -> Any:
    async with work(house.engine, desk.id) as reading:
        return await reading.fetchrow(_FIND, desk.id, code)
