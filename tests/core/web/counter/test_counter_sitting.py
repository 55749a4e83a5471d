"""Four steps in one sitting: everybody proves who they are, every step keeps its person."""

import pytest

from core.web.counter.conftest import Hire
from fakes.office import PASSWORD, SLUG, Office
from fakes.officer import COPY_TYPED, Officer, fields_of, received
from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.domain.signing import Capacity
from motcua.services.change import Asked
from motcua.services.configure import assign_signer
from motcua.services.house import desk
from motcua.services.signers import signers
from motcua.services.sitting import Team
from motcua.services.stand_ins import Absence, appoint, withdraw
from motcua.storage.work import work
from motcua.web.counter.session import COOKIE

pytestmark = pytest.mark.anyio
TEAM = {
    "tc_field": f"field.{SLUG}",
    "tc_field_mk": PASSWORD,
    "tc_leader": f"leader.{SLUG}",
    "tc_leader_mk": PASSWORD,
    "tc_nhan": "Nguyễn Thị Ánh",
}


@pytest.fixture
async def signer(office: Office) -> None:
    """Somebody who may sign, and has no account."""
    here = await desk(office.house, SLUG)
    if not await _assigned(office):
        await assign_signer(office.house, here, full_name="Lê Ký", title="Chủ tịch", act="QĐ 1")


async def _assigned(office: Office) -> bool:
    here = await desk(office.house, SLUG)
    async with work(office.house.engine, here.id) as reading:
        return bool(await signers(reading, office.house.now()))


async def history(office: Office, officer: Officer) -> list[tuple[str, str]]:
    dossier = officer.link("/ho-so/").split("/")[-1]
    answer = await office.ask("GET", f"/dossiers/{dossier}/events", by="reception")
    return [(each["transition"], each["actor"]) for each in answer.json()["events"]]


@pytest.mark.usefixtures("signer")
async def test_each_step_is_taken_by_its_person(office: Office, at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)
    slip = officer.path

    await officer.send_all(TEAM, form="/tai-cho")

    assert "Đã ký và trả kết quả tại chỗ." in officer.page.text
    assert officer.path == slip
    assert "Đã trả kết quả" in officer.page.text
    assert "Mời đến nhận kết quả" not in officer.page.text
    assert "Phải thu" not in officer.page.text
    assert [each["href"] for each in officer.page.all("a", "btn--go")] == [
        f"{officer.base}/tiep-nhan"
    ]
    number = officer.page.all("tr")[1].all("td")[1].text
    assert number[0].isdigit()
    assert await history(office, officer) == [
        ("T02", "Cán bộ reception"),
        ("T30", "Cán bộ reception"),
        ("T08", "Cán bộ reception"),
        ("T16", "Cán bộ field"),
        ("T18", "Cán bộ leader"),
        ("T19", "Cán bộ field"),
        ("T20", "Cán bộ reception"),
    ]


@pytest.mark.usefixtures("signer")
async def test_a_wrong_password_leaves_everything_as_it_was(office: Office, at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)

    await officer.send_all(TEAM | {"tc_leader_mk": "sai-mat-khau-nay"}, 422, form="/tai-cho")

    assert len(officer.faults) == 1
    assert officer.faults[0].startswith("Người duyệt, ký:")
    assert len(await history(office, officer)) == 1
    kept = fields_of(officer.form("/tai-cho"))
    assert kept["tc_nhan"] == "Nguyễn Thị Ánh"
    assert not kept["tc_leader_mk"]


async def test_each_seat_takes_its_own_steps_whoever_else_may() -> None:
    both = Actor(2, "Cả hai", (Role.FIELD, Role.LEADER))
    leader = Actor(3, "Lãnh đạo", (Role.LEADER,))
    reception = Actor(1, "Một cửa", (Role.RECEPTION,))
    team = Team(reception=reception, others={Role.FIELD: both, Role.LEADER: leader})

    people = [team.person(step).name for step in ("T08", "T16", "T18", "T19", "T20")]

    assert people == ["Một cửa", "Cả hai", "Lãnh đạo", "Cả hai", "Một cửa"]


