"""Who holds a dossier: taken, given, taken back, and all of it in the chain."""

from pathlib import Path

import pytest

from core.services.shop import Shop, single
from motcua.domain.dossier import Role
from motcua.domain.errors import InvalidAnswersError
from motcua.services import chores
from motcua.services.holding import HeldError, TooLateToTakeBackError
from motcua.services.verify import verify

pytestmark = pytest.mark.anyio


async def test_taking_giving_and_taking_back_fit_what_was_stored(shop: Shop) -> None:
    row = await shop.walk(await shop.received(single()), "T08", "T38")
    assert (row.state, row.holder_id) == ("received", shop.person(Role.RECEPTION).id)
    row = await shop.walk(row, "T08")
    row = await shop.take(row, "T37", Role.FIELD, holder="field")
    row = await shop.walk(row, "T16", "T39")

    assert (row.state, row.outcome) == ("appraising", None)
    assert row.holder_id == shop.person(Role.FIELD).id
    row = await shop.walk(row, "T16")
    assert (row.state, row.outcome) == ("for_approval", "positive")
    await chores.once(shop.house)
    found = await verify(shop.house, Path("/nonexistent"), slugs=["phuong-mot"])
    assert found.faults == ()


async def test_nothing_is_taken_back_once_somebody_has_acted(shop: Shop) -> None:
    row = await shop.walk(await shop.received(single()), "T08")
    row = await shop.take(row, "T37", Role.FIELD, holder="field")

    with pytest.raises(TooLateToTakeBackError):
        await shop.walk(row, "T38")


async def test_what_somebody_holds_only_a_head_gives_away(shop: Shop) -> None:
    row = await shop.walk(await shop.received(single()), "T08")
    row = await shop.take(row, "T37", Role.HEAD, holder="field")

    with pytest.raises(HeldError):
        await shop.take(row, "T37", Role.LEADER, holder="head")
    with pytest.raises(InvalidAnswersError):
        await shop.take(row, "T37", Role.HEAD, holder="cashier")
    row = await shop.take(row, "T37", Role.HEAD, holder="head")

    assert row.holder_id == shop.person(Role.HEAD).id
