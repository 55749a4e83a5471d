"""Taking dossiers in: codes, receipts, fees, due times, and everything that is refused."""

import datetime as dt
import uuid

import msgspec
import pytest

from core.services.shop import AN, COPY, MONDAY, SINGLE, Shop, copy, facts, signature, single
from motcua.domain.calendar import VN
from motcua.domain.dossier import Role, RoleNotAllowedError, State, StepNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.life import MissingLimitError
from motcua.registry.dispatch import PluginAbsentError, PluginFinishOnlyError
from motcua.services.assess import Agreed, NotOfferedError, OfficersDate, Paper
from motcua.services.catalogue import NotInForceError
from motcua.services.configure import disable, enable
from motcua.services.house import UnknownTenantError
from motcua.services.lookup import lookup
from motcua.services.receive import (
    ReceptionClosedError,
    Submitted,
    UnknownDossierError,
    accept,
    receive,
    submit,
)

pytestmark = pytest.mark.anyio

WRITTEN = ("visit", "dossier", "dossier_event", "fee_line", "dossier_document", "counter")

OVERRIDE = "insert into procedure_override values (102, $1, $2, $3, 'Quyết định 5')"
END = "update tenant set successors = $1, closed_on = $2, archived = $3 where id = 102"


async def refused(shop: Shop, *papers: Paper) -> list[tuple[str, str]]:
    """The faults of a reception that is refused and leaves nothing behind."""
    before = [await shop.count(table) for table in WRITTEN]
    with pytest.raises(InvalidAnswersError) as error:
        await shop.receive(*papers)
    assert [await shop.count(table) for table in WRITTEN] == before
    return [(fault.field, fault.fault) for fault in error.value.faults]


async def submitted(shop: Shop, paper: Paper | None = None) -> Submitted:
    return await submit(shop.house, await shop.desk(), paper or single())


def code(shop: Shop, number: int) -> str:
    return f"99001-{shop.clock.now:%y%m%d}-{number:04}"


# ---- at the counter ----


async def test_the_first_dossier_of_a_day_is_number_one(shop: Shop) -> None:
    """Rules §13.15: the unit's code, the day, a number."""
    shop.clock.now = MONDAY

    first = await shop.received()

    assert first.code == "99001-261123-0001"
    assert (first.state, first.version) == (State.RECEIVED, 1)
    assert first.due_at == dt.datetime(2026, 11, 23, 17, tzinfo=VN)


async def test_each_day_and_each_tenant_counts_for_itself(shop: Shop) -> None:
    codes = [(await shop.received()).code, (await shop.received()).code]
    other = await shop.received(slug="xa-hai")
    before = shop.clock.now
    shop.next_day()
    next_day = await shop.received()

    assert codes == [f"99001-{before:%y%m%d}-0001", f"99001-{before:%y%m%d}-0002"]
    assert other.code == f"99002-{before:%y%m%d}-0001"
    assert next_day.code == code(shop, 1)


async def test_a_same_day_paper_after_three_is_due_on_the_next_working_day(shop: Shop) -> None:
    """Decree 23/2015 art. 7; 24/11/2026 is a holiday, so the next working day is the 25th."""
    shop.clock.now = MONDAY.replace(hour=15, minute=30)

    late = await shop.received()

    assert late.due_at == dt.datetime(2026, 11, 25, 17, tzinfo=VN)


async def test_a_copy_costs_by_the_page_and_by_the_copy(shop: Shop) -> None:
    """Circular 226/2016: 2,000 a page up to two, 1,000 from the third; per copy."""
    visit = await shop.receive(copy(pages=5, copies=3))

    assert visit.fee_total == 3 * (2 * 2_000 + 3 * 1_000)
    lines = await shop.rows(
        "select fee, quantity, amount from fee_line where tenant_id = $1 and dossier_id = $2"
        " order by n",
        visit.dossiers[0].id,
    )
    assert sum(line["amount"] for line in lines) == visit.fee_total


async def test_the_papers_a_procedure_requires_are_listed(shop: Shop) -> None:
    received = await shop.received()

    papers = await shop.rows(
        "select document, originals from dossier_document where tenant_id = $1 and dossier_id = $2",
        received.id,
    )

    assert papers == [{"document": "ban-chinh-giay-to-van-ban", "originals": 1}]


