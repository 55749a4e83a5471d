"""The texts of a visit, printed together with their numbers on them."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from core.services.shop import COPY, SIGNATURE, Shop, copy, signature, single
from motcua.documents.papers import Sheet
from motcua.domain.dossier import Role, RoleNotAllowedError, StepNotAllowedError
from motcua.domain.errors import InvalidAnswersError
from motcua.domain.signing import Capacity
from motcua.plugin.texts import fault_text
from motcua.services import chores
from motcua.services.book_page import PageLine, sheet
from motcua.services.configure import assign_signer
from motcua.services.printing import (
    NoPapersError,
    UnknownPastSignerError,
    UnknownVisitError,
    print_texts,
    prints,
    signers_for,
    texts_of,
)
from motcua.services.receive import UnknownDossierError
from motcua.services.verify import verify
from motcua.services.visit import Visit
from motcua.storage.rows import DossierRow

pytestmark = pytest.mark.anyio
CHAIRMAN, DEPUTY = "Lê Văn Ký", "Hoàng Thị Ủy"


async def assigned(shop: Shop, name: str = CHAIRMAN, **how: Any) -> None:
    said = {"title": "Chủ tịch UBND", "act": "Nghị quyết 1"} | how
    await assign_signer(shop.house, await shop.desk(), full_name=name, **said)


@pytest.fixture
async def signed(shop: Shop) -> Shop:
    """A shop with one chairman, the only one who signs."""
    await shop.configure("phuong-mot", "delete from signer")
    await assigned(shop, valid_from=shop.clock.now - dt.timedelta(days=400))
    return shop


async def texts(shop: Shop, visit: Visit, role: Role = Role.RECEPTION, **how: Any) -> list[Sheet]:
    shop.clock.tick()
    return await texts_of(
        shop.house, await shop.desk(), shop.person(role), visit=visit.visit, **how
    )


def numbers(sheets: list[Sheet]) -> list[str]:
    return [f"{each.data['number']} {each.data['volume']}" for each in sheets]


async def test_a_visit_is_printed_together_and_again_with_the_same_numbers(signed: Shop) -> None:
    visit = await signed.receive(copy(), signature(papers=2), copy())

    first = await texts(signed, visit)
    again = await texts(signed, visit, Role.CLERK)

    assert len(first) == 4
    assert numbers(again) == numbers(first)
    assert len(set(numbers(first))) == 4
    assert {each.data["signer"] for each in first} == {CHAIRMAN}
    assert {each.data["receiver"] for each in first} == {"", "Cán bộ reception"}
    await chores.once(signed.house)
    faults = (await verify(signed.house, Path("/nonexistent"), slugs=["phuong-mot"])).faults
    assert faults == ()


async def test_the_texts_are_one_pdf(signed: Shop) -> None:
    visit = await signed.receive(copy(), signature())

    pdf = await print_texts(
        signed.house, await signed.desk(), signed.person(Role.RECEPTION), visit=visit.visit
    )

    assert pdf.startswith(b"%PDF")
    read = await signed.rows("select what from read_log where tenant_id = $1")
    assert {"what": "papers"} in read


async def test_one_dossier_can_be_printed_alone(signed: Shop) -> None:
    visit = await signed.receive(copy(), copy())

    sheets = await texts_of(
        signed.house,
        await signed.desk(),
        signed.person(Role.FIELD),
        dossiers=[visit.dossiers[1].id],
    )

    assert len(sheets) == 1


async def test_what_was_signed_is_printed_as_it_was_signed(signed: Shop) -> None:
    visit = await signed.receive(signature())
    before = await texts(signed, visit)
    row = await signed.take(visit.dossiers[0], "T08", version=2)
    row = await signed.take(row, "T16")
    await signed.take(row, "T18", signer=CHAIRMAN)
    await assigned(signed, DEPUTY)
    signed.clock.tick(days=3)

    after = await texts(signed, visit)

    assert after == before


async def test_a_withdrawn_dossier_is_left_out(signed: Shop) -> None:
    visit = await signed.receive(copy(), copy())
    await signed.take(visit.dossiers[0], "T22", reason="Thôi")

    assert len(await texts(signed, visit)) == 1


class TestWhoSigns:
    async def test_nobody_assigned_means_nothing_to_print(self, shop: Shop) -> None:
        await shop.configure("phuong-mot", "delete from signer")
        visit = await shop.receive(copy())

        with pytest.raises(InvalidAnswersError) as refused:
            await texts(shop, visit)

        assert refused.value.faults[0].fault == "field.signer"
        lines = await shop.rows(
            "select 1 from register_entry where tenant_id = $1 and dossier_id = $2",
            visit.dossiers[0].id,
        )
        assert lines == [], "a refused printing takes no number"

    async def test_several_have_to_be_chosen_from(self, signed: Shop) -> None:
        await assigned(signed, DEPUTY, capacity=Capacity.AUTHORISED, title="Phó Chủ tịch UBND")
        visit = await signed.receive(copy())

        with pytest.raises(InvalidAnswersError) as refused:
            await texts(signed, visit)
        (sheet,) = await texts(signed, visit, signer=DEPUTY)

        assert refused.value.faults[0].fault == "field.signer-choose"
        assert DEPUTY in fault_text(refused.value.faults[0])
        assert sheet.data["block"] == ["TUQ. CHỦ TỊCH", "Phó Chủ tịch"]

    async def test_a_deputy_may_not_certify_any_more(self, signed: Shop) -> None:
        # Decree 280/2025/NĐ-CP: since 1/11/2025 the chairman, or who is authorised.
        await assigned(signed, DEPUTY, capacity=Capacity.DEPUTY)
        visit = await signed.receive(copy())

        with pytest.raises(InvalidAnswersError) as refused:
            await texts(signed, visit, signer=DEPUTY)

        assert refused.value.faults[0].fault == "certification.no-block"

    async def test_a_scope_may_name_a_procedure_or_a_field(self, signed: Shop) -> None:
        await signed.configure("phuong-mot", "delete from signer")
        await assigned(signed, "Chỉ bản sao", scope=(COPY,))
        await assigned(signed, "Cả lĩnh vực", scope=("chung-thuc",))
        visit = await signed.receive(copy(), signature())
        desk = await signed.desk()
        copies, both = [visit.dossiers[0].id], [each.id for each in visit.dossiers]

        of_copies = await signers_for(signed.house, desk, copies)
        of_both = await signers_for(signed.house, desk, both)

        assert {each.full_name for each in of_copies} == {"Chỉ bản sao", "Cả lĩnh vực"}
        assert [each.full_name for each in of_both] == ["Cả lĩnh vực"]

    async def test_an_assignment_ends_at_its_hour(self, signed: Shop) -> None:
        noon = signed.clock.now.replace(hour=12)
        await assigned(signed, DEPUTY, capacity=Capacity.AUTHORISED, valid_to=noon)
        visit = await signed.receive(copy())
        ids, desk = [visit.dossiers[0].id], await signed.desk()

        assert len(await signers_for(signed.house, desk, ids)) == 2
        signed.clock.now = noon
        assert len(await signers_for(signed.house, desk, ids)) == 1

    async def test_an_authorised_certifier_signs_the_text_they_prepared(self, signed: Shop) -> None:
        # Rules 13.1: the ban on approving one's own appraisal is not for them.
        certifier = signed.person(Role.FIELD, Role.LEADER)
        await assigned(
            signed,
            certifier.name,
            staff_id=certifier.id,
            authorised_certifier=True,
            title="Công chức Tư pháp",
            act="Quyết định ủy quyền 12/QĐ-UBND",
            scope=(SIGNATURE,),
        )
        visit = await signed.receive(signature())

        (sheet,) = await texts(signed, visit, signer=certifier.name)
        row = await signed.take(visit.dossiers[0], "T08", version=2)
        row = await signed.take(row, "T16", Role.FIELD, Role.LEADER)
        row = await signed.take(row, "T18", Role.FIELD, Role.LEADER)

        assert sheet.data["block"] == ["TUQ. CHỦ TỊCH", "Công chức Tư pháp"]
        assert row.appraised_by == certifier.id
        assert row.state == "approved"


class TestWhatIsNotPrinted:
    async def test_a_procedure_without_texts(self, signed: Shop) -> None:
        visit = await signed.receive(single())

        with pytest.raises(NoPapersError):
            await texts(signed, visit)
        assert not prints(signed.house, ["1.004873"])
        assert prints(signed.house, ["1.004873", COPY])

    async def test_what_is_not_there(self, signed: Shop) -> None:
        desk, officer = await signed.desk(), signed.person(Role.RECEPTION)

        with pytest.raises(UnknownVisitError):
            await texts_of(signed.house, desk, officer, visit=uuid4())
        with pytest.raises(UnknownDossierError):
            await texts_of(signed.house, desk, officer, dossiers=[uuid4()])

    async def test_a_refusal_on_the_merits(self, signed: Shop) -> None:
        visit = await signed.receive(copy())
        row = await signed.take(visit.dossiers[0], "T08")
        await signed.take(row, "T24", Role.FIELD, reason="Sai", ground="Điều 22")

        with pytest.raises(NoPapersError):
            await texts(signed, visit)

    async def test_what_waits_for_a_supplement(self, signed: Shop) -> None:
        visit = await signed.receive(copy())
        row = await signed.take(visit.dossiers[0], "T08")
        await signed.take(row, "T09", reason="Thiếu", items=["Bản chính"])

        with pytest.raises(StepNotAllowedError):
            await texts(signed, visit)

    async def test_for_administrators_nothing(self, signed: Shop) -> None:
        visit = await signed.receive(copy())

        with pytest.raises(RoleNotAllowedError):
            await texts(signed, visit, Role.ADMIN)


async def tell(shop: Shop, dossier: UUID, signer: Any, actor: str = "") -> None:
    """Let the approval of a dossier tell another signer, or none at all."""
    await shop.configure(
        "phuong-mot",
        "update dossier_event set actor = coalesce(nullif($3, ''), actor),"
        " data = case when $2 = 'null' then data - 'signer'"
        "   else jsonb_set(data, '{signer}', $2::jsonb) end"
        " where dossier_id = $1 and transition = 'T18'",
        dossier,
        msgspec.json.encode(signer).decode(),
        actor,
    )


async def approved(shop: Shop) -> DossierRow:
    """A copy the chairman signed."""
    visit = await shop.receive(copy())
    row = await shop.take(visit.dossiers[0], "T08", version=1)
    row = await shop.take(row, "T16")
    return await shop.take(row, "T18", signer=CHAIRMAN)


class TestASignedTextKeepsItsSigner:
    """A signed text is never printed in the name of whoever may sign now."""

    async def old(self, shop: Shop) -> DossierRow:
        """A text the chairman signed with its number on it; a deputy alone has signed since."""
        visit = await shop.receive(copy())
        await texts(shop, visit)
        row = await shop.take(visit.dossiers[0], "T08", version=2)
        row = await shop.take(row, "T16")
        row = await shop.take(row, "T18", signer=CHAIRMAN)
        shop.clock.tick()
        await shop.configure("phuong-mot", "update signer set valid_to = $1", shop.clock.now)
        await assigned(shop, DEPUTY, valid_from=shop.clock.now)
        shop.clock.tick(days=3)
        return row

    async def again(self, shop: Shop, row: DossierRow, **how: Any) -> Sheet:
        officer = shop.person(Role.RECEPTION)
        made = await texts_of(shop.house, await shop.desk(), officer, dossiers=[row.id], **how)
        return made[0]

    @pytest.mark.parametrize("named", ["lê văn  ký", CHAIRMAN])
    async def test_a_name_is_looked_up_among_those_assigned_then(
        self, signed: Shop, named: str
    ) -> None:
        row = await self.old(signed)
        await tell(signed, row.id, named)

        sheet = await self.again(signed, row)

        assert sheet.data["signer"] == CHAIRMAN
        assert sheet.data["block"] == ["Chủ tịch"]

    async def test_without_a_name_it_was_whoever_approved(self, signed: Shop) -> None:
        row = await self.old(signed)
        await tell(signed, row.id, None, CHAIRMAN)

        assert (await self.again(signed, row)).data["signer"] == CHAIRMAN

    async def test_what_was_approved_before_capacities_were_kept(self, signed: Shop) -> None:
        row = await self.old(signed)
        (before,) = await signed.rows(
            "select id::text as id from signer where tenant_id = $1 and full_name = $2", CHAIRMAN
        )
        await tell(signed, row.id, before | {"full_name": CHAIRMAN, "title": "Chủ tịch UBND"})

        assert (await self.again(signed, row)).data["signer"] == CHAIRMAN

    @pytest.mark.parametrize("told", [None, DEPUTY])
    async def test_whoever_was_not_assigned_then_is_not_printed(
        self, signed: Shop, told: str | None
    ) -> None:
        row = await self.old(signed)
        await tell(signed, row.id, told)

        with pytest.raises(UnknownPastSignerError) as refused:
            await self.again(signed, row, signer=DEPUTY)

        assert refused.value.fields["signer"] == (told or "Cán bộ leader")


class TestTheBooksPage:
    async def line(self, shop: Shop, dossier: DossierRow) -> PageLine:
        """The line of a dossier that is numbered only when its result is made ready."""
        await shop.take(dossier, "T19")
        clerk = shop.person(Role.CLERK)
        page = await sheet(shop.house, await shop.desk(), clerk, "SCT/BS", 2026, None)
        return page.lines[-1]

    async def test_it_shows_the_day_of_the_signature(self, signed: Shop) -> None:
        row = await approved(signed)
        then = signed.clock.now
        signed.clock.tick(days=1)

        assert (await self.line(signed, row)).on == then

    async def test_a_signer_given_by_name_is_shown(self, signed: Shop) -> None:
        row = await approved(signed)
        await tell(signed, row.id, DEPUTY)

        line = await self.line(signed, row)

        assert (line.signer, line.title) == (DEPUTY, "")
