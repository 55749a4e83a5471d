"""Taking steps: every transition through the desk, and everything that is refused."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from core.services.shop import AN, MONDAY, Shop, copy, signature, single
from motcua.domain.calendar import VN
from motcua.domain.chain import GENESIS, Link, digest, link_hash
from motcua.domain.deadline_errors import SecondReappointmentError
from motcua.domain.dossier import Role, RoleNotAllowedError, StepNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.life import OwnApprovalError, SupplementTooLateError
from motcua.domain.signing import Capacity
from motcua.services import reading
from motcua.services.act import StaleVersionError
from motcua.services.configure import assign_signer
from motcua.services.counter import signers_of
from motcua.services.receive import UnknownDossierError
from motcua.services.signers import signers
from motcua.storage.rows import DossierRow
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

EVENTS = "select * from dossier_event where tenant_id = $1 and dossier_id = $2 order by seq"


async def events(shop: Shop, dossier_id: uuid.UUID) -> list[dict[str, Any]]:
    return await shop.rows(EVENTS, dossier_id)


async def figures(shop: Shop) -> dict[str, int]:
    """The figures of the clock's day, added up."""
    (row,) = await shop.rows(
        "select sum(received)::int received, sum(early)::int early, sum(on_time)::int on_time,"
        " sum(late)::int late from daily_figure where tenant_id = $1 and day = $2",
        shop.clock.now.astimezone(VN).date(),
    )
    return {name: count for name, count in row.items() if count}


# ---- the main way ----


async def test_a_certified_copy_goes_from_the_counter_to_its_return(shop: Shop) -> None:
    """Contract: T02 (reception), T08 (reception), T16 (field), T18 (leader), T19 (clerk), T20."""
    received = await shop.received()
    ready = await shop.walk(received, "T08", "T16", "T18", "T19")

    returned = await shop.take(ready, "T20", received_by="Nguyễn Thị An", way="counter")

    assert (returned.state, returned.version, returned.outcome) == ("returned", 6, "positive")
    taken = [
        (e["transition"], e["role"], e["from_state"], e["to_state"])
        for e in await events(shop, received.id)
    ]
    assert taken == [
        ("T02", "reception", None, "received"),
        ("T08", "reception", "received", "appraising"),
        ("T16", "field", "appraising", "for_approval"),
        ("T18", "leader", "for_approval", "approved"),
        ("T19", "clerk", "approved", "result_ready"),
        ("T20", "reception", "result_ready", "returned"),
    ]
    assert await figures(shop) == {"received": 1, "on_time": 1}


async def test_the_events_of_a_dossier_are_a_chain(shop: Shop) -> None:
    """Recomputed here from the columns alone."""
    received = await shop.received()
    last = await shop.walk(received, "T08", "T16", "T18", "T19")

    previous = GENESIS
    for event in await events(shop, received.id):
        told = {
            "actor": event["actor"],
            "data": msgspec.json.decode(event["data"]),
            "reason": event["reason"],
        }
        assert event["digest"] == digest(told, event["salt"])
        link = Link(
            dossier_id=str(received.id),
            **{
                name: event[name]
                for name in ("seq", "transition", "at", "actor_id", "role", "digest")
            },
            from_state=event["from_state"],
            to_state=event["to_state"],
        )
        assert event["previous"] == previous
        previous = link_hash(previous, link)
        assert event["hash"] == previous
    assert last.head == previous


async def test_register_lines_are_numbered_without_a_gap(shop: Shop) -> None:
    """Decree 23/2015 art. 13, 14: one number for all copies of one original, one a paper."""
    first = await shop.walk(await shop.received(copy(copies=9)), "T08", "T16", "T18", "T19")
    papers = await shop.received(signature(papers=3))
    await shop.walk(papers, "T08", "T16", "T18", "T19")
    second = await shop.walk(await shop.received(), "T08", "T16", "T18", "T19")

    lines = await shop.rows(
        "select register, number, dossier_id, status, summary from register_entry"
        " where tenant_id = $1 and dossier_id = any($2) order by register, number",
        [first.id, papers.id, second.id],
    )
    one, two, *three = [(row["register"], row["number"], row["dossier_id"]) for row in lines]
    assert one == ("SCT/BS", two[1] - 1, first.id)
    assert two == ("SCT/BS", one[1] + 1, second.id)
    assert [(book, number - three[0][1]) for book, number, _ in three] == [
        ("SCT/CK,ĐC", 0),
        ("SCT/CK,ĐC", 1),
        ("SCT/CK,ĐC", 2),
    ]
    assert {(row["status"], row["summary"]) for row in lines} == {
        ("issued", "Giấy khai sinh"),
        ("issued", "Giấy ủy quyền"),
    }