async def test_a_visit_of_several_people_has_one_receipt_and_one_total(shop: Shop) -> None:
    binh = {"name": "Trần Văn Bình"}

    visit = await shop.receive(copy(), signature(papers=2), copy(applicant=binh), payer="Bình")

    assert [one.code for one in visit.dossiers] == [code(shop, n) for n in (1, 2, 3)]
    assert visit.fee_total == 10_000 + 2 * 10_000 + 10_000
    stored = await shop.rows(
        "select receipt, payer, fee_total from visit where tenant_id = $1 and id = $2", visit.visit
    )
    assert stored == [{"receipt": visit.receipt, "payer": "Bình", "fee_total": 40_000}]


async def test_receipts_are_numbered_by_the_year_without_a_gap(shop: Shop) -> None:
    receipts = [(await shop.receive(copy())).receipt for _ in range(2)]

    years, numbers = zip(*(receipt.split("-") for receipt in receipts), strict=True)
    assert set(years) == {f"{shop.clock.now:%Y}"}
    assert int(numbers[1]) == int(numbers[0]) + 1


async def test_a_reception_is_counted_on_its_day(shop: Shop) -> None:
    await shop.receive(copy(), copy(), signature())

    figures = await shop.rows(
        "select procedure_code, received from daily_figure where tenant_id = $1 and day = $2"
        " order by procedure_code",
        shop.clock.now.date(),
    )

    assert [(row["procedure_code"], row["received"]) for row in figures] == [
        (COPY, 2),
        ("2.000884", 1),
    ]


async def test_what_was_declared_stands_in_the_first_event(shop: Shop) -> None:
    received = await shop.received()

    (event,) = await shop.rows(
        "select transition, actor, role, from_state, to_state, data from dossier_event"
        " where tenant_id = $1 and dossier_id = $2",
        received.id,
    )

    told = msgspec.json.decode(event["data"])
    assert (event["transition"], event["from_state"], event["to_state"]) == (
        "T02",
        None,
        "received",
    )
    assert (event["actor"], event["role"]) == ("Cán bộ reception", "reception")
    assert told["code"] == received.code
    assert told["applicant"]["name"] == AN["name"]
    assert told["plugin"] == "certification 0.1.0"


# ---- limits ----


async def test_an_officer_may_pick_a_variant_of_the_limit(shop: Shop) -> None:
    """Decree 23/2015 art. 21: two more working days; Monday, holiday, then the 25th and 26th."""
    shop.clock.now = MONDAY

    complex_copy = await shop.received(copy(variants=("complex",)))

    assert complex_copy.due_at == dt.datetime(2026, 11, 26, 17, tzinfo=VN)


async def test_an_agreed_later_time_needs_the_paper_that_agrees(shop: Shop) -> None:
    shop.clock.now = MONDAY
    until = dt.datetime(2026, 12, 4, 10, tzinfo=VN)
    agreed = copy(variants=("agreed",), agreed=Agreed(until=until, paper="Phiếu hẹn 12"))

    assert await refused(shop, copy(variants=("agreed",))) == [("agreed", "field.missing")]
    assert (await shop.received(agreed)).due_at == until


async def test_a_procedure_without_a_known_limit_needs_an_officers_date(shop: Shop) -> None:
    """Rules §15.1."""
    until = shop.clock.now + dt.timedelta(days=9)
    dated = facts(no_limit=OfficersDate(until=until, ground="Công văn 15"))

    with pytest.raises(MissingLimitError):
        await shop.receive(facts())
    received = await shop.received(dated)

    (row,) = await shop.rows(
        "select due_at, no_limit from dossier where tenant_id = $1 and id = $2", received.id
    )
    assert row == {"due_at": until, "no_limit": True}


# ---- groups ----


async def test_a_group_is_received_with_its_parts_each_with_its_own_clock(shop: Shop) -> None:
    shop.clock.now = MONDAY

    visit = await shop.receive(single(parts=(copy(), signature())))

    parent, *children = visit.dossiers
    assert [one.due_at for one in visit.dossiers] == [
        dt.datetime(2026, 11, 27, 17, tzinfo=VN),
        dt.datetime(2026, 11, 23, 17, tzinfo=VN),
        dt.datetime(2026, 11, 23, 17, tzinfo=VN),
    ]
    links = await shop.rows(
        "select other_id, kind from dossier_link where tenant_id = $1 and dossier_id = $2"
        " order by other_id",
        parent.id,
    )
    assert links == [{"other_id": child.id, "kind": "child"} for child in children]