@pytest.mark.usefixtures("signer")
async def test_who_stands_in_for_the_field_may_sit_in_that_seat(
    office: Office, at_desk: Hire
) -> None:
    here = await desk(office.house, SLUG)
    today = office.house.today()
    async with work(office.house.engine, here.id) as reading:
        rows = await reading.fetch(_PEOPLE, here.id, [f"field.{SLUG}", f"clerk.{SLUG}"])
    ids = {row["username"]: row["id"] for row in rows}
    absence = Absence(
        absent_id=ids[f"field.{SLUG}"],
        stand_in_id=ids[f"clerk.{SLUG}"],
        roles=(Role.FIELD,),
        first_day=today,
        last_day=today,
        basis="Giấy phân công 1",
    )
    asked = Asked(place="stand-in", subject="x", by=Actor(None, "Quản trị", (Role.ADMIN,)))
    number = await appoint(office.house, here, absence, asked)
    officer = await at_desk("reception")
    await received(officer)

    await officer.send_all(TEAM | {"tc_field": f"clerk.{SLUG}"}, form="/tai-cho")
    await withdraw(office.house, here, number, asked)

    assert "Đã ký và trả kết quả tại chỗ." in officer.page.text
    assert ("T16", "Cán bộ clerk") in await history(office, officer)


_PEOPLE = "select id, username from staff where tenant_id = $1 and username = any($2)"


@pytest.mark.usefixtures("signer")
async def test_a_double_submit_ends_it_once(office: Office, at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)
    form = officer.page

    await officer.send_all(TEAM, form="/tai-cho")
    officer.page = form
    await officer.send_all(TEAM, form="/tai-cho")

    assert "Đã ký và trả kết quả tại chỗ." in officer.page.text
    assert len(await history(office, officer)) == 7


@pytest.mark.usefixtures("signer")
async def test_what_is_not_paid_is_not_handed_over(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/2.000815")
    await officer.send_all(COPY_TYPED | {"tra": "later"}, press="luu")

    assert "thu đủ rồi mới trả kết quả" in officer.page.text
    assert not officer.has("tc_leader_mk")


async def test_what_takes_days_is_not_ended_so(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await officer.open("/tiep-nhan/1.004873")
    single = {
        "nguoi.name": "Nguyễn Thị Ánh",
        "g0.relationship": "bản thân",
        "g0.subject.name": "Nguyễn Thị Ánh",
        "g0.residence_periods": "Từ 2010 tại phường Một",
        "g0.marital_status": "chưa đăng ký kết hôn với ai",
        "g0.purpose": "vay vốn",
    }
    await officer.send_all(single, press="luu")

    assert officer.heading.startswith("Biên nhận")
    assert "Làm tại chỗ" not in officer.page.text


async def test_no_page_writes_the_passwords_of_colleagues_again(at_desk: Hire) -> None:
    officer = await at_desk("reception")
    await received(officer)
    officer.client.cookies.delete(COOKIE)

    await officer.send_all(TEAM | {"tc_field_ma": "482913"}, 401, form="/tai-cho")
    gate = officer.answer.text
    await officer.sign_in()

    for page in (gate, officer.answer.text):
        assert "Nguyễn Thị Ánh" in page
        assert PASSWORD not in page
        assert "482913" not in page


async def test_the_form_comes_with_people_who_can_end_it(office: Office, at_desk: Hire) -> None:
    here = await desk(office.house, SLUG)
    async with work(office.house.engine, here.id) as reading:
        rows = await reading.fetch(_PEOPLE, here.id, [f"leader.{SLUG}", f"head.{SLUG}"])
    ids = {row["username"].partition(".")[0]: row["id"] for row in rows}
    told = {"title": "Phó Chủ tịch", "act": "QĐ 2"}
    async with work(office.house.engine, here.id) as writing:
        await writing.execute("delete from signer where tenant_id = $1", here.id)
        await writing.execute(_BOTH_LEAD, here.id, list(ids.values()))
    for who, capacity in (("head", Capacity.DEPUTY), ("leader", Capacity.OWN)):
        said = {"full_name": f"Cán bộ {who}", "staff_id": ids[who], "capacity": capacity}
        await assign_signer(office.house, here, **told | said)
    officer = await at_desk("reception")
    await received(officer)

    form = fields_of(officer.form("/tai-cho"))
    assert (form["tc_leader"], "tc_ky" in form) == (f"leader.{SLUG}", False)
    await officer.send_all({"tc_field_mk": PASSWORD, "tc_leader_mk": PASSWORD}, form="/tai-cho")

    assert "Đã ký và trả kết quả tại chỗ." in officer.page.text


_BOTH_LEAD = """
update staff set roles = array_append(roles, 'leader')
where tenant_id = $1 and id = any($2) and not 'leader' = any(roles)
"""
