"""What fills the demonstration: six months of 2018, today's dossiers, people who sign in."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator

import msgspec

from motcua.domain.calendar import VN
from motcua.domain.dossier import STAFF_ROLES, Role
from motcua.domain.life import Actor
from motcua.domain.queue import Line, Queue, Window
from motcua.services import payments
from motcua.services.anchor import anchors, make_anchor
from motcua.services.change import Asked
from motcua.services.demo_live import live, live_codes
from motcua.services.demo_people import Inventor, load_words
from motcua.services.demo_plan import SEED, Activity, six_months
from motcua.services.house import Desk, House, desk
from motcua.services.passwords import hash_password
from motcua.services.unit import settle, unit_as_seen
from motcua.storage.work import work

CITY, PROVINCE = "tp-bac-ninh-2018", "bac-ninh"
WARDS = ("vo-cuong", "kinh-bac", "vu-ninh")
PASSWORD = "motcua-demo"  # noqa: S105 - printed for everybody; the demonstration has no secrets

_TITLES = {
    Role.RECEPTION: "Công chức tiếp nhận và trả kết quả",
    Role.FIELD: "Công chức chuyên môn",
    Role.LEADER: "Chủ tịch UBND",
    Role.CLERK: "Văn thư",
    Role.CASHIER: "Thủ quỹ",
    Role.HEAD: "Giám đốc Trung tâm",
    Role.ADMIN: "Quản trị đơn vị",
    Role.SUPERVISOR: "Giám sát cấp tỉnh",
}


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

    The ledger says when they were entered, which is now.
    """
    ward = await desk(house, slug)
    async with work(house.engine, ward.id) as writing:
        rows = await writing.fetch(_RECEIVED, ward.id, f"live-{slug}-%")
        owed = await payments.balances(writing, [row["id"] for row in rows])
        due = [row for row in rows if owed[row["id"]].due]
        for row in due:
            officer = Actor(None, row["actor"], (Role.RECEPTION,))
            await payments.pay(house, ward, officer, [row["id"]])
    return len(due)


_RECEIVED = """
select d.id, e.actor from dossier d
  join dossier_event e on e.tenant_id = d.tenant_id and e.dossier_id = d.id
    and e.transition in ('T02', 'T03')
where d.tenant_id = $1 and d.external_id like $2 and d.received_at is not null
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


async def accounts(house: House, slugs: Iterable[str]) -> int:
    """Open an account for every role at each tenant; answers how many are new.

    All of them share one password and one hash of it: hashing two hundred times would
    take longer than anybody waits for a demonstration.
    """
    shared = hash_password(PASSWORD)
    made = 0
    for slug in slugs:
        unit = await desk(house, slug)
        dice = random.Random(f"{SEED} staff {slug}")  # noqa: S311 - a demonstration
        inventor = Inventor(dice, load_words(), pages=1, copies=1)
        names = [inventor.name(woman=n % 2 == 0) for n in range(len(STAFF_ROLES))]
        made += await _open(house, unit, names, shared)
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


async def contacts(house: House) -> None:
    """Give the wards of today a queue, and an address nobody can take for a real one."""
    for slug in WARDS:
        ward = await desk(house, slug)
        if ward.settings.get("contact"):
            continue
        async with work(house.engine, ward.id) as reading:
            hosts = (await unit_as_seen(reading))["hosts"]
        address = f"Số 0 đường Thử Nghiệm, {ward.name} (dữ liệu giả định)"
        contact = {"phone": "0000 000 000", "address": address}
        asked = Asked(place="unit", subject=ward.name)
        changes = {"contact": contact, "queue": msgspec.to_builtins(QUEUE)}
        await settle(house, ward, changes, hosts, asked=asked)


_STAFF = """
insert into staff (tenant_id, username, full_name, password_hash, roles, active, created_at)
select $1, w.username, w.full_name, $5, array[w.role], true, $6
from unnest($2::text[], $3::text[], $4::text[]) as w (username, full_name, role)
on conflict (tenant_id, username) do nothing
"""

_SIGNER = """
insert into signer (tenant_id, id, staff_id, full_name, title, act, scope,
                    authorised_certifier, valid_from, valid_to, capacity)
select s.tenant_id, $2, s.id, s.full_name, $4, $5, '{}', false, $6, $7, 'own'
from staff s
where s.tenant_id = $1 and s.username = $3
  and not exists (select from signer g where g.tenant_id = $1)
"""


async def _open(house: House, unit: Desk, names: list[str], shared: str) -> int:
    usernames = [f"{role}.{unit.slug}" for role in STAFF_ROLES]
    roles = [role.value for role in STAFF_ROLES]
    begins = unit.opened_on or dt.date(2018, 1, 1)
    async with work(house.engine, unit.id) as writing:
        tag = await writing.execute(_STAFF, unit.id, usernames, names, roles, shared, house.now())
        await writing.execute(
            _SIGNER,
            unit.id,
            house.new_id(),
            f"{Role.LEADER}.{unit.slug}",
            _TITLES[Role.LEADER],
            "Nghị quyết bầu Chủ tịch UBND (dữ liệu giả định)",
            _midnight(begins),
            None if unit.closed_on is None else _midnight(unit.closed_on),
        )
    return int(tag.split()[-1])


def account(role: Role) -> str:
    """Who shows what *role* does: in the first ward, or above it for whoever supervises."""
    return f"{role}.{PROVINCE if role is Role.SUPERVISOR else WARDS[0]}"


def title(role: Role) -> str:
    """What people call somebody in *role*."""
    return _TITLES[role]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VN)


def _lines(histories: Iterable[msgspec.Struct]) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder()
    return (encoder.encode(history) for history in histories)