async def test_the_faults_of_parts_come_with_all_others(shop: Shop) -> None:
    wrong = single(applicant={"name": ""}, parts=(copy(), copy(pages=0)))

    found = await refused(shop, wrong, copy(copies=0))

    assert ("papers[0].parts[1].page_count", "field.too-small") in found
    assert ("papers[1].copy_count", "field.too-small") in found
    assert any(field.startswith("papers[0].applicant") for field, _ in found)


async def test_a_part_has_no_parts(shop: Shop) -> None:
    nested = single(parts=(copy(parts=(signature(),)),))

    assert await refused(shop, nested) == [("parts[0].parts", "field.surplus")]


# ---- what is refused ----


async def test_all_faults_of_a_form_come_at_once_and_nothing_is_written(shop: Shop) -> None:
    answers = {"document_type": "thư tình", "page_count": "ba", "colour": "xanh"}

    found = await refused(shop, copy(answers=answers))

    assert {field for field, _ in found} == {
        "document_type",
        "page_count",
        "copy_count",
        "colour",
    }


async def test_the_faults_of_several_papers_name_the_paper(shop: Shop) -> None:
    found = await refused(shop, copy(), copy(pages=0), signature(papers=0))

    assert [field for field, _ in found] == ["papers[1].page_count", "papers[2].document_count"]


async def test_a_number_of_thirteen_digits_is_refused(shop: Shop) -> None:
    found = await refused(shop, copy(applicant={**AN, "id_number": "0271900000012"}))

    assert [field for field, _ in found] == ["applicant.id_number"]


async def test_choices_a_definition_does_not_have_are_refused(shop: Shop) -> None:
    found = await refused(
        shop, copy(variants=("moon",), exemptions=("friend",), optional_fees=("tip",))
    )

    assert found == [
        ("variants", "field.option"),
        ("optional_fees", "field.option"),
        ("exemptions", "field.option"),
    ]


async def test_a_procedure_nobody_knows_is_refused(shop: Shop) -> None:
    with pytest.raises(NotInForceError):
        await shop.receive(copy(procedure="9.999999"))


@pytest.mark.parametrize("role", [Role.FIELD, Role.LEADER, Role.ADMIN])
async def test_only_the_reception_desk_receives(shop: Shop, role: Role) -> None:
    with pytest.raises(RoleNotAllowedError):
        await receive(shop.house, await shop.desk(), shop.person(role), "counter", [copy()])


async def test_a_plugin_a_tenant_does_not_have_receives_nothing(shop: Shop) -> None:
    tenant = await shop.desk("tinh-thu")

    with pytest.raises(PluginAbsentError):
        await receive(shop.house, tenant, shop.person(Role.RECEPTION), "counter", [copy()])


async def test_a_plugin_switched_off_finishes_and_receives_nothing_new(shop: Shop) -> None:
    running = await shop.received()
    await disable(shop.house, await shop.desk(), "certification")

    with pytest.raises(PluginFinishOnlyError):
        await shop.receive(copy())
    returned = await shop.walk(running, "T08", "T16", "T18", "T19")

    assert returned.state == "result_ready"
    await enable(shop.house, await shop.desk(), "certification")
    assert (await shop.received()).state is State.RECEIVED


async def test_a_procedure_a_tenant_does_not_take_is_refused(shop: Shop) -> None:
    await shop.configure("xa-hai", OVERRIDE, COPY, False, None)

    with pytest.raises(NotOfferedError):
        await shop.receive(copy(), slug="xa-hai")
    assert (await shop.received()).state is State.RECEIVED


async def test_a_tenant_may_set_a_shorter_limit(shop: Shop) -> None:
    limit = '{"amount": 1, "unit": "working_day", "ground": "Quyết định 6"}'
    await shop.configure("xa-hai", OVERRIDE, SINGLE, True, limit)
    shop.clock.now = MONDAY

    own = await shop.received(single(), slug="xa-hai")

    assert own.due_at == dt.datetime(2026, 11, 25, 17, tzinfo=VN)


