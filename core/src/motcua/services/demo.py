"""What fills the demonstration: six months of 2018, and the dossiers of today."""

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.domain.queue import Line, Queue, Window
from motcua.services import payments
from motcua.services.anchor import anchors, make_anchor
from motcua.services.change import Asked
from motcua.services.demo_live import live, live_codes
from motcua.services.demo_people import SEED
from motcua.services.demo_plan import Activity, six_months
from motcua.services.house import House, desk
from motcua.services.unit import settle, unit_as_seen
from motcua.storage.work import work

CITY, PROVINCE = "tp-bac-ninh-2018", "bac-ninh"
WARDS = ("vo-cuong", "kinh-bac", "vu-ninh")


async def archived(house: House, activity: Activity) -> int:
    """How many dossiers of the six months the database holds already."""
    count = 0
    for slug in activity.units:
        unit = await desk(house, slug)
        async with work(house.engine, unit.id) as reading:
            row = await reading.fetchrow(
                "select count(*)::int as n from dossier"
                " where tenant_id = $1 and external_id like $2",
                unit.id,
                f"demo-{SEED}-%",
            )
        count += row["n"]
    return count


async def archive_lines(house: House, activity: Activity) -> Iterator[bytes]:
    """The six months as lines of an import file."""
    period = activity.published
    definitions = {
        share.code: house.catalogue.in_force(share.code, period.first, simulation=True).definition
        for share in activity.procedure
    }
    calendar = (await desk(house, CITY)).calendar
    return _lines(six_months(activity, definitions, calendar))


async def live_lines(house: House, slug: str, now: dt.datetime) -> list[bytes]:
    """The dossiers of today of the ward *slug*, unless it has some already."""
    ward = await desk(house, slug)
    async with work(house.engine, ward.id) as reading:
        row = await reading.fetchrow(
            "select exists (select from dossier where tenant_id = $1) as found", ward.id
        )
    if row["found"]:
        return []
    today = now.astimezone(VN).date()
    definitions = {code: house.catalogue.in_force(code, today).definition for code in live_codes()}
    return list(_lines(live(slug, definitions, ward.calendar, now)))


async def paid(house: House, slug: str) -> int:
    """Take the fees of the ward's live dossiers, once; answers how many receipts there are more.

    The ledger says when they were entered, which is now. What waits for its payment goes
    on waiting.
    """
    ward = await desk(house, slug)
    async with work(house.engine, ward.id) as writing:
        rows = await writing.fetch(_RECEIVED, ward.id, f"live-{slug}-%")
        owed = await payments.balances(writing, [row["id"] for row in rows])
        due = [row for row in rows if owed[row["id"]].due]
        for row in due:
            officer = Actor(row["staff_id"], row["actor"], (Role.RECEPTION,))
            await payments.pay(house, ward, officer, [row["id"]])
    return len(due)


_RECEIVED = """
select d.id, e.actor, s.id as staff_id from dossier d
  join dossier_event e on e.tenant_id = d.tenant_id and e.dossier_id = d.id
    and e.transition in ('T02', 'T03')
  join staff s on s.tenant_id = e.tenant_id and s.full_name = e.actor
where d.tenant_id = $1 and d.external_id like $2 and d.received_at is not null
  and d.state <> 'awaiting_payment'
order by d.received_at, d.id
"""


async def sealed(house: House, slugs: Iterable[str]) -> int:
    """Anchor what was just imported, where there is no anchor yet; nobody works meanwhile."""
    made = 0
    for slug in slugs:
        unit = await desk(house, slug)
        async with work(house.engine, unit.id) as reading:
            known = await anchors(reading)
        if not known:
            await make_anchor(house, unit.id, house.now())
            made += 1
    return made


QUEUE = Queue(
    lines=(
        Line(letter="A", name="Chứng thực"),
        Line(letter="B", name="Hộ tịch"),
        Line(letter="C", name="Việc khác"),
    ),
    windows=tuple(Window(name=f"Quầy {n}") for n in range(1, 5)),
)
"""How the wards of the demonstration queue."""


PER_SLOT = 2
"""How many people may book the same half hour."""


async def contacts(house: House) -> None:
    """Give the wards of today a queue, bookings, and an address nobody can take for a real one."""
    for slug in WARDS:
        ward = await desk(house, slug)
        address = f"Số 0 đường Thử Nghiệm, {ward.name} (dữ liệu giả định)"
        wanted = {
            "contact": {"phone": "0000 000 000", "address": address},
            "queue": msgspec.to_builtins(QUEUE),
            "booking_per_slot": PER_SLOT,
        }
        changes = {name: each for name, each in wanted.items() if not ward.settings.get(name)}
        if not changes:
            continue
        async with work(house.engine, ward.id) as reading:
            hosts = (await unit_as_seen(reading))["hosts"]
        await settle(house, ward, changes, hosts, asked=Asked(place="unit", subject=ward.name))


def account(role: Role) -> str:
    """Who shows what *role* does: in the first ward, or above it for whoever supervises."""
    return f"{role}.{PROVINCE if role is Role.SUPERVISOR else WARDS[0]}"


def _lines(histories: Iterable[msgspec.Struct]) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder()
    return (encoder.encode(history) for history in histories)
