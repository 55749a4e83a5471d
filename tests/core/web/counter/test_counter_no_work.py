"""Whoever has no work at the counter is led only where they are let in."""

import pytest

from core.web.counter.conftest import Hire

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("supervisor", 403)])
async def test_the_console_is_offered_to_whom_it_lets_in(
    at_desk: Hire, role: str, status: int
) -> None:
    officer = await at_desk(role)

    links = [each["href"] for each in officer.page.all("a")]
    console = await officer.client.get("/t/phuong-mot/admin/")

    assert ("/t/phuong-mot/admin/" in links) is (status == 200)
    assert console.status_code == status