@pytest.mark.parametrize("ended", [(dt.date(2026, 11, 20), False), (None, True)])
async def test_a_unit_that_has_ended_names_its_successor(
    shop: Shop, ended: tuple[dt.date | None, bool]
) -> None:
    """Contract: no reception after a unit's end; refused naming the successor."""
    await shop.configure("xa-hai", END, '["Phường Một"]', *ended)
    tenant = await shop.desk("xa-hai")

    with pytest.raises(ReceptionClosedError) as refused:
        await shop.receive(copy(), slug="xa-hai")
    with pytest.raises(ReceptionClosedError):
        await submit(shop.house, tenant, single())

    assert refused.value.fields["successors"] == "Phường Một"
    await shop.configure("xa-hai", END, "[]", None, False)
    assert (await shop.received(single(), slug="xa-hai")).state is State.RECEIVED


async def test_a_tenant_nobody_knows_is_refused(shop: Shop) -> None:
    with pytest.raises(UnknownTenantError):
        await shop.desk("phuong-ba")


# ---- online ----


async def test_a_submission_waits_under_a_temporary_code(shop: Shop) -> None:
    """T01: it has no code, no due time and no receipt before it is received."""
    sent = await submitted(shop)

    assert sent.temporary_code == f"T-{shop.clock.now:%y%m%d}-0001"
    (row,) = await shop.rows(
        "select code, due_at, state, visit_id from dossier where tenant_id = $1 and id = $2",
        sent.id,
    )
    assert row == {"code": None, "due_at": None, "state": "submitted", "visit_id": None}


async def test_a_submission_that_is_received_gets_code_due_time_and_fees(shop: Shop) -> None:
    """T03: counted from reception."""
    shop.clock.now = MONDAY
    sent = await submitted(shop)
    shop.clock.tick(hours=1)

    visit = await accept(shop.house, await shop.desk(), shop.person(Role.RECEPTION), sent.id)

    (one,) = visit.dossiers
    assert one.code.startswith("99001-261123-")
    assert (one.id, one.version, one.state) == (sent.id, 2, State.RECEIVED)
    assert one.due_at == dt.datetime(2026, 11, 27, 17, tzinfo=VN)
    told = await lookup(shop.house, await shop.desk(), one.code, sent.secret)
    assert told.applicant == AN
    assert [step for step, _ in told.steps] == ["T01", "T03"]


async def test_an_officer_may_pick_exemptions_for_a_submission(shop: Shop) -> None:
    sent = await submitted(shop)
    proofs = {"merit": "Giấy chứng nhận người có công 12/CN"}
    picked = Paper(procedure="", applicant={}, exemptions=("merit",), proofs=proofs)

    visit = await accept(
        shop.house, await shop.desk(), shop.person(Role.RECEPTION), sent.id, picked
    )

    lines = await shop.rows(
        "select exemption, proof from fee_line where tenant_id = $1 and dossier_id = $2",
        visit.dossiers[0].id,
    )
    assert lines == [{"exemption": "merit", "proof": proofs["merit"]}]


async def test_a_submission_is_received_once(shop: Shop) -> None:
    sent = await submitted(shop)
    tenant, officer = await shop.desk(), shop.person(Role.RECEPTION)
    await accept(shop.house, tenant, officer, sent.id)

    with pytest.raises(StepNotAllowedError):
        await accept(shop.house, tenant, officer, sent.id)


async def test_only_the_tenants_own_submissions_are_received(shop: Shop) -> None:
    sent = await submitted(shop)
    other, officer = await shop.desk("xa-hai"), shop.person(Role.RECEPTION, slug="xa-hai")

    with pytest.raises(UnknownDossierError):
        await accept(shop.house, other, officer, sent.id)
    with pytest.raises(UnknownDossierError):
        await accept(shop.house, await shop.desk(), officer, uuid.UUID(int=7))


async def test_a_submission_tells_all_its_faults(shop: Shop) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        await submitted(shop, single(answers={"purpose": "vui"}))

    assert len(refused.value.faults) >= 4


async def test_a_citizen_submits_and_nobody_else(shop: Shop) -> None:
    with pytest.raises(RoleNotAllowedError):
        await submit(shop.house, await shop.desk(), single(), by=shop.person(Role.RECEPTION))