async def test_the_number_in_the_book_stands_in_the_event(shop: Shop) -> None:
    ready = await shop.walk(await shop.received(), "T08", "T16", "T18", "T19")

    told = msgspec.json.decode((await events(shop, ready.id))[-1]["data"])

    (line,) = await shop.rows(
        "select number, year from register_entry where tenant_id = $1 and dossier_id = $2",
        ready.id,
    )
    assert told["register"] == [f"{line['number']:02d}/{line['year']} SCT/BS"]


# ---- what is refused ----


async def test_the_second_of_two_officers_is_told_that_the_dossier_has_changed(shop: Shop) -> None:
    received = await shop.received()
    await shop.take(received, "T08")

    with pytest.raises(StaleVersionError) as refused:
        await shop.take(received, "T22", reason="Không cần nữa")

    assert (refused.value.fields["version"], refused.value.fields["current"]) == (1, 2)


async def test_a_step_its_state_does_not_permit_is_refused(shop: Shop) -> None:
    received = await shop.received()

    with pytest.raises(StepNotAllowedError) as refused:
        await shop.take(received, "T20", received_by="An", way="counter")

    assert "T08" in refused.value.fields["allowed"]


@pytest.mark.parametrize("step_id", ["T01", "T02", "T03"])
async def test_receptions_are_no_steps(shop: Shop, step_id: str) -> None:
    received = await shop.received()

    with pytest.raises(StepNotAllowedError):
        await shop.take(received, step_id, Role.RECEPTION)


async def test_a_step_is_refused_to_other_roles(shop: Shop) -> None:
    with pytest.raises(RoleNotAllowedError):
        await shop.take(await shop.received(), "T08", Role.CLERK)


async def test_all_a_step_needs_is_asked_for_at_once(shop: Shop) -> None:
    appraising = await shop.walk(await shop.received(), "T08")

    with pytest.raises(InvalidAnswersError) as refused:
        await shop.take(appraising, "T09")

    assert [fault.field for fault in refused.value.faults] == ["reason", "items"]


async def test_a_dossier_nobody_knows_cannot_take_a_step(shop: Shop) -> None:
    received = await shop.received()
    other = msgspec.structs.replace(received, id=uuid.uuid4())

    with pytest.raises(UnknownDossierError):
        await shop.take(other, "T08")


async def test_another_tenants_dossier_is_one_nobody_knows(shop: Shop) -> None:
    received = await shop.received()

    with pytest.raises(UnknownDossierError):
        await shop.take(received, "T08", slug="xa-hai")


async def test_a_refused_step_leaves_everything_as_it_was(shop: Shop) -> None:
    received = await shop.received()

    with pytest.raises(InvalidAnswersError):
        await shop.take(received, "T22", reason="  ")

    assert len(await events(shop, received.id)) == 1
    assert (await shop.take(received, "T08")).version == 2


# ---- who signs ----


async def assign(shop: Shop, name: str, **said: Any) -> None:
    await assign_signer(
        shop.house,
        await shop.desk(),
        full_name=name,
        title="Phó Chủ tịch",
        act="Quyết định 10/QĐ-UBND",
        **said,
    )


@pytest.fixture
async def no_signers(shop: Shop) -> AsyncIterator[None]:
    """The tenant has no signers before the test, and none after it."""
    await shop.configure("phuong-mot", "delete from signer")
    yield
    await shop.configure("phuong-mot", "delete from signer")


async def approve(shop: Shop, dossier: DossierRow, *roles: Role, **data: Any) -> dict[str, Any]:
    """What the approval's event tells."""
    await shop.take(dossier, "T18", *(roles or (Role.LEADER,)), **data)
    told: dict[str, Any] = msgspec.json.decode((await events(shop, dossier.id))[-1]["data"])
    return told


