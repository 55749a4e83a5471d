"""Two communes, four procedures and five dossiers, told to the portal's pages from memory."""

import datetime as dt

from motcua.domain.calendar import VN
from motcua.domain.dossier import State
from motcua.domain.errors import MotCuaError
from motcua.domain.explanation import DayNote, Why
from motcua.domain.limit import TimeLimit, Unit
from motcua.domain.procedure import (
    DocumentItem,
    DocumentKind,
    FeeItem,
    FeeKind,
    OnlineLevel,
    ProcedureDefinition,
    Result,
    Step,
)
from motcua.domain.procedure_limit import Limit, LimitVariant, VariantMode
from motcua.services.figures import FieldFigure, Figures, Standing
from motcua.ui.site import HelpDesk, Site
from motcua.web.portal.views import (
    Board,
    Commune,
    CommuneFigures,
    CommuneGroup,
    Link,
    Milestone,
    Offer,
    Overview,
    Promise,
    Proof,
    Tracked,
)

NOW = dt.datetime(2026, 11, 23, 14, 20, tzinfo=VN)
HELP = HelpDesk(
    name="Trung tâm Phục vụ hành chính công",
    phone="1900 0000",
    hours="Thứ Hai đến thứ Sáu, 07:30–11:30 và 13:00–17:00",
    address="Số 1 đường Mẫu, phường Võ Cường, tỉnh Bắc Ninh",
)
SITE = Site(place="Tỉnh Bắc Ninh", help=HELP, test_data=True)
CODE = "09190-261119-0031"
SECRET = "K7M2-Q9XT"  # noqa: S105 - what a citizen types in a test
FIGURES = [
    ("Phường Đại Phúc", 1946, 16),
    ("Phường Đáp Cầu", 1304, 8),
    ("Xã Hòa Long", 1206, 16),
    ("Phường Kinh Bắc", 1820, 7),
    ("Phường Phong Khê", 1267, 20),
    ("Phường Võ Cường", 2483, 15),
    ("Phường Vũ Ninh", 1712, 19),
]

AFTER = {
    "Phường Võ Cường": (Link("vo-cuong", "Phường Võ Cường"),),
    "Phường Vũ Ninh": (Link("", "Phường Kinh Bắc"),),
}


