"""What a citizen types on the pages of an application."""

from fakes.citizen import Citizen

STATUS = "1.004873"
"""Certificate of marital status: wholly online, no paper is a must, one condition."""
COPY = "2.000635"

WHO = {"giup.cho": "chinh-toi", "nguoi.name": "Nguyễn Thị Ánh Tuyết"}
TYPED = WHO | {
    "a.relationship": "bản thân",
    "a.subject.name": "Nguyễn Thị Ánh Tuyết",
    "a.subject.birth-year": "1994",
    "a.residence_periods": "Từ 2015 đến nay tại phường",
    "a.marital_status": "chưa đăng ký kết hôn với ai",
    "a.purpose": "vay vốn",
    "tra.cach": "counter",
}
"""A whole application for a certificate of marital status."""
COPIES = WHO | {
    "a.event_type": "khai sinh",
    "a.subject.name": "Nguyễn Thị Ánh Tuyết",
    "a.subject.birth-year": "1994",
    "a.registered_at": "Phường Một",
    "a.copy_count": "2",
    "tra.cach": "counter",
}
"""A whole application for two copies of an extract, 8,000 VND each."""


async def begin(citizen: Citizen, code: str = STATUS) -> str:
    """Begin on the start page; answers the address of the draft, with its first page open."""
    await citizen.open(f"/thu-tuc/{code}")
    await citizen.send(form="/nop")
    if citizen.page.all("a", "row"):
        address = citizen.path
        await citizen.open(citizen.page.all("a", "row")[0]["href"])
        return address
    return citizen.path.rpartition("/")[0]


async def fill(citizen: Citizen, typed: dict[str, str]) -> list[str]:
    """Go from page to page typing what is *typed*, up to the check; answers the pages."""
    been: list[str] = []
    for _ in range(20):
        if citizen.step == "kiem-tra":
            return been
        been.append(citizen.step)
        here = {name: value for name, value in typed.items() if name in citizen.names()}
        await citizen.send(here)
    raise AssertionError(been)


async def apply(citizen: Citizen, typed: dict[str, str] = TYPED, code: str = STATUS) -> str:
    """Apply for everything; answers the address of the draft, with its confirmation open."""
    address = await begin(citizen, code)
    await fill(citizen, typed)
    await citizen.send({"cam_doan": "1"})
    assert citizen.step == "xong", citizen.faults
    return address