@pytest.mark.usefixtures("no_signers")
async def test_without_signers_set_up_the_leader_signs(shop: Shop) -> None:
    for_approval = await shop.walk(await shop.received(), "T08", "T16")

    assert "signer" not in await approve(shop, for_approval)


@pytest.mark.usefixtures("no_signers")
async def test_a_signer_is_named_with_the_act_that_assigned_them(shop: Shop) -> None:
    """Rules §13.1: signers are data with a time and a scope."""
    await assign(shop, "Lê Văn Ký")
    for_approval = await shop.walk(await shop.received(), "T08", "T16")

    told = await approve(shop, for_approval, signer="Lê Văn Ký")

    assert told["signer"]["full_name"] == "Lê Văn Ký"
    assert told["signer"]["act"] == "Quyết định 10/QĐ-UBND"


@pytest.mark.usefixtures("no_signers")
async def test_the_leader_signs_as_the_signer_they_are(shop: Shop) -> None:
    leader = shop.person(Role.LEADER)
    await assign(shop, "Cán bộ leader", staff_id=leader.id)
    for_approval = await shop.walk(await shop.received(), "T08", "T16")

    assert (await approve(shop, for_approval))["signer"]["staff_id"] == leader.id


@pytest.mark.usefixtures("no_signers")
async def test_nobody_signs_before_or_after_their_time_or_outside_their_scope(shop: Shop) -> None:
    now = shop.clock.now
    await assign(shop, "Chưa Đến", valid_from=now + dt.timedelta(days=1))
    await assign(shop, "Đã Hết", valid_from=now - dt.timedelta(days=9), valid_to=now)
    await assign(shop, "Hộ Tịch", scope=("ho-tich",))
    for_approval = await shop.walk(await shop.received(), "T08", "T16")

    for name in ("Chưa Đến", "Đã Hết", "Hộ Tịch", "Người Lạ"):
        with pytest.raises(InvalidAnswersError) as refused:
            await shop.take(for_approval, "T18", signer=name)
        assert name not in refused.value.faults[0].fields["options"]

    async with work(shop.house.engine, for_approval.tenant_id) as reading:
        able = {signer.full_name for signer in await signers(reading, now)}
    assert {"Hộ Tịch"} <= able
    assert able.isdisjoint({"Chưa Đến", "Đã Hết"})


async def test_nobody_approves_what_they_appraised(shop: Shop) -> None:
    appraising = await shop.walk(await shop.received(), "T08")
    both = await shop.take(appraising, "T16", Role.HEAD, Role.FIELD)

    with pytest.raises(OwnApprovalError):
        await shop.take(both, "T18", Role.HEAD, Role.LEADER)


@pytest.mark.usefixtures("no_signers")
async def test_an_assignment_that_has_ended_signs_nothing(shop: Shop) -> None:
    """Rules §13.1: a signer signs within the time of the act that assigned them."""
    now, leader = shop.clock.now, shop.person(Role.LEADER)
    yesterday = now - dt.timedelta(days=1)
    for_approval = await shop.walk(await shop.received(), "T08", "T16")
    begun = now - dt.timedelta(days=9)
    await assign(shop, leader.name, staff_id=leader.id, valid_from=begun, valid_to=yesterday)

    with pytest.raises(InvalidAnswersError) as refused:
        await shop.take(for_approval, "T18")

    assert [fault.field for fault in refused.value.faults] == ["signer"]


@pytest.mark.usefixtures("no_signers")
async def test_a_leader_does_not_sign_in_the_name_of_another_account(shop: Shop) -> None:
    """Rules §13.1: whoever has an account signs in person."""
    head = shop.person(Role.HEAD)
    await assign(shop, head.name, staff_id=head.id)
    for_approval = await shop.walk(await shop.received(), "T08", "T16")

    for named in ("", head.name):
        with pytest.raises(InvalidAnswersError) as refused:
            await shop.take(for_approval, "T18", signer=named)
        assert refused.value.faults[0].fields["options"] == "–"
    signed = await shop.take(for_approval, "T18", Role.HEAD, Role.LEADER)

    assert signed.state == "approved"


