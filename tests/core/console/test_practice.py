"""Opening a place to practise in the console, and what its pages say."""

from collections.abc import AsyncIterator

import pytest

from core.console.conftest import Come
from core.services.lobby import Phone
from fakes.office import PASSWORD, SLUG, Office
from fakes.officer import Officer
from motcua.services import own_account, sessions, staff
from motcua.services.attempts import MOST_FAILURES, TooManyAttemptsError
from motcua.services.house import Desk, desk
from motcua.services.own_account import AccountOfUnitError
from motcua.services.proof import PasswordAtUnitError, SecondFactorNeededError, SignInFailedError
from motcua.services.sessions import SignInRequiredError
from motcua.services.signin import sign_in
from motcua.services.signin_log import Client

pytestmark = pytest.mark.anyio

PLACE = f"{SLUG}-luyen-tap"


async def test_an_officer_practises_with_the_same_password_under_a_mark_on_every_page(
    office: Office, come: Come
) -> None:
    visitor = await come()

    opened = await visitor.post("luyen-tap", {})
    unsure = await visitor.post("luyen-tap", {})

    assert opened.status_code == 303
    assert unsure.status_code == 409
    assert "xóa hết dữ liệu luyện tập" in unsure.text
    officer = Officer(office, "reception", PLACE)
    officer.name = f"reception.{SLUG}"
    await officer.sign_in(PASSWORD)
    assert "DỮ LIỆU THỬ" in officer.page.text
    assert officer.link(f"/t/{SLUG}/quay/") == f"/t/{SLUG}/quay/"
    real = Officer(office, "reception")
    await real.sign_in()
    assert "DỮ LIỆU THỬ" not in real.page.text
    assert real.link(PLACE) == f"/t/{PLACE}/quay/"
    lost = await office.client.get(f"/t/{PLACE}/khong-co", headers={"accept": "text/html"})
    assert "DỮ LIỆU THỬ" in lost.text
    front = await office.client.get("/", headers={"accept": "text/html"})
    assert PLACE not in front.text
    await officer.client.aclose()
    await real.client.aclose()


BROWSER = Client("192.0.2.9", "Firefox")
NEW = "mot-mat-khau-khac"


class Practising:
    """Somebody with an account at the unit, and the place to practise beside it."""

    def __init__(self, office: Office, real: Desk, place: Desk, name: str) -> None:
        self.house, self.clock = office.house, office.clock
        self.real, self.place, self.name = real, place, name

    async def come(
        self, password: str = PASSWORD, code: str = "", where: Desk | None = None
    ) -> str:
        """The token of a new session."""
        there = where or self.place
        made = await sign_in(self.house, there, self.name, password, BROWSER, code=code)
        return made.token

    async def may_stay(self, token: str) -> bool:
        """Whether a session at the place to practise still holds."""
        try:
            await sessions.authenticate(self.house, self.place, token)
        except SignInRequiredError:
            return False
        return True

    async def id(self) -> int:
        """The account at the unit."""
        return await staff.account_id(self.house, self.real, self.name)


@pytest.fixture
async def learner(office: Office, come: Come) -> AsyncIterator[Practising]:
    real = await desk(office.house, SLUG)
    name = f"learner-{office.house.new_id().hex[-12:]}"
    await staff.create(
        office.house, real, username=name, password=PASSWORD, roles=["reception"], permanent=True
    )
    assert (await (await come()).post("luyen-tap", {"xoa": "1"})).status_code == 303
    yield Practising(office, real, await desk(office.house, PLACE), name)
    office.house.strict_accounts = False


async def test_a_closed_account_practises_no_more(learner: Practising) -> None:
    token = await learner.come()
    assert await learner.may_stay(token)

    await staff.deactivate(learner.house, learner.real, await learner.id())

    assert not await learner.may_stay(token)
    with pytest.raises(SignInFailedError):
        await learner.come()


async def test_an_old_password_is_worth_nothing_and_the_new_one_holds_at_once(
    learner: Practising,
) -> None:
    token = await learner.come()

    await staff.set_password(learner.house, learner.real, await learner.id(), NEW)

    assert not await learner.may_stay(token)
    with pytest.raises(SignInFailedError):
        await learner.come()
    learner.house.strict_accounts = True
    with pytest.raises(PasswordAtUnitError):
        await learner.come(NEW)
    learner.house.strict_accounts = False
    assert await learner.may_stay(await learner.come(NEW))
    assert not await learner.may_stay(token)


async def test_guesses_at_both_places_are_counted_together(learner: Practising) -> None:
    for turn in range(MOST_FAILURES):
        with pytest.raises(SignInFailedError):
            await learner.come("sai", where=(learner.place, learner.real)[turn % 2])

    for where in (learner.place, learner.real):
        with pytest.raises(TooManyAttemptsError):
            await learner.come(where=where)


async def test_the_second_factor_of_the_unit_is_asked_for_and_changed_only_there(
    learner: Practising,
) -> None:
    early = await sessions.holder(learner.house, learner.place, await learner.come())
    who = await sessions.holder(learner.house, learner.real, await learner.come(where=learner.real))
    draft = own_account.new_draft(learner.house, learner.real, who)
    phone = Phone(learner.clock, draft.written)
    await own_account.set_up_second_factor(
        learner.house, learner.real, who, draft.sealed, PASSWORD, phone.code(), BROWSER
    )

    with pytest.raises(SecondFactorNeededError):
        await learner.come()
    assert await learner.may_stay(await learner.come(code=phone.code(1)))
    with pytest.raises(AccountOfUnitError):
        await own_account.change_password(
            learner.house, learner.place, early, PASSWORD, NEW, BROWSER
        )
