"""How a number of a book lives: reserved when printed, issued when signed, void otherwise.

Rules §13.2: the text carries its number before it is signed; a void or reserved line
stays in the book, and the series has no gap.
"""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from core.services.shop import MONDAY, Shop, copy, facts, signature
from motcua.domain.dossier import Role, RoleNotAllowedError, StepNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.services.act import NothingToNumberError
from motcua.services.assess import OfficersDate
from motcua.services.lines import MOST, TooManyNumbersError
from motcua.services.receive import UnknownDossierError
from motcua.services.registers import reserve
from motcua.services.verify import verify
from motcua.services.visit import Received
from motcua.storage.dossiers import load
from motcua.storage.rows import DossierRow, RegisterRow
from motcua.storage.work import work

pytestmark = pytest.mark.anyio

LINES = """
select number, status, reason, at, summary, line, quantity from register_entry
where tenant_id = $1 and dossier_id = $2 order by number
"""


async def reserved(shop: Shop, *dossiers: UUID, role: Role = Role.FIELD) -> list[list[RegisterRow]]:
    """What the printing of the dossiers' texts reserves, a minute later."""
    shop.clock.tick()
    found = await reserve(shop.house, await shop.desk(), shop.person(role), dossiers)
    return [found[each] for each in dossiers]


async def lines(shop: Shop, dossier: UUID) -> list[tuple[int, str, str]]:
    rows = await shop.rows(LINES, dossier)
    return [(row["number"], row["status"], row["reason"]) for row in rows]


async def statuses(shop: Shop, dossier: UUID) -> list[str]:
    return [status for _, status, _ in await lines(shop, dossier)]


async def last_event(shop: Shop, dossier: UUID) -> tuple[str, str, dict[str, Any]]:
    """The last act on a dossier: its name, its state after, what it told."""
    *_, row = await shop.rows(
        "select transition, to_state, data from dossier_event"
        " where tenant_id = $1 and dossier_id = $2 order by seq",
        dossier,
    )
    return row["transition"], row["to_state"], msgspec.json.decode(row["data"])


async def now(shop: Shop, dossier: UUID) -> DossierRow:
    """The dossier as an officer who looks again sees it."""
    tenant = await shop.desk()
    async with work(shop.house.engine, tenant.id) as reading:
        return (await load(reading, [dossier]))[dossier]


async def printed(shop: Shop, paper: Any = None) -> Received:
    """A received dossier whose text is printed."""
    received = await shop.received(paper)
    await reserved(shop, received.id)
    return received


@pytest.fixture(autouse=True)
async def _everything_fits(opened: Shop, tmp_path: Path) -> Any:
    """After every test the books and all events agree."""
    yield
    found = await verify(opened.house, tmp_path, slugs=["phuong-mot"])
    kinds = {fault.kind for fault in found.faults} - {"anchor"}
    assert kinds == set(), found.faults


# ---- printed ----


async def test_a_printed_text_carries_a_reserved_number(shop: Shop) -> None:
    received = await shop.received()

    ((line,),) = await reserved(shop, received.id)

    assert (line.status, line.summary, line.quantity) == ("reserved", "Giấy khai sinh", 2)
    assert (line.line, line.volume, line.register) == (1, 1, "SCT/BS")
    assert await lines(shop, received.id) == [(line.number, "reserved", "")]
    step, state, told = await last_event(shop, received.id)
    assert (step, state) == ("T30", "received")
    assert told["register"] == [f"{line.number:02d}/{line.year} SCT/BS"]
    assert (told["subjects"], told["quantities"], told["lines"]) == (["Giấy khai sinh"], [2], [1])


async def test_a_text_printed_again_keeps_its_number(shop: Shop) -> None:
    received = await shop.received()
    (first,) = await reserved(shop, received.id)

    (second,) = await reserved(shop, received.id)

    assert second == first
    assert (await now(shop, received.id)).version == 2


async def test_a_procedure_without_a_book_reserves_nothing(shop: Shop) -> None:
    received = await shop.received(facts(no_limit=_OFFICERS_DATE))

    assert await reserved(shop, received.id) == [[]]
    assert (await now(shop, received.id)).version == 1


_OFFICERS_DATE = OfficersDate(until=MONDAY + dt.timedelta(weeks=60), ground="Luật Hộ tịch")