@pytest.mark.usefixtures("no_signers")
async def test_nobody_signs_a_certification_in_whose_name_it_is_not_printed(shop: Shop) -> None:
    """Decree 280/2025/NĐ-CP: since 1/11/2025 the chairman, or who is authorised."""
    leader = shop.person(Role.LEADER)
    await assign(shop, "Lê Văn Ký")
    await assign(shop, "Phó Không Tài Khoản", capacity=Capacity.DEPUTY)
    await assign(shop, leader.name, staff_id=leader.id, capacity=Capacity.DEPUTY)
    for_approval = await shop.walk(await shop.received(), "T08", "T16")

    for named in ("", "Phó Không Tài Khoản"):
        with pytest.raises(InvalidAnswersError) as refused:
            await shop.take(for_approval, "T18", signer=named)
        assert [each.fault for each in refused.value.faults] == ["certification.no-block"]

    offered = await signers_of(shop.house, await shop.desk(), leader, for_approval.id)
    assert [each.full_name for each in offered] == ["Lê Văn Ký"]
    assert (await approve(shop, for_approval, signer="Lê Văn Ký"))["signer"]["capacity"] == "own"


@pytest.mark.usefixtures("no_signers")
async def test_an_authorised_certifier_signs_what_they_prepared(shop: Shop) -> None:
    """Rules §13.1."""
    certifier = shop.person(Role.SUPERVISOR)
    await assign(
        shop,
        "Cán bộ supervisor",
        staff_id=certifier.id,
        scope=("chung-thuc",),
        authorised_certifier=True,
    )
    appraising = await shop.walk(await shop.received(), "T08")
    prepared = await shop.take(appraising, "T16", Role.SUPERVISOR, Role.FIELD)

    signed = await shop.take(prepared, "T18", Role.SUPERVISOR, Role.LEADER)

    assert signed.state == "approved"


@pytest.mark.usefixtures("no_signers")
async def test_a_certifiers_name_does_not_let_somebody_else_sign_their_own_work(
    shop: Shop,
) -> None:
    """Naming an authorised certifier as the signer is not being one (rules §13.1)."""
    await assign(shop, "Người Chứng Thực", scope=("chung-thuc",), authorised_certifier=True)
    appraising = await shop.walk(await shop.received(), "T08")
    prepared = await shop.take(appraising, "T16", Role.HEAD, Role.FIELD)

    with pytest.raises(OwnApprovalError):
        await shop.take(prepared, "T18", Role.HEAD, Role.LEADER, signer="Người Chứng Thực")


async def test_a_small_commune_may_let_people_approve_their_own_work(shop: Shop) -> None:
    await shop.configure("xa-hai", SETTINGS, '{"own_approval": true}')
    received = await shop.received(slug="xa-hai")
    appraising = await shop.take(received, "T08", slug="xa-hai")
    both = await shop.take(appraising, "T16", Role.HEAD, Role.FIELD, slug="xa-hai")

    approved = await shop.take(both, "T18", Role.HEAD, Role.LEADER, slug="xa-hai")

    assert approved.state == "approved"


async def test_a_unit_sets_within_how_many_days_a_supplement_is_asked(shop: Shop) -> None:
    """Rules §13.8; the number of days is the unit's, and there is none by default."""
    await shop.configure("xa-hai", SETTINGS, '{"supplement_within_days": 1}')
    received = await shop.received(single(), slug="xa-hai")
    appraising = await shop.take(received, "T08", slug="xa-hai")
    shop.next_day()
    shop.next_day()
    asked: dict[str, Any] = {"slug": "xa-hai", "reason": "Thiếu", "items": ["Giấy chứng sinh"]}

    with pytest.raises(SupplementTooLateError):
        await shop.take(appraising, "T09", **asked)

    tenant, field = await shop.desk("xa-hai"), shop.person(Role.FIELD, slug="xa-hai")
    seen = await reading.dossier(shop.house, tenant, field, received.id)
    (action,) = [each for each in seen.actions if each.transition == "T09"]
    assert action.refused == "dossier.supplement-too-late"
    await shop.configure("xa-hai", SETTINGS, "{}")
    assert (await shop.take(appraising, "T09", **asked)).supplements == 1


SETTINGS = "update tenant set settings = $1 where id = 102"


# ---- the other ways ----


