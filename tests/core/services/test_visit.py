"""A visit: many papers, several people, one receipt, one total."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from core.services.shop import AN, Shop, copy, signature
from motcua.domain.calendar import VN
from motcua.domain.errors import InvalidAnswersError
from motcua.services import chores
from motcua.services.assess import Agreed, Paper
from motcua.services.catalogue import NotInForceError
from motcua.services.verify import verify

pytestmark = pytest.mark.anyio
BINH = {"name": "Trần Văn Bình", "id_number": "027190000002"}
DEED, DECLARATION = "2.001035", "2.001009"


def deed(**said: Any) -> Paper:
    """A mortgage for a farm."""
    answers = {
        "transaction_type": "thế chấp",
        "parties_a": [AN],
        "parties_b": [BINH],
        "witnesses": [AN, BINH],
        "asset_type": "quyền sử dụng đất",
        "draft": "hop-dong.pdf",
        "copy_count": 3,
    } | said.pop("answers", {})
    return Paper(**{"procedure": DEED, "applicant": AN, "answers": answers, **said})


async def fits(shop: Shop) -> bool:
    await chores.once(shop.house)
    return (await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])).faults == ()


async def test_twelve_originals_five_copies_each_are_one_receipt(shop: Shop) -> None:
    # Circular 226/2016/TT-BTC art. 4, originals of 1 to 12 pages: per copy 2,000, 4,000,
    # 5,000 … 14,000, in all 101,000; five copies of each.
    papers = [copy(pages=pages, copies=5) for pages in range(1, 13)]

    visit = await shop.receive(*papers)

    assert visit.fee_total == 5 * 101_000
    assert len(visit.dossiers) == 12
    receipts = await shop.rows(
        "select fee_total, payer from visit where tenant_id = $1 and receipt = $2", visit.receipt
    )
    assert receipts == [{"fee_total": 505_000, "payer": AN["name"]}]


async def test_several_people_have_one_payer(shop: Shop) -> None:
    visit = await shop.receive(
        copy(pages=1, copies=1), signature(applicant=BINH), payer="Công ty Thử"
    )

    rows = await shop.rows(
        "select applicant->>'name' as name, v.payer from dossier d"
        " join visit v on v.tenant_id = d.tenant_id and v.id = d.visit_id"
        " where d.tenant_id = $1 and v.receipt = $2 order by d.code",
        visit.receipt,
    )
    assert [row["name"] for row in rows] == [AN["name"], BINH["name"]]
    assert {row["payer"] for row in rows} == {"Công ty Thử"}
    assert visit.fee_total == 2_000 + 10_000


class TestExemptions:
    """Decree 55/2015/NĐ-CP: a mortgage for farming is free, to whoever proves it."""

    async def test_ask_for_their_proof(self, shop: Shop) -> None:
        for proofs in ({}, {"rural-loan": " "}):
            with pytest.raises(InvalidAnswersError) as refused:
                await shop.receive(deed(exemptions=("rural-loan",), proofs=proofs))
            assert [each.fault for each in refused.value.faults] == ["field.proof"]

    async def test_keep_it_in_the_event_and_on_the_line(self, shop: Shop) -> None:
        proof = "Giấy xác nhận vay vốn 15/XN-NHCS"

        visit = await shop.receive(deed(exemptions=("rural-loan",), proofs={"rural-loan": proof}))

        assert visit.fee_total == 0
        told = await shop.rows(
            "select data->'fees'->0->>'proof' as proof from dossier_event"
            " where tenant_id = $1 and dossier_id = $2",
            visit.dossiers[0].id,
        )
        assert told == [{"proof": proof}]
        assert await fits(shop)
        await shop.configure(
            "phuong-mot",
            "update fee_line set proof = 'khác' where dossier_id = $1",
            visit.dossiers[0].id,
        )
        assert not await fits(shop)
        await shop.configure(
            "phuong-mot",
            "update fee_line set proof = $2 where dossier_id = $1",
            visit.dossiers[0].id,
            proof,
        )


class TestTransactions:
    async def test_take_two_working_days(self, shop: Shop) -> None:
        # Decree 23/2015/NĐ-CP art. 37. The 24th is a holiday.
        shop.clock.now = dt.datetime(2026, 11, 23, 9, 0, tzinfo=VN)

        due = (await shop.receive(deed())).dossiers[0].due_at

        assert due == dt.datetime(2026, 11, 26, 17, 0, tzinfo=VN)

    async def test_take_longer_only_by_a_written_agreement_with_day_and_hour(
        self, shop: Shop
    ) -> None:
        until = shop.clock.now + dt.timedelta(days=9)
        agreed = Agreed(until=until, paper="Thỏa thuận 3/TT")

        with pytest.raises(InvalidAnswersError) as refused:
            await shop.receive(deed(variants=("agreed",)))
        visit = await shop.receive(deed(variants=("agreed",), agreed=agreed))

        assert refused.value.faults[0].field == "agreed"
        assert visit.dossiers[0].due_at == until

    async def test_of_land_elsewhere_are_received_with_a_warning(self, shop: Shop) -> None:
        # Decree 280/2025/NĐ-CP: land belongs to the commune where it lies.
        elsewhere = {"asset_address": {"line": "Thửa 12", "commune": "99002"}}
        here = {"asset_address": {"line": "Thửa 12", "commune": "99001"}}

        visit = await shop.receive(deed(answers=elsewhere), deed(answers=here))

        far, near = visit.dossiers
        assert [each.code for each in far.warnings] == ["certification.land-elsewhere"]
        assert near.warnings == ()


async def test_what_was_received_under_an_ended_code_is_finished_under_it(shop: Shop) -> None:
    # 2.001009 ended on 10/11/2025.
    paper = Paper(
        procedure=DECLARATION,
        applicant=AN,
        answers={"deceased": BINH, "estate": "Nhà", "draft": "khai-nhan.pdf"},
    )
    before = shop.clock.now
    shop.clock.now = dt.datetime(2025, 11, 7, 16, 0, tzinfo=VN)
    one = (await shop.receive(paper)).dossiers[0]
    shop.clock.now = dt.datetime(2025, 11, 11, 9, 0, tzinfo=VN)

    row = await shop.walk(one, "T08", "T16", "T18", "T19")
    with pytest.raises(NotInForceError):
        await shop.receive(paper)

    assert row.state == "result_ready"
    assert (row.procedure_code, row.late) == (DECLARATION, False)
    shop.clock.now = before