async def test_the_papers_of_a_visit_are_numbered_together(shop: Shop) -> None:
    visit = await shop.receive(copy(), signature(papers=2), copy())
    ids = [one.id for one in visit.dossiers]

    one, two, three = await reserved(shop, *reversed(ids))

    assert [line.register for line in two] == ["SCT/CK,ĐC"] * 2
    assert {one[0].number, three[0].number} == {
        min(one[0].number, three[0].number),
        min(one[0].number, three[0].number) + 1,
    }
    assert two[1].number == two[0].number + 1


async def test_all_of_a_visit_is_numbered_or_none(shop: Shop) -> None:
    received = await shop.received()

    with pytest.raises(UnknownDossierError):
        await reserved(shop, received.id, uuid4())

    assert await lines(shop, received.id) == []


async def test_only_those_who_print_texts_reserve_numbers(shop: Shop) -> None:
    received = await shop.received()

    with pytest.raises(RoleNotAllowedError):
        await reserved(shop, received.id, role=Role.CASHIER)


async def test_nothing_is_printed_for_a_dossier_that_was_withdrawn(shop: Shop) -> None:
    received = await shop.received()
    await shop.take(received, "T22", reason="Không cần nữa")

    with pytest.raises(StepNotAllowedError):
        await reserved(shop, received.id)


async def test_the_step_itself_reserves_too_and_says_when_there_is_nothing_to_number(
    shop: Shop,
) -> None:
    row = await shop.take(await shop.received(), "T30")

    assert await statuses(shop, row.id) == ["reserved"]
    with pytest.raises(NothingToNumberError):
        await shop.take(row, "T30")


# ---- signed ----


async def test_a_signed_text_has_an_issued_number(shop: Shop) -> None:
    received = await printed(shop)
    row = await shop.walk(await now(shop, received.id), "T08", "T16")
    assert await statuses(shop, received.id) == ["reserved"]

    signed = await shop.take(row, "T18")

    ((number, status, reason),) = await lines(shop, received.id)
    assert (status, reason) == ("issued", "")
    _, _, told = await last_event(shop, received.id)
    assert told["issued"] == [f"{number:02d}/{signed.last_at.year} SCT/BS"]
    ready = await shop.take(signed, "T19")
    assert await lines(shop, received.id) == [(number, "issued", "")]
    assert ready.state == "result_ready"


async def test_without_a_printed_text_the_number_is_taken_when_the_result_is_ready(
    shop: Shop,
) -> None:
    signed = await shop.walk(await shop.received(), "T08", "T16", "T18")
    assert await statuses(shop, signed.id) == []

    await shop.take(signed, "T19")

    assert await statuses(shop, signed.id) == ["issued"]


async def answered(shop: Shop, dossier: UUID, papers: int) -> None:
    """Let the form of a dossier say another number of papers."""
    await shop.configure(
        "phuong-mot",
        "update dossier set answers = jsonb_set(answers, '{document_count}', $2::text::jsonb)"
        " where id = $1",
        dossier,
        str(papers),
    )


async def test_what_a_plugin_answered_is_not_asked_again(shop: Shop) -> None:
    received = await printed(shop, signature(papers=2))
    row = await shop.walk(await now(shop, received.id), "T08", "T16", "T18")
    await answered(shop, received.id, 5)

    await shop.take(row, "T19")

    assert await statuses(shop, received.id) == ["issued", "issued"]
    await answered(shop, received.id, 2)


async def test_a_slip_of_typing_is_refused_at_the_reception(shop: Shop) -> None:
    """30000 typed for 3 took thirty thousand numbers."""
    with pytest.raises(InvalidAnswersError) as refused:
        await shop.received(signature(papers=30_000))

    assert [(each.field, each.fault) for each in refused.value.faults] == [
        ("document_count", "field.too-large")
    ]


async def test_nobody_takes_numbers_without_end(shop: Shop) -> None:
    received = await shop.received(signature())
    await answered(shop, received.id, MOST + 1)

    with pytest.raises(TooManyNumbersError) as stopped:
        await reserved(shop, received.id)
    await answered(shop, received.id, 1)

    assert stopped.value.fields["count"] == MOST + 1
    assert await lines(shop, received.id) == []


async def test_a_text_sent_back_keeps_its_number(shop: Shop) -> None:
    received = await printed(shop)
    row = await shop.walk(await now(shop, received.id), "T08", "T16")

    await shop.take(row, "T17", reason="Sửa trích yếu")

    assert await statuses(shop, received.id) == ["reserved"]


# ---- not signed after all ----


