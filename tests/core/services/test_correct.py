"""An error of the office's own is corrected in a new dossier, tied to the old one (T25)."""

import uuid

import msgspec
import pytest

from core.services.shop import AN, Shop, copy
from motcua.domain.dossier import Role, RoleNotAllowedError, State, StepNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.services import reading, views
from motcua.services.act import StaleVersionError
from motcua.services.assess import Paper
from motcua.services.correct import correct
from motcua.services.receive import ReceptionClosedError, UnknownDossierError
from motcua.services.visit import Visit
from motcua.storage.rows import DossierRow

pytestmark = pytest.mark.anyio

WRONG = "Sai tên trên bản sao"


async def returned(shop: Shop) -> DossierRow:
    ready = await shop.walk(await shop.received(), "T08", "T16", "T18", "T19")
    return await shop.take(ready, "T20", received_by="An", way="counter")


async def corrected(
    shop: Shop,
    old: DossierRow,
    role: Role = Role.RECEPTION,
    *,
    reason: str = WRONG,
    picked: Paper | None = None,
    slug: str = "phuong-mot",
) -> Visit:
    shop.clock.tick()
    officer, tenant = shop.person(role, slug=slug), await shop.desk(slug)
    return await correct(
        shop.house, tenant, officer, old.id, old.version, reason=reason, picked=picked
    )


async def seen(shop: Shop, dossier_id: uuid.UUID) -> views.DossierView:
    return await reading.dossier(
        shop.house, await shop.desk(), shop.person(Role.RECEPTION), dossier_id
    )


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.FIELD, Role.LEADER])
async def test_a_correction_is_a_new_dossier_with_its_own_clock(shop: Shop, role: Role) -> None:
    old = await returned(shop)
    shop.next_day()

    (new,) = (await corrected(shop, old, role)).dossiers

    before, after = await seen(shop, old.id), await seen(shop, new.id)
    assert (before.state, before.corrections, before.children) == (State.RETURNED, (new.id,), ())
    assert (after.state, after.version, after.received_at) == (
        State.RECEIVED,
        1,
        shop.clock.now,
    )
    assert (after.procedure, after.applicant, after.answers) == (
        before.procedure,
        AN,
        before.answers,
    )
    assert after.code == f"99001-{shop.clock.now:%y%m%d}-0001"
    assert after.due_at is not None
    assert after.due_at.date() == shop.clock.now.date()


async def test_the_office_pays_for_its_own_error(shop: Shop) -> None:
    visit = await corrected(shop, await returned(shop))

    assert visit.fee_total == 0
    assert (await seen(shop, visit.dossiers[0].id)).fees == ()


async def test_both_histories_tell_of_the_correction(shop: Shop) -> None:
    old = await returned(shop)
    (new,) = (await corrected(shop, old, Role.LEADER)).dossiers
    tenant, reader = await shop.desk(), shop.person(Role.FIELD)

    last = (await reading.events(shop.house, tenant, reader, old.id))[-1]
    (first,) = await reading.events(shop.house, tenant, reader, new.id)

    assert (last.transition, last.role, last.reason) == ("T25", "leader", WRONG)
    assert (last.from_state, last.to_state) == ("returned", "returned")
    assert last.data == {"correction": new.code}
    assert (first.transition, first.reason) == ("T02", WRONG)
    assert (first.data or {})["corrects"] == old.code


async def test_a_correction_goes_the_whole_way_and_may_be_corrected_again(shop: Shop) -> None:
    (new,) = (await corrected(shop, await returned(shop))).dossiers
    ready = await shop.walk(new, "T08", "T16", "T18", "T19")
    again = await shop.take(ready, "T20", received_by="An", way="counter")

    assert len((await corrected(shop, again)).dossiers) == 1


async def test_the_officer_may_pick_a_variant_for_the_correction(shop: Shop) -> None:
    old = await returned(shop)

    (new,) = (await corrected(shop, old, picked=copy(variants=("complex",)))).dossiers

    assert new.due_at is not None
    assert new.due_at.date() > shop.clock.now.date()


async def test_what_is_not_returned_is_not_corrected(shop: Shop) -> None:
    ready = await shop.walk(await shop.received(), "T08", "T16", "T18", "T19")

    with pytest.raises(StepNotAllowedError):
        await corrected(shop, ready)


async def test_a_correction_needs_its_reason(shop: Shop) -> None:
    old = await returned(shop)
    kept = await shop.count("dossier")

    with pytest.raises(InvalidAnswersError) as refused:
        await corrected(shop, old, reason=" ")

    assert [fault.field for fault in refused.value.faults] == ["reason"]
    assert await shop.count("dossier") == kept


async def test_a_wrong_applicant_is_corrected_without_typing_the_rest(shop: Shop) -> None:
    old = await returned(shop)
    right = AN | {"name": "Nguyễn Thị Ân"}

    picked = Paper(procedure="", applicant=right)
    (new,) = (await corrected(shop, old, picked=picked)).dossiers

    before, after = await seen(shop, old.id), await seen(shop, new.id)
    assert (before.applicant["name"], after.applicant["name"]) == (AN["name"], right["name"])
    assert after.answers["page_count"] == before.answers["page_count"]


async def test_wrong_answers_are_corrected(shop: Shop) -> None:
    old = await returned(shop)

    (new,) = (await corrected(shop, old, picked=copy(pages=7))).dossiers

    after = await seen(shop, new.id)
    assert (after.applicant, after.answers["page_count"]) == (AN, 7)


async def test_only_those_who_work_on_dossiers_correct_them(shop: Shop) -> None:
    with pytest.raises(RoleNotAllowedError):
        await corrected(shop, await returned(shop), Role.CLERK)


async def test_a_correction_begins_from_what_was_seen(shop: Shop) -> None:
    old = await returned(shop)
    await corrected(shop, old)

    with pytest.raises(StaleVersionError):
        await corrected(shop, old)


async def test_another_tenants_dossier_is_not_corrected(shop: Shop) -> None:
    old = await returned(shop)

    with pytest.raises(UnknownDossierError):
        await corrected(shop, old, slug="xa-hai")
    with pytest.raises(UnknownDossierError):
        await corrected(shop, msgspec.structs.replace(old, id=uuid.uuid4()))


async def test_a_unit_that_has_ended_corrects_nothing_itself(shop: Shop) -> None:
    old = await returned(shop)
    await shop.configure("phuong-mot", "update tenant set archived = true where id = 101")

    with pytest.raises(ReceptionClosedError):
        await corrected(shop, old)

    await shop.configure("phuong-mot", "update tenant set archived = false where id = 101")
