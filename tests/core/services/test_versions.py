"""A definition changed after use: the old version stays, and what rests on it goes on."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec
import pytest

from core.services.shop import AN, SINGLE, Shop, single
from fakes.forms import filled
from motcua.domain.dossier import Role
from motcua.domain.form import Field, TextField
from motcua.domain.limit import Unit
from motcua.domain.procedure import ProcedureDefinition
from motcua.services import reading
from motcua.services.assess import OfficersDate, Paper
from motcua.services.correct import correct
from motcua.services.publish import publish_definitions, publish_shipped
from motcua.services.receive import accept, submit
from motcua.web.counter.explained import answers as in_words

pytestmark = pytest.mark.anyio

EXTRA = TextField(id="also_asked", label="Hỏi thêm", required=True)
MORE = {**single().answers, EXTRA.id: "đã trả lời"}


async def publish(
    shop: Shop, code: str, change: Callable[[ProcedureDefinition], ProcedureDefinition]
) -> ProcedureDefinition:
    """Publish the version in force with a *change*, in force from today."""
    await shop.desk()
    day = shop.clock.now.date()
    known = shop.house.catalogue.in_force(code, day).definition
    changed = msgspec.structs.replace(change(known), valid_from=day)
    made = await publish_definitions(
        shop.owner, shop.house.registry, [changed], shop.clock.tick(seconds=1)
    )
    assert made == 1
    return changed


def with_fields(
    change: Callable[[tuple[Field, ...]], tuple[Field, ...]],
) -> Callable[[ProcedureDefinition], ProcedureDefinition]:
    return lambda known: msgspec.structs.replace(known, form_fields=change(known.form_fields))


def without(name: str) -> Callable[[ProcedureDefinition], ProcedureDefinition]:
    """A text that does not ask the field *name* any more."""
    return with_fields(lambda fields: tuple(each for each in fields if each.id != name))


async def stored(shop: Shop) -> dict[str, bytes]:
    """Every published version as it lies in the database, by its name."""
    connection = await asyncpg.connect(shop.owner.url)
    rows = await connection.fetch("select id, definition::text as text from procedure_version")
    await connection.close()
    return {row["id"]: row["text"] for row in rows}


async def version_of(shop: Shop, dossier_id: Any) -> str:
    (row,) = await shop.rows(
        "select version_id from dossier where tenant_id = $1 and id = $2", dossier_id
    )
    found: str = row["version_id"]
    return found


async def test_a_changed_text_is_a_version_beside_the_old_one(shop: Shop) -> None:
    before = await stored(shop)

    changed = await publish(shop, SINGLE, lambda it: msgspec.structs.replace(it, notes="Sửa"))

    after = await stored(shop)
    assert after.keys() - before.keys() == {changed.version_id}
    assert {name: after[name] for name in before} == before


async def test_what_is_published_twice_is_published_once(shop: Shop) -> None:
    before = await stored(shop)

    shipped = await publish_shipped(shop.owner, shop.house.registry, shop.clock.now)

    assert shipped.procedures == 0
    assert await stored(shop) == before


async def test_every_stored_version_is_still_what_its_name_says(shop: Shop) -> None:
    """ADR 0002: a version is named by its content; one changed in place would not be."""
    for name, text in (await stored(shop)).items():
        assert msgspec.json.decode(text, type=ProcedureDefinition).version_id == name


async def test_a_running_dossier_finishes_under_its_version_and_the_next_has_the_new(
    shop: Shop,
) -> None:
    running = await shop.received(single())
    old = await version_of(shop, running.id)

    def longer(known: ProcedureDefinition) -> ProcedureDefinition:
        limit = msgspec.structs.replace(known.limit, amount=9, unit=Unit.WORKING_DAY)
        return msgspec.structs.replace(known, limit=limit)

    changed = await publish(shop, SINGLE, longer)
    later = await shop.received(single())

    done = await shop.walk(running, "T08", "T16", "T18", "T19")
    assert (done.version_id, done.due_at) == (old, running.due_at)
    assert await version_of(shop, later.id) == changed.version_id
    assert later.due_at is not None
    assert running.due_at is not None
    assert later.due_at > running.due_at


async def test_a_supplement_counts_again_by_the_version_of_the_dossier(shop: Shop) -> None:
    row = await shop.walk(await shop.received(single()), "T08")
    row = await shop.take(row, "T09", reason="Thiếu giấy tờ", items=["Tờ khai"])
    limit = row.clock[0]["limit"]

    def shorter(known: ProcedureDefinition) -> ProcedureDefinition:
        return msgspec.structs.replace(known, limit=msgspec.structs.replace(known.limit, amount=1))

    await publish(shop, SINGLE, shorter)
    row = await shop.take(row, "T10")

    assert row.clock[0]["limit"] == limit
    assert row.due_at is not None
    assert row.due_at.date() > shop.clock.now.date() + dt.timedelta(days=1)


async def test_the_stages_of_a_dossier_are_those_of_its_version(shop: Shop) -> None:
    code = "2.002165"
    until = OfficersDate(until=shop.clock.now + dt.timedelta(days=90), ground="Kế hoạch")
    await shop.desk()
    known = shop.house.catalogue.in_force(code, shop.clock.now.date()).definition
    said = Paper(procedure=code, applicant=AN, answers=filled(known), no_limit=until)
    row = await shop.walk(await shop.received(said), "T08")

    def one_stage(before: ProcedureDefinition) -> ProcedureDefinition:
        stages = (msgspec.structs.replace(before.limit.stages[0], id="all-at-once"),)
        limit = msgspec.structs.replace(before.limit, stages=stages)
        return msgspec.structs.replace(before, limit=limit, limit_variants=())

    await publish(shop, code, one_stage)
    await shop.take(row, "T32", Role.FIELD, stage="acceptance")

    officer = shop.person(Role.FIELD)
    told = await reading.explanation(shop.house, await shop.desk(), officer, row.id)
    assert [each.stage for each in told.stages][:2] == ["acceptance", "appointment"]


async def test_answers_to_a_field_that_is_gone_are_read_as_before(shop: Shop) -> None:
    await publish(shop, SINGLE, with_fields(lambda fields: (*fields, EXTRA)))
    received = await shop.received(single(answers=MORE))
    await publish(shop, SINGLE, without(EXTRA.id))

    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)
    seen = await reading.dossier(shop.house, tenant, officer, received.id)

    under = shop.house.catalogue.version(await version_of(shop, received.id)).definition
    assert (EXTRA.label, "đã trả lời") in in_words(under.form, seen.answers, whole=True)
    events = await reading.events(shop.house, tenant, officer, received.id)
    assert events[0].data is not None
    assert events[0].data["answers"] == seen.answers


async def test_what_was_sent_before_a_field_went_can_be_received(shop: Shop) -> None:
    officer = shop.person(Role.RECEPTION)
    first = await publish(shop, SINGLE, with_fields(lambda fields: (*fields, EXTRA)))
    made = await submit(shop.house, await shop.desk(), single(answers=MORE))
    changed = await publish(shop, SINGLE, without(EXTRA.id))

    await accept(shop.house, await shop.desk(), officer, made.id)

    assert first.version_id != changed.version_id
    assert await version_of(shop, made.id) == changed.version_id
    seen = await reading.dossier(shop.house, await shop.desk(), officer, made.id)
    assert EXTRA.id not in seen.answers
    events = await reading.events(shop.house, await shop.desk(), officer, made.id)
    assert events[0].data is not None
    assert events[0].data["answers"][EXTRA.id] == "đã trả lời"


async def test_an_old_dossier_can_be_corrected_under_a_form_that_asks_less(shop: Shop) -> None:
    await publish(shop, SINGLE, with_fields(lambda fields: (*fields, EXTRA)))
    row = await shop.walk(await shop.received(single(answers=MORE)), "T08", "T16", "T18", "T19")
    row = await shop.take(row, "T20", received_by="An", way="counter")
    changed = await publish(shop, SINGLE, without(EXTRA.id))
    officer = shop.person(Role.RECEPTION)

    visit = await correct(
        shop.house, await shop.desk(), officer, row.id, row.version, reason="Sai ngày sinh"
    )

    assert await version_of(shop, visit.dossiers[0].id) == changed.version_id
