"""What was sent online is completed by the citizen, or at the desk (T04, T05)."""

from typing import Any

import msgspec
import pytest

from core.services.shop import AN, COPY, Shop, copy, single
from motcua.domain.dossier import Role, State, StepNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.services import reading
from motcua.services.publish import publish_definitions
from motcua.services.receive import Submitted, UnknownDossierError, accept, submit
from motcua.services.supplement import Supplemented, supplement
from motcua.storage.rows import DossierRow

pytestmark = pytest.mark.anyio

ANSWERS = single().answers
EVENTS = """
select transition, role, data::text as data from dossier_event
where tenant_id = $1 and dossier_id = $2 order by seq
"""


async def sent(shop: Shop) -> Submitted:
    return await submit(shop.house, await shop.desk(), single())


async def asked(shop: Shop) -> tuple[Submitted, DossierRow]:
    """A submission the desk wants completed."""
    made = await sent(shop)
    row = await shop.take(made, "T04", Role.RECEPTION, reason="Thiếu", items=["Giấy tờ cư trú"])  # type: ignore[arg-type] # has an id and a version like any dossier
    return made, row


async def supplied(shop: Shop, made: Submitted, **said: Any) -> Supplemented:
    shop.clock.tick()
    how = {
        "secret": made.secret,
        "answers": ANSWERS | {"residence_periods": "Từ 2010 tại xã Hai"},
    } | said
    slug = how.pop("slug", "phuong-mot")
    return await supplement(shop.house, await shop.desk(slug), made.id, **how)


async def test_a_citizen_sends_it_again_with_other_answers(shop: Shop) -> None:
    """T05."""
    made, _ = await asked(shop)

    again = await supplied(shop, made)

    assert (again.state, again.version) == (State.SUBMITTED, 3)
    assert again.temporary_code == made.temporary_code
    seen = await reading.dossier(
        shop.house, await shop.desk(), shop.person(Role.RECEPTION), made.id
    )
    assert (seen.answers["residence_periods"], seen.applicant) == ("Từ 2010 tại xã Hai", AN)
    last = (await shop.rows(EVENTS, made.id))[-1]
    assert (last["transition"], last["role"]) == ("T05", "citizen")
    assert msgspec.json.decode(last["data"])["answers"] == seen.answers


async def test_what_was_completed_is_received(shop: Shop) -> None:
    """T03 after T05, with the answers given last."""
    made, _ = await asked(shop)
    await supplied(shop, made)
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)

    (received,) = (await accept(shop.house, tenant, officer, made.id)).dossiers

    seen = await reading.dossier(shop.house, tenant, officer, received.id)
    assert (seen.state, seen.answers["residence_periods"]) == (State.RECEIVED, "Từ 2010 tại xã Hai")
    assert seen.documents == ()


async def test_the_desk_takes_what_was_brought_to_it(shop: Shop) -> None:
    """A citizen who comes with the missing paper need not go online again."""
    _, row = await asked(shop)

    again = await shop.take(row, "T05", Role.RECEPTION)

    assert again.state == "submitted"


async def test_nobody_completes_without_the_secret_or_elsewhere(shop: Shop) -> None:
    made, _ = await asked(shop)

    for said in ({"secret": "sai"}, {"secret": ""}, {"slug": "xa-hai"}):
        with pytest.raises(UnknownDossierError):
            await supplied(shop, made, **said)


async def test_nothing_is_completed_that_nobody_asked_for(shop: Shop) -> None:
    with pytest.raises(StepNotAllowedError):
        await supplied(shop, await sent(shop))


async def test_faulty_answers_leave_it_waiting(shop: Shop) -> None:
    made, row = await asked(shop)

    with pytest.raises(InvalidAnswersError):
        await supplied(shop, made, answers={})

    (kept,) = await shop.rows(
        "select state, version from dossier where tenant_id = $1 and id = $2", made.id
    )
    assert kept == {"state": "pre_supplement", "version": row.version}


async def test_a_submission_is_received_under_the_version_in_force_then(shop: Shop) -> None:
    """The field is that of the version that decides; papers are listed only if they came."""
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)
    made = await submit(shop.house, tenant, copy())
    day = shop.next_day().date()
    known = shop.house.catalogue.in_force(COPY, day).definition
    one = msgspec.structs.replace(known.documents[0], id="to-khai", required=True)
    changed = msgspec.structs.replace(
        known, field="ho-tich", documents=(one,), valid_from=day, valid_to=None
    )
    now = shop.clock.now
    await publish_definitions(shop.owner, shop.house.registry, [changed], now)
    tenant = await shop.desk()

    await accept(shop.house, tenant, officer, made.id)

    seen = await reading.dossier(shop.house, tenant, officer, made.id)
    assert (seen.field, seen.documents) == ("ho-tich", ())