@pytest.mark.parametrize(
    ("steps", "end", "said", "ground"),
    [
        (("T08",), "T22", {"reason": "Xin rút"}, "Xin rút"),
        (("T08",), "T23", {"reason": "Dừng", "ground": "Điều 22"}, "Điều 22"),
        (("T08",), "T24", {"reason": "Thiếu", "ground": "Điều 25"}, "Điều 25"),
        ((), "T26", {"reason": "Nhập nhầm", "second_person": "head"}, "Nhập nhầm"),
    ],
    ids=["T22", "T23", "T24", "T26"],
)
async def test_a_dossier_that_ends_otherwise_makes_its_number_void(
    shop: Shop, steps: tuple[str, ...], end: str, said: dict[str, Any], ground: str
) -> None:
    received = await printed(shop)
    row = await now(shop, received.id)
    row = await shop.walk(row, *steps) if steps else row

    await shop.take(row, end, **said)

    ((number, status, reason),) = await lines(shop, received.id)
    assert (status, reason) == ("void", ground)
    step, _, told = await last_event(shop, received.id)
    assert (step, told["void_reason"]) == (end, ground)
    assert told["void"] == [f"{number:02d}/{row.last_at.year} SCT/BS"]


async def test_a_supplement_nobody_brings_makes_the_number_void(shop: Shop) -> None:
    received = await printed(shop)
    row = await shop.walk(await now(shop, received.id), "T08")
    row = await shop.take(row, "T09", reason="Thiếu", items=["Bản chính"])
    assert await statuses(shop, received.id) == ["reserved"]

    await shop.take(row, "T11", Role.FIELD, reason="Quá hạn bổ sung")

    assert await lines(shop, received.id) == [(await _only(shop, row), "void", "Quá hạn bổ sung")]


async def _only(shop: Shop, row: DossierRow) -> int:
    ((number, _, _),) = await lines(shop, row.id)
    return number


async def test_a_signed_text_that_is_stopped_before_it_is_handed_over_is_void(shop: Shop) -> None:
    received = await printed(shop)
    signed = await shop.walk(await now(shop, received.id), "T08", "T16", "T18")

    await shop.take(signed, "T23", Role.LEADER, reason="Giấy tờ giả", ground="Điều 22")

    assert await statuses(shop, received.id) == ["void"]


async def test_a_refusal_on_the_merits_stands_in_no_book(shop: Shop) -> None:
    row = await shop.walk(await shop.received(), "T08")
    row = await shop.take(row, "T24", Role.FIELD, reason="Thiếu", ground="Điều 25")

    await shop.walk(row, "T18", "T19")

    assert await lines(shop, row.id) == []


async def test_a_spoilt_number_is_void_and_another_one_is_taken(shop: Shop) -> None:
    received = await printed(shop, signature(papers=2))
    first, second = await lines(shop, received.id)
    row = await now(shop, received.id)

    row = await shop.take(row, "T31", reason="In hỏng", number=str(first[0]))

    assert await lines(shop, received.id) == [(first[0], "void", "In hỏng"), second]
    ((one, two),) = await reserved(shop, received.id)
    assert (one.line, two.line) == (1, 2)
    assert (one.number, two.number) == (second[0] + 1, second[0])


async def test_a_number_spoilt_after_the_signature_is_replaced_when_the_result_is_ready(
    shop: Shop,
) -> None:
    received = await printed(shop)
    signed = await shop.walk(await now(shop, received.id), "T08", "T16", "T18")
    ((number, _, _),) = await lines(shop, received.id)
    named = f"{number:02d}/{signed.last_at.year} SCT/BS"
    signed = await shop.take(signed, "T31", Role.CLERK, reason="Đóng dấu nhầm", number=named)

    await shop.take(signed, "T19")

    assert await lines(shop, received.id) == [
        (number, "void", "Đóng dấu nhầm"),
        (number + 1, "issued", ""),
    ]


@pytest.mark.parametrize("number", ["999999", "1/2020 SCT/BS", "  "])
async def test_only_a_number_of_the_dossier_can_be_made_void(shop: Shop, number: str) -> None:
    received = await printed(shop)

    with pytest.raises(InvalidAnswersError) as refused:
        await shop.take(await now(shop, received.id), "T31", reason="Nhầm", number=number)

    assert [fault.field for fault in refused.value.faults] == ["number"]
    assert await statuses(shop, received.id) == ["reserved"]


async def test_the_series_of_a_book_goes_on_whatever_becomes_of_its_numbers(shop: Shop) -> None:
    first = await printed(shop)
    await shop.take(await now(shop, first.id), "T22", reason="Xin rút")
    second = await printed(shop)

    ((one, status, _),) = await lines(shop, first.id)
    ((two, _, _),) = await lines(shop, second.id)

    assert status == "void"
    assert two == one + 1