async def test_a_supplement_gives_a_new_date_beside_the_promise(shop: Shop) -> None:
    """T09, T10; rules §13.3."""
    shop.clock.now = MONDAY
    received = await shop.received(single())
    appraising = await shop.take(received, "T08")
    asked = await shop.take(appraising, "T09", reason="Thiếu", items=["Giấy tờ cư trú"])
    shop.clock.now = MONDAY + dt.timedelta(days=3)

    completed = await shop.take(asked, "T10")

    assert completed.promise_at == received.due_at == dt.datetime(2026, 11, 27, 17, tzinfo=VN)
    assert completed.due_at == dt.datetime(2026, 12, 1, 17, tzinfo=VN)
    assert (completed.due_ground, completed.supplements) == ("supplement", 1)


async def test_a_reappointment_is_made_once(shop: Shop) -> None:
    """T21."""
    shop.clock.now = MONDAY
    received = await shop.received(single())
    new_due = "2026-12-04T17:00:00+07:00"

    again = await shop.take(received, "T21", reason="Xác minh", new_due=new_due)

    assert again.due_at == dt.datetime(2026, 12, 4, 17, tzinfo=VN)
    assert (again.legal_due_at, again.state) == (received.due_at, "received")
    with pytest.raises(SecondReappointmentError):
        await shop.take(again, "T21", reason="Nữa", new_due="2026-12-11T17:00:00+07:00")


async def test_an_extension_takes_the_definitions_variant(shop: Shop) -> None:
    """T28: art. 21's two working days, found necessary after reception."""
    shop.clock.now = MONDAY
    received = await shop.received()

    extended = await shop.take(received, "T28", variant="complex", ground="Điều 21")

    assert extended.due_at == dt.datetime(2026, 11, 26, 17, tzinfo=VN)


async def test_a_withdrawn_dossier_counts_as_processed_in_time(shop: Shop) -> None:
    """T22."""
    received = await shop.received()

    withdrawn = await shop.take(received, "T22", reason="Không cần nữa")

    assert withdrawn.state == "withdrawn"
    assert await figures(shop) == {"received": 1, "on_time": 1}


async def test_a_dossier_is_held_by_whoever_works_on_it(shop: Shop) -> None:
    """F06: handed on it is nobody's; sent back it is its appraiser's; others leave it there."""
    officer = shop.person(Role.FIELD).id
    received = await shop.received()

    handed_on = await shop.take(received, "T08")
    asked = await shop.take(handed_on, "T12", amount=5_000, ground="Lệ phí")
    paid = await shop.take(asked, "T13", receipt="1")
    for_approval = await shop.take(paid, "T16")
    sent_back = await shop.take(for_approval, "T17", reason="Chưa rõ")

    assert (handed_on.holder_id, for_approval.holder_id) == (None, None)
    assert (asked.holder_id, paid.holder_id, sent_back.holder_id) == (officer,) * 3


async def test_a_late_dossier_counts_as_late(shop: Shop) -> None:
    approved = await shop.walk(await shop.received(), "T08", "T16", "T18")
    shop.clock.now += dt.timedelta(days=4)

    ready = await shop.take(approved, "T19")

    assert ready.late
    assert await figures(shop) == {"late": 1}


async def test_a_dossier_entered_by_mistake_leaves_the_figures(shop: Shop) -> None:
    """T26, rules §13.16: two people; outside every figure, never deleted."""
    received = await shop.received()
    assert await figures(shop) == {"received": 1}

    taken_out = await shop.take(received, "T26", reason="Nhập nhầm", second_person="head")

    assert (taken_out.state, taken_out.mistake) == ("withdrawn", True)
    assert await figures(shop) == {}
    assert len(await events(shop, received.id)) == 2


@pytest.mark.parametrize("second", ["admin", "field", "nobody", "HEAD"])
async def test_a_mistake_needs_a_second_person_who_may_answer_for_it(
    shop: Shop, second: str
) -> None:
    """Not the administrator who asks, not somebody without the right, not nobody."""
    received = await shop.received()

    with pytest.raises(InvalidAnswersError) as refused:
        await shop.take(received, "T26", reason="Nhập nhầm", second_person=second)

    assert [fault.field for fault in refused.value.faults] == ["second_person"]


async def test_a_dossier_keeps_the_version_it_was_received_under(shop: Shop) -> None:
    received = await shop.received()
    kept = await shop.rows(
        "select version_id from dossier where tenant_id = $1 and id = $2", received.id
    )
    shop.next_day()

    later = await shop.take(received, "T08")

    assert later.version_id == kept[0]["version_id"]
    assert later.applicant == AN