class UnknownTenantError(MotCuaError):
    """There is no commune of that name."""

    code = "tenant.unknown"
    status = 404


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> dt.datetime:
    """A moment of 2026 on a Vietnamese clock."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=VN)


def definition(
    code: str,
    name: str,
    field: tuple[str, str],
    limit: Limit,
    *fees: FeeItem,
    variants: tuple[LimitVariant, ...] = (),
) -> ProcedureDefinition:
    """A small definition."""
    return ProcedureDefinition(
        code=code,
        name=name,
        name_en=name,
        field=field[0],
        field_name=field[1],
        legal_basis=("Nghị định 23/2015/NĐ-CP", "Thông tư 226/2016/TT-BTC"),
        online_level=OnlineLevel.PARTIAL,
        limit=limit,
        limit_variants=variants,
        fees=fees,
        documents=(
            DocumentItem(
                id="ban-chinh",
                name="Bản chính giấy tờ, văn bản làm cơ sở chứng thực",
                kind=DocumentKind.PRESENT,
                original=1,
                copies=0,
                required=True,
            ),
            DocumentItem(
                id="ban-sao",
                name="Bản sao cần chứng thực",
                kind=DocumentKind.SUBMIT,
                original=0,
                copies=1,
                required=False,
                when="cơ quan không có phương tiện để chụp",
            ),
        ),
        steps=(Step.RECEIVE, Step.APPRAISE, Step.APPROVE, Step.RETURN),
        result=Result(name="Bản sao được chứng thực từ bản chính"),
    )


CERTIFICATION = ("chung-thuc", "Chứng thực")
CIVIL_STATUS = ("ho-tich", "Hộ tịch")
COPY = definition(
    "2.000815",
    "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt "
    "Nam cấp hoặc chứng nhận",
    CERTIFICATION,
    Limit(amount=1, unit=Unit.SAME_DAY, cutoff="15:00", note="Điều 7 Nghị định 23/2015/NĐ-CP"),
    FeeItem(
        id="trang",
        label="Trang 1 và 2",
        kind=FeeKind.PHI,
        per="trang",
        amount_vnd=2000,
        tiered_by="page_count",
        cap_vnd=200000,
        cap_per="bản",
    ),
    variants=(
        LimitVariant(
            id="nhieu",
            when="nhiều loại bản chính, nhiều trang",
            amount=2,
            unit=Unit.WORKING_DAY,
            mode=VariantMode.ADDS,
        ),
    ),
)
SIGNATURE = definition(
    "2.000884",
    "Chứng thực chữ ký trong các giấy tờ, văn bản",
    CERTIFICATION,
    Limit(amount=1, unit=Unit.SAME_DAY),
    FeeItem(id="ky", label="Chữ ký", kind=FeeKind.PHI, per="trường hợp", amount_vnd=10000),
)
BIRTH = definition(
    "1.001193",
    "Thủ tục đăng ký khai sinh",
    CIVIL_STATUS,
    Limit(amount=1, unit=Unit.SAME_DAY),
    FeeItem(id="dung-han", label="Đúng hạn", kind=FeeKind.LE_PHI, per="việc", amount_vnd=0),
    FeeItem(id="tre", label="Không đúng hạn", kind=FeeKind.LE_PHI, per="việc", set_by="hdnd"),
)
MARITAL = definition(
    "1.004873",
    "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
    CIVIL_STATUS,
    Limit(amount=3, unit=Unit.WORKING_DAY),
    FeeItem(id="cap", label="Cấp giấy", kind=FeeKind.LE_PHI, per="việc", amount_vnd=3000),
)
OFFERS = tuple(
    Offer(definition=each, limit=each.limit.time_limit, often=each is not MARITAL)
    for each in (COPY, SIGNATURE, BIRTH, MARITAL)
)

NOTES = (
    DayNote(date=dt.date(2026, 11, 19), counted=0, why=Why.RECEPTION),
    DayNote(date=dt.date(2026, 11, 20), counted=1, why=Why.COUNTED),
    DayNote(date=dt.date(2026, 11, 21), counted=0, why=Why.WEEKEND),
    DayNote(date=dt.date(2026, 11, 22), counted=0, why=Why.WEEKEND),
    DayNote(date=dt.date(2026, 11, 23), counted=1, why=Why.COUNTED),
    DayNote(
        date=dt.date(2026, 11, 24),
        counted=0,
        why=Why.HOLIDAY,
        name="Ngày Văn hóa Việt Nam",
        basis="Nghị quyết 28/2026/QH16",
    ),
    DayNote(date=dt.date(2026, 11, 25), counted=1, why=Why.COUNTED),
)
STEPS = (
    Milestone(transition="T01", at=at(18, 20, 41)),
    Milestone(transition="T03", at=at(19, 9, 12)),
    Milestone(transition="T08", at=at(19, 10, 0)),
    Milestone(transition="T16", at=at(23, 13, 40)),
)
DOSSIER = Tracked(
    code=CODE,
    procedure="Cấp Giấy xác nhận tình trạng hôn nhân",
    state=State.FOR_APPROVAL,
    milestones=STEPS,
    limit=TimeLimit(amount=3, unit=Unit.WORKING_DAY),
    received_at=at(19, 9, 12),
    due=at(25, 17),
    days=1,
    explanation=NOTES,
)
WANTED = Tracked(
    code="09190-261112-0003",
    procedure="Đăng ký nhận cha, mẹ, con",
    state=State.SUPPLEMENT_REQUESTED,
    milestones=(
        Milestone(transition="T02", at=at(12, 8)),
        Milestone(transition="T09", at=at(16, 9)),
    ),
    received_at=at(12, 8),
    due=at(18, 17),
    explanation=(
        DayNote(date=dt.date(2026, 11, 12), counted=0, why=Why.RECEPTION),
        DayNote(date=dt.date(2026, 11, 13), counted=1, why=Why.COUNTED),
        DayNote(date=dt.date(2026, 11, 16), counted=0, why=Why.SUPPLEMENT, act="T09"),
        DayNote(date=dt.date(2026, 11, 18), counted=0, why=Why.SUPPLEMENT, act="T09"),
    ),
)
LATE = Tracked(
    code="09190-261116-0044",
    procedure="Thay đổi, cải chính hộ tịch",
    state=State.APPRAISING,
    milestones=(
        Milestone(transition="T02", at=at(16, 8)),
        Milestone(transition="T08", at=at(16, 9)),
    ),
    received_at=at(16, 8),
    due=at(19, 17),
    days=-2,
)
PROOF = Proof(
    applicant="Nguyễn Thị Ánh Tuyết", id_number="027194001812", wanted=("Trích lục ly hôn",)
)


class FakeReads:
    """Answers what the portal asks; counts nothing, knows a handful of things."""

    def __init__(self) -> None:
        """Remember the last period asked for."""
        self.period: tuple[dt.date | None, dt.date | None] = (None, None)

    async def overview(self, first: dt.date | None, last: dt.date | None) -> Overview:
        self.period = (first, last)
        old = tuple(
            CommuneFigures(
                slug=f"don-vi-{place}-2018",
                name=name,
                received=count,
                processed=count,
                in_time=count - late,
                late=late,
                open=False,
                closed_on=dt.date(2025, 7, 1),
                successors=AFTER.get(name, ()),
            )
            for place, (name, count, late) in enumerate(FIGURES)
        )
        today = tuple(
            CommuneFigures(slug=slug, name=name)
            for slug, name in (("vo-cuong", "Phường Võ Cường"), ("vu-ninh", "Phường Vũ Ninh"))
        )
        return Overview(
            first=first or dt.date(2018, 2, 1),
            last=last or dt.date(2018, 7, 31),
            groups=(
                CommuneGroup(title="Đang nhận hồ sơ", total="Cả ba phường", communes=today),
                CommuneGroup(
                    title="Thành phố Bắc Ninh, 2018",
                    total="Cả thành phố",
                    communes=old,
                    closed="Đã sắp xếp lại từ 01/07/2025; chỉ tra cứu được hồ sơ cũ.",
                ),
            ),
            monthly_mean=258.7,
            simulated=True,
        )

    async def commune(self, slug: str) -> Commune:
        if slug == "vo-cuong":
            return Commune(slug=slug, name="Phường Võ Cường", province="Tỉnh Bắc Ninh", help=HELP)
        if slug == "vo-cuong-2018":
            return Commune(
                slug=slug,
                name="Phường Võ Cường (2018)",
                province="Thành phố Bắc Ninh",
                help=HELP,
                closed_on=dt.date(2025, 7, 1),
                ended=True,
                successors=(Link("vo-cuong", "Phường Võ Cường"),),
            )
        if slug == "tp-bac-ninh-2018":
            return Commune(
                slug=slug,
                name="Thành phố Bắc Ninh",
                province="",
                help=HELP,
                closed_on=dt.date(2025, 7, 1),
                ended=True,
            )
        raise UnknownTenantError(tenant=slug)

    async def board(self, slug: str, first: dt.date | None, last: dt.date | None) -> Board:
        counted = FieldFigure(
            field="chung-thuc", received=812, early=700, on_time=90, late=2, no_limit=0
        )
        days = (first or dt.date(2026, 11, 1), last or dt.date(2026, 11, 23))
        return Board(
            first=days[0],
            last=days[1],
            figures=Figures(
                tenant=slug,
                first=days[0],
                last=days[1],
                received=812,
                processed=792,
                early=700,
                on_time=90,
                late=2,
                no_limit=0,
                fields=(counted,),
            ),
            fields=(("Chứng thực", counted),),
            overdue={},
            now=True,
            newest=(
                Standing(
                    code=CODE,
                    state=State.APPRAISING,
                    received_at=at(23, 8),
                    due_at=at(25, 17),
                    finished_at=None,
                    overdue=False,
                ),
            ),
        )

    async def commune_of_code(self, code: str) -> str | None:
        return "vo-cuong" if code.startswith("09190-") else None

    async def procedures(self, slug: str) -> tuple[Offer, ...]:
        return OFFERS if slug == "vo-cuong" else ()

    async def procedure(self, slug: str, code: str, now: dt.datetime) -> Offer | None:
        found = [each for each in await self.procedures(slug) if each.definition.code == code]
        if not found:
            return None
        offer = found[0]
        due = at(25, 17) if now.day == 19 else at(27, 17)
        promise = Promise(due=due, explanation=NOTES)
        return Offer(definition=offer.definition, limit=offer.limit, promise=promise)

    async def lookup(
        self, slug: str, code: str, secret: str | None, now: dt.datetime, address: str
    ) -> Tracked | None:
        del now, address
        known = {each.code: each for each in (DOSSIER, WANTED, LATE)}
        dossier = known.get(code) if slug == "vo-cuong" else None
        if dossier is None or secret is None:
            return dossier
        if secret != SECRET:
            return None
        shown = {name: getattr(dossier, name) for name in dossier.__struct_fields__}
        return Tracked(**{**shown, "proof": PROOF})
